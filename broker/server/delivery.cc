#include "broker/server/delivery.h"

#include <algorithm>

#include "broker/base/check.h"
#include "broker/base/limits.h"

namespace switchboard::server {

Delivery::Delivery(Parts parts) : parts_(std::move(parts)), recent_(limits::kRecentBytesMax) {}

void Delivery::attach(const std::string& address, const v1::Attach& request, store::LogId log,
                      uint64_t replay_through) {
  const Key key{log, request.endpoint()};
  auto feed = std::make_unique<Feed>(request.team(), log, request.endpoint(), request.through(),
                                     request.credit_items(), request.credit_bytes());
  feed->generation = ++generation_;
  feed->set_replayed_through(replay_through);
  readings_[key] = {std::move(feed), address};
  ready_.insert(key);
}

void Delivery::detach(const std::string& address) {
  std::erase_if(readings_, [&](const auto& r) { return r.second.address == address; });
}

bool Delivery::receive(const std::string& address, const v1::Received& received, store::LogId log,
                       bool go_on) {
  const Key key{log, received.endpoint()};
  const auto it = readings_.find(key);
  if (it == readings_.end() || it->second.address != address) return false;
  it->second.feed->receive(received.through());
  it->second.feed->set_stopped(!go_on);
  ready_.insert(key);
  return true;
}

std::optional<uint64_t> Delivery::sent(const std::string& address, store::LogId log,
                                       const std::string& endpoint) const {
  const auto it = readings_.find({log, endpoint});
  if (it == readings_.end() || it->second.address != address) return std::nullopt;
  return it->second.feed->sent();
}

void Delivery::rewind(store::LogId log, const std::string& endpoint, uint64_t through) {
  for (auto& [key, reading] : readings_) {
    if (key.log != log || (!endpoint.empty() && key.endpoint != endpoint)) continue;
    if (reading.feed->sent() <= through) continue;
    reading.feed->rewind(through);
    reading.feed->start_anew(++generation_);
    ready_.insert(key);
  }
}

void Delivery::forget_made() {
  recent_.clear();
  for (auto& [key, reading] : readings_) {
    if (!reading.feed->fetching) continue;
    reading.feed->start_anew(++generation_);
    ready_.insert(key);
  }
}

std::vector<std::string> Delivery::keep_only(
    const std::function<bool(const std::string&, const std::string&)>& may) {
  std::vector<std::string> ended;
  std::erase_if(readings_, [&](const auto& r) {
    if (may(r.second.address, r.second.feed->team())) return false;
    ended.push_back(r.second.address);
    return true;
  });
  return ended;
}

size_t Delivery::attached(store::LogId log) const {
  size_t n = 0;
  for (auto it = readings_.lower_bound({log, ""}); it != readings_.end() && it->first.log == log;
       ++it) {
    ++n;
  }
  return n;
}

void Delivery::append(Time) {
  const auto& events = parts_.core.events();
  content_.position = content_.noticed = 0;  // of an event of this turn, or of none
  size_t at = 0;                             // both run in order of position
  for (const auto& appended : parts_.core.appended()) {
    made_.first.try_emplace(appended.log, appended.number);
    const auto it = readings_.lower_bound({appended.log, ""});
    if (it == readings_.end() || it->first.log != appended.log) continue;  // nobody reads it now
    if (appended.recipient == SIZE_MAX) continue;
    while (at < events.size() && events[at].position < appended.position) ++at;
    if (at == events.size() || events[at].position != appended.position) continue;
    const auto& event = events[at];
    std::string entry = live_entry(*parts_.core.directory(), parts_.core.secrets(), event,
                                   event.record.recipients(static_cast<int>(appended.recipient)),
                                   appended.number, content_);
    if (appended.urgency == v1::URGENCY_IMMEDIATE) {
      made_.immediate.emplace_back(appended.log, appended.number);
    }
    recent_.add(appended.log, appended.number, std::move(entry));
  }
}

void Delivery::leave() {
  CHECK(left_.first.empty());
  std::swap(made_, left_);
}

void Delivery::release(const v1::Promise& durable) {
  durable_ = durable;
  for (const auto& [log, first] : left_.first) {
    auto it = readings_.lower_bound({log, ""});
    for (; it != readings_.end() && it->first.log == log; ++it) ready_.insert(it->first);
  }
  const auto immediate = std::exchange(left_, {}).immediate;
  for (const auto& [log, number] : immediate) {
    // Forgotten meanwhile: the ordered log brings it, as it may be shown then.
    if (const auto* entry = recent_.find(log, number)) send_ahead(log, number, *entry);
  }
}

uint64_t Delivery::durable_head(store::LogId log) const {
  for (const Held* held : {&left_, &made_}) {
    const auto first = held->first.find(log);
    if (first != held->first.end()) return first->second - 1;
  }
  return parts_.core.log_head(log);
}

void Delivery::send_ahead(store::LogId log, uint64_t number, const std::string& entry) {
  for (auto it = readings_.lower_bound({log, ""}); it != readings_.end() && it->first.log == log;
       ++it) {
    Feed& feed = *it->second.feed;
    if (feed.next() == number && feed.may_add(0, 0, entry.size())) continue;  // comes anyway
    if (!feed.may_send_ahead()) continue;
    feed.sent_ahead(number);
    // Best effort beside the ordered log, which brings it for certain.
    (void)parts_.router.send(
        it->second.address,
        deliver_frame(feed.team(), feed.kind(), feed.endpoint(), durable_, number, true, {entry}));
  }
}

bool Delivery::send_page(Reading& reading, const std::vector<std::string_view>& entries) {
  Feed& feed = *reading.feed;
  std::string frame = deliver_frame(feed.team(), feed.kind(), feed.endpoint(), durable_,
                                    feed.next(), false, entries);
  const auto sent = parts_.router.send(reading.address, std::move(frame));
  if (sent == wire::Sent::kGone) gone_.push_back(reading.address);
  if (sent != wire::Sent::kYes) return false;
  for (const auto entry : entries) feed.sent(feed.next(), entry.size());
  sent_entries_ += entries.size();
  return true;
}

Delivery::Step Delivery::send_recent(Reading& reading, uint64_t head) {
  Feed& feed = *reading.feed;
  // What is replayed comes from the store, in today's state and marked.
  if (feed.next() <= feed.replayed_through()) return Step::kNotHere;
  std::vector<std::string_view> page;
  size_t bytes = 0;
  for (uint64_t number = feed.next(); number <= head; ++number) {
    const std::string* entry = recent_.find(feed.log(), number);
    if (entry == nullptr) break;
    const bool full = page.size() >= limits::kDeliverFrameItems ||
                      (!page.empty() && bytes + entry->size() > limits::kDeliverFrameBytes);
    if (full || !feed.may_add(page.size(), bytes, entry->size())) break;
    bytes += entry->size();
    page.push_back(*entry);
  }
  if (page.empty()) {
    return recent_.find(feed.log(), feed.next()) == nullptr ? Step::kNotHere : Step::kNoCredit;
  }
  return send_page(reading, page) ? Step::kSent : Step::kNotTaken;
}

void Delivery::fetch(Reading& reading, Time now) {
  Feed& feed = *reading.feed;
  Job job;
  FetchJob what;
  what.address = reading.address;
  what.log = feed.log();
  what.endpoint = feed.endpoint();
  what.generation = feed.generation;
  what.next = feed.next();
  what.replayed_through = feed.replayed_through();
  what.items_max = std::min<uint32_t>(feed.items_left(), limits::kDeliverFrameItems);
  what.bytes_max = std::clamp<uint64_t>(feed.bytes_left(), 1, limits::kDeliverFrameBytes);
  job.what = std::move(what);
  job.snapshot = parts_.snapshot();
  job.directory = parts_.core.directory();
  job.now = now;
  feed.fetching = parts_.reader.submit(std::move(job));
}

void Delivery::fetched(Fetched&& page) {
  const Key key{page.job.log, page.job.endpoint};
  const auto it = readings_.find(key);
  if (it == readings_.end()) return;
  Feed& feed = *it->second.feed;
  if (feed.generation != page.job.generation || feed.next() != page.job.next) return;
  feed.fetching = false;
  std::vector<std::string_view> entries;
  size_t bytes = 0;
  for (const auto& entry : page.entries) {
    if (!feed.may_add(entries.size(), bytes, entry.size())) break;
    bytes += entry.size();
    entries.push_back(entry);
  }
  // Unreadable, or over its credit: tried again when the log moves or the endpoint speaks.
  if (entries.empty()) return;
  // Not taken by a full socket: fetched once more, in a moment.
  send_page(it->second, entries);
  ready_.insert(key);
}

std::vector<std::string> Delivery::pump(Time now) {
  std::set<Key> again;
  for (const Key& key : ready_) {
    const auto it = readings_.find(key);
    if (it == readings_.end()) continue;
    Reading& reading = it->second;
    Feed& feed = *reading.feed;
    const uint64_t head = durable_head(key.log);
    Step step = Step::kSent;
    while (step == Step::kSent && feed.next() <= head && !feed.fetching && feed.items_left() > 0) {
      step = send_recent(reading, head);
    }
    if (step == Step::kNotHere) fetch(reading, now);
    // The socket or the reader's queue is full. Without credit the endpoint's receipt comes first.
    if (step == Step::kNotTaken || (step == Step::kNotHere && !feed.fetching)) again.insert(key);
  }
  ready_ = std::move(again);
  return std::exchange(gone_, {});
}

}  // namespace switchboard::server
