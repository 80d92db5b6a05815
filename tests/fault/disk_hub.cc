#include "tests/fault/disk_hub.h"

#include <algorithm>

#include "broker/base/hash.h"
#include "broker/base/limits.h"
#include "broker/server/entry_bytes.h"
#include "broker/store/layout.h"
#include "broker/store/records.h"
#include "broker/store/rows.h"
#include "tests/support/directory.h"
#include "tests/support/hub_core.h"
#include "tests/support/hub_events.h"

namespace switchboard::fault {

namespace {

void add_agency(v1::Directory& d, const std::string& id) {
  v1::Agency& agency = *d.add_agencies();
  agency.set_id(id);
  agency.set_name("Agency " + id);
  agency.set_safety_net_team(id + "-NET");
  v1::Team net = support::make_team(id + "-NET", id, "safeguarding");
  net.set_environment(v1::ENVIRONMENT_TEST);
  *d.add_teams() = net;
}

void add_publisher(v1::Directory& d, const std::string& agency, const std::string& id) {
  v1::PrincipalRow row = support::make_publisher(id, agency, "PAS");
  row.set_environment(v1::ENVIRONMENT_TEST);
  *d.add_principals() = row;
}

void add_desk(v1::Directory& d, const std::string& team, const std::string& id) {
  v1::Team row = support::make_team(team, "X99", "health_visiting");
  row.set_environment(v1::ENVIRONMENT_TEST);
  *d.add_teams() = row;
  v1::PrincipalRow desk = support::make_endpoint(id, "X99", team);
  desk.set_environment(v1::ENVIRONMENT_TEST);
  *d.add_principals() = desk;
  *d.add_routes() = support::area_route(id + "-area", team, test::kArea);
  for (uint64_t n = 0; n < kPeople; ++n) {
    *d.add_people() = support::make_person(person_of(team, n), "Pat Example", team);
  }
}

bool first_of_a_turn(const v1::ClientFrame& frame) {
  return frame.has_hello() || frame.has_attach();
}

}  // namespace

std::string person_of(const std::string& team, uint64_t n) {
  return team + "-p" + std::to_string(std::min<uint64_t>(n, kPeople - 1));
}

v1::Directory disk_world() {
  v1::Directory d;
  for (const char* agency : {"X28", "X27", "X99"}) add_agency(d, agency);
  add_publisher(d, "X28", "x28-pas");
  add_publisher(d, "X27", "x27-pas");
  add_desk(d, "X99-HV", "x99-hv");
  add_desk(d, "X99-MASH", "x99-mash");
  d.mutable_disclosure()->set_id("default");
  v1::DisclosureRow& full = *d.mutable_disclosure()->add_rows();
  full.add_kinds("admission");
  full.add_kinds("correction");
  full.set_disclosure(v1::DISCLOSURE_FULL);
  full.set_reason("agreed");
  return d;
}

DiskHub::DiskHub(std::unique_ptr<Ground> ground, uint64_t seed)
    : ground_(std::move(ground)), seed_(seed) {}

Status DiskHub::start(Time now) {
  const Status opened = open(now);
  if (!opened.ok()) stop();
  return opened;
}

Status DiskHub::open(Time now) {
  TRY(kv::Kv* const below, ground_->open());
  kv_ = std::make_unique<kv::PackedKv>(*below, store::packing());
  TRY_DO(store::check_or_make_format(*kv_));
  journal_ = std::make_unique<store::Journal>(*kv_);
  TRY(core_, core::Core::open(*journal_, support::test_master()));
  begin(now);
  core_->opened();
  TRY_DO(commit());
  if (core_->directory()->team("X99-MASH") != nullptr) return ok();
  begin(now);
  v1::PrincipalRow admin;
  admin.set_id("admin");
  v1::Apply change;
  *change.mutable_directory() = disk_world();
  const auto applied = core_->apply(admin, "ops", change);
  for (const auto& problem : applied.problems()) {
    return error(v1::CODE_INVALID, problem);
  }
  return commit();
}

void DiskHub::stop() {
  sessions_.clear();
  answers_.clear();
  core_.reset();
  journal_.reset();
  kv_.reset();
  ground_->close();
}

std::optional<Error> DiskHub::background_error() {
  return ground_->rocks() == nullptr ? std::nullopt : ground_->rocks()->background_error();
}

void DiskHub::begin(Time now) {
  now_ = now;
  core_->begin(now, hash("seed " + std::to_string(seed_) + " turn " + std::to_string(turns_++)));
}

// P1: answers wait in answers_ until this has returned.
Status DiskHub::commit() {
  if (core_->failure()) return *core_->failure();
  if (!core_->changed()) return ok();
  core_->finish();
  if (core_->failure()) return *core_->failure();
  TRY_DO(kv_->write(journal_->pending()));
  if (!answer_early_) TRY_DO(kv_->sync());
  journal_->written();
  core_->committed();
  if (core_->failure()) return *core_->failure();
  return ok();
}

Result<std::vector<Packet>> DiskHub::turn(const std::vector<Packet>& arrived, Time now) {
  std::vector<Packet> out;
  size_t next = 0;
  do {
    // What must be the first of its turn is alone in it; the rest share one commit.
    std::vector<std::unique_ptr<v1::ClientFrame>> frames;
    begin(now);
    for (; next < arrived.size(); ++next) {
      auto frame = std::make_unique<v1::ClientFrame>();
      CHECK(frame->ParseFromString(arrived[next].bytes));
      const bool alone = first_of_a_turn(*frame);
      if (alone && !frames.empty()) break;
      frames.push_back(std::move(frame));
      TRY_DO(take(arrived[next], *frames.back()));
      if (!alone) continue;
      ++next;
      break;
    }
    core_->tick(limits::kTicksPerTurnMax, seconds(600));
    TRY_DO(commit());
    say(out);
  } while (next < arrived.size());
  if (const auto failed = background_error()) return *failed;
  pump(out);
  return out;
}

Status DiskHub::take(const Packet& packet, const v1::ClientFrame& frame) {
  if (frame.has_hello()) {
    hello(packet, frame.hello());
    return ok();
  }
  const auto it = sessions_.find(packet.member);
  if (it == sessions_.end() || it->second.connection != packet.connection) {
    refuse(packet, v1::CODE_OUT_OF_TURN, true);
    return ok();
  }
  if (frame.has_publish()) publish(packet, it->second, frame.publish());
  if (frame.has_attach()) attach(packet, it->second, frame.attach());
  if (frame.has_received()) receive(packet, it->second, frame.received());
  if (frame.has_acts()) acts(packet, frame.acts());
  if (frame.has_ping()) {
    if (frame.ping().resent()) core_->resent(who(packet.member));
    answer(packet).mutable_pong()->set_nonce(frame.ping().nonce());
  }
  return ok();
}

v1::HubFrame& DiskHub::answer(const Packet& packet) {
  answers_.push_back({{packet.member, packet.connection, {}}, {}});
  return answers_.back().second;
}

void DiskHub::refuse(const Packet& packet, v1::Code code, bool ends) {
  *answer(packet).mutable_refused() = support::refusal(code, {}, ends);
}

void DiskHub::hello(const Packet& packet, const v1::Hello& hello) {
  const auto greeting = core_->witness(who(packet.member), hello.highest(), hello.earlier());
  sessions_[packet.member] = {packet.connection, {}};
  *answer(packet).mutable_welcome() = support::welcome(*core_, greeting, now_, 64);
}

void DiskHub::publish(const Packet& packet, Session& session, const v1::Publish& frame) {
  const auto take = [&](const v1::Item& item, uint64_t sequence) {
    return core_->publish(who(packet.member), item, {frame.outbox(), sequence});
  };
  *answer(packet).mutable_accepted() = session.state.publish(frame, take);
}

void DiskHub::attach(const Packet& packet, Session& session, const v1::Attach& request) {
  const auto attached = core_->attach(who(packet.member), request);
  if (attached.code != v1::CODE_OK) return refuse(packet, attached.code, false);
  *answer(packet).mutable_attached() = session.state.attach(request, attached);
}

void DiskHub::receive(const Packet& packet, Session& session, const v1::Received& received) {
  session.state.receive(
      received, [&](const v1::Received& kept) { core_->receive(who(packet.member), kept); });
}

void DiskHub::acts(const Packet& packet, const v1::Acts& frame) {
  v1::Acted& acted = *answer(packet).mutable_acted();
  for (const auto& act : frame.items()) {
    v1::ActOutcome& outcome = *acted.add_items();
    if (!forget_acts_) outcome = core_->act(who(packet.member), act);
    outcome.set_act_id(act.act_id());
  }
}

Status DiskHub::replay(Time now) {
  begin(now);
  for (const auto& [id, team] : core_->directory()->teams()) {
    core_->rewind(who("x99-hv"), "the disk is well again", team.row, {}, 0);
  }
  TRY_DO(commit());
  sessions_.clear();
  unreadable_ = 0;
  return ok();
}

void DiskHub::say(std::vector<Packet>& out) {
  const v1::Promise promise = core_->promise();
  for (auto& [to, frame] : answers_) {
    support::add_promise(frame, promise);
    out.push_back({to.member, to.connection, frame.SerializeAsString()});
  }
  answers_.clear();
}

void DiskHub::pump(std::vector<Packet>& out) {
  for (auto& [member, session] : sessions_) {
    for (Feed& feed : session.state.feeds()) {
      const uint64_t head = core_->log_head(inbox_of(feed.team));
      const uint64_t last = std::min(head, feed.received + feed.credit);
      if (feed.sent >= last) continue;
      v1::HubFrame frame;
      v1::Deliver& deliver = *frame.mutable_deliver();
      deliver = support::delivery_after(feed, *core_);
      while (feed.sent < last) *deliver.add_items() = entry_of(feed.team, ++feed.sent);
      out.push_back({member, session.connection, frame.SerializeAsString()});
    }
  }
}

v1::Entry DiskHub::entry_of(const std::string& team, uint64_t number) {
  auto entry = store::read_entry(*kv_, inbox_of(team), number);
  const server::StoredLog from{*kv_, *core_->directory(), core_->secrets(), inbox_of(team), 0,
                               now_};
  v1::Entry out =
      server::stored_entry(from, number, entry.ok() ? *entry : std::optional<store::LogEntry>());
  if (out.notice().placeholder() == v1::PLACEHOLDER_REASON_UNREADABLE) ++unreadable_;
  if (out.notice().disclosure() == v1::DISCLOSURE_POINTER) ++unreadable_;  // sections did not open
  return out;
}

const v1::PrincipalRow& DiskHub::who(const std::string& id) const {
  const auto* row = core_->directory()->principal(id);
  CHECK(row != nullptr);
  return *row;
}
store::LogId DiskHub::inbox_of(const std::string& id) const {
  const auto* team = core_->directory()->team(id);
  CHECK(team != nullptr);
  return {team->handle(), store::Log::kInbox};
}

}  // namespace switchboard::fault
