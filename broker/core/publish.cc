#include "broker/core/publish.h"

#include "broker/base/limits.h"
#include "broker/core/attention.h"
#include "broker/core/birth.h"
#include "broker/core/call.h"
#include "broker/core/circumstances.h"
#include "broker/core/correction.h"
#include "broker/core/facts.h"
#include "broker/core/group.h"
#include "broker/core/inbox.h"
#include "broker/core/index_event.h"
#include "broker/core/join.h"
#include "broker/core/kind.h"
#include "broker/core/ledger.h"
#include "broker/core/noise.h"
#include "broker/core/nudge.h"
#include "broker/core/probe.h"
#include "broker/core/prompts.h"
#include "broker/core/referrer.h"
#include "broker/core/review.h"
#include "broker/core/shadow.h"
#include "broker/core/subject.h"
#include "broker/store/payload.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

Hash digest_of(const Secrets& secrets, const ItemView& item) {
  Hasher hasher(secrets.digest);
  hasher.add(item.header);
  for (const auto& section : item.sections) hasher.add(uint64_t(section.kind)).add(section.body);
  return hasher.finish();
}

// A quarantined conflict keeps an identity of its own beside the event it conflicts with.
Id conflict_id(const Id& id, const std::string& digest) {
  return make_id({0}, Hasher().add("conflict").add(id.view()).add(digest).finish());
}

// `open_plan`: the source says so, or a team has the child on a list of open plans.
bool unreached_matters(const v1::Policy& policy, const Admitted& in, bool open_plan) {
  if (in.header.environment() == v1::ENVIRONMENT_TEST) return false;
  return in.unknown_kind || must_reach(policy, in.header.kind(), open_plan);
}

void put(std::string* into, std::string_view bytes) { into->assign(bytes); }

void fill_record(const Turn& turn, const v1::PrincipalRow& who, const Admitted& in, LiveEvent& live,
                 const ItemView& item) {
  const auto& h = in.header;
  v1::EventRecord& r = live.record;
  put(r.mutable_event_id(), in.event_id.view());
  r.set_id_origin(h.id_origin());
  r.set_agency(h.agency());
  r.set_system(h.system());
  r.set_source_message_id(h.source_message_id());
  r.set_kind(h.kind());
  r.set_kind_version(h.kind_version());
  r.set_accepted_us(turn.now.us);
  r.set_occurred_earliest_us(h.occurred().earliest_us());
  r.set_occurred_latest_us(h.occurred().latest_us());
  r.set_urgency(h.urgency());
  r.set_environment(h.environment());
  r.set_subject_type(subject_type_of(h, in.identity));
  r.set_from_team(h.from_team());
  if (h.has_call_back()) {
    r.set_allocated_call_back(live.call_back.release());
    *r.mutable_call_back() = h.call_back();
  }
  if (h.has_out_of_hours()) {
    r.set_allocated_out_of_hours(live.out_of_hours.release());
    *r.mutable_out_of_hours() = h.out_of_hours();
  }
  r.set_payload_bytes(static_cast<uint32_t>(item.bytes()));
  r.set_unknown_kind(in.unknown_kind);
  r.set_policy_version(turn.directory.policy().version);
  r.set_principal(who.id());
  r.set_traceparent(h.traceparent());
  r.set_causation_id(h.causation_id());
  r.set_trigger(h.trigger());
  r.set_identity_change(h.identity_change());
  r.set_ends_visit(in.parsed.detail.death().ends_visit());
  if (h.has_audience()) *r.mutable_audience() = h.audience();
  const Time taken = believed_taken(item.taken_us, turn.now);
  if (!same_london_day(taken, turn.now)) r.set_taken_us(taken.us);
  const Time occurred{h.occurred().latest_us()};
  r.set_protected_address(h.protected_address());
  r.set_told_late(told_late(turn.directory.policy().row, occurred, turn.now));
}

// One acceptance in the making: the pieces below fill it in, store() writes it.
struct Draft {
  Turn& turn;
  const v1::PrincipalRow& who;
  const ItemView& item;
  Scratch& scratch;
  const Admitted& in;
  v1::EventRecord& record;      // of the live event that it may become
  Circumstances circumstances;  // what policy may ask about it
  uint64_t position = 0;
  v1::AuditEntry* entry = nullptr;
  bool open_plan = false;
  std::string found_area;  // by postcode, in words
  std::string area;        // as routed
};

// Returns the hash the event will be found by.
std::string mark_source_id(Draft& d) {
  std::string hash = source_hash(d.turn.secrets, d.record);
  if (hash.empty() || d.turn.newest_sources.is_newer(d.record)) return hash;
  const auto seen = store::find_source_id(d.turn.journal, hash);
  if (seen && seen->event_id != d.in.event_id.view()) {  // P2: accepted, marked, listed
    d.record.set_reused_source_id(true);
    d.record.set_previous_of_source_id(seen->position);
  }
  return hash;
}

bool shadow(const Draft& d) { return d.in.header.shadow(); }

void ask_for_match(Draft& d) {
  if (!shadow(d)) store::add_to_queue(d.turn.journal, store::Queue::kMatch, d.position);
}

std::vector<Match> route(Draft& d) {
  std::vector<std::string> identifiers;
  if (d.in.identity.ByteSizeLong() > 0) {
    Subject subject = match_subject(d.turn, d.in.header, d.in.identity);
    d.record.set_subject(subject.reference);
    d.record.set_unverified_identity(!subject.verified);
    if (subject.clash) ask_for_match(d);
    if (!subject.linked.empty() && !shadow(d)) queue_joins(d.turn, subject.linked);
    if (subject.on_lists) identifiers = std::move(subject.identifier_hashes);
  }
  Facts facts = facts_of(d.turn.journal, &d.turn.journal, d.in.header, d.in.identity, identifiers,
                         d.turn.now);
  complete_facts(d.turn.directory, d.in.parsed.location.postcode(), d.turn.now, facts);
  if (!facts.postcode_edition.empty()) d.found_area = area_words(facts);
  d.area = facts.area;
  d.circumstances = circumstances_of(d.turn, d.in.header, facts, d.record);
  d.open_plan = facts.open_plan;
  auto matches = match(d.turn.directory, facts);
  if (d.in.header.kind() == "referral_outcome") {
    add_referrer(d.turn, d.in.header, facts, matches);
    d.record.set_challenge_by_us(challenge_by_us(d.turn, d.in.parsed.detail.referral_outcome()));
  }
  return matches;
}

void add_threads(Draft& d) {
  for (const auto& thread : d.in.header.threads()) {
    d.record.add_thread_hashes(thread_hash(d.turn.secrets, thread, d.in.header.agency()));
  }
}

void deliver_last(Draft& d) {
  const int last = d.record.recipients_size() - 1;
  deliver(d.turn, d.position, d.record.urgency(), *d.record.mutable_recipients(last),
          static_cast<size_t>(last));
  nudge_out_of_hours(d.turn, d.record, d.position, d.record.recipients(last));
}
void add(Draft& d, v1::Recipient recipient) {
  if (shadow(d)) {  // on trial: who would have been told, without number, entry and clock
    *d.record.add_shadow() = std::move(recipient);
    return;
  }
  *d.record.add_recipients() = std::move(recipient);
  deliver_last(d);
}
void add(Draft& d, const Match& match, const std::string& group = {}) {
  auto& r = shadow(d) ? *d.record.add_shadow() : *d.record.add_recipients();
  fill_recipient(d.turn, match, d.circumstances, r);
  r.set_group(group);
  if (shadow(d)) return;
  press_for_answers(d.turn, d.record, *match.team, r);
  deliver_last(d);
}

void tell_safety_net(Draft& d) {
  d.record.set_disposition(v1::DISPOSITION_UNROUTED);
  if (!shadow(d)) store::add_to_queue(d.turn.journal, store::Queue::kUnrouted, d.position);
  const v1::Team* net = d.turn.directory.safety_net(d.in.header.agency());
  // Without one of this environment the queue and its alarm are what is left.
  if (net == nullptr || !same_environment(*net, d.record)) return;
  std::string words = "no other team was reached";
  if (!d.found_area.empty()) words += "; " + d.found_area;
  add(d, Match{net, v1::CAUSE_SAFETY_NET, "safety net", 0, std::move(words)});
}

void decide_recipients(Draft& d, const std::vector<Match>& matches) {
  if (matches.size() > limits::kTeamsPerEventMax) {
    // One commit must hold them all (P3). Routes this wide are a mistake that a person must see.
    d.record.set_text("more teams match than one event may have");
    return tell_safety_net(d);
  }
  const auto groups = groups_among(d.turn.directory, matches);
  for (size_t i = 0; i < matches.size(); ++i) {
    add(d, matches[i], groups.empty() ? std::string() : groups[i]);
  }
  if (!matches.empty()) {
    d.record.set_disposition(v1::DISPOSITION_ROUTED);
  } else if (unreached_matters(d.turn.directory.policy().row, d.in, d.open_plan)) {
    tell_safety_net(d);
  } else {
    d.record.set_disposition(v1::DISPOSITION_NOTED);
  }
}

// P7: what it means may be on its way still: where it says again what was said, or where only a
// source on trial has said it so far.
void wait_for_another(Draft& d, const Original& original, bool again) {
  if (shadow(d)) return;
  const bool by_id = !d.in.header.correction().target_event_id().empty();
  if (shadowed(original.record) || (again && !by_id)) {
    wait_in_silence(d.turn, d.in.header, d.position);
  }
}

void decide_correction(Draft& d, const std::vector<Match>& matches) {
  const auto& header = d.in.header;
  d.record.set_correction(header.correction().nature());
  d.record.set_disposition(v1::DISPOSITION_NOTED);
  if (is_noise(d.turn, header, d.record.subject())) return;
  const auto original = find_original(d.turn, header);
  if (!original) {
    if (shadow(d)) return;
    d.record.set_disposition(v1::DISPOSITION_HELD);
    d.record.set_held_until_us(hold_correction(d.turn, header, d.position).us);
    return;
  }
  d.record.set_corrects_event_id(original->record.event_id());
  const bool again = is_corrected_so(d.turn, *original, header);
  wait_for_another(d, *original, again);
  if (again) return;  // all who have it know
  auto recipients = correction_recipients(d.turn, *original, header, matches);
  if (!recipients.empty()) d.record.set_disposition(v1::DISPOSITION_ROUTED);
  if (shadow(d)) {
    note_trial_correction(d.turn, *original, d.position);
  } else {
    mark_corrected(d.turn, *original, header.correction().nature(), d.position);
  }
  for (auto& recipient : recipients) add(d, std::move(recipient));
}

// A merge, move or deletion of records changes nothing by itself and tells no team: people who
// match records look at it.
void note_match_task(Draft& d) {
  d.record.set_disposition(v1::DISPOSITION_NOTED);
  const auto subject = known_subject(d.turn, d.in.header, d.in.identity);
  d.record.set_subject(subject.reference);
  d.record.set_unverified_identity(!subject.verified);
  const bool test = d.in.header.environment() == v1::ENVIRONMENT_TEST;
  if (!test) ask_for_match(d);
  d.entry->set_text(v1::IdentityChange_Name(d.in.header.identity_change()) +
                    ": nothing changed, nobody told; a task for people who match records");
}

// What people are to do beside their deliveries.
void ask_people(Draft& d, std::string_view area) {
  if (shadow(d)) return;
  ask_for_calls(d.turn, d.record, d.position, area);
  ask_for_reviews(d.turn, d.record, d.position);
}

void decide_probe(Draft& d) {
  d.record.set_probe(true);
  auto recipients = probe_recipients(d.turn, d.who, d.in.header);
  d.record.set_disposition(recipients.empty() ? v1::DISPOSITION_NOTED : v1::DISPOSITION_ROUTED);
  for (auto& recipient : recipients) add(d, std::move(recipient));
}

void decide(Draft& d) {
  if (is_probe(d.in.header)) return decide_probe(d);
  if (is_match_task(d.in.header)) return note_match_task(d);
  const auto matches = route(d);
  if (d.in.header.kind() == "correction") {
    decide_correction(d, matches);
    return ask_people(d, {});
  }
  // Also remembers the routed fields of the thread.
  if (is_noise(d.turn, d.in.header, d.record.subject())) {
    return d.record.set_disposition(v1::DISPOSITION_NOTED);
  }
  if (!shadow(d)) {
    for (auto& prompt : unanswered_prompts(d.turn, d.in.header)) {
      d.record.add_unanswered(std::move(prompt));
    }
  }
  decide_recipients(d, matches);
  ask_people(d, d.area);
}

void store_draft(Draft& d, const Id& known_as, bool quarantined) {
  store::write_payload(d.turn.journal, d.turn.secrets.seal, d.turn.entropy, d.position,
                       d.item.header, d.in.sections, d.scratch.payload);
  std::string& row = d.scratch.row;
  store::write_event(d.turn.journal, d.position, d.record, row);
  d.entry->set_event_position(d.position);
  d.entry->set_principal(d.who.id());
  put(d.entry->mutable_digest(), view(keyed_hash(d.turn.secrets.digest, row)));
  store::write_known(d.turn.journal,
                     store::key::event_id(known_as, d.in.header.agency(), d.scratch.agency),
                     {d.position, d.record.digest(), quarantined});
  d.turn.newest_ids.written(known_as, d.in.header.agency());
}

Answer quarantine(Draft& d, v1::Code code, const std::string& text, const Id& known_as) {
  d.entry = &d.turn.audit.next(v1::AUDIT_KIND_QUARANTINED);
  d.position = d.entry->position();
  d.entry->set_text(v1::Code_Name(code));
  d.record.set_disposition(v1::DISPOSITION_QUARANTINED);
  d.record.set_code(code);
  d.record.set_text(text);
  store::add_to_queue(d.turn.journal, store::Queue::kQuarantine, d.position);
  store_draft(d, known_as, true);
  return {v1::CODE_QUARANTINED, d.position, text};
}

// What the event says is to come, also where it told nobody anything new.
void expect(Draft& d) {
  if (shadow(d)) return;
  ask_for_handover(d.turn, d.in.header, d.in.parsed.detail, d.record, d.position, d.open_plan);
  watch_birth(d.turn, d.in.header, d.in.identity, d.record, d.position);
}

Answer accept(Draft& d) {
  d.entry = &d.turn.audit.next(v1::AUDIT_KIND_ACCEPTED);
  d.position = d.entry->position();
  const std::string source = mark_source_id(d);
  decide(d);
  expect(d);
  if (shadow(d)) {
    d.record.set_disposition(v1::DISPOSITION_SHADOWED);
    d.entry->set_text("the source is on trial: nobody told");
  }
  add_threads(d);
  index_event(d.turn.journal, d.record, d.position, source);
  d.turn.newest_sources.accepted(d.record);
  store_draft(d, known_id(d.in.event_id, shadow(d)), false);
  if (d.turn.any_held && !shadow(d) && d.in.header.kind() != "correction") {
    release_corrections(d.turn, d.record, d.position);
  }
  return {v1::CODE_OK, d.position, {}};
}

// What is known under this id already: the first answer again, or a conflict (P2).
std::optional<Answer> seen_before(Draft& d, Id& known_as) {
  const auto& agency = d.in.header.agency();
  if (d.turn.newest_ids.is_newer(known_as, agency)) return std::nullopt;
  const auto known = d.turn.journal.take(store::read_known(d.turn.journal, known_as, agency));
  if (!known) return std::nullopt;
  const bool same = known->digest == d.record.digest();
  if (same || d.in.header.id_origin() != v1::ID_ORIGIN_CHOSEN) {
    return Answer{
        known->quarantined ? v1::CODE_QUARANTINED : v1::CODE_DUPLICATE, known->position, {}};
  }
  known_as = conflict_id(known_as, d.record.digest());
  const auto conflict = d.turn.journal.take(store::read_known(d.turn.journal, known_as, agency));
  if (conflict) return Answer{v1::CODE_QUARANTINED, conflict->position, "conflict, known"};
  return quarantine(d, v1::CODE_CONFLICT, "this event id was used for other content", known_as);
}

}  // namespace

// Nothing of it is live until it was accepted.
static Answer admitted(Draft& d) {
  Id known_as = known_id(d.in.event_id, shadow(d));
  if (auto answer = seen_before(d, known_as)) return *answer;
  if (d.in.verdict == Verdict::kQuarantine) return quarantine(d, d.in.code, d.in.text, known_as);
  return accept(d);
}

Answer publish(Turn& turn, const v1::PrincipalRow& who, const ItemView& item, Scratch& scratch) {
  const Admitted& in = scratch.admitted;
  admit(who, item, scratch.admitted);
  if (in.verdict == Verdict::kRefuse) return {in.code, 0, in.text};
  LiveEvent& live = turn.events.add();
  fill_record(turn, who, in, live, item);
  put(live.record.mutable_digest(), view(digest_of(turn.secrets, item)));
  Draft d{turn, who, item, scratch, in, live.record};
  Answer answer = admitted(d);
  live.position = d.position;
  live.header = item.header;
  live.sections.assign(item.sections.begin(), item.sections.end());
  if (answer.code != v1::CODE_OK) turn.events.drop_last();
  return answer;
}

RouteTrial try_routes(const store::Reads& reads, const Directory& directory, const Secrets& secrets,
                      const v1::PrincipalRow& who, const v1::Item& item, Time now) {
  RouteTrial trial;
  admit(who, ItemOf(item).view(), trial.admitted);
  trial.admitted.sections = {};  // nothing is kept
  if (trial.admitted.verdict != Verdict::kAdmit) {
    trial.disposition = v1::DISPOSITION_QUARANTINED;
    return trial;
  }
  const auto& header = trial.admitted.header;
  const auto& identity = trial.admitted.identity;
  Facts facts =
      facts_of(reads, nullptr, header, identity, identifier_hashes(secrets, header, identity), now);
  complete_facts(directory, trial.admitted.parsed.location.postcode(), now, facts);
  if (is_match_task(header)) {  // people look at it, whoever the routes name
    trial.disposition = v1::DISPOSITION_NOTED;
    return trial;
  }
  trial.circumstances = circumstances_of(header, facts);
  trial.matches = match(directory, facts);
  trial.routes = explain(directory, facts);
  if (!trial.matches.empty()) {
    trial.disposition = v1::DISPOSITION_ROUTED;
  } else {
    trial.disposition = unreached_matters(directory.policy().row, trial.admitted, facts.open_plan)
                            ? v1::DISPOSITION_UNROUTED
                            : v1::DISPOSITION_NOTED;
  }
  return trial;
}

}  // namespace switchboard::core
