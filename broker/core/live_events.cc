#include "broker/core/live_events.h"

#include "broker/base/limits.h"

namespace switchboard::core {
namespace {

constexpr size_t kHeaderBytesKept = 2048;
constexpr int kRecipientsKept = 16;

bool is_large(const LiveEvent& event) {
  return event.header.size() > kHeaderBytesKept ||
         event.record.recipients_size() > kRecipientsKept ||
         event.sections.size() > v1::SectionKind_ARRAYSIZE;
}

}  // namespace

void LiveEvents::empty_out(LiveEvent& event) {
  if (auto* contact = event.record.release_call_back()) event.call_back.reset(contact);
  if (auto* contact = event.record.release_out_of_hours()) event.out_of_hours.reset(contact);
  event.record.Clear();
  event.position = 0;
  event.header = {};
  event.sections.clear();
}

LiveEvent& LiveEvents::add() {
  ++size_;
  if (size_ > events_.size()) return events_.emplace_back();
  LiveEvent& event = events_[size_ - 1];
  empty_out(event);
  return event;
}

void LiveEvents::drop_last() {
  --size_;
  if (is_large(events_[size_])) events_[size_] = LiveEvent();
}

void LiveEvents::clear() {
  for (size_t at = 0; at < size_; ++at) {
    if (is_large(events_[at])) events_[at] = LiveEvent();
  }
  if (events_.size() > limits::kTurnItemsMax) events_.resize(limits::kTurnItemsMax);
  size_ = 0;
}

}  // namespace switchboard::core
