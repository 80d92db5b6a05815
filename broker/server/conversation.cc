#include "broker/server/conversation.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/in_force.h"
#include "broker/runtime/log.h"

namespace switchboard::server {
namespace {

constexpr uint32_t kProtocol = 1;
// The records of three deliveries with every step they may have (an act of the own team may bring
// one of another's), the changes that tell of this one, a task's record, and the tasks that one act
// may ask of others.
constexpr size_t kWordsBytes = limits::kOutcomeBytesMax + 2 * limits::kCallTextBytesMax + 512;
constexpr size_t kActRowsBytes =
    (5 * limits::kStepsMax + 6 + limits::kTaskTriesMax + 3 * limits::kTasksPerRequestMax) *
    kWordsBytes;
constexpr char kNotEnrolled[] = "this key is no longer enrolled";
constexpr char kNotOfTheTeam[] = "this key is not enrolled for the team";

bool has_role(const v1::PrincipalRow& who, v1::Role role) {
  return std::find(who.roles().begin(), who.roles().end(), role) != who.roles().end();
}

store::Log log_of(v1::LogKind kind) {
  return kind == v1::LOG_KIND_SENT ? store::Log::kSent : store::Log::kInbox;
}

// For whom no principal is known: the key is not enrolled, or has no session.
constexpr char kNobody[] = "-";

bool whole_one(const v1::ReadQuarantine& read) {
  return !read.event_id().empty() || read.position() != 0;
}

}  // namespace

void Conversation::begin(Time now, int64_t boot_us, const Door& door) {
  now_ = now;
  boot_us_ = boot_us;
  door_ = door;
  items_ = bytes_ = 0;
  plain_ = true;
}

// Null: not a frame of this protocol.
static std::unique_ptr<v1::ClientFrame> parse(std::string_view bytes) {
  auto parsed = std::make_unique<v1::ClientFrame>();
  const bool good = parsed->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
                    parsed->body_case() != v1::ClientFrame::BODY_NOT_SET;
  return good ? std::move(parsed) : nullptr;
}

void Conversation::take(const wire::Sender& from, wire::Frame& frame) {
  ++items_;
  bytes_ += frame.bytes().size();
  const bool walked = parts_.publishing.walk(frame);
  auto parsed = walked ? nullptr : parse(frame.bytes());
  if (!walked && parsed == nullptr) {
    return end_session(from.address, v1::CODE_MALFORMED,
                       "not a frame of this protocol; say Hello again");
  }
  plain_ = plain_ && (walked || parsed->has_publish() || parsed->has_received());
  if (parsed != nullptr && parsed->has_hello()) return hello(from, parsed->hello());
  Session* session = parts_.sessions.find(from.address, from.public_key);
  if (session == nullptr) {
    return end_session(from.address, v1::CODE_OUT_OF_TURN, "say Hello first");
  }
  session->last_seen_us = boot_us_;
  const auto in_force = parts_.core.directory();  // `who` lies in it, whatever is flushed
  const auto* who = parts_.core.principal(session->principal);
  if (who == nullptr) {
    return end_session(from.address, v1::CODE_NOT_ALLOWED, why_not_taken(*session));
  }
  if (walked) {
    queued(session->address, parts_.publishing.add(*session));
  } else {
    in_session(*session, *who, std::move(parsed));
  }
}

std::string Conversation::why_not_taken(const Session& session) const {
  const auto* row = parts_.core.directory()->principal(session.principal);
  if (row == nullptr) return kNotEnrolled;
  if (!core::in_force(*row, now_)) return core::why_not_taken(*row, now_);
  return !parts_.curve || row->public_key() == session.public_key ? "" : kNotEnrolled;
}

void Conversation::check_enrolment() {
  std::vector<std::pair<std::string, std::string>> ended;
  for (const auto& [address, session] : parts_.sessions.all()) {
    if (auto why = why_not_taken(session); !why.empty()) ended.emplace_back(address, why);
  }
  for (auto& [address, why] : ended) end_session(address, v1::CODE_NOT_ALLOWED, std::move(why));
  const auto lost = parts_.delivery.keep_only([&](const auto& address, const auto& team) {
    const Session* session = parts_.sessions.at(address);
    const auto* who = session == nullptr ? nullptr : parts_.core.principal(session->principal);
    return who != nullptr && parts_.core.readable_team(*who, team) != nullptr;
  });
  for (const auto& address : lost) {
    const Session* session = parts_.sessions.at(address);
    refuse(address, session == nullptr ? kNobody : session->principal, v1::CODE_NOT_ALLOWED,
           kNotOfTheTeam);
  }
}

// P9: counted by who and why; the first of a sort is said.
void Conversation::count_refusal(const std::string& principal, v1::Code code) {
  if (code == v1::CODE_OK || !parts_.gauges.refuse(principal, code)) return;
  log::warn("a request was refused; more of this sort are counted only",
            {{"principal", principal}, {"code", v1::Code_Name(code)}});
}

void Conversation::refuse(const std::string& address, const std::string& principal, v1::Code code,
                          std::string text) {
  count_refusal(principal, code);
  parts_.outgoing.refuse(address, code, std::move(text), false);
}

void Conversation::end_session(const std::string& address, v1::Code code, std::string text) {
  const Session* session = parts_.sessions.at(address);
  if (code != v1::CODE_RECOVERING) {
    count_refusal(session == nullptr ? kNobody : session->principal, code);
  }
  parts_.sessions.close(address);
  parts_.delivery.detach(address);
  parts_.outgoing.refuse(address, code, std::move(text), true);
}

// A promise the hub cannot stand behind changes what it does next (DESIGN §9).
core::Greeting Conversation::settle_promise(const v1::PrincipalRow& who, const v1::Hello& hello) {
  parts_.flush();  // the loss must be the first thing of its turn
  const auto shown = parts_.core.witness(who, hello.highest(), hello.earlier());
  if (shown.seen == core::Witness::kForged) {
    log::warn("a client showed a promise this hub did not make", {{"principal", who.id()}});
  }
  if (!shown.found) return shown;
  log::error(shown.seen == core::Witness::kLost
                 ? "tail lost: a client was promised more than the store holds"
                 : "a client was promised something by another copy of this store",
             {{"principal", who.id()},
              {"lost_after", parts_.core.recovery().current()->lost_after()},
              {"lost_through", parts_.core.recovery().current()->lost_through()}});
  end_all_sessions();
  return shown;
}

// Everybody begins anew and says when it has resent what it held: the hold waits for no more.
void Conversation::end_all_sessions() {
  parts_.delivery.forget_made();
  std::vector<std::string> addresses;
  for (const auto& [address, session] : parts_.sessions.all()) addresses.push_back(address);
  for (const auto& address : addresses) {
    end_session(address, v1::CODE_RECOVERING, "the hub found that it lost a tail: say Hello again");
  }
}

void Conversation::hello(const wire::Sender& from, const v1::Hello& hello) {
  const auto in_force = parts_.core.directory();  // `who` lies in it, whatever is flushed
  const auto* who = parts_.curve ? in_force->principal_by_key(from.public_key)
                                 : in_force->principal(hello.client());
  if (who == nullptr || !core::in_force(*who, now_)) {
    const bool expired = who != nullptr && core::key_state(*who, now_) == core::KeyState::kExpired;
    return end_session(from.address, v1::CODE_NOT_ALLOWED,
                       expired ? core::why_not_taken(*who, now_)
                               : "this key is not enrolled: ask the hub's administrator");
  }
  if (hello.protocol_min() > kProtocol || hello.protocol_max() < kProtocol) {
    return parts_.outgoing.refuse(from.address, v1::CODE_UNSUPPORTED_VERSION,
                                  "this hub speaks protocol 1", true);
  }
  const std::string id = who->id();
  // A hub that cannot write can neither record a loss nor take anything again.
  const auto shown = door_.writes ? settle_promise(*who, hello) : core::Greeting{};
  who = parts_.core.principal(id);  // flush() may have changed the directory
  if (who == nullptr) return end_session(from.address, v1::CODE_NOT_ALLOWED, kNotEnrolled);
  if (const auto crowded = parts_.sessions.crowded_out(from.public_key, from.address)) {
    end_session(*crowded, v1::CODE_BUSY, "this key opened more sessions than it may have");
  }
  if (parts_.sessions.open(from.address, from.public_key, id, boot_us_) == nullptr) {
    return parts_.outgoing.refuse(from.address, v1::CODE_BUSY, "too many clients; try later", true);
  }
  parts_.delivery.detach(from.address);  // a second Hello starts a new session
  welcome(from, *who, shown);
}

void Conversation::welcome(const wire::Sender& from, const v1::PrincipalRow& who,
                           const core::Greeting& shown) {
  v1::Welcome& w = *parts_.outgoing.to_client(from.address).mutable_welcome();
  w.set_protocol(kProtocol);
  w.set_hub(parts_.hub);
  w.set_recovering(parts_.core.recovery().recovering());
  w.set_resend_from_us(static_cast<uint64_t>(shown.resend_from_us));
  w.set_resend_after(shown.resend_after);
  w.set_publish_window_bytes(limits::kPublishWindowBytes);
  w.set_publish_window_items(limits::kPublishWindowItems);
  w.set_principal(who.id());
  w.set_agency(who.agency());
  for (const auto& team : who.teams()) w.add_teams(team);
  w.set_now_us(now_.us);
  if (has_role(who, v1::ROLE_PUBLISHER)) {
    parts_.gauges.source(who).set_last_seen_us(now_.us);
  }
}

void Conversation::queued(std::string address, Publishing::Put put) {
  if (put != Publishing::Put::kFarOver) return;
  end_session(address, v1::CODE_BUSY, "far more is on the way than the publish window allows");
}

void Conversation::in_session(Session& session, const v1::PrincipalRow& who, FramePtr frame) {
  // A flush may end the session: nothing below holds on to it.
  const std::string address = session.address;
  switch (frame->body_case()) {
    case v1::ClientFrame::kPublish:
      return queued(address, parts_.publishing.add(session, std::move(frame)));
    case v1::ClientFrame::kAttach:
      return attach(address, who, frame->attach());
    case v1::ClientFrame::kReceived:
      return receive(address, who, frame->received());
    case v1::ClientFrame::kActs:
      return acts(address, who, frame->acts());
    case v1::ClientFrame::kRead:
      if (frame->read().has_nudges()) return take_nudges(address, who, frame->read());
      return read(address, who, frame->read());
    case v1::ClientFrame::kLedgers:
      return tell_ledgers(address, who, frame->ledgers());
    case v1::ClientFrame::kClear:
      return clear(address, who, frame->clear());
    case v1::ClientFrame::kNudges:
      return report_nudges(address, who, frame->nudges());
    case v1::ClientFrame::kMembers:
      return parts_.membership.take(address, who, frame->members(), door_, now_);
    case v1::ClientFrame::kPing:
      if (frame->ping().resent()) parts_.core.resent(who);
      parts_.outgoing.to_client(address).mutable_pong()->set_nonce(frame->ping().nonce());
      return;
    case v1::ClientFrame::kGoodbye:
      parts_.delivery.detach(address);
      parts_.sessions.close(address);
      return;
    default:
      return;
  }
}

void Conversation::attach(const std::string& address, const v1::PrincipalRow& who,
                          const v1::Attach& request) {
  const auto* team = parts_.core.readable_team(who, request.team());
  // It may show that the tail is lost: that must be the first thing of its turn.
  if (team != nullptr && request.epoch() != parts_.core.head().epoch) parts_.flush();
  const auto losses = parts_.core.recovery().losses();
  const auto attached =
      door_.writes ? parts_.core.attach(who, request) : parts_.core.follow(who, request);
  if (parts_.core.recovery().losses() > losses) {
    log::error("tail lost: an endpoint holds more than the store does", {{"principal", who.id()}});
    return end_all_sessions();
  }
  if (attached.code == v1::CODE_STALE_EPOCH) {
    log::warn("an endpoint names numbers this hub never gave", {{"principal", who.id()}});
  }
  if (attached.code != v1::CODE_OK) {
    // To be tried again at once: a new session does, a refused frame in this one waits.
    const bool again = attached.code == v1::CODE_BUSY;
    if (again) return end_session(address, attached.code, attached.text);
    return refuse(address, who.id(), attached.code, attached.text);
  }
  v1::Attached& a = *parts_.outgoing.to_client(address).mutable_attached();
  a.set_team(request.team());
  a.set_log(request.log());
  a.set_endpoint(request.endpoint());
  a.set_head(attached.head);
  a.set_through(attached.through);
  a.set_common(attached.common);
  v1::Attach from = request;
  from.set_through(attached.through);
  parts_.delivery.attach(address, from, attached.log, attached.replay_through);
}

void Conversation::receive(const std::string& address, const v1::PrincipalRow& who,
                           const v1::Received& received) {
  const auto* team = parts_.core.readable_team(who, received.team());
  if (team == nullptr) {
    return refuse(address, who.id(), v1::CODE_NOT_ALLOWED, kNotOfTheTeam);
  }
  const store::LogId log{team->handle(), log_of(received.log())};
  // Nobody has stored what was not sent; of a reading that is over the next Attach says what was
  // stored, but what could not be used is parked now.
  const auto sent = parts_.delivery.sent(address, log, received.endpoint());
  v1::Received kept = received;
  kept.set_through(std::min(received.through(), sent.value_or(0)));
  // Not kept where nothing can be: it is sent again later, and known by its number.
  const bool go_on = !door_.writes || parts_.core.receive(who, kept);
  parts_.delivery.receive(address, kept, log, go_on);
  if (!received.failed().empty()) {
    log::warn("an endpoint could not use entries: they are parked",
              {{"team", received.team()},
               {"endpoint", received.endpoint()},
               {"entries", received.failed_size()}});
  }
}

void Conversation::acts(const std::string& address, const v1::PrincipalRow& who,
                        const v1::Acts& acts) {
  if (acts.items_size() > static_cast<int>(limits::kItemsPerFrameMax)) {
    return refuse(address, who.id(), v1::CODE_OVERSIZE, "too many acts in one frame");
  }
  // Made aside and handed over at the end: a flush in between must not send half an answer.
  v1::Acted acted;
  for (const auto& act : acts.items()) {
    ++items_;
    v1::ActOutcome& outcome = *acted.add_items();
    outcome.set_act_id(act.act_id());
    if (door_.acts != v1::CODE_OK) {
      outcome.set_code(door_.acts);
      outcome.set_text(door_.text);
      continue;
    }
    if (!parts_.core.fits(kActRowsBytes)) parts_.flush();
    outcome = parts_.core.act(who, act);
    if (outcome.code() == v1::CODE_OK) parts_.gauges.acts.add();
    if (outcome.code() == v1::CODE_NOT_ALLOWED) count_refusal(who.id(), outcome.code());
  }
  *parts_.outgoing.to_client(address).mutable_acted() = std::move(acted);
}

// Breaches of all its teams, and the public sheet, need no team named.
static bool of_own_team(const core::Core& core, const v1::PrincipalRow& who, const v1::Read& read) {
  const std::string& named = read.has_sheet() ? read.sheet().team() : read.breaches().team();
  if (!named.empty()) return core.readable_team(who, named) != nullptr;
  return read.has_sheet() ||
         (who.teams_size() > 0 && core.readable_team(who, who.teams(0)) != nullptr);
}

// Of questions that are about one team and need no more than that it is the asker's own.
static const std::string* team_asked_of(const v1::Read& read) {
  switch (read.what_case()) {
    case v1::Read::kSent:
      return &read.sent().team();
    case v1::Read::kTasks:
      return &read.tasks().team();
    case v1::Read::kTeam:
      return &read.team().team();
    case v1::Read::kChild:
      return &read.child().team();
    case v1::Read::kAttendances:
      return &read.attendances().team();
    default:
      return nullptr;
  }
}

void Conversation::record_shown(const v1::PrincipalRow& who, const auto& read) {
  if (door_.acts != v1::CODE_OK) {
    log::warn("shown without an audit entry: nothing is recorded now",
              {{"principal", who.id()}, {"why", door_.text}});
    return;
  }
  parts_.core.disclosed(who, read);
  parts_.flush();
}

void Conversation::read(const std::string& address, const v1::PrincipalRow& who,
                        const v1::Read& read) {
  const auto refuse = [&](v1::Code code, const char* text) {
    count_refusal(who.id(), code);
    v1::Page& page = *parts_.outgoing.to_client(address).mutable_page();
    page.set_request(read.request());
    page.set_code(code);
    page.set_text(text);
  };
  if (parts_.sessions.at(address)->reads >= limits::kReadsMax) {
    return refuse(v1::CODE_BUSY, "too many reads at once; try again");
  }
  ReadJob what;
  what.address = address;
  what.read = read;
  what.agency = who.agency();
  what.system = who.system();
  what.teams.assign(who.teams().begin(), who.teams().end());
  if (read.has_inbox()) {
    const auto* team = parts_.core.readable_team(who, read.inbox().team());
    if (team == nullptr) {
      return refuse(v1::CODE_NOT_ALLOWED, kNotOfTheTeam);
    }
    what.log = {team->handle(), log_of(read.inbox().log())};
    record_shown(who, read.inbox());
  } else if (const std::string* team = team_asked_of(read)) {
    if (parts_.core.readable_team(who, *team) == nullptr) {
      return refuse(v1::CODE_NOT_ALLOWED, kNotOfTheTeam);
    }
    if (read.has_tasks()) record_shown(who, read.tasks());  // people's words
    if (read.has_child()) record_shown(who, read.child());
    if (read.has_attendances()) record_shown(who, read.attendances());
    if (read.has_team()) what.presence = parts_.presence();
  } else if (read.has_quarantine()) {
    if (!core::publishes(who)) {
      return refuse(v1::CODE_NOT_ALLOWED, "this key is not enrolled as a publisher");
    }
    if (whole_one(read.quarantine())) record_shown(who, read.quarantine());
  } else if (read.has_breaches() || read.has_sheet()) {
    if (!of_own_team(parts_.core, who, read)) return refuse(v1::CODE_NOT_ALLOWED, kNotOfTheTeam);
  } else if (read.has_event()) {
    // P9: one key may speak for several teams; a person of one is told what that one may know.
    const auto& of = read.event().viewer().team();
    if (!of.empty() && parts_.core.readable_team(who, of) == nullptr) {
      return refuse(v1::CODE_NOT_ALLOWED, kNotOfTheTeam);
    }
    if (!of.empty()) what.teams = {of};
  } else {
    return refuse(v1::CODE_MALFORMED, "the read asks for nothing known");
  }
  Job job;
  job.what = std::move(what);
  job.snapshot = parts_.snapshot();
  job.directory = parts_.core.directory();
  job.position = parts_.core.head().position;
  job.now = now_;
  Session* session = parts_.sessions.at(address);  // a flush may have ended it
  if (session == nullptr) return;
  if (!parts_.reader.submit(std::move(job))) {
    return refuse(v1::CODE_BUSY, "too many reads; try again");
  }
  ++session->reads;
}

}  // namespace switchboard::server
