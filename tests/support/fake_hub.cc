#include "tests/support/fake_hub.h"

#include <algorithm>

#include "broker/base/hash.h"

namespace switchboard::test {

FakeHub::Frames FakeHub::hear(uint64_t connection, std::string_view bytes, Time now) {
  Frames out;
  v1::ClientFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return out;
  Session& session = sessions_[connection];
  if (frame.has_hello()) {
    session = Session{.open = true};
    out.push_back(welcome(frame.hello(), now));
    return out;
  }
  if (!session.open) {
    ++out_of_turn_;
    auto& refused = *out.emplace_back().mutable_refused();
    refused.set_code(v1::CODE_OUT_OF_TURN);
    refused.set_session_ends(true);
    return out;
  }
  if (frame.has_publish()) out.push_back(publish(session, frame.publish(), now));
  if (frame.has_attach()) out.push_back(attach(session, frame.attach()));
  if (frame.has_acts()) out.push_back(acted(frame.acts()));
  if (frame.has_ping()) {
    auto& pong = *out.emplace_back().mutable_pong();
    pong.set_nonce(frame.ping().nonce());
    *pong.mutable_promise() = promise();
  }
  if (frame.has_received()) {
    const auto& received = frame.received();
    Reading& reading = session.readings[received.team()];
    reading.received = std::max(reading.received, received.through());
    cursors_[received.team()] = std::max(cursors_[received.team()], received.through());
    for (const auto& failed : received.failed()) failed_.push_back(failed);
  }
  if (frame.has_ledgers()) {
    for (const auto& one : frame.ledgers().items()) {
      ledgers_[one.listener() + "/" + std::to_string(one.bucket()) + "/" + one.day()] = one;
    }
    out.emplace_back().mutable_page()->set_request(frame.ledgers().request());
  }
  if (frame.has_read()) {
    auto& page = *out.emplace_back().mutable_page();
    page.set_request(frame.read().request());
    page.set_as_of_position(taken_.size());
  }
  return out;
}

v1::HubFrame FakeHub::welcome(const v1::Hello& hello, Time now) {
  last_hello_ = hello;
  v1::HubFrame frame;
  auto& welcome = *frame.mutable_welcome();
  welcome.set_protocol(1);
  *welcome.mutable_promise() = promise();
  welcome.set_recovering(lost_from_us_ != 0);
  welcome.set_resend_from_us(lost_from_us_);
  welcome.set_publish_window_bytes(window_bytes_);
  welcome.set_publish_window_items(window_items_);
  welcome.set_now_us(now.us);
  return frame;
}

v1::HubFrame FakeHub::publish(Session& session, const v1::Publish& publish, Time now) {
  v1::HubFrame frame;
  auto& accepted = *frame.mutable_accepted();
  accepted.set_outbox(publish.outbox());
  if (!session.next) session.next = publish.first();
  most_items_ = std::max(most_items_, static_cast<uint64_t>(publish.items_size()));
  uint64_t sequence = publish.first();
  const auto cut = [&](v1::Code code) {
    auto& exception = *accepted.add_exceptions();
    exception.set_sequence(sequence);
    exception.set_code(code);
  };
  if (publish.first() > *session.next) {
    cut(v1::CODE_BUSY);  // does not follow on what was taken: nothing of it is
    accepted.set_through(*session.next - 1);
    *accepted.mutable_promise() = promise();
    return frame;
  }
  for (const auto& item : publish.items()) {
    const auto known = positions_.find(item.header());
    const auto code = known == positions_.end() && judge ? judge(item) : std::nullopt;
    if (known != positions_.end()) {
      cut(v1::CODE_DUPLICATE);
      accepted.mutable_exceptions()->rbegin()->set_position(known->second);
    } else if (code) {
      cut(*code);
      const int number = static_cast<int>(*code);
      if ((number >= 10 && number < 20) || number >= 30) break;
    } else {
      taken_.push_back({item.header(), now, item.taken_us()});
      positions_[item.header()] = taken_.size();
    }
    ++sequence;
  }
  accepted.set_through(sequence - 1);
  session.next = std::max(*session.next, sequence);
  *accepted.mutable_promise() = promise();
  return frame;
}

v1::HubFrame FakeHub::attach(Session& session, const v1::Attach& attach) {
  Reading& reading = session.readings[attach.team()];
  const uint64_t head = logs_[attach.team()].size();
  reading.attach = attach;
  reading.sent = reading.received = std::min<uint64_t>(attach.through(), head);
  // Attach says what is stored, as Received does.
  cursors_[attach.team()] = std::max(cursors_[attach.team()], reading.received);
  v1::HubFrame frame;
  auto& attached = *frame.mutable_attached();
  attached.set_team(attach.team());
  attached.set_log(attach.log());
  attached.set_endpoint(attach.endpoint());
  attached.set_head(head);
  attached.set_through(reading.sent);
  *attached.mutable_promise() = promise();
  return frame;
}

FakeHub::Frames FakeHub::deliver(uint64_t connection) {
  Frames out;
  const auto session = sessions_.find(connection);
  if (session == sessions_.end()) return out;
  for (auto& [team, reading] : session->second.readings) {
    const auto& log = logs_[team];
    const uint64_t until = std::min<uint64_t>(
        log.size(), reading.received + std::max(1u, reading.attach.credit_items()));
    while (reading.attach.credit_items() != 0 && reading.sent < until) {
      auto& deliver = *out.emplace_back().mutable_deliver();
      deliver.set_team(team);
      deliver.set_log(reading.attach.log());
      deliver.set_endpoint(reading.attach.endpoint());
      deliver.set_epoch(epoch_);
      deliver.set_first(reading.sent + 1);
      for (int i = 0; i < 3 && reading.sent < until; ++i) {
        auto& entry = *deliver.add_items();
        entry.set_number(++reading.sent);
        entry.set_header(log[reading.sent - 1]);
      }
    }
  }
  return out;
}

v1::HubFrame FakeHub::acted(const v1::Acts& frame) {
  v1::HubFrame out;
  for (const auto& act : frame.items()) {
    auto& outcome = *out.mutable_acted()->add_items();
    outcome.set_act_id(act.act_id());
    const bool again = std::any_of(acts_.begin(), acts_.end(), [&](const v1::Act& other) {
      return other.act_id() == act.act_id();
    });
    const auto code = !again && judge_act ? judge_act(act) : std::nullopt;
    if (code) {
      outcome.set_code(*code);
    } else if (again) {
      outcome.set_code(v1::CODE_DUPLICATE);
    } else {
      acts_.push_back(act);
    }
  }
  *out.mutable_acted()->mutable_promise() = promise();
  return out;
}

void FakeHub::add_entry(const std::string& team, const std::string& header) {
  logs_[team].push_back(header);
}

void FakeHub::lose_tail(size_t items) {
  restore_silently(items);
  ++epoch_;
  sessions_.clear();
}

void FakeHub::restore_silently(size_t items) {
  for (size_t i = 0; i < items && !taken_.empty(); ++i) {
    const auto at = static_cast<uint64_t>(taken_.back().at.us);
    lost_from_us_ = lost_from_us_ == 0 ? at : std::min(lost_from_us_, at);
    positions_.erase(taken_.back().header);
    taken_.pop_back();
  }
}

uint64_t FakeHub::received(const std::string& team) const {
  const auto it = cursors_.find(team);
  return it == cursors_.end() ? 0 : it->second;
}

std::vector<v1::AdapterLedger> FakeHub::ledgers() const {
  std::vector<v1::AdapterLedger> out;
  for (const auto& [key, ledger] : ledgers_) out.push_back(ledger);
  return out;
}

v1::Promise FakeHub::promise() const {
  v1::Promise promise;
  promise.set_epoch(epoch_);
  promise.set_position(taken_.size());
  Hasher chain;
  chain.add(epoch_);
  for (const auto& item : taken_) chain.add(item.header);
  promise.set_head(std::string(view(chain.finish())));
  return promise;
}

}  // namespace switchboard::test
