#include "broker/core/referrer.h"

#include <algorithm>
#include <array>

#include "broker/core/damage.h"
#include "broker/core/shadow.h"
#include "broker/core/subject.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

constexpr uint32_t kChallengeWithinS = 5 * 86'400;
constexpr size_t kReferralsMax = 8;

bool is_referral(const v1::EventRecord& record, const v1::EventHeader& outcome) {
  return record.kind() == "referral" && record.environment() == outcome.environment() &&
         shadowed(record) == outcome.shadow() &&
         record.disposition() != v1::DISPOSITION_QUARANTINED;
}

std::optional<v1::EventRecord> referral_at(Turn& turn, uint64_t position,
                                           const v1::EventHeader& outcome) {
  auto record = event_of(turn, position);
  return record && is_referral(*record, outcome) ? record : std::nullopt;
}

std::optional<v1::EventRecord> by_cause(Turn& turn, const v1::EventHeader& outcome) {
  const auto id = id_from_bytes(outcome.causation_id());
  if (!id) return std::nullopt;
  const auto known =
      turn.journal.take(store::read_known(turn.journal, known_id(*id, outcome.shadow()), {}));
  return known ? referral_at(turn, known->position, outcome) : std::nullopt;
}

// Who decides is often another agency than who referred: the thread's authority says whose number
// it is.
std::optional<v1::EventRecord> by_thread(Turn& turn, const v1::EventHeader& outcome) {
  constexpr std::array<std::string_view, 1> kKinds = {"referral"};
  for (const auto& thread : outcome.threads()) {
    if (thread.type() != v1::THREAD_TYPE_REFERRAL) continue;
    const std::string authority = thread.authority().substr(0, thread.authority().find('/'));
    for (const std::string& agency : {outcome.agency(), authority}) {
      const auto hash = thread_hash(turn.secrets, thread, agency);
      for (const uint64_t at : store::thread_events(turn.journal, hash, kKinds, kReferralsMax)) {
        if (auto record = referral_at(turn, at, outcome)) return record;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

void add_referrer(Turn& turn, const v1::EventHeader& header, const Facts& facts,
                  std::vector<Match>& matches) {
  auto referral = by_cause(turn, header);
  if (!referral) referral = by_thread(turn, header);
  if (!referral) return;
  const v1::Team* team = turn.directory.team(referral->from_team());
  if (team == nullptr || team->agency() != referral->agency() || !may_be_told(*team, facts)) return;
  const auto place =
      std::lower_bound(matches.begin(), matches.end(), team->id(),
                       [](const Match& m, const std::string& id) { return m.team->id() < id; });
  if (place != matches.end() && place->team == team) return;
  matches.insert(place, Match{team, v1::CAUSE_DIRECT, "referral", 0, "made the referral"});
}

int64_t challenge_by_us(const Turn& turn, const v1::ReferralOutcome& outcome) {
  if (outcome.decision() <= v1::REFERRAL_DECISION_RECEIVED) return 0;
  if (outcome.challenge_by().latest_us() > 0) return outcome.challenge_by().latest_us();
  const uint32_t stated = turn.directory.policy().row.challenge_within_s();
  return (turn.now + seconds(stated == 0 ? kChallengeWithinS : stated)).us;
}

}  // namespace switchboard::core
