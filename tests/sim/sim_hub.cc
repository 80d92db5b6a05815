#include "tests/sim/sim_hub.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/notice.h"
#include "broker/core/shadow.h"
#include "broker/core/watch.h"
#include "broker/server/entry_bytes.h"
#include "broker/store/records.h"
#include "tests/sim/tamper.h"
#include "tests/sim/world.h"

namespace switchboard::sim {

using support::Cut;

namespace {

std::string address_of(const Packet& packet) {
  return packet.member + "#" + std::to_string(packet.connection);
}

}  // namespace

SimHub::SimHub(Random& random, Faults& faults, Bug bug, uint64_t seed)
    : random_(random),
      faults_(faults),
      bug_(bug),
      hub_(world_of_all(), seed),
      clock_(hub_.now),
      opened_(hub_.now) {}

SimHub::Answer& SimHub::answer(const Packet& packet) {
  answers_.push_back({Packet{packet.member, packet.connection, {}}, {}, {}, {}});
  return answers_.back();
}

void SimHub::refuse(const Packet& packet, v1::Code code, const std::string& text, bool ends) {
  v1::Refused& refused = *answer(packet).frame.mutable_refused();
  refused.set_code(code);
  refused.set_text(text);
  refused.set_session_ends(ends);
}

void SimHub::operate(const std::function<void(core::Core&)>& commands) {
  hub_.turn(commands);
  witness_->committed(clock_.frozen());
}

void SimHub::turn(std::vector<Packet> arrived, Network& network, Time now) {
  hub_.now = clock_.read(now).now;
  if (hub_.core().has_work()) {  // first in the turn, one piece
    operate([](core::Core& core) { core.work(); });
    while (hub_.core().take_finished()) {
    }
  }
  Cut cut = Cut::kNowhere;
  if (faults_.strikes(Fault::kHubCrash)) cut = static_cast<Cut>(1 + random_.below(3));
  answers_.clear();
  frames_.clear();
  altered_.clear();
  std::vector<Packet> all = std::move(left_over_);
  left_over_.clear();
  for (auto& packet : arrived) all.push_back(std::move(packet));
  const bool through = hub_.turn_until(cut, [&](core::Core& core) { commands(all, core); });
  if (!through) {
    last_ = "crash at cut " + std::to_string(static_cast<int>(cut));
    if (bug_ == Bug::kAnswerBeforeCommit) say(network);
    return crash(network);
  }
  witness_->committed(clock_.frozen());
  end_revoked();
  say(network);
  pump(network);
  plant();
}

// P9: who is not let in any more is gone at once, and what it still says is dropped unread.
void SimHub::end_revoked() {
  if (bug_ == Bug::kRevokedReads) return;
  std::erase_if(sessions_, [&](const auto& s) { return hub_.who(s.second.principal).revoked(); });
  std::erase_if(answers_, [&](const auto& a) { return hub_.who(a.to.member).revoked(); });
}

void SimHub::crash(Network& network) {
  ++crashes_;
  hub_.crash(hub_.disk().unsynced() == 0 ? 0 : random_.below(2));
  clock_.restart(hub_.core().head().time);
  opened_ = hub_.now;
  last_read_.clear();
  sessions_.clear();
  left_over_.clear();
  network.hub_died();
}

void SimHub::remember(size_t copies) {
  remembered_.push_back(hub_.backup());
  if (remembered_.size() > copies) remembered_.pop_front();
}

void SimHub::lose_tail(Network& network) {
  if (remembered_.empty()) return;
  const size_t which = remembered_.size() == 1 ? 0 : random_.below(remembered_.size());
  hub_.restore(remembered_[which]->durable_copy());
  crash(network);
  witness_->lost_tail();
}

// In the order they came; a greeting, and a reader who may show a loss, are the first of a turn.
void SimHub::commands(std::vector<Packet>& arrived, core::Core& core) {
  for (size_t i = 0; i < arrived.size(); ++i) {
    auto frame = std::make_unique<v1::ClientFrame>();
    CHECK(frame->ParseFromString(arrived[i].bytes));
    if (i > 0 && (frame->has_hello() || frame->has_attach())) {
      left_over_.assign(std::make_move_iterator(arrived.begin() + static_cast<long>(i)),
                        std::make_move_iterator(arrived.end()));
      break;
    }
    frames_.push_back(std::move(frame));
    take(arrived[i], core);
  }
  const bool stands = clock_.frozen() && bug_ != Bug::kRingsWhileFrozen;
  if (!stands) core.tick(limits::kTicksPerTurnMax, seconds(600));
}

void SimHub::take(const Packet& packet, core::Core& core) {
  if (hub_.who(packet.member).revoked() && bug_ != Bug::kRevokedReads) return;
  const v1::ClientFrame& frame = *frames_.back();
  if (frame.has_hello()) return hello(packet, frame.hello(), core);
  const auto it = sessions_.find(address_of(packet));
  if (it == sessions_.end()) return refuse(packet, v1::CODE_OUT_OF_TURN, {}, true);
  if (frame.has_publish()) return publish(packet, it->second, frame.publish(), core);
  if (frame.has_attach()) return attach(packet, it->second, frame.attach(), core);
  if (frame.has_received()) return receive(it->second, frame.received(), core);
  if (frame.has_acts()) return acts(packet, it->second, frame.acts(), core);
  if (frame.has_ping()) {
    if (frame.ping().resent()) core.resent(hub_.who(it->second.principal));
    answer(packet).frame.mutable_pong()->set_nonce(frame.ping().nonce());
  }
}

void SimHub::hello(const Packet& packet, const v1::Hello& hello, core::Core& core) {
  const v1::PrincipalRow who = hub_.who(packet.member);
  const core::Greeting greeting = core.witness(who, hello.highest(), hello.earlier());
  std::erase_if(sessions_, [&](const auto& s) { return s.second.principal == packet.member; });
  sessions_[address_of(packet)].principal = packet.member;
  v1::Welcome& welcome = *answer(packet).frame.mutable_welcome();
  welcome.set_protocol(1);
  welcome.set_now_us(hub_.now.us);
  welcome.set_publish_window_bytes(limits::kPublishWindowBytes);
  welcome.set_publish_window_items(16);
  welcome.set_recovering(core.recovery().recovering());
  welcome.set_resend_from_us(static_cast<uint64_t>(greeting.resend_from_us));
  welcome.set_resend_after(greeting.resend_after);
}

// With a bug planted: the item as a hub reads it that forgets who must not be told.
const v1::Item& SimHub::forgetful(const v1::Item& item) {
  v1::EventHeader header;
  const bool bug = bug_ == Bug::kTrialTold || bug_ == Bug::kTestTold;
  if (!bug || !header.ParseFromString(item.header())) return item;
  if (bug_ == Bug::kTrialTold) header.set_shadow(false);
  if (bug_ == Bug::kTestTold) header.set_environment(v1::ENVIRONMENT_LIVE);
  altered_.push_back(std::make_unique<v1::Item>(item));
  altered_.back()->set_header(header.SerializeAsString());
  return *altered_.back();
}

// With a bug planted: what comes under an id that it has is taken for the same, whatever it says.
bool SimHub::drops_conflict(const v1::Item& item) {
  v1::EventHeader header;
  if (bug_ != Bug::kConflictDropped || !header.ParseFromString(item.header())) return false;
  if (header.id_origin() != v1::ID_ORIGIN_CHOSEN || header.kind() == "probe") return false;
  const std::string bytes = item.SerializeAsString();
  return seen_.emplace(header.event_id(), bytes).first->second != bytes;
}

void SimHub::publish(const Packet& packet, Session& session, const v1::Publish& frame,
                     core::Core& core) {
  const v1::PrincipalRow who = hub_.who(session.principal);
  Answer& a = answer(packet);
  v1::Accepted& accepted = *a.frame.mutable_accepted();
  accepted.set_outbox(frame.outbox());
  if (!session.next) session.next = frame.first();
  if (frame.first() > *session.next) {  // does not follow on: nothing of it is taken
    accepted.set_through(*session.next - 1);
    accepted.add_exceptions()->set_sequence(*session.next);
    accepted.mutable_exceptions(0)->set_code(v1::CODE_BUSY);
    return;
  }
  uint64_t sequence = frame.first();
  for (const auto& published : frame.items()) {
    const v1::Item& item = forgetful(published);
    if (drops_conflict(item)) {
      accepted.set_through(sequence++);
      continue;
    }
    const core::Answer answered = core.publish(who, item, {frame.outbox(), sequence});
    if (answered.code != v1::CODE_OK) {
      v1::ItemOutcome& outcome = *accepted.add_exceptions();
      outcome.set_sequence(sequence);
      outcome.set_code(answered.code);
      outcome.set_position(answered.position);
    }
    v1::EventHeader header;
    if (answered.position > 0 && header.ParseFromString(item.header())) {
      const auto id = id_from_bytes(header.event_id());
      if (id) a.accepted.push_back({core::known_id(*id, header.shadow()), answered.position});
    }
    accepted.set_through(sequence++);
  }
  session.next = std::max(*session.next, sequence);
}

void SimHub::attach(const Packet& packet, Session& session, const v1::Attach& request,
                    core::Core& core) {
  v1::Attach believed = request;
  if (bug_ == Bug::kStaleReader) {  // whatever epoch its numbers are of
    believed.set_epoch(hub_.core().head().epoch);
    *believed.mutable_covered() = hub_.core().promise();
  }
  const core::Attachment attached = core.attach(hub_.who(session.principal), believed);
  if (attached.code != v1::CODE_OK) return refuse(packet, attached.code, attached.text, false);
  std::erase_if(session.feeds,
                [&](const auto& f) { return f.team == request.team() && f.log == request.log(); });
  session.feeds.push_back({request.team(), request.endpoint(), request.log(), attached.through,
                           attached.through, request.credit_items()});
  v1::Attached& a = *answer(packet).frame.mutable_attached();
  a.set_team(request.team());
  a.set_log(request.log());
  a.set_endpoint(request.endpoint());
  a.set_head(attached.head);
  a.set_through(attached.through);
  a.set_common(attached.common);
}

void SimHub::receive(Session& session, const v1::Received& received, core::Core& core) {
  for (auto& feed : session.feeds) {
    if (feed.team != received.team() || feed.log != received.log()) continue;
    v1::Received kept = received;  // nobody has stored what was not sent
    kept.set_through(std::min(received.through(), feed.sent));
    core.receive(hub_.who(session.principal), kept);
    feed.received = std::max(feed.received, std::min(received.through(), feed.sent));
  }
}

void SimHub::acts(const Packet& packet, Session& session, const v1::Acts& frame, core::Core& core) {
  Answer& a = answer(packet);
  v1::Acted& acted = *a.frame.mutable_acted();
  for (const auto& act : frame.items()) {
    v1::ActOutcome& outcome = *acted.add_items();
    outcome = core.act(hub_.who(session.principal), act);
    a.acts.push_back({act, outcome});
  }
}

void SimHub::replay(const std::string& team, uint64_t from_number) {
  const uint64_t through = from_number - 1;
  operate([&](core::Core& core) {
    core.rewind(hub_.who("admin"), "mended", hub_.team(team), {}, through);
  });
  for (auto& [address, session] : sessions_) {
    for (auto& feed : session.feeds) {
      if (feed.team != team || feed.sent <= through) continue;
      feed.sent = feed.received = through;
    }
  }
}

void SimHub::change_list(const std::string& team, v1::MembersMode mode, unsigned child) {
  v1::MembersChange change;
  change.set_team(team);
  change.set_list(v1::MEMBER_LIST_CASELOAD);
  change.set_mode(mode);
  change.set_execute(true);
  change.set_confirm_vanishing(true);
  change.set_upload(std::string(16, static_cast<char>(child)));
  change.set_last(true);
  change.set_as_of("2026-03-02");
  *change.add_rows()->mutable_identifier() = support::nhs_identifier(support::nhs_number(child));
  const v1::PrincipalRow who = hub_.who("admin");
  const v1::Team row = hub_.team(team);
  operate([&](core::Core& core) { (void)core.change_members({who, "ops", change, row}, 1); });
}

void SimHub::spy(const std::string& spy, const std::string& team) {
  const v1::PrincipalRow who = hub_.who(spy);
  bool refused = true;
  hub_.turn([&](core::Core& core) {
    v1::Attach request;
    request.set_team(team);
    request.set_endpoint("desk");
    refused = core.attach(who, request).code == v1::CODE_NOT_ALLOWED;
    v1::Act act = support::make_act(1, team, 1, v1::ACT_KIND_OPEN, "amy");
    refused = refused && core.act(who, act).code() == v1::CODE_NOT_ALLOWED;
  });
  witness_->refused_spy(refused);
}

void SimHub::say(Network& network) {
  const v1::Promise promise = hub_.core().promise();
  for (auto& a : answers_) {
    if (a.frame.has_welcome()) *a.frame.mutable_welcome()->mutable_promise() = promise;
    if (a.frame.has_accepted()) *a.frame.mutable_accepted()->mutable_promise() = promise;
    if (a.frame.has_attached()) *a.frame.mutable_attached()->mutable_promise() = promise;
    if (a.frame.has_acted()) *a.frame.mutable_acted()->mutable_promise() = promise;
    if (a.frame.has_pong()) *a.frame.mutable_pong()->mutable_promise() = promise;
    const std::string agency = hub_.who(a.to.member).agency();
    for (const auto& [id, position] : a.accepted) witness_->promised(agency, id, position);
    for (const auto& [act, outcome] : a.acts) witness_->acted(act, outcome);
    network.to_member({a.to.member, a.to.connection, a.frame.SerializeAsString()});
  }
  if (!answers_.empty()) witness_->said(promise);
}

void SimHub::pump(Network& network) {
  for (auto& [address, session] : sessions_) {
    for (auto& f : session.feeds) {
      last_read_[hub_.inbox_of(f.team).team] = hub_.now;
      feed(address, session, f, network);
    }
  }
}

core::Presence SimHub::presence() const {
  core::Presence presence{.since = opened_, .teams = {}, .connected = {}};
  for (const auto& [team, last] : last_read_) presence.teams[team].last = last;
  for (const auto& [address, session] : sessions_) {
    presence.connected.insert(session.principal);
    for (const auto& f : session.feeds) presence.teams[hub_.inbox_of(f.team).team].attached = true;
  }
  return presence;
}

void SimHub::feed(const std::string& address, const Session& session, Feed& feed,
                  Network& network) {
  const uint64_t head = hub_.core().log_head(hub_.inbox_of(feed.team));
  uint64_t last = std::min(head, feed.received + feed.credit);
  if (bug_ == Bug::kCreditIgnored) last = head;
  if (feed.sent >= last) return;
  v1::HubFrame frame;
  v1::Deliver& deliver = *frame.mutable_deliver();
  deliver.set_team(feed.team);
  deliver.set_log(feed.log);
  deliver.set_endpoint(feed.endpoint);
  deliver.set_epoch(hub_.core().head().epoch);
  *deliver.mutable_promise() = hub_.core().promise();
  deliver.set_first(feed.sent + 1);
  const std::string from =
      bug_ == Bug::kCrossTeamRead && feed.team == "X99-MASH" ? "X99-HV" : feed.team;
  while (feed.sent < last) *deliver.add_items() = entry_of(from, ++feed.sent);
  if (bug_ == Bug::kReorderedDelivery && deliver.items_size() > 1) {
    deliver.mutable_items(0)->mutable_notice()->Swap(deliver.mutable_items(1)->mutable_notice());
  }
  witness_->sent(session.principal, deliver, feed.sent - feed.received);
  const uint64_t connection = std::stoull(address.substr(address.find('#') + 1));
  network.to_member({session.principal, connection, frame.SerializeAsString()});
}

v1::Entry SimHub::entry_of(const std::string& team, uint64_t number) {
  v1::Entry out;
  out.set_number(number);
  const auto entry = store::read_entry(hub_.kv(), hub_.inbox_of(team), number).value();
  if (!entry || entry->type == v1::ENTRY_TYPE_PLACEHOLDER) {
    *out.mutable_notice() = core::placeholder_notice(
        entry ? entry->reason : v1::PLACEHOLDER_REASON_WITHHELD, entry ? entry->position : 0);
    return out;
  }
  const server::StoredLog from{
      hub_.kv(), *hub_.core().directory(), hub_.core().secrets(), hub_.inbox_of(team), 0, hub_.now};
  out = server::stored_entry(from, number, entry);
  if (bug_ == Bug::kNamelessSubject) out.mutable_notice()->clear_subject();
  if (bug_ == Bug::kShownTooMuch && out.sections_size() > 0) {
    out.add_sections()->set_kind(v1::SECTION_KIND_DETAIL);
  }
  if (bug_ == Bug::kOneSubject) out.mutable_notice()->set_subject(std::string(16, 's'));
  return out;
}

void SimHub::plant() {
  if (bug_ == Bug::kNone || !random_.chance(200)) return;
  tamper(bug_, hub_, random_);
}

}  // namespace switchboard::sim
