#include "tests/support/hub_core.h"

#include <algorithm>
#include <cctype>

#include "broker/base/limits.h"
#include "broker/store/layout.h"
#include "broker/store/records.h"

namespace switchboard::support {

HashKey test_master() {
  HashKey master;
  master.fill(7);
  return master;
}

HubCore::HubCore(const v1::Directory& directory, uint64_t seed)
    : disk_(std::make_unique<kv::MemKv>()), seed_(seed) {
  open();
  const v1::Applied applied = apply(directory);
  CHECK(applied.problems_size() == 0);
}

void HubCore::open() {
  kv_ = std::make_unique<kv::PackedKv>(*disk_, store::packing());
  journal_ = std::make_unique<store::Journal>(*kv_);
  auto core = core::Core::open(*journal_, test_master());
  CHECK(core.ok());
  core_ = std::move(core).value();
  turn([](core::Core& c) { c.opened(); });
}

std::array<uint8_t, 32> HubCore::next_seed() {
  return hash("seed " + std::to_string(seed_) + " turn " + std::to_string(turns_++));
}

v1::Promise HubCore::turn(const std::function<void(core::Core&)>& commands) {
  turn_until(Cut::kNowhere, commands);
  return core_->promise();
}

bool HubCore::turn_until(Cut cut, const std::function<void(core::Core&)>& commands) {
  core_->begin(now, next_seed());
  commands(*core_);
  CHECK(!journal_->failure());
  if (!core_->changed()) return cut == Cut::kNowhere;
  core_->finish();
  if (cut == Cut::kBeforeWrite) return false;
  batches_.push_back(journal_->pending().encode());
  CHECK(kv_->write(journal_->pending()).ok());
  if (cut == Cut::kBeforeSync) return false;
  journal_->written();
  core_->committed();
  CHECK(kv_->sync().ok());
  return cut == Cut::kNowhere;
}

core::Answer HubCore::publish(const v1::Item& item, const std::string& id) {
  core::Answer answer;
  const v1::PrincipalRow from = who(id);
  turn([&](core::Core& c) { answer = c.publish(from, item); });
  return answer;
}

static std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

v1::ActOutcome HubCore::act(const v1::Act& act) {
  v1::ActOutcome outcome;
  const v1::PrincipalRow from = who(lower(act.team()));
  turn([&](core::Core& c) { outcome = c.act(from, act); });
  return outcome;
}

v1::Applied HubCore::apply(const v1::Directory& directory) {
  v1::Applied applied;
  v1::Apply change;
  *change.mutable_directory() = directory;
  v1::PrincipalRow admin;
  admin.set_id("admin");
  turn([&](core::Core& c) { applied = c.apply(admin, "ops", change); });
  return applied;
}

core::Attachment HubCore::attach(const std::string& team, uint64_t through,
                                 const std::string& endpoint, std::optional<v1::Promise> covered) {
  core::Attachment attached;
  v1::Attach request;
  request.set_team(team);
  request.set_log(v1::LOG_KIND_INBOX);
  request.set_endpoint(endpoint);
  request.set_through(through);
  *request.mutable_covered() = covered.value_or(core_->promise());
  request.set_epoch(request.covered().epoch());
  const v1::PrincipalRow from = who(lower(team));
  turn([&](core::Core& c) { attached = c.attach(from, request); });
  return attached;
}

size_t HubCore::tick(Duration hold) {
  size_t rung = 0;
  turn([&](core::Core& c) { rung = c.tick(limits::kTicksPerTurnMax, hold); });
  return rung;
}

void HubCore::crash(size_t keep) {
  core_.reset();
  journal_.reset();
  kv_.reset();
  disk_->crash(keep);
  open();
}

void HubCore::restore(std::unique_ptr<kv::MemKv> disk) {
  core_.reset();
  journal_.reset();
  kv_.reset();
  disk_ = std::move(disk);
  open();
}

const v1::PrincipalRow& HubCore::who(const std::string& id) const {
  const auto* row = core_->directory()->principal(id);
  CHECK(row != nullptr);
  return *row;
}
const v1::Team& HubCore::team(const std::string& id) const {
  const auto* row = core_->directory()->team(id);
  CHECK(row != nullptr);
  return *row;
}
store::LogId HubCore::inbox_of(const std::string& id) const {
  return {team(id).handle(), store::Log::kInbox};
}
store::LogId HubCore::sent_of(const std::string& id) const {
  return {team(id).handle(), store::Log::kSent};
}

v1::EventRecord HubCore::event(uint64_t position) const {
  return store::read_event(*kv_, position).value().value();
}
std::vector<v1::Recipient> HubCore::recipients(uint64_t position) const {
  return store::read_recipients(*kv_, position).value();
}
std::vector<store::LogEntry> HubCore::log(store::LogId id) const {
  std::vector<store::LogEntry> entries;
  const uint64_t head = store::read_log_head(*kv_, id).value();
  for (uint64_t number = 1; number <= head; ++number) {
    entries.push_back(store::read_entry(*kv_, id, number).value().value());
  }
  return entries;
}
v1::DeliveryRecord HubCore::delivery(const std::string& id, uint64_t number) const {
  return store::read_delivery(*kv_, team(id).handle(), number)
      .value()
      .value_or(v1::DeliveryRecord{});
}
std::vector<uint64_t> HubCore::queue(store::Queue queue) const {
  return store::read_queue(*kv_, queue, 1000).value();
}
std::vector<v1::TaskRecord> HubCore::tasks(const std::string& id) const {
  std::vector<v1::TaskRecord> all;
  const auto open = store::read_open_tasks(*kv_, team(id).handle(), 1000).value();
  for (const auto& one : open) all.push_back(task(one));
  return all;
}
v1::TaskRecord HubCore::task(const std::string& id) const {
  return store::read_task(*kv_, id).value().value();
}
std::vector<std::string> HubCore::told(uint64_t position) const {
  std::vector<std::string> teams;
  for (const auto& recipient : recipients(position)) teams.push_back(recipient.team());
  return teams;
}

}  // namespace switchboard::support
