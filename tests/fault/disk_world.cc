#include "tests/fault/disk_world.h"

#include "broker/base/hash.h"
#include "broker/base/limits.h"
#include "broker/server/verify.h"
#include "broker/store/records.h"
#include "tests/fault/workload.h"
#include "tests/support/builders.h"
#include "tests/support/hub_core.h"

namespace switchboard::fault {

namespace {

constexpr const char* kPrincipals[kMembers] = {"x28-pas", "x27-pas", "x99-hv", "x99-mash"};
constexpr const char* kAgencies[kPublishers] = {"X28", "X27"};
constexpr int kStartsMax = 3;  // then an operator has to look
constexpr const char* kTeams[kMembers] = {"", "", "X99-HV", "X99-MASH"};

std::string counts(const test::Findings& f) {
  return "deliveries " + std::to_string(f.deliveries) + " lost " + std::to_string(f.lost) +
         " duplicated " + std::to_string(f.duplicated) + " reordered " +
         std::to_string(f.reordered) + " altered " + std::to_string(f.altered) + " invented " +
         std::to_string(f.invented) + " acts " + std::to_string(f.acts) + " lost " +
         std::to_string(f.acts_lost) + " twice " + std::to_string(f.acts_twice);
}

}  // namespace

const char* name(Part part) {
  constexpr const char* kNames[] = {"hub", "outbox", "endpoint"};
  return kNames[static_cast<size_t>(part)];
}

std::string DiskWorld::Verdict::text() const {
  return "desks: " + counts(desks) + "; fresh: " + counts(fresh) + "; losses " +
         std::to_string(losses) + " unreadable " + std::to_string(unreadable) + " refused " +
         std::to_string(refused) + "; verify: " + (findings.empty() ? "fine" : findings) +
         (stuck.empty() ? "" : "; stuck: " + stuck);
}

DiskWorld::DiskWorld(const Options& options)
    : options_(options), random_(options.seed), now_(support::kNoon) {
  hub_ = std::make_unique<DiskHub>(
      std::make_unique<Ground>(options.hub_on_disk ? Kind::kHubsDisk : Kind::kInMemory),
      options.seed);
  for (size_t i = 0; i < kMembers; ++i) {
    members_.push_back(std::make_unique<DiskMember>(
        std::make_unique<Ground>(options.member_on_disk[i] ? Kind::kClientsDisk : Kind::kInMemory),
        DiskMember::Options{.principal = kPrincipals[i], .team = kTeams[i], .seed = options.seed}));
  }
  for (const char* agency : kAgencies) published_[agency] = 0;
}

std::unique_ptr<DiskWorld> DiskWorld::copy() const {
  auto made = std::make_unique<DiskWorld>(options_);
  made->hub_ = std::make_unique<DiskHub>(hub_->ground().copy(), options_.seed + 1);
  for (size_t i = 0; i < kMembers; ++i) {
    DiskMember::Options as = members_[i]->options();
    as.seed += 1;
    made->members_[i] = std::make_unique<DiskMember>(members_[i]->ground().copy(), as);
  }
  made->published_ = published_;
  made->acts_ = acts_;
  made->done_ = done_;
  made->acted_on_ = acted_on_;
  made->now_ = now_ + seconds(60);
  return made;
}

Status DiskWorld::restore_hub(const std::string& backup) {
  hub_->stop();
  for (auto& member : members_) member->disconnect();
  Ground& ground = hub_->ground();
  const std::string store = std::string(Ground::kFolder) + "/";
  for (const std::string& file : ground.disk().files()) {
    if (file.starts_with(store)) ground.disk().erase(file);
  }
  return kv::RocksKv::restore(backup, Ground::kFolder, ground.env());
}

void DiskWorld::replace_store(size_t i) {
  members_[i]->stop();
  Disk& disk = members_[i]->ground().disk();
  for (const std::string& file : disk.files()) disk.erase(file);
  run_member(i);
  if (!members_[i]->publisher()) return;
  for (uint64_t n = 1; n <= published_[kAgencies[i]]; ++n) {
    guard(i, members_[i]->publish(test::workload_item(kAgencies[i], n), now_));
  }
}

void DiskWorld::replace_desk(size_t i) {
  members_[i] = std::make_unique<DiskMember>(std::make_unique<Ground>(Kind::kInMemory),
                                             members_[i]->options());
}

uint64_t DiskWorld::acts_done() const {
  uint64_t all = 0;
  for (const auto& of_a_desk : done_) all += of_a_desk.size();
  return all;
}

uint64_t DiskWorld::published() const {
  uint64_t all = 0;
  for (const auto& [agency, count] : published_) all += count;
  return all;
}

void DiskWorld::note(const std::string& who, const Error& error) {
  said.push_back(who + ": " + error.text);
}

void DiskWorld::end_hub(const Error& error) {
  note("hub", error);
  hub_->stop();
  for (auto& member : members_) member->disconnect();
}

void DiskWorld::end_member(size_t i, const Error& error) {
  note(kPrincipals[i], error);
  members_[i]->stop();
}

void DiskWorld::guard(size_t i, const Status& status) {
  if (!status.ok()) end_member(i, status.error());
}

// A machine without power is switched on again; a process that met an error starts on what the disk
// has, not on what memory believed.
void DiskWorld::revive(Ground& ground) {
  if (ground.kind() == Kind::kInMemory) return;
  if (ground.disk().powered()) return ground.disk().drop_caches();
  ground.disk().power_on(random_);
}

void DiskWorld::run_hub() {
  if (hub_->up() || !hub_may_start) return;
  revive(hub_->ground());
  ++restarts;
  count_start("hub", hub_->start(now_));
}

void DiskWorld::count_start(const std::string& who, const Status& started) {
  failed_starts_ = started.ok() ? 0 : failed_starts_ + 1;
  if (!started.ok()) note(who, started.error());
}

void DiskWorld::run_member(size_t i) {
  if (members_[i]->up() || !member_may_start[i]) return;
  revive(members_[i]->ground());
  ++restarts;
  count_start(kPrincipals[i], members_[i]->start());
}

void DiskWorld::publish(size_t i) {
  run_member(i);
  if (!members_[i]->up()) return;
  const std::string agency = kAgencies[i];
  uint64_t& count = published_[agency];
  const Status taken = members_[i]->publish(test::workload_item(agency, count + 1), now_);
  if (taken.ok()) ++count;
  guard(i, taken);
}

void DiskWorld::publish_again(size_t i) {
  const std::string agency = kAgencies[i];
  if (published_[agency] == 0 || !members_[i]->up()) return;
  const uint64_t which = 1 + random_.below(published_[agency]);
  guard(i, members_[i]->publish(test::workload_item(agency, which), now_));
}

void DiskWorld::act(size_t i) {
  run_member(i);
  if (!members_[i]->up() || members_[i]->through() == 0) return;
  const auto log = members_[i]->log();
  if (!log.ok()) return end_member(i, log.error());
  const v1::Entry& seen = (*log)[random_.below(log->size())];
  if (seen.notice().type() != v1::ENTRY_TYPE_DELIVERY || seen.header().empty()) return;
  constexpr v1::ActKind kInOrder[] = {v1::ACT_KIND_OPEN, v1::ACT_KIND_ACKNOWLEDGE,
                                      v1::ACT_KIND_ACTION, v1::ACT_KIND_FINISH};
  const std::string& event = seen.notice().event_id();
  uint64_t& next = acted_on_[{i, event}];
  if (next == std::size(kInOrder)) return;  // who finishes it again changes nothing
  const std::string person = person_of(kTeams[i], next);
  v1::Act act = sdk::act_on(kTeams[i], seen, kInOrder[next++], person);
  act.set_outcome("seen to by " + person);
  const auto id = hash(std::to_string(options_.seed) + " act " + std::to_string(acts_.size()));
  act.set_act_id(std::string(view(id).substr(0, 16)));
  acts_[act.act_id()] = {event, person, act.kind()};
  guard(i, members_[i]->act(act, now_));
}

void DiskWorld::hear_all(const std::vector<Packet>& packets) {
  for (const Packet& packet : packets) {
    for (size_t i = 0; i < kMembers; ++i) {
      if (packet.member != kPrincipals[i] || !members_[i]->up()) continue;
      guard(i, members_[i]->hear(packet, now_));
      for (const auto& id : members_[i]->told()) done_[i].push_back(acts_.at(id));
    }
  }
}

int64_t DiskWorld::stalled_us() const {
  Ground& ground = hub_->ground();
  return ground.kind() != Kind::kInMemory ? ground.disk().stalled_us() : 0;
}

void DiskWorld::talk() {
  now_ = now_ + milliseconds(500);
  run_hub();
  std::vector<Packet> packets;
  for (size_t i = 0; i < kMembers; ++i) {
    run_member(i);
    if (members_[i]->up()) guard(i, members_[i]->send(packets, now_));
  }
  if (!hub_->up()) {
    for (auto& member : members_) member->disconnect();
    return;
  }
  const int64_t stalled = stalled_us();
  auto said_back = hub_->turn(packets, now_);
  now_ = now_ + Duration{stalled_us() - stalled};  // the hub's disk kept everybody waiting
  if (!said_back.ok()) return end_hub(said_back.error());
  hear_all(*said_back);
  for (size_t i = 0; i < kMembers; ++i) {
    if (members_[i]->up()) guard(i, members_[i]->flush());
  }
}

void DiskWorld::step() {
  const uint64_t draw = random_.below(20);
  if (random_.chance(500)) act(kPublishers + random_.below(kMembers - kPublishers));
  if (draw < 14) {
    for (uint64_t n = 1 + random_.below(3); n > 0; --n) publish(random_.below(kPublishers));
  } else if (draw < 16) {
    publish_again(random_.below(kPublishers));
  } else if (draw == 16) {
    const size_t i = random_.below(kMembers);
    if (members_[i]->up()) members_[i]->stop();  // killed: what it wrote is with the system
  } else if (draw == 17 && hub_->up()) {
    end_hub({v1::CODE_OK, "killed"});
    said.pop_back();
  }
  talk();
}

bool DiskWorld::quiet() {
  if (!hub_->up() || hub_->core().recovery().recovering()) return false;
  for (size_t i = 0; i < kMembers; ++i) {
    if (!members_[i]->up() || !members_[i]->idle()) return false;
    if (members_[i]->publisher()) continue;
    const store::LogId log{hub_->core().directory()->team(kTeams[i])->handle(), store::Log::kInbox};
    if (members_[i]->through() != hub_->core().log_head(log)) return false;
  }
  return true;
}

bool DiskWorld::settle(int rounds) {
  int calm = 0;
  failed_starts_ = 0;
  for (int i = 0; i < rounds && calm < 3 && failed_starts_ < kStartsMax; ++i) {
    talk();
    calm = quiet() ? calm + 1 : 0;
  }
  return calm == 3;
}

void DiskWorld::stop() {
  for (auto& member : members_) {
    member->stop();
    if (member->ground().kind() != Kind::kInMemory) member->ground().disk().settle();
  }
  hub_->stop();
  if (hub_->ground().kind() != Kind::kInMemory) hub_->ground().disk().settle();
}

// What is damaged comes as a pointer: its number is answered, and its event is not there.
static void hide_pointer(v1::Entry& entry) {
  const bool delivery = entry.notice().type() == v1::ENTRY_TYPE_DELIVERY;
  if (!delivery || !entry.header().empty()) return;
  entry.mutable_notice()->set_type(v1::ENTRY_TYPE_PLACEHOLDER);
}

// A desk whose own store cannot be read ends, as its program would.
test::Findings DiskWorld::look(size_t i, DiskMember& desk, Verdict& verdict) {
  auto log = desk.log();
  if (log.ok()) {
    for (v1::Entry& entry : *log) hide_pointer(entry);
    test::Findings found = test::judge(published_, *log);
    test::judge_done(done_[i], *log, found);
    return found;
  }
  note(desk.options().principal, log.error());
  verdict.stuck = "a desk cannot read its store: " + log.error().text;
  return {};
}

// A desk of the same team with nothing stored gets the whole log: what it is given is what is
// there.
test::Findings DiskWorld::look_afresh(size_t i, Verdict& verdict) {
  DiskMember fresh(std::make_unique<Ground>(Kind::kInMemory),
                   {.principal = kPrincipals[i], .team = kTeams[i], .endpoint = "fresh"});
  CHECK(fresh.start().ok());
  const store::LogId log{hub_->core().directory()->team(kTeams[i])->handle(), store::Log::kInbox};
  for (int round = 0; round < 200; ++round) {
    now_ = now_ + milliseconds(500);
    std::vector<Packet> packets;
    CHECK(fresh.send(packets, now_).ok());
    auto answers = hub_->turn(packets, now_);
    if (!answers.ok()) {
      end_hub(answers.error());
      verdict.stuck = "the hub ended while a fresh reader read: " + answers.error().text;
      return {};
    }
    for (const Packet& packet : *answers) {
      if (packet.member == kPrincipals[i]) CHECK(fresh.hear(packet, now_).ok());
    }
    CHECK(fresh.flush().ok());
    if (fresh.through() == hub_->core().log_head(log)) break;
  }
  return look(i, fresh, verdict);
}

std::string DiskWorld::verify() {
  const auto reads = hub_->kv().snapshot();
  const auto report =
      server::verify(*reads, core::Secrets(support::test_master()), hub_->core().promise());
  if (!report.ok()) return report.error().text;
  if (!report->ok()) return report->findings(0);
  if (hub_->ground().rocks() == nullptr) return {};
  const Status checksums = hub_->ground().rocks()->verify_checksums();
  return checksums.ok() ? std::string() : checksums.error().text;
}

DiskWorld::Verdict DiskWorld::judge() {
  Verdict verdict;
  if (!settle()) {
    verdict.stuck = said.empty() ? "not everything came to rest" : said.back();
    for (const auto& member : members_) {
      if (member->up() && member->alarm()) verdict.stuck += "; " + *member->alarm();
    }
    return verdict;
  }
  for (size_t i = 0; i < kMembers; ++i) {
    verdict.refused += members_[i]->refused();
    if (members_[i]->publisher()) continue;
    verdict.desks += look(i, *members_[i], verdict);
  }
  verdict.findings = verify();
  for (size_t i = kPublishers; i < kMembers && verdict.stuck.empty(); ++i) {
    members_[i]->disconnect();
    verdict.fresh += look_afresh(i, verdict);
  }
  verdict.unreadable = hub_->unreadable();
  if (verdict.stuck.empty()) verdict.losses = hub_->core().recovery().losses();
  return verdict;
}

}  // namespace switchboard::fault
