#include "adapters/mllp/charset.h"
#include "adapters/mllp/draft.h"

namespace switchboard::mllp {
namespace {

// PRD-1 of table 0286: RP refers, RT is referred to. XCN or XPN names are shown as sent.
std::string provider(const Message& message, std::string_view role) {
  for (const Segment& prd : message.segments()) {
    if (prd.name() != "PRD" || prd.field(1).component(1).raw() != role) continue;
    const Value name = prd.field(2).repetition(1);
    std::string text = name.component(5).text();
    for (const size_t part : {2u, 1u}) {
      const std::string word = name.component(part).text();
      if (!word.empty()) text += (text.empty() ? "" : " ") + word;
    }
    if (text.empty()) text = prd.field(3).component(1).text();
    return clip(text, 256);
  }
  return {};
}

void set_urgency(Draft& draft, const std::string& priority, std::string_view source) {
  const auto& table = draft.mapping.referral.urgency_by_priority;
  const auto it = table.find(priority);
  if (it == table.end()) return;
  draft.header().set_urgency(it->second);
  draft.because("header.urgency", std::string(source) + " by urgency_by_priority",
                v1::Urgency_Name(it->second));
}

// An order for a consult: what it asks for is OBR-4, how soon OBR-27.6 or ORC-7.6.
void map_consult(Draft& draft, v1::Referral& referral) {
  const ConsultPlaces& places = draft.mapping.consult;
  FieldPlace words = places.code;
  words.component = 2;
  referral.set_status(draft.take({"ORC", 1, 0}, "detail.referral.status"));
  referral.set_referral_type(draft.take_words(words, "detail.referral.referral_type"));
  referral.set_referred_to(referral.referral_type());
  referral.set_reason(draft.take_words(places.reason, "detail.referral.reason"));
  for (const FieldPlace& place : {FieldPlace{"OBR", 27, 6}, FieldPlace{"ORC", 7, 6}}) {
    if (!referral.priority().empty()) break;
    referral.set_priority(draft.take(place, "detail.referral.priority"));
  }
  if (auto at = draft.take_time({"ORC", 9, 0}, "detail.referral.effective")) {
    *referral.mutable_effective() = *std::move(at);
  }
  set_urgency(draft, referral.priority(), "OBR-27.6, ORC-7.6");
}

v1::ReferralDecision decision_of(const Mapping& mapping, const std::string& status) {
  const auto& decisions = mapping.referral_outcome.decisions;
  const auto it = decisions.find(status);
  return it == decisions.end() ? v1::REFERRAL_DECISION_UNSPECIFIED : it->second;
}

}  // namespace

void map_referral(Draft& draft, v1::Detail& detail) {
  v1::Referral& referral = *detail.mutable_referral();
  if (draft.facts.type == "ORM") return map_consult(draft, referral);
  referral.set_status(draft.take({"RF1", 1, 1}, "detail.referral.status"));
  referral.set_priority(draft.take({"RF1", 2, 1}, "detail.referral.priority"));
  referral.set_referral_type(draft.take({"RF1", 3, 1}, "detail.referral.referral_type"));
  referral.set_reason(draft.take_words({"RF1", 10, 2}, "detail.referral.reason"));
  referral.set_referring_practitioner(provider(draft.message, "RP"));
  referral.set_referred_to(provider(draft.message, "RT"));
  if (auto at = draft.take_time({"RF1", 7, 0}, "detail.referral.effective")) {
    *referral.mutable_effective() = *std::move(at);
  }
  set_urgency(draft, referral.priority(), "RF1-2");
}

void map_referral_outcome(Draft& draft, v1::Detail& detail) {
  v1::ReferralOutcome& outcome = *detail.mutable_referral_outcome();
  outcome.set_status(draft.take({"RF1", 1, 1}, "detail.referral_outcome.status"));
  outcome.set_decision(decision_of(draft.mapping, outcome.status()));
  draft.because("detail.referral_outcome.decision", "RF1-1 by [referral_outcome] decisions",
                v1::ReferralDecision_Name(outcome.decision()));
  if (outcome.decision() == v1::REFERRAL_DECISION_UNSPECIFIED) {
    draft.note("RF1-1: a status that [referral_outcome] decisions does not name");
  }
  outcome.set_reason(draft.take_words({"RF1", 10, 2}, "detail.referral_outcome.reason"));
  outcome.set_decided_by(provider(draft.message, "RT"));
  *outcome.mutable_decided() = draft.header().occurred();
  const auto until = draft.take_time(draft.mapping.referral_outcome.challenge_by,
                                     "detail.referral_outcome.challenge_by");
  if (until) *outcome.mutable_challenge_by() = *until;
}

}  // namespace switchboard::mllp
