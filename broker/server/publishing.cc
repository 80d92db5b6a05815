#include "broker/server/publishing.h"

#include "broker/base/limits.h"
#include "broker/runtime/log.h"

namespace switchboard::server {
namespace {

// A row or two per recipient, the tasks of an event and the indexes: added to an item's bytes when
// the batch is measured.
constexpr size_t kItemRowsBytes = 4096 + limits::kTasksPerRequestMax * 1024;
constexpr size_t kOutboxIdBytes = 16;
// What one frame's views may keep for the next turn, and how many of them.
constexpr size_t kViewsKept = 256;
constexpr size_t kSparesKept = 256;

bool retryable(v1::Code code) {
  return code == v1::CODE_BUSY || code == v1::CODE_DISK_LOW || code == v1::CODE_RECOVERING ||
         code == v1::CODE_DRAINING || code == v1::CODE_READ_ONLY || code == v1::CODE_INTERNAL;
}

void add_outcome(v1::Accepted& accepted, uint64_t sequence, core::Answer answer) {
  v1::ItemOutcome& outcome = *accepted.add_exceptions();
  outcome.set_sequence(sequence);
  outcome.set_code(answer.code);
  outcome.set_position(answer.position);
  outcome.set_text(std::move(answer.text));
}

// Nothing is taken of a frame that begins after what was taken in this session: what lies between
// was lost on the way, or stopped at a retryable answer, and would be overtaken (P6).
bool leaves_gap(const Session& session, const PublishFrame& publish, v1::Accepted& accepted) {
  const auto next = session.next.find(publish.outbox());
  if (next == session.next.end() || publish.first() <= next->second) return false;
  accepted.set_through(next->second - 1);
  add_outcome(accepted, next->second, {v1::CODE_BUSY, 0, "send from this sequence again"});
  return true;
}

// P11: more was on the way than was announced. Nothing of it is taken, and so nothing behind it.
void over_window(Session& session, const PublishQueue::Entry& entry, v1::Accepted& accepted) {
  const auto [next, first] = session.next.try_emplace(entry.outbox, entry.first);
  accepted.set_through(next->second - 1);
  add_outcome(accepted, next->second, {v1::CODE_BUSY, 0, "over the publish window: wait"});
}

void set_next(Session& session, std::string_view outbox, uint64_t next) {
  const auto known = session.next.find(outbox);
  if (known != session.next.end()) {
    known->second = next;
  } else {
    session.next.emplace(outbox, next);
  }
}

}  // namespace

PublishQueue::Entry& Publishing::fresh() {
  if (fresh_ == nullptr && !spare_.empty()) {
    fresh_ = std::move(spare_.back());
    spare_.pop_back();
  }
  if (fresh_ == nullptr) fresh_ = std::make_unique<Entry>();
  return *fresh_;
}

bool Publishing::walk(wire::Frame& frame) {
  if (!PublishFrame::may_be(frame.bytes())) return false;
  Entry& entry = fresh();
  // Moved first: the bytes of a short message move with it.
  entry.frame = std::move(frame);
  if (entry.publish.walk(entry.frame.bytes())) return true;
  frame = std::move(entry.frame);
  return false;
}

Publishing::Put Publishing::add(const Session& session) {
  Entry& entry = fresh();
  entry.address = session.address;
  entry.session = session.serial;
  entry.principal = session.principal;
  for (size_t i = 0; i < entry.publish.items(); ++i) entry.bytes += entry.publish.item(i).bytes();
  const Put put = queue_.put(std::move(fresh_));
  if (put != Put::kTaken) parts_.gauges.over_window.add();
  return put;
}

Publishing::Put Publishing::add(const Session& session, std::unique_ptr<v1::ClientFrame> parsed) {
  Entry& entry = fresh();
  entry.parsed = std::move(parsed);
  entry.publish.refer_to(entry.parsed->publish());
  return add(session);
}

void Publishing::apply(Time now, const Door& door, HowMany how_many) {
  now_ = now;
  size_t bytes = 0;
  size_t frames = 0;
  const auto more = [&] {
    return how_many == HowMany::kAll ||
           (items_ + frames < limits::kTurnItemsMax && bytes < limits::kTurnBytesMax);
  };
  while (more()) {
    auto entry = queue_.next();
    if (entry == nullptr) return;
    items_ += entry->publish.items();
    bytes += entry->bytes;
    ++frames;
    apply(*entry, door);
    kept_.push_back(std::move(entry));
    parts_.between();
  }
}

void Publishing::end() {
  for (auto& entry : kept_) {
    if (entry->publish.items() > kViewsKept || spare_.size() >= kSparesKept) continue;
    entry->publish.clear();
    entry->parsed.reset();
    entry->frame = wire::Frame();
    entry->bytes = 0;
    entry->over = false;
    spare_.push_back(std::move(entry));
  }
  kept_.clear();
  items_ = 0;
}

// What is wrong with the frame itself, whatever is in it; a client's bug.
std::optional<Error> Publishing::wrong_with(const Session& session, const PublishFrame& publish) {
  if (publish.outbox().size() != kOutboxIdBytes) {
    return error(v1::CODE_INVALID, "Publish.outbox must have 16 bytes");
  }
  if (publish.first() == 0) return error(v1::CODE_INVALID, "Publish.first: sequences begin with 1");
  if (publish.items() > limits::kItemsPerFrameMax) {
    return error(v1::CODE_OVERSIZE, "too many items in one frame");
  }
  const bool known = session.next.contains(publish.outbox());
  if (!known && session.next.size() >= limits::kOutboxesMax) {
    return error(v1::CODE_INVALID, "too many outboxes in one session");
  }
  return std::nullopt;
}

void Publishing::apply(const Entry& entry, const Door& door) {
  const PublishFrame& publish = entry.publish;
  Session* session = parts_.sessions.at(entry.address);
  // Ended since: what is taken behind a frame that was not would be out of order (P6).
  if (session == nullptr || session->serial != entry.session) return;
  // Made aside and handed over at the end: a flush in between must not send half an answer.
  v1::Accepted accepted;
  if (entry.over) {
    accepted.mutable_outbox()->assign(entry.outbox);
    over_window(*session, entry, accepted);
  } else if (const auto wrong = wrong_with(*session, publish)) {
    return parts_.outgoing.refuse(entry.address, wrong->code, wrong->text, false);
  } else {
    accepted.mutable_outbox()->assign(publish.outbox());
    accepted.set_through(publish.first() - 1);
    if (!leaves_gap(*session, publish, accepted)) {
      take_items(entry, door, accepted);
      session = parts_.sessions.at(entry.address);  // a flush may have ended it
      if (session != nullptr) set_next(*session, publish.outbox(), accepted.through() + 1);
    }
  }
  *parts_.outgoing.to_client(entry.address).mutable_accepted() = std::move(accepted);
}

core::Answer Publishing::publish_item(const Door& door, const v1::PrincipalRow& who,
                                      const core::ItemView& item, const core::OutboxItem& at) {
  if (door.publishes != v1::CODE_OK) return {door.publishes, 0, door.text};
  return parts_.core.publish(who, item, at);
}

void Publishing::take_items(const Entry& entry, const Door& door, v1::Accepted& accepted) {
  const v1::PrincipalRow* who = parts_.core.principal(entry.principal);
  v1::SourceStatus* source = who == nullptr ? nullptr : &parts_.gauges.source(*who);
  for (size_t i = 0; i < entry.publish.items(); ++i) {
    const core::ItemView item = entry.publish.item(i);
    const uint64_t sequence = entry.publish.first() + i;
    if (!parts_.core.fits(item.bytes() + kItemRowsBytes)) {
      parts_.flush();  // may have changed the directory
      who = parts_.core.principal(entry.principal);
      source = who == nullptr ? nullptr : &parts_.gauges.source(*who);
    }
    if (who == nullptr) {
      return add_outcome(accepted, sequence, {v1::CODE_NOT_ALLOWED, 0, "no longer enrolled"});
    }
    core::Answer answer = publish_item(door, *who, item, {entry.publish.outbox(), sequence});
    count(*source, answer.code);
    const bool stop = retryable(answer.code);
    if (answer.code != v1::CODE_OK) add_outcome(accepted, sequence, std::move(answer));
    if (stop) return;
    accepted.set_through(sequence);
  }
}

void Publishing::count(v1::SourceStatus& source, v1::Code code) {
  source.set_last_seen_us(now_.us);
  if (code == v1::CODE_OK) {
    source.set_accepted(source.accepted() + 1);
    parts_.gauges.accepted.add();
  } else if (code == v1::CODE_DUPLICATE) {
    parts_.gauges.duplicates.add();
  } else if (code == v1::CODE_QUARANTINED) {
    source.set_quarantined(source.quarantined() + 1);
    parts_.gauges.quarantined.add();
  } else {
    parts_.gauges.refused.add();
    if (parts_.gauges.refuse(source.principal(), code)) {
      log::warn("an item was refused; more of this sort are counted only",
                {{"principal", source.principal()}, {"code", v1::Code_Name(code)}});
    }
  }
}

}  // namespace switchboard::server
