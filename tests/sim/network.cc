#include "tests/sim/network.h"

namespace switchboard::sim {

static constexpr size_t kOnTheWayMax = 2000;

bool Network::is_cut(const Line& line, const std::string& member) const {
  const auto it = line.cut.find(member);
  return it != line.cut.end() && now_ < it->second;
}

void Network::put(Line& line, Packet packet) {
  if (is_cut(line, packet.member) || faults_.strikes(Fault::kLost)) return;
  if (faults_.strikes(Fault::kRepeated)) line.frames.push_back(packet);
  const auto slow = slow_.find(packet.member);
  const bool crawls = &line == &to_members_ && slow != slow_.end() && now_ < slow->second.until;
  if (crawls) {
    line.held.emplace(now_ + slow->second.delay, std::move(packet));
  } else if (faults_.strikes(Fault::kDelayed)) {
    const auto ms = faults_.numbers(Fault::kDelayed).below(30'000);
    line.held.emplace(now_ + milliseconds(static_cast<int64_t>(ms)), std::move(packet));
  } else {
    line.frames.push_back(std::move(packet));
  }
  if (line.frames.size() > kOnTheWayMax) line.frames.pop_front();
  if (line.held.size() > kOnTheWayMax) line.held.erase(line.held.begin());
}

std::vector<Packet> Network::take(Line& line, Time now, size_t most) {
  now_ = now;
  const auto end = line.held.upper_bound(now);
  for (auto it = line.held.begin(); it != end; ++it) line.frames.push_back(std::move(it->second));
  line.held.erase(line.held.begin(), end);
  std::vector<Packet> arrived;
  auto& frames = line.frames;
  while (!frames.empty() && arrived.size() < most) {
    if (frames.size() > 1 && faults_.strikes(Fault::kReordered)) std::swap(frames[0], frames[1]);
    if (!is_cut(line, frames.front().member)) arrived.push_back(std::move(frames.front()));
    frames.pop_front();
  }
  return arrived;
}

void Network::cut(const std::string& member, Way way, Time until) {
  if (way != Way::kFromHub) to_hub_.cut[member] = until;
  if (way != Way::kToHub) to_members_.cut[member] = until;
}

void Network::slow(const std::string& member, Duration delay, Time until) {
  slow_[member] = {delay, until};
}

void Network::hub_died() {
  for (Line* line : {&to_hub_, &to_members_}) {
    line->frames.clear();
    line->held.clear();
  }
}

void Network::calm() {
  to_hub_.cut.clear();
  to_members_.cut.clear();
  slow_.clear();
}

}  // namespace switchboard::sim
