#include "tests/support/hub_session.h"

#include <algorithm>

#include "broker/base/limits.h"

namespace switchboard::support {

v1::Accepted HubSession::publish(
    const v1::Publish& frame, const std::function<core::Answer(const v1::Item&, uint64_t)>& take) {
  v1::Accepted accepted;
  accepted.set_outbox(frame.outbox());
  if (!next_) next_ = frame.first();
  if (frame.first() > *next_) {
    accepted.set_through(*next_ - 1);
    v1::ItemOutcome& outcome = *accepted.add_exceptions();
    outcome.set_sequence(*next_);
    outcome.set_code(v1::CODE_BUSY);
    return accepted;
  }
  uint64_t sequence = frame.first();
  for (const auto& item : frame.items()) {
    const core::Answer answered = take(item, sequence);
    if (answered.code != v1::CODE_OK) {
      v1::ItemOutcome& outcome = *accepted.add_exceptions();
      outcome.set_sequence(sequence);
      outcome.set_code(answered.code);
      outcome.set_position(answered.position);
    }
    accepted.set_through(sequence++);
  }
  next_ = std::max(*next_, sequence);
  return accepted;
}

v1::Attached HubSession::attach(const v1::Attach& request, const core::Attachment& attached) {
  std::erase_if(feeds_,
                [&](const auto& f) { return f.team == request.team() && f.log == request.log(); });
  feeds_.push_back({request.team(), request.endpoint(), request.log(), attached.through,
                    attached.through, request.credit_items()});
  v1::Attached a;
  a.set_team(request.team());
  a.set_log(request.log());
  a.set_endpoint(request.endpoint());
  a.set_head(attached.head);
  a.set_through(attached.through);
  a.set_common(attached.common);
  return a;
}

void HubSession::receive(const v1::Received& received,
                         const std::function<void(const v1::Received&)>& take) {
  for (auto& feed : feeds_) {
    if (feed.team != received.team() || feed.log != received.log()) continue;
    v1::Received kept = received;
    kept.set_through(std::min(received.through(), feed.sent));
    take(kept);
    feed.received = std::max(feed.received, kept.through());
  }
}

v1::Welcome welcome(const core::Core& core, const core::Greeting& greeting, Time now,
                    uint32_t window_items) {
  v1::Welcome welcome;
  welcome.set_protocol(1);
  welcome.set_now_us(now.us);
  welcome.set_publish_window_bytes(limits::kPublishWindowBytes);
  welcome.set_publish_window_items(window_items);
  welcome.set_recovering(core.recovery().recovering());
  welcome.set_resend_from_us(static_cast<uint64_t>(greeting.resend_from_us));
  welcome.set_resend_after(greeting.resend_after);
  return welcome;
}

v1::Refused refusal(v1::Code code, const std::string& text, bool ends) {
  v1::Refused refused;
  refused.set_code(code);
  refused.set_text(text);
  refused.set_session_ends(ends);
  return refused;
}

v1::Deliver delivery_after(const HubSession::Feed& feed, const core::Core& core) {
  v1::Deliver deliver;
  deliver.set_team(feed.team);
  deliver.set_log(feed.log);
  deliver.set_endpoint(feed.endpoint);
  deliver.set_epoch(core.head().epoch);
  *deliver.mutable_promise() = core.promise();
  deliver.set_first(feed.sent + 1);
  return deliver;
}

void add_promise(v1::HubFrame& frame, const v1::Promise& promise) {
  if (frame.has_welcome()) *frame.mutable_welcome()->mutable_promise() = promise;
  if (frame.has_accepted()) *frame.mutable_accepted()->mutable_promise() = promise;
  if (frame.has_attached()) *frame.mutable_attached()->mutable_promise() = promise;
  if (frame.has_acted()) *frame.mutable_acted()->mutable_promise() = promise;
  if (frame.has_pong()) *frame.mutable_pong()->mutable_promise() = promise;
}

}  // namespace switchboard::support
