#include "adapters/sdk/conversation.h"

#include <algorithm>
#include <utility>

namespace switchboard::sdk {

// Refusals nobody takes must not pile up.
static constexpr size_t kRefusalsMax = 64;

Result<std::optional<std::string>> Conversation::next(Time now) {
  std::optional<std::string> bytes;
  TRY(auto frame, next_frame(now));
  if (frame) bytes = frame->SerializeAsString();
  return bytes;
}

Result<std::optional<v1::ClientFrame>> Conversation::next_frame(Time now) {
  Session& session = *parts_.session;
  give_up_if_stuck(now);
  if (resent()) session.resent();
  if (auto frame = session.next(now)) {
    if (frame->has_hello() && parts_.publisher) parts_.publisher->greet(*frame->mutable_hello());
    return frame;
  }
  if (!session.open()) {
    close_parts();  // next() of the session may just have given it up
    return std::optional<v1::ClientFrame>();
  }
  TRY(auto of_parts, next_of_parts(now));
  if (!of_parts) give_up_if_stuck(now);
  return of_parts;
}

bool Conversation::resent() const {
  return (!parts_.publisher || parts_.publisher->resent()) &&
         (!parts_.acts || parts_.acts->resent()) &&
         std::all_of(parts_.endpoints.begin(), parts_.endpoints.end(),
                     [](const Endpoint* endpoint) { return endpoint->reading(); });
}

// DESIGN §4: people's acts and receipts before publishes.
Result<std::optional<v1::ClientFrame>> Conversation::next_of_parts(Time now) {
  for (Endpoint* endpoint : parts_.endpoints) {
    TRY(auto frame, endpoint->next(now));
    if (frame) return frame;
  }
  std::optional<v1::ClientFrame> frame;
  for (const auto& [request, asked] : asked_) {
    if (!asked_here_.insert(request).second) continue;
    frame = asked;
    return frame;
  }
  if (parts_.session->state() == Session::State::kDraining) return frame;
  if (parts_.acts) {
    TRY(auto acts, parts_.acts->next(now));
    if (acts) {
      *frame.emplace().mutable_acts() = std::move(*acts);
      return frame;
    }
  }
  if (parts_.publisher) {
    TRY(auto publish, parts_.publisher->next(now));
    if (publish) *frame.emplace().mutable_publish() = std::move(*publish);
  }
  return frame;
}

void Conversation::give_up_if_stuck(Time now) {
  const bool stuck = (parts_.publisher && parts_.publisher->wants_new_session()) ||
                     (parts_.acts && parts_.acts->wants_new_session());
  if (!stuck || !parts_.session->open()) return;
  parts_.session->drop("answers are missing or do not fit", now);
  close_parts();
}

Status Conversation::hear(std::string_view bytes, Time now) {
  v1::HubFrame frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    ++ignored_frames_;
    return ok();
  }
  parts_.session->heard(now);
  return hear_frame(frame, now);
}

Status Conversation::hear_frame(v1::HubFrame& frame, Time now) {
  Session& session = *parts_.session;
  switch (frame.body_case()) {
    case v1::HubFrame::kWelcome: {
      TRY(const bool opened, session.welcomed(frame.welcome(), now));
      if (!opened) return ok();
      TRY_DO(open_parts());
      return note(frame.welcome().promise());
    }
    case v1::HubFrame::kAccepted:
      if (!session.open() || !parts_.publisher) return ok();
      TRY_DO(note(frame.accepted().promise()));  // before the confirmation that rests on it
      return parts_.publisher->answered(frame.accepted(), now);
    case v1::HubFrame::kActed:
      if (!session.open() || !parts_.acts) return ok();
      TRY_DO(note(frame.acted().promise()));
      return parts_.acts->answered(frame.acted(), now);
    case v1::HubFrame::kAttached: {
      const auto& attached = frame.attached();
      Endpoint* reader = endpoint(attached.team(), attached.log(), attached.endpoint());
      return reader && session.open() ? reader->attached(attached, now) : ok();
    }
    case v1::HubFrame::kDeliver: {
      auto& deliver = *frame.mutable_deliver();
      Endpoint* reader = endpoint(deliver.team(), deliver.log(), deliver.endpoint());
      return reader && session.open() ? reader->delivered(std::move(deliver), now) : ok();
    }
    case v1::HubFrame::kPage: {
      const uint64_t request = frame.page().request();
      if (asked_.erase(request) != 0) pages_[request] = std::move(*frame.mutable_page());
      return ok();
    }
    case v1::HubFrame::kRefused:
      // One that ends the session is the session's affair: it opens anew, or raises its alarm.
      if (!frame.refused().session_ends() && refusals_.size() < kRefusalsMax) {
        refusals_.push_back(frame.refused());
      }
      session.refused(frame.refused(), now);
      if (!session.open()) close_parts();
      return ok();
    case v1::HubFrame::kPong:
      return session.open() ? note(frame.pong().promise()) : ok();
    case v1::HubFrame::kDraining:
      session.draining(now);
      return ok();
    case v1::HubFrame::BODY_NOT_SET:
      ++ignored_frames_;
      return ok();
  }
  return ok();
}

Status Conversation::open_parts() {
  const v1::Welcome& welcome = parts_.session->welcome();
  asked_here_.clear();
  if (parts_.publisher) TRY_DO(parts_.publisher->opened(welcome));
  if (parts_.acts) TRY_DO(parts_.acts->opened(welcome));
  for (Endpoint* endpoint : parts_.endpoints) endpoint->opened();
  return ok();
}

void Conversation::close_parts() {
  if (parts_.publisher) parts_.publisher->closed();
  if (parts_.acts) parts_.acts->closed();
  for (Endpoint* endpoint : parts_.endpoints) endpoint->closed();
}

void Conversation::connected(Time now) {
  close_parts();
  parts_.session->connected(now);
}

void Conversation::disconnected() {
  close_parts();
  parts_.session->reconnecting();
}

Status Conversation::flush() {
  for (Endpoint* endpoint : parts_.endpoints) TRY_DO(endpoint->flush());
  return ok();
}

std::optional<Time> Conversation::wakes_at() const {
  std::optional<Time> at = parts_.session->wakes_at();
  const auto sooner = [&at](std::optional<Time> other) {
    if (other && (!at || *other < *at)) at = other;
  };
  if (parts_.publisher) sooner(parts_.publisher->wakes_at());
  if (parts_.acts) sooner(parts_.acts->wakes_at());
  for (const Endpoint* endpoint : parts_.endpoints) sooner(endpoint->wakes_at());
  return at;
}

uint64_t Conversation::ask(v1::Read read) {
  read.set_request(++last_request_);
  *asked_[last_request_].mutable_read() = std::move(read);
  return last_request_;
}

uint64_t Conversation::tell(v1::AdapterLedgers ledgers) {
  ledgers.set_request(++last_request_);
  *asked_[last_request_].mutable_ledgers() = std::move(ledgers);
  return last_request_;
}

std::optional<v1::Page> Conversation::take_page(uint64_t request) {
  const auto it = pages_.find(request);
  if (it == pages_.end()) return std::nullopt;
  v1::Page page = std::move(it->second);
  pages_.erase(it);
  return page;
}

void Conversation::give_up(uint64_t request) {
  asked_.erase(request);
  pages_.erase(request);
}

uint64_t Conversation::clear(v1::ClearQuarantined request) {
  request.set_request(++last_request_);
  *asked_[last_request_].mutable_clear() = std::move(request);
  return last_request_;
}

uint64_t Conversation::change_members(v1::MembersRequest request) {
  request.set_request(++last_request_);
  *asked_[last_request_].mutable_members() = std::move(request);
  return last_request_;
}

uint64_t Conversation::report(v1::NudgeReports reports) {
  reports.set_request(++last_request_);
  *asked_[last_request_].mutable_nudges() = std::move(reports);
  return last_request_;
}

Endpoint* Conversation::endpoint(const std::string& team, v1::LogKind log,
                                 const std::string& name) {
  for (Endpoint* endpoint : parts_.endpoints) {
    if (endpoint->concerns(team, log, name)) return endpoint;
  }
  return nullptr;
}

}  // namespace switchboard::sdk
