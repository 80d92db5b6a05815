#include "broker/server/recent.h"

namespace switchboard::server {

static constexpr size_t kPlacesMax = 1'000'000;

void Recent::drop(Run& run) {
  bytes_ -= run.entries.front().size();
  run.entries.pop_front();
  ++run.first;
}

void Recent::drop_oldest() {
  const auto it = runs_.find(order_.front());
  order_.pop_front();
  // A run that was started anew has fewer entries than it has places in the order.
  if (it != runs_.end() && !it->second.entries.empty()) drop(it->second);
}

void Recent::add(store::LogId log, uint64_t number, std::string entry) {
  Run& run = runs_[log];
  if (run.first + run.entries.size() != number) {
    while (!run.entries.empty()) drop(run);
    run.first = number;
  }
  bytes_ += entry.size();
  run.entries.push_back(std::move(entry));
  order_.push_back(log);
  while (bytes_ > bytes_max_ && !order_.empty()) drop_oldest();
  // Restarted runs leave places behind; they must not grow without bound either.
  if (order_.size() > kPlacesMax) clear();
}

const std::string* Recent::find(store::LogId log, uint64_t number) const {
  const auto it = runs_.find(log);
  if (it == runs_.end() || number < it->second.first) return nullptr;
  const uint64_t at = number - it->second.first;
  return at < it->second.entries.size() ? &it->second.entries[at] : nullptr;
}

void Recent::clear() {
  runs_.clear();
  order_.clear();
  bytes_ = 0;
}

}  // namespace switchboard::server
