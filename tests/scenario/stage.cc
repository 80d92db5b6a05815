#include "tests/scenario/stage.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "broker/core/task_view.h"
#include "broker/store/audit_chain.h"
#include "broker/store/ledger_rows.h"
#include "broker/store/payload.h"
#include "broker/store/records.h"
#include "tests/scenario/words.h"
#include "tests/scenario/world.h"

namespace switchboard::scenario {

using support::Event;

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void set_child(const Command& c, Event& event) {
  event.identity.clear_identifiers();
  if (const auto child = c.value_or("child", "1"); child != "none") {
    *event.identity.add_identifiers() =
        support::nhs_identifier(support::nhs_number(static_cast<unsigned>(std::stoul(child))));
  }
  if (c.has("local"))
    *event.identity.add_identifiers() = support::local_identifier(c.value("local"));
  if (c.has("born")) event.identity.set_birth_date(c.value("born"));
}

// visit=, referral= or appointment= name the thread; the first given counts for a correction.
std::vector<v1::Thread> threads_of(const Command& c) {
  std::vector<v1::Thread> threads;
  for (const auto& [name, type] :
       {std::pair{"visit", v1::THREAD_TYPE_VISIT}, std::pair{"referral", v1::THREAD_TYPE_REFERRAL},
        std::pair{"appointment", v1::THREAD_TYPE_APPOINTMENT},
        std::pair{"pregnancy", v1::THREAD_TYPE_PREGNANCY}}) {
    if (c.has(name)) threads.push_back(support::thread(type, c.value(name)));
  }
  return threads;
}

void set_correction(const Command& c, Event& event) {
  if (!c.has("corrects")) return;
  auto& correction = *event.header.mutable_correction();
  if (const auto threads = threads_of(c); !threads.empty()) {
    *correction.mutable_target_thread() = threads[0];
  }
  correction.set_target_kind(c.value("corrects"));
  correction.set_nature(nature(c.value_or("nature", "void")));
}

void set_subject(const Command& c, v1::SubjectFacts& subject) {
  if (c.has("postcode")) subject.clear_area_code();  // the hub's own table says
  if (c.has("area")) subject.set_area_code(c.value("area"));
  if (c.has("practice")) subject.set_registered_practice(c.value("practice"));
  if (c.has("place")) subject.set_place_of_care(c.value("place"));
  if (c.has("unborn")) subject.set_type(v1::SUBJECT_TYPE_UNBORN);
  if (c.has("adult")) subject.set_type(v1::SUBJECT_TYPE_ADULT);
  if (c.has("plan")) subject.set_open_plan(true);
}

void set_kind_facts(const Command& c, Event& event) {
  if (c.has("change")) {
    event.header.set_identity_change(identity_change(c.value("change")));
    if (c.has("prior")) {
      *event.identity.add_prior() = support::local_identifier(c.value("prior"));
    }
  }
  if (c.has("edd")) {
    event.identity.mutable_unborn()->set_expected_delivery_date(c.value("edd"));
  }
  if (c.has("ends-visit")) event.detail.mutable_death()->set_ends_visit(true);
}

}  // namespace

Event Stage::event_of(const Command& c) const {
  Event event(c.value_or("kind", "concern"), c.value_or("msg", "1"));
  auto& h = event.header;
  if (c.has("agency")) h.set_agency(c.value("agency"));
  if (c.has("system")) h.set_system(c.value("system"));
  set_subject(c, *h.mutable_subject());
  if (c.has("urgency")) h.set_urgency(urgency(c.value("urgency")));
  if (c.has("test")) h.set_environment(v1::ENVIRONMENT_TEST);
  if (c.has("shadow")) h.set_shadow(true);
  if (c.has("only")) h.mutable_audience()->add_only_agencies(c.value("only"));
  for (const auto& thread : threads_of(c)) *h.add_threads() = thread;
  if (c.has("fields")) h.set_routed_fields_hash(c.value("fields"));
  if (c.has("to")) h.add_direct_to(c.value("to"));
  if (c.has("bytes")) event.source = c.value("bytes");
  if (c.has("said")) event.said = support::kNoon + duration(c.value("said"));
  if (c.has("leaves")) {  // so long from now
    event.detail.mutable_admission()->mutable_expected_discharge()->set_earliest_us(
        (hub_.now + duration(c.value("leaves"))).us);
  }
  if (c.has("from")) h.set_from_team(c.value("from"));
  if (c.has("speechless")) event.summary.clear_text();
  set_child(c, event);
  set_correction(c, event);
  set_kind_facts(c, event);
  return event;
}

std::string Stage::message_of(uint64_t position) const {
  const auto event = store::read_event(hub_.kv(), position).value();
  if (!event) return "nothing";
  if (event->kind().empty()) return "an item without a readable header";
  return event->kind() + " " + event->source_message_id();
}

std::string Stage::entry_line(store::LogId id, uint64_t number) const {
  const auto entry = store::read_entry(hub_.kv(), id, number).value();
  const auto* team = hub_.core().directory()->team(id.team);
  const auto outcome =
      core::change_words(hub_.kv(), hub_.core().secrets().seal, entry->position, entry->change)
          .value();
  if (entry->type == v1::ENTRY_TYPE_TASK) {
    return team->id() + " inbox " + std::to_string(number) + ": task, " +
           of(hub_.task(entry->task), message_of(entry->position)) + "\n";
  }
  return (team == nullptr ? "?" : team->id()) +
         (id.log == store::Log::kInbox ? " inbox " : " sent ") + std::to_string(number) + ": " +
         of(*entry, message_of(entry->position), outcome) + "\n" + digest_lines(entry->change);
}

std::string Stage::digest_lines(const v1::ChangeRecord& change) const {
  std::string text;
  for (int i = 0; i < change.digest_size(); ++i) {
    text += "  " + of(change.digest(i), message_of(change.digest_events(i))) + "\n";
  }
  return text;
}

std::string Stage::effects() const {
  std::string text;
  for (const auto& appended : hub_.core().appended()) {
    text += entry_line(appended.log, appended.number);
  }
  return text;
}

static void add_location(const Command& c, v1::Item& item) {
  v1::Location location;
  location.set_postcode(spaced(c.value("postcode")));
  v1::Section& section = *item.add_sections();
  section.set_kind(v1::SECTION_KIND_LOCATION);
  section.set_body(location.SerializeAsString());
}

std::string Stage::publish(const Command& c) {
  const Event event = event_of(c);
  v1::Item item = event.item();
  if (c.has("postcode")) add_location(c, item);
  if (c.has("garbled")) item.set_header("\x0f not a header");
  core::Answer answer;
  if (c.has("seq")) {  // of the adapter's outbox: counted in the ledger
    const std::string outbox(16, 'o');
    const auto who = hub_.who(c.value_or("as", "pas"));
    hub_.turn([&](core::Core& core) {
      answer = core.publish(who, item, {outbox, std::stoull(c.value("seq"))});
    });
  } else {
    answer = hub_.publish(item, c.value_or("as", "pas"));
  }
  std::string text = of(answer.code);
  if (answer.position > 0) {
    const auto record = hub_.event(answer.position);
    if (answer.code == v1::CODE_OK) text += ", " + of(record.disposition());
    if (record.unverified_identity()) text += ", identity unverified";
    if (record.unknown_kind()) text += ", kind not known";
    if (record.reused_source_id()) text += ", source id used before";
    positions_[event.header.source_message_id()] = answer.position;
  }
  if (!answer.text.empty()) text += " (" + answer.text + ")";
  return text + "\n" + effects();
}

std::string Stage::act(const Command& c) {
  v1::Act act = support::make_act(++acts_, c.word(0), std::stoull(c.word(1)), act_kind(c.word(2)),
                                  c.value("by"), spaced(c.value("outcome")));
  if (c.has("id")) act.set_act_id(support::act_id(1000 + unsigned(std::stoul(c.value("id")))));
  act.set_not_ours(not_ours(c.value("why")));
  act.set_to_team(c.value("to"));
  if (c.has("undoes")) {
    act.set_undoes(support::act_id(1000 + unsigned(std::stoul(c.value("undoes")))));
  }
  return answer(c.value_or("as", lower(c.word(0))), act);
}

std::string Stage::answer(const std::string& principal, const v1::Act& act) {
  v1::ActOutcome outcome;
  const auto who = hub_.who(principal);
  hub_.turn([&](core::Core& core) { outcome = core.act(who, act); });
  std::string text = of(outcome.code());
  if (outcome.state() != v1::DELIVERY_STATE_UNSPECIFIED) text += ", " + of(outcome.state());
  if (!outcome.text().empty()) text += " (" + outcome.text() + ")";
  return text + "\n" + effects();
}

// call|reply TEAM NUMBER of the task; ask|disagree TEAM NUMBER of the delivery, or event=MSG
std::string Stage::task(const Command& c) {
  const std::map<std::string, v1::ActKind> kKinds{{"call", v1::ACT_KIND_LOG_CALL},
                                                  {"reply", v1::ACT_KIND_REPLY},
                                                  {"ask", v1::ACT_KIND_ASK},
                                                  {"disagree", v1::ACT_KIND_DISAGREE}};
  const uint64_t number = std::stoull(c.word(1));
  v1::Act act = support::make_act(++acts_, c.word(0), number, kKinds.at(c.verb), c.value("by"),
                                  spaced(c.value_or("outcome", "")));
  const auto entry = store::read_entry(hub_.kv(), hub_.inbox_of(c.word(0)), number).value();
  if (entry && entry->type == v1::ENTRY_TYPE_TASK) act.set_task_id(entry->task);
  if (c.has("event")) act.set_event_id(hub_.event(positions_.at(c.value("event"))).event_id());
  if (c.has("id")) act.set_act_id(support::act_id(1000 + unsigned(std::stoul(c.value("id")))));
  if (c.has("within")) act.set_reply_by_us((hub_.now + duration(c.value("within"))).us);
  if (c.has("with")) act.set_to_team(c.value("with"));
  act.set_no_change(c.has("no-change"));
  if (c.verb == "call") {
    act.mutable_call()->set_result(call_result(c.word(2)));
    act.mutable_call()->set_spoke_to(spaced(c.value_or("spoke-to", "")));
  }
  return answer(c.value_or("as", lower(c.word(0))), act);
}

std::string Stage::tasks(const Command& c) {
  std::string text;
  for (const auto& task : hub_.tasks(c.word(0))) {
    text += std::to_string(task.number()) + ": " + of(task, message_of(task.event_position()));
    const auto shown = core::shown_task(*hub_.core().directory(), task, hub_.now);
    if (shown.has_number_now()) text += ", ring " + shown.number_now().phone();
    for (const auto& line : shown.script()) {
      if (line.starts_with("These numbers")) text += ", not verified lately";
    }
    text += "\n";
  }
  return text.empty() ? "nothing is open\n" : text;
}

std::string Stage::attach(const Command& c) {
  v1::Attach request;
  request.set_team(c.word(0));
  request.set_log(v1::LOG_KIND_INBOX);
  request.set_endpoint(c.value_or("endpoint", "desk"));
  request.set_through(std::stoull(c.value_or("through", "0")));
  *request.mutable_covered() =
      c.has("covered") ? promises_.at(c.value("covered")) : hub_.core().promise();
  request.set_epoch(request.covered().epoch());
  core::Attachment attached;
  const auto who = hub_.who(c.value_or("as", lower(c.word(0))));
  hub_.turn([&](core::Core& core) { attached = core.attach(who, request); });
  if (attached.code != v1::CODE_OK) return of(attached.code) + " (" + attached.text + ")\n";
  presence_.teams[hub_.team(c.word(0)).handle()] = {.attached = true, .last = hub_.now};
  return "ok, after " + std::to_string(attached.through) + " of " + std::to_string(attached.head) +
         "\n";
}

std::string Stage::receive(const Command& c) {
  v1::Received received;
  received.set_team(c.word(0));
  received.set_log(v1::LOG_KIND_INBOX);
  received.set_endpoint(c.value_or("endpoint", "desk"));
  received.set_through(std::stoull(c.value("through")));
  bool taken = false;
  const auto who = hub_.who(c.value_or("as", lower(c.word(0))));
  hub_.turn([&](core::Core& core) { taken = core.receive(who, received); });
  return taken ? "ok\n" : "refused\n";
}

std::string Stage::advance(const Command& c) {
  hub_.advance(duration(c.word(0)));
  std::string text;
  while (hub_.tick() > 0) text += effects();
  return text.empty() ? "nothing is due\n" : text;
}

std::string Stage::log(const Command& c) {
  const auto id = c.verb == "inbox" ? hub_.inbox_of(c.word(0)) : hub_.sent_of(c.word(0));
  std::string text;
  const size_t entries = hub_.log(id).size();
  for (uint64_t number = 1; number <= entries; ++number) text += entry_line(id, number);
  return text.empty() ? "empty\n" : text;
}

std::string Stage::queue(const Command& c) {
  const std::map<std::string, store::Queue> kQueues{{"quarantine", store::Queue::kQuarantine},
                                                    {"unrouted", store::Queue::kUnrouted},
                                                    {"held", store::Queue::kHeld},
                                                    {"match", store::Queue::kMatch},
                                                    {"cleared", store::Queue::kCleared}};
  std::string text;
  for (const uint64_t position : hub_.queue(kQueues.at(c.word(0)))) {
    text += message_of(position);
    const int64_t until = hub_.event(position).held_until_us();
    if (until > 0) text += ", for " + of(Duration{until - hub_.now.us}) + " more";
    text += "\n";
  }
  return text.empty() ? "empty\n" : text;
}

std::string Stage::clear(const Command& c) {
  v1::ClearQuarantined request;
  request.set_position(positions_.at(c.word(0)));
  request.mutable_actor()->set_person(c.value_or("by", ""));
  request.set_reason(spaced(c.value_or("reason", "")));
  core::Answer answer;
  const auto who = hub_.who(c.value_or("as", "pas"));
  hub_.turn([&](core::Core& core) { answer = core.clear_quarantined(who, request); });
  return of(answer.code) + (answer.text.empty() ? "" : " (" + answer.text + ")") + "\n";
}

std::string Stage::ledger(const Command& c) {
  std::string text;
  const auto rows = store::read_ledgers(hub_.kv(), *day_from_string(c.word(0))).value();
  for (const auto& [key, row] : rows) {
    text += key.agency + "/" + key.system + " " + plain(v1::LedgerBucket_Name(key.bucket), 14) +
            ": " + std::to_string(row.accepted()) + " accepted, " +
            std::to_string(row.duplicate()) + " duplicate, " + std::to_string(row.quarantined()) +
            " quarantined, " + std::to_string(row.refused()) + " refused\n";
  }
  return text.empty() ? "nothing was counted\n" : text;
}

std::string Stage::told(const Command& c) {
  std::string text;
  for (const auto& recipient : hub_.recipients(positions_.at(c.word(0)))) {
    text += of(recipient) + "\n";
  }
  const auto event = hub_.event(positions_.at(c.word(0)));
  for (const auto& recipient : event.shadow()) {
    text += "would have been told: " + of(recipient) + "\n";
  }
  return text.empty() ? "nobody\n" : text;
}

std::string Stage::corrected(const Command& c) {
  std::string text;
  for (const auto& recipient : hub_.recipients(positions_.at(c.word(0)))) {
    const auto delivery = hub_.delivery(recipient.team(), recipient.number());
    text += recipient.team() + " " + std::to_string(recipient.number()) + ": " +
            (delivery.corrected() == v1::CORRECTION_NATURE_UNSPECIFIED
                 ? "stands"
                 : plain(v1::CorrectionNature_Name(delivery.corrected()), 18)) +
            "\n";
  }
  return text.empty() ? "nobody\n" : text;
}

// What is handed out to the program that sends nudges, and its word on all it holds.
std::string Stage::nudges(const Command& c) {
  v1::PrincipalRow nudger;
  nudger.set_id("nudge");
  std::string text;
  if (c.verb == "nudges") {
    hub_.turn([&](core::Core& core) {
      const auto reader = c.has("anew") ? core::NudgeReader::kAnew : core::NudgeReader::kGoesOn;
      nudges_ = core.take_nudges(nudger, 0, reader);
    });
    for (const auto& job : nudges_) text += job.subject() + "\n";
    return text.empty() ? "none\n" : text;
  }
  hub_.turn([&](core::Core& core) {
    for (const auto& job : nudges_) {
      v1::NudgeReport report;
      report.set_nudge_id(job.nudge_id());
      report.set_state(nudge_state(c.word(0)));
      core.nudge_reported(nudger, report);
    }
  });
  text = effects();
  return text.empty() ? "ok\n" : text;
}

std::string Stage::apply(const Command& c) {
  std::string text;
  const auto applied = hub_.apply(rows_of(*hub_.core().directory(), c));
  for (const auto& line : applied.changed()) text += line + "\n";
  for (const auto& line : applied.problems()) text += "problem: " + line + "\n";
  return text;
}

// Time passes under a hub that is there: each deadline rings when it is due.
std::string Stage::pass(const Command& c) {
  const Time end =
      c.has("to") ? *time_from_words(spaced(c.value("to"))) : hub_.now + duration(c.word(0));
  std::string text;
  for (auto due = hub_.core().next_due(); due && *due <= end; due = hub_.core().next_due()) {
    hub_.now = std::max(hub_.now, *due);
    text += "- " + london_words(hub_.now) + "\n";
    if (hub_.tick() == 0) break;
    text += effects();
  }
  hub_.now = std::max(hub_.now, end);
  return text.empty() ? "nothing is due\n" : text;
}

// Time passes without a hub, which then starts; or the machine's clock is set back.
std::string Stage::down(const Command& c) {
  if (c.verb == "set-back") {
    hub_.now = hub_.now - duration(c.word(0));
    return "ok\n";
  }
  hub_.advance(duration(c.word(0)));
  hub_.crash();
  return "ok\n";
}

// backup NAME | restore NAME | crash | promise NAME | release
std::string Stage::disk(const Command& c) {
  if (c.verb == "backup") disks_[c.word(0)] = hub_.backup();
  if (c.verb == "restore") hub_.restore(disks_.at(c.word(0))->durable_copy());
  if (c.verb == "crash") hub_.crash();
  if (c.verb == "promise") promises_[c.word(0)] = hub_.core().promise();
  if (c.verb == "release") hub_.turn([](core::Core& core) { core.release_recovery("ops"); });
  return "ok\n";
}

std::string Stage::show(const Command& c) {
  v1::Promise promise = promises_.at(c.word(0));
  if (c.has("forged")) promise.set_position(promise.position() + 1000);
  core::Witness seen = core::Witness::kAgrees;
  const auto who = hub_.who(c.value_or("as", "pas"));
  hub_.turn([&](core::Core& core) { seen = core.witness(who, promise).seen; });
  const std::map<core::Witness, std::string> kWords{{core::Witness::kAgrees, "agrees"},
                                                    {core::Witness::kForged, "forged"},
                                                    {core::Witness::kLost, "lost"},
                                                    {core::Witness::kForked, "forked"}};
  return kWords.at(seen) + (hub_.core().recovery().recovering() ? ", recovering\n" : "\n");
}

std::string Stage::probe(const Command& c) {
  const auto every = c.has("every") ? duration(c.value("every")) : Duration{};
  const auto header = support::probe(c.value("to"), c.word(0), hub_.now, every);
  const auto answer = hub_.publish(support::probe_item(header), c.value_or("as", "pas"));
  std::string text = of(answer.code);
  if (!answer.text.empty()) text += " (" + answer.text + ")";
  positions_[header.source_message_id()] = answer.position;
  return text + "\n" + effects();
}

std::string Stage::watch(const Command&) {
  std::vector<core::Watched> watched;
  hub_.turn([&](core::Core& core) { watched = core.watch(presence_); });
  const auto moment = [](int64_t us) {
    return us == 0 ? std::string("never") : london_words(Time{us});
  };
  std::string text;
  for (const auto& [row, since, begun, principal] : watched) {
    if (row.expected_us() == 0 && row.last_us() == 0) continue;
    text += (row.alarm() ? begun ? "ALARM, new: " : "ALARM: " : "") + row.what() + ": " +
            row.why() + "; last " + moment(row.last_us());
    if (row.expected_us() != 0) text += ", expected by " + moment(row.expected_us());
    text += "\n";
  }
  return text.empty() ? "nothing is watched\n" : text;
}

std::string Stage::leave(const Command& c) {
  presence_.teams[hub_.team(c.word(0)).handle()] = {.attached = false, .last = hub_.now};
  return "ok\n";
}

std::string Stage::verify(const Command&) {
  Hash head{};
  bool linked = true;
  const Status status =
      store::for_each_block(hub_.kv(), 0, [&](const v1::AuditBlock& block, std::string_view bytes) {
        linked = linked && block.previous() == view(head);
        head = store::chain(head, bytes);
        return true;
      });
  const bool good = status.ok() && linked && head == hub_.core().head().chain;
  return good ? "the chain holds\n" : "the chain is broken\n";
}

std::string Stage::run(const Command& c) {
  using Verb = std::string (Stage::*)(const Command&);
  const std::map<std::string, Verb> kVerbs{
      {"publish", &Stage::publish}, {"act", &Stage::act},         {"attach", &Stage::attach},
      {"receive", &Stage::receive}, {"advance", &Stage::advance}, {"inbox", &Stage::log},
      {"sent", &Stage::log},        {"queue", &Stage::queue},     {"told", &Stage::told},
      {"apply", &Stage::apply},     {"backup", &Stage::disk},     {"restore", &Stage::disk},
      {"crash", &Stage::disk},      {"promise", &Stage::disk},    {"release", &Stage::disk},
      {"show", &Stage::show},       {"verify", &Stage::verify},   {"corrected", &Stage::corrected},
      {"clear", &Stage::clear},     {"ledger", &Stage::ledger},   {"probe", &Stage::probe},
      {"watch", &Stage::watch},     {"leave", &Stage::leave},     {"nudges", &Stage::nudges},
      {"nudged", &Stage::nudges},   {"list", &Stage::list},       {"work", &Stage::work},
      {"call", &Stage::task},       {"reply", &Stage::task},      {"ask", &Stage::task},
      {"disagree", &Stage::task},   {"tasks", &Stage::tasks},     {"pass", &Stage::pass},
      {"down", &Stage::down},       {"set-back", &Stage::down}};
  const auto it = kVerbs.find(c.verb);
  return it == kVerbs.end() ? "no such command: " + c.verb + "\n" : (this->*it->second)(c);
}

}  // namespace switchboard::scenario
