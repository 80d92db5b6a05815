#include "broker/core/what_if.h"

#include <algorithm>
#include <set>

#include "broker/base/limits.h"
#include "broker/core/deadline.h"
#include "broker/core/publish.h"
#include "broker/core/turn_parts.h"
#include "broker/store/entry.h"
#include "broker/store/read_only.h"
#include "broker/store/records.h"
#include "broker/store/task_rows.h"

namespace switchboard::core {
namespace {

std::string words(v1::Attention attention) {
  switch (attention) {
    case v1::ATTENTION_ACT:
      return "act";
    case v1::ATTENTION_SEE:
      return "see";
    default:
      return "file";
  }
}

std::string late_words(const v1::ChangeRecord& change) {
  switch (change.clock()) {
    case v1::DUE_CLOCK_RECEIVE:
      return "no system of " + change.about_team() + " has it";
    case v1::DUE_CLOCK_ACTION:
      return change.about_team() + " has recorded no action";
    default:
      return "nobody in " + change.about_team() + " has picked it up";
  }
}

class Play {
 public:
  Play(const store::Reads& reads, const Directory& directory, const Secrets& secrets, Time at)
      : reads_(reads), kv_(reads), journal_(kv_), directory_(directory), parts_(journal_, secrets) {
    parts_.now = at;
  }

  Result<v1::PolicyTimeline> run(const v1::PrincipalRow& who, const v1::Item& item);

 private:
  Status begin();
  std::vector<store::Due> next_due() const;
  void say(const std::string& team, Time at, std::string what, std::string why,
           const std::string& row = {});
  void say_told(const v1::Recipient& recipient);
  void say_entry(const Appended& appended);
  void say_change(const Appended& appended, const v1::Team& team, const v1::ChangeRecord& change);

  const store::Reads& reads_;
  store::ReadOnly kv_;
  store::Journal journal_;
  const Directory& directory_;
  TurnParts parts_;
  v1::PolicyTimeline timeline_;
};

Status Play::begin() {
  TRY(const auto stored, store::read_head(reads_));
  Head head;
  if (stored) head.position = stored->position();
  parts_.begin(head, parts_.now, {});
  TRY(parts_.any_held, store::any_held(reads_));
  TRY_DO(parts_.newest_sources.load(journal_));
  return parts_.newest_ids.load(reads_);
}

// The rows that the play itself added and did not remove, of the earliest moment.
std::vector<store::Due> Play::next_due() const {
  std::set<std::string, std::less<>> rows;  // keys sort by time
  journal_.pending().for_each([&](kv::Batch::Op op, kv::Family family, std::string_view key, auto) {
    if (family != kv::Family::kState || !store::key::read_due(key)) return;
    op == kv::Batch::Op::kPut ? void(rows.emplace(key)) : void(rows.erase(std::string(key)));
  });
  std::vector<store::Due> due;
  for (const auto& row : rows) {
    const auto next = *store::key::read_due(row);
    if (!due.empty() && next.at_us != due.front().at_us) break;
    due.push_back(next);
  }
  return due;
}

void Play::say(const std::string& team, Time at, std::string what, std::string why,
               const std::string& row) {
  v1::TimelineStep& step = *timeline_.add_steps();
  step.set_at_us(at.us);
  step.set_team(team);
  step.set_what(std::move(what));
  step.set_why(std::move(why));
  step.set_row(row);
}

void Play::say_told(const v1::Recipient& r) {
  const std::string& row = r.policy_row();
  const std::string level =
      r.overdue_level() == 0 ? "" : "level " + std::to_string(r.overdue_level()) + ": ";
  const std::string group = r.group().empty() ? "" : ", any of group " + r.group();
  say(r.team(), parts_.now, level + "told: " + words(r.attention()) + group, r.facts(), row);
  if (r.receive_by_us() > 0) say(r.team(), {r.receive_by_us()}, "received by then", "", row);
  if (r.acknowledge_by_us() == 0) return;
  const auto action_s = r.action_by_us() / 1'000'000;
  say(r.team(), {r.acknowledge_by_us()}, "picked up by then",
      action_s == 0 ? ""
                    : "what was done, within " + std::to_string(action_s / 60) + " min of that",
      row);
}

void Play::say_change(const Appended& appended, const v1::Team& team,
                      const v1::ChangeRecord& change) {
  const std::string level = "level " + std::to_string(change.overdue_level()) + ": ";
  const std::string log = appended.log.log == store::Log::kSent ? " (in what it sent)" : "";
  if (change.change() == v1::CHANGE_OVERDUE && !change.task_id().empty()) {
    return say(team.id(), parts_.now,
               level + "the task of " + change.about_team() + " is not done" + log, "");
  }
  if (change.change() == v1::CHANGE_OVERDUE) {
    return say(team.id(), parts_.now, level + late_words(change) + log, "");
  }
  if (change.change() == v1::CHANGE_DIGEST) {
    const auto all = static_cast<uint32_t>(change.digest_size()) + change.digest_more();
    say(team.id(), parts_.now, "told of " + std::to_string(all) + " levels in one digest" + log,
        "");
  }
}

void Play::say_entry(const Appended& appended) {
  const v1::Team* team = directory_.team(appended.log.team);
  const auto entry = journal_.take(store::read_entry(journal_, appended.log, appended.number));
  if (team == nullptr || !entry) return;
  if (entry->type == v1::ENTRY_TYPE_CHANGE) return say_change(appended, *team, entry->change);
  if (entry->type == v1::ENTRY_TYPE_TASK) {
    const auto record = journal_.take(store::read_task(journal_, entry->task));
    return say(team->id(), parts_.now, "task: " + (record ? record->task().title() : "?"), "");
  }
  if (entry->type != v1::ENTRY_TYPE_DELIVERY) return;
  for (const auto& r :
       journal_.take_or_default(store::read_recipients(journal_, entry->position))) {
    if (r.team() == team->id() && r.number() == appended.number) say_told(r);
  }
}

Result<v1::PolicyTimeline> Play::run(const v1::PrincipalRow& who, const v1::Item& item) {
  TRY_DO(begin());
  Turn accepting = parts_.turn(directory_);
  Scratch scratch;
  const Answer answer = publish(accepting, who, ItemOf(item).view(), scratch);
  if (answer.code == v1::CODE_DUPLICATE) {
    return error(v1::CODE_CONFLICT, "this event was accepted before: leave its id out");
  }
  if (answer.code != v1::CODE_OK) return error(answer.code, answer.text);
  auto due = next_due();
  for (size_t steps = 0;; ++steps) {
    for (const auto& appended : parts_.appended) say_entry(appended);
    parts_.appended.clear();
    if (journal_.failure()) return *journal_.failure();
    if (due.empty() || steps == limits::kWhatIfStepsMax) break;
    parts_.now = std::max(parts_.now, Time{due.front().at_us});
    Turn ringing = parts_.turn(directory_);
    ring_most_urgent(ringing, due, due.size());
    due = next_due();
  }
  std::stable_sort(timeline_.mutable_steps()->begin(), timeline_.mutable_steps()->end(),
                   [](const auto& a, const auto& b) { return a.at_us() < b.at_us(); });
  const auto& policy = directory_.policy().row;
  if (!is_example(policy)) timeline_.set_signed_off_by(policy.signed_off_by());
  return std::move(timeline_);
}

}  // namespace

Result<v1::PolicyTimeline> what_if(const store::Reads& reads, const Directory& directory,
                                   const Secrets& secrets, const v1::PrincipalRow& who,
                                   const v1::Item& item, Time at) {
  return Play(reads, directory, secrets, at).run(who, item);
}

}  // namespace switchboard::core
