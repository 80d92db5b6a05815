#include "tests/sim/sim_hub.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/core/in_force.h"
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

uint64_t connection_of(const std::string& address) {
  return std::stoull(address.substr(address.find('#') + 1));
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
  *answer(packet).frame.mutable_refused() = support::refusal(code, text, ends);
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
  expire_keys();
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
  end_barred();
  say(network);
  pump(network);
  plant();
}

bool SimHub::taken(const std::string& principal) const {
  return bug_ == Bug::kRevokedReads || hub_.core().principal(principal) != nullptr;
}

// Before anything of the turn in which a key's last day is over, as server/loop.cc has it: this
// life records each that it meets, and the core knows which another life did.
void SimHub::expire_keys() {
  bool met = false;
  const auto directory = hub_.core().directory();
  for (const auto& [id, key] : directory->principals()) {
    if (core::key_state(key.row, hub_.now) != core::KeyState::kExpired) continue;
    met |= known_expired_.insert(id + " " + key.row.expires()).second;
  }
  if (met) operate([](core::Core& core) { core.expire_keys(); });
}

// P9: who is not let in any more is gone at once, and what it still says is dropped unread. One
// whose key has expired is told so.
void SimHub::end_barred() {
  std::erase_if(answers_, [&](const auto& a) { return !taken(a.to.member); });
  for (auto it = sessions_.begin(); it != sessions_.end();) {
    const auto& [address, session] = *it;
    if (taken(session.principal)) {
      ++it;
      continue;
    }
    const v1::PrincipalRow& row = hub_.who(session.principal);
    if (!row.revoked()) {
      ++expired_.sessions_ended;
      locked_out_.insert(session.principal);
      refuse({session.principal, connection_of(address), {}}, v1::CODE_NOT_ALLOWED,
             core::why_not_taken(row, hub_.now), true);
    }
    it = sessions_.erase(it);
  }
}

void SimHub::crash(Network& network) {
  hub_.crash(hub_.disk().unsynced() == 0 ? 0 : random_.below(2));
  witness_->committed(clock_.frozen());  // what the life that ends had written, by its clock
  start_anew(network);
}

void SimHub::start_anew(Network& network) {
  ++crashes_;
  clock_.restart(hub_.core().head().time);
  opened_ = hub_.now;
  last_read_.clear();
  known_expired_.clear();
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
  hub_.crash(0);
  start_anew(network);
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
  if (!taken(packet.member)) {
    expired_.frames_refused += !hub_.who(packet.member).revoked();
    return;
  }
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
  expired_.let_in_again += locked_out_.erase(packet.member);
  *answer(packet).frame.mutable_welcome() = support::welcome(core, greeting, hub_.now, 16);
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
  const auto take = [&](const v1::Item& published, uint64_t sequence) {
    const v1::Item& item = forgetful(published);
    if (drops_conflict(item)) return core::Answer{};
    core::Answer answered = core.publish(who, item, {frame.outbox(), sequence});
    v1::EventHeader header;
    if (answered.position > 0 && header.ParseFromString(item.header())) {
      const auto id = id_from_bytes(header.event_id());
      if (id) a.accepted.push_back({core::known_id(*id, header.shadow()), answered.position});
    }
    return answered;
  };
  *a.frame.mutable_accepted() = session.state.publish(frame, take);
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
  *answer(packet).frame.mutable_attached() = session.state.attach(request, attached);
}

void SimHub::receive(Session& session, const v1::Received& received, core::Core& core) {
  session.state.receive(
      received, [&](const v1::Received& kept) { core.receive(hub_.who(session.principal), kept); });
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
    for (auto& feed : session.state.feeds()) {
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
    support::add_promise(a.frame, promise);
    const std::string agency = hub_.who(a.to.member).agency();
    for (const auto& [id, position] : a.accepted) witness_->promised(agency, id, position);
    for (const auto& [act, outcome] : a.acts) witness_->acted(act, outcome);
    network.to_member({a.to.member, a.to.connection, a.frame.SerializeAsString()});
  }
  if (!answers_.empty()) witness_->said(promise);
}

void SimHub::pump(Network& network) {
  for (auto& [address, session] : sessions_) {
    for (auto& f : session.state.feeds()) {
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
    for (const auto& f : session.state.feeds())
      presence.teams[hub_.inbox_of(f.team).team].attached = true;
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
  deliver = support::delivery_after(feed, hub_.core());
  const std::string from =
      bug_ == Bug::kCrossTeamRead && feed.team == "X99-MASH" ? "X99-HV" : feed.team;
  while (feed.sent < last) *deliver.add_items() = entry_of(from, ++feed.sent);
  if (bug_ == Bug::kReorderedDelivery && deliver.items_size() > 1) {
    deliver.mutable_items(0)->mutable_notice()->Swap(deliver.mutable_items(1)->mutable_notice());
  }
  witness_->sent(session.principal, deliver, feed.sent - feed.received);
  network.to_member({session.principal, connection_of(address), frame.SerializeAsString()});
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
