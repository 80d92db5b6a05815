#include "broker/core/join.h"

#include <algorithm>
#include <map>
#include <set>

#include "broker/base/limits.h"
#include "broker/core/correction.h"
#include "broker/core/damage.h"
#include "broker/core/delivery.h"
#include "broker/core/disclose.h"
#include "broker/core/inbox.h"
#include "broker/core/original.h"
#include "broker/core/route.h"
#include "broker/core/shadow.h"

namespace switchboard::core {
namespace {

constexpr int64_t kDayUs = 86'400'000'000;
constexpr uint32_t kJoinDays = 90;  // if policy does not say
// One who is brought an event costs up to three rows; of a turn's end no more than this is needed.
constexpr size_t kJoinRowBytes = 1024;

struct Candidate {
  uint64_t position = 0;
  v1::EventRecord event;
};

bool tells_teams(const v1::EventRecord& event) {
  if (event.probe()) return false;
  const auto change = event.identity_change();
  if (change != v1::IDENTITY_CHANGE_UNSPECIFIED && change != v1::IDENTITY_CHANGE_ADDED &&
      change != v1::IDENTITY_CHANGE_UPDATED) {
    return false;  // people match these records first
  }
  if (event.disposition() == v1::DISPOSITION_QUARANTINED || shadowed(event)) return false;
  // That something is void says nothing to whom it was never told.
  return event.kind() != "correction" || event.correction() == v1::CORRECTION_NATURE_SUPERSEDED;
}

bool taken_back(Turn& turn, const Candidate& c) {
  const auto last = last_correction(turn, {c.position, c.event}, false);
  return last && last->record.correction() != v1::CORRECTION_NATURE_SUPERSEDED;
}

std::string thread_key(const v1::EventRecord& event) {
  std::string key = event.kind();
  for (const auto& hash : event.thread_hashes()) key += hash;
  return key;
}

bool is_recent(const Turn& turn, const v1::EventRecord& event) {
  const uint32_t days = turn.directory.policy().row.join_days();
  const int64_t within = int64_t{days == 0 ? kJoinDays : days} * kDayUs;
  return event.accepted_us() >= turn.now.us - within;
}

bool open_for_anybody(Turn& turn, uint64_t position) {
  const auto all = deliveries_of(turn, position);
  return std::any_of(all.begin(), all.end(), [](const auto& d) { return d.open(); });
}

class Joiner {
 public:
  Joiner(Turn& turn, const v1::Team& team, v1::MemberList list)
      : turn_(turn), team_(team), list_(list) {}

  void look(const std::string& subject);
  Joined bring();

 private:
  std::optional<v1::Recipient> recipient(const Candidate& c) const;
  bool wanted(const Candidate& c, const std::vector<v1::Recipient>& told);
  bool nothing_new(const Candidate& c) const;
  void take(Candidate c);

  Turn& turn_;
  const v1::Team& team_;
  v1::MemberList list_;
  std::vector<std::pair<Candidate, v1::Recipient>> newest_first_;
  std::map<std::string, uint64_t> newest_;  // position by kind and threads
  std::set<std::string> told_;              // those of which somebody was told
  size_t left_ = 0;
};

std::optional<v1::Recipient> Joiner::recipient(const Candidate& c) const {
  const bool enquiry = list_ == v1::MEMBER_LIST_ENQUIRY;
  const Match match{&team_, enquiry ? v1::CAUSE_ENQUIRY : v1::CAUSE_JOIN,
                    enquiry ? "enquiry" : "caseload", 0, "the child came to the team later"};
  auto r = make_recipient(turn_, match, c.event.kind(), c.event.urgency());
  if (r.attention() == v1::ATTENTION_FILE) return std::nullopt;
  only_see(r);
  if (disclose(turn_.directory, c.event, r).level == v1::DISCLOSURE_WITHHELD) return std::nullopt;
  return r;
}

bool Joiner::wanted(const Candidate& c, const std::vector<v1::Recipient>& told) {
  if (!tells_teams(c.event) || !same_environment(team_, c.event)) return false;
  if (!audience_permits(c.event.audience(), team_)) return false;
  if (c.event.disposition() == v1::DISPOSITION_HELD && told.empty()) return false;
  if (told.size() >= limits::kTeamsPerEventMax) return false;
  const bool has_it =
      std::any_of(told.begin(), told.end(), [&](const auto& r) { return r.team() == team_.id(); });
  if (has_it || taken_back(turn_, c)) return false;
  return is_recent(turn_, c.event) || open_for_anybody(turn_, c.position);
}

// What its thread had said already, as far as that can be told: somebody would have been told of a
// change, and where nobody ever was, the newest says it all.
bool Joiner::nothing_new(const Candidate& c) const {
  if (c.event.disposition() != v1::DISPOSITION_NOTED || c.event.thread_hashes().empty()) {
    return false;
  }
  const std::string key = thread_key(c.event);
  return told_.contains(key) || newest_.at(key) != c.position;
}

void Joiner::take(Candidate c) {
  const auto told =
      turn_.journal.take_or_default(store::read_recipients(turn_.journal, c.position));
  newest_.emplace(thread_key(c.event), c.position);
  if (!told.empty()) told_.insert(thread_key(c.event));
  if (!wanted(c, told)) return;
  auto r = recipient(c);
  if (!r) return;
  if (newest_first_.size() >= limits::kJoinEventsMax) {
    ++left_;
  } else {
    newest_first_.emplace_back(std::move(c), std::move(*r));
  }
}

void Joiner::look(const std::string& subject) {
  const auto rows =
      turn_.journal.scan_back(kv::Family::kIndex, store::key::subject_position(subject, 0),
                              store::key::subject_position(subject, ~uint64_t{0}));
  for (size_t looked = 0; rows->valid(); rows->next()) {
    if (++looked > limits::kJoinLooksMax) {
      ++left_;  // and what is older: nobody counts it
      break;
    }
    const uint64_t position = store::key::trailing_u64(rows->key());
    auto event = event_of(turn_, position);
    if (event) take({position, std::move(*event)});
  }
  if (!rows->status().ok()) turn_.journal.fail(rows->status().error());
}

Joined Joiner::bring() {
  std::erase_if(newest_first_, [&](const auto& c) { return nothing_new(c.first); });
  if (newest_first_.empty()) return {0, left_};
  const Joined joined{newest_first_.size(), left_};
  v1::AuditEntry& entry = turn_.audit.next(v1::AUDIT_KIND_DIRECTORY);
  const uint64_t adding = entry.position();
  entry.set_team(team_.id());
  entry.set_text("a child came to the team: " + std::to_string(joined.brought) +
                 " earlier events brought, " + std::to_string(joined.left) + " older ones left");
  std::reverse(newest_first_.begin(), newest_first_.end());
  for (auto& [c, recipient] : newest_first_) {
    add_recipients(turn_, c.position, c.event.urgency(), {std::move(recipient)}, adding);
  }
  // P7: after all of them, so that a correction that is brought itself is not told of once more.
  for (const auto& [c, told] : newest_first_) correct_newcomers(turn_, c.position, adding);
  return joined;
}

}  // namespace

Joined join(Turn& turn, const store::Joining& joining) {
  const v1::Team* team = turn.directory.team(joining.list.team);
  const auto subject = store::find_subject(turn.journal, joining.hash);
  if (team == nullptr || !subject) return {};
  Joiner joiner(turn, *team, joining.list.list);
  joiner.look(*subject);
  return joiner.bring();
}

// Also where this is the last: the bound of a batch holds what one child may bring.
static bool has_room(const Turn& turn) {
  static_assert(limits::kMemberBytesPerTurnMax + limits::kJoinEventsMax * kJoinRowBytes <
                limits::kTurnBatchBytesMax);
  return turn.journal.pending().bytes() < limits::kMemberBytesPerTurnMax;
}

Joined join_or_queue(Turn& turn, const store::Joining& joining) {
  if (has_room(turn)) return join(turn, joining);
  store::queue_join(turn.journal, joining);
  turn.joins_wait = true;
  return {};
}

void join_queued(Turn& turn) {
  const auto waiting =
      turn.journal.take_or_default(store::read_joins(turn.journal, limits::kMembersPerTurnMax + 1));
  size_t done = 0;
  for (; done < waiting.size() && done < limits::kMembersPerTurnMax && has_room(turn); ++done) {
    join(turn, waiting[done]);
    store::erase_join(turn.journal, waiting[done]);
  }
  turn.joins_wait = done < waiting.size();
  if (done == 0) return;
  turn.audit.next(v1::AUDIT_KIND_DIRECTORY)
      .set_text("looked for what teams are to be brought, of " + std::to_string(done) +
                " entries of lists");
}

void queue_joins(Turn& turn, std::string_view number_hash) {
  std::vector<store::ListId> lists;
  for (const auto team : store::caseload_teams(turn.journal, &turn.journal, number_hash)) {
    lists.push_back({team, v1::MEMBER_LIST_CASELOAD});
  }
  for (const auto& list : store::other_lists(turn.journal, &turn.journal, number_hash)) {
    if (list.list == v1::MEMBER_LIST_ENQUIRY) lists.push_back(list);
  }
  for (const auto& list : lists) {
    store::queue_join(turn.journal, {std::string(number_hash), list});
    turn.joins_wait = true;
  }
}

}  // namespace switchboard::core
