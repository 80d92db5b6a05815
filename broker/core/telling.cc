#include "broker/core/telling.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/inbox.h"

namespace switchboard::core {

void Telling::tell(Turn& turn, store::LogId log, v1::ChangeRecord change, v1::Urgency urgency) {
  if (storms_.contains(log)) return add(log, change, urgency);
  append_change(turn, log, std::move(change), urgency);
}

void Telling::told(store::LogId log, const v1::ChangeRecord& change, v1::Urgency urgency) {
  if (storms_.contains(log)) add(log, change, urgency);
}

// A delivery has one line: of the highest level that passed.
void Telling::add(store::LogId log, const v1::ChangeRecord& change, v1::Urgency urgency) {
  auto& lines = lines_[log];
  const auto same = std::find_if(lines.begin(), lines.end(), [&](const Line& known) {
    return known.event_position == change.event_position() &&
           known.line.about_team() == change.about_team();
  });
  const bool fresh = same == lines.end();
  Line& to = fresh ? lines.emplace_back() : *same;
  to.event_position = change.event_position();
  to.line.set_number(change.refers_to());
  to.line.set_urgency(urgency);
  to.line.set_level(std::max(to.line.level(), change.overdue_level()));
  to.line.set_about_team(change.about_team());
  to.line.set_unavoidable((fresh || to.line.unavoidable()) && change.unavoidable());
}

void Telling::finish(Turn& turn) {
  for (auto& [log, lines] : lines_) {
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return a.line.urgency() > b.line.urgency();
    });
    v1::ChangeRecord change;
    change.set_change(v1::CHANGE_DIGEST);
    change.set_at_us(turn.now.us);
    const v1::Urgency urgency = lines.front().line.urgency();
    const size_t shown = std::min(lines.size(), limits::kDigestLinesMax);
    for (size_t i = 0; i < shown; ++i) {
      change.add_digest_events(lines[i].event_position);
      *change.add_digest() = std::move(lines[i].line);
    }
    change.set_digest_more(static_cast<uint32_t>(lines.size() - shown));
    append_change(turn, log, std::move(change), urgency);
  }
  lines_.clear();
}

}  // namespace switchboard::core
