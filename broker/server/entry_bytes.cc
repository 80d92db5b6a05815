#include "broker/server/entry_bytes.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/core/disclose.h"
#include "broker/core/notice.h"
#include "broker/core/subject.h"
#include "broker/core/task_view.h"
#include "broker/runtime/log.h"
#include "broker/store/payload.h"
#include "broker/store/records.h"

namespace switchboard::server {
namespace {

// Two varints, put down at once: notices are made of them.
void put_pair(std::string& out, uint64_t first, uint64_t second) {
  char bytes[20];
  char* at = bytes;
  for (uint64_t value : {first, second}) {
    for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
    *at++ = static_cast<char>(value);
  }
  out.append(bytes, static_cast<size_t>(at - bytes));
}

// protobuf wire format: field number and type 2 (length-delimited), then length and bytes.
void add_bytes(std::string& out, int field, std::string_view bytes) {
  put_pair(out, static_cast<uint64_t>(field) << 3 | 2, bytes.size());
  out.append(bytes);
}
void add_number(std::string& out, int field, uint64_t value) {
  put_pair(out, static_cast<uint64_t>(field) << 3, value);
}
// As protobuf writes a message: what has its default is left out.
void add_set(std::string& out, int field, uint64_t value) {
  if (value != 0) add_number(out, field, value);
}
void add_set(std::string& out, int field, int64_t value) {
  add_set(out, field, static_cast<uint64_t>(value));
}
void add_set(std::string& out, int field, std::string_view bytes) {
  if (!bytes.empty()) add_bytes(out, field, bytes);
}

size_t varint_bytes(uint64_t value) {
  size_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

bool shows(const std::vector<v1::SectionKind>& shown, v1::SectionKind kind) {
  return std::find(shown.begin(), shown.end(), kind) != shown.end();
}

void add_section(std::string& out, v1::SectionKind kind, std::string_view body) {
  static_assert(v1::Section::kKindFieldNumber < 16 && v1::Section::kBodyFieldNumber < 16);
  const auto number = static_cast<uint64_t>(kind);
  const size_t head = 1 + varint_bytes(number) + 1 + varint_bytes(body.size());
  put_pair(out, static_cast<uint64_t>(v1::Entry::kSectionsFieldNumber) << 3 | 2,
           head + body.size());
  add_number(out, v1::Section::kKindFieldNumber, number);
  add_bytes(out, v1::Section::kBodyFieldNumber, body);
}

const v1::Recipient* find_recipient(const auto& all, store::LogId log, uint64_t number) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const auto& r) {
    return r.team_handle() == log.team && r.number() == number;
  });
  return it == all.end() ? nullptr : &*it;
}

// The recipient of a number: most were there at acceptance, so a scan is spared.
Result<std::optional<v1::Recipient>> recipient_of(const StoredLog& from,
                                                  const v1::EventRecord& event, uint64_t position,
                                                  uint64_t number) {
  if (const auto* found = find_recipient(event.recipients(), from.log, number)) {
    return std::optional(*found);
  }
  TRY(const auto added, store::read_added_recipients(from.reads, position));
  const auto* found = find_recipient(added, from.log, number);
  return found == nullptr ? std::optional<v1::Recipient>() : std::optional(*found);
}

// An escalation, and what was passed on, say in the same place why.
void add_reason(const v1::EventRecord& event, std::string_view header, v1::Notice& notice) {
  if (event.correction() == v1::CORRECTION_NATURE_UNSPECIFIED) return;
  if (core::says_why(notice.cause())) return;
  notice.set_outcome(core::correction_reason(header));
}

// What of the event goes with its notice. A correction's header is looked at in any case: everyone
// who is told of one learns why (P7).
Status add_content(const StoredLog& from, const v1::EventRecord& event, uint64_t position,
                   v1::Entry& out) {
  const auto& shown = core::sections_of(out.notice().disclosure(), event);
  const bool corrects = event.correction() != v1::CORRECTION_NATURE_UNSPECIFIED;
  if (shown.empty() && !corrects) return ok();
  const std::vector<v1::SectionKind> header_only = {v1::SECTION_KIND_HEADER};
  const auto open = [&] {
    return store::read_payload(from.reads, from.secrets.seal, position,
                               shown.empty() ? header_only : shown);
  };
  auto opened = open();
  if (!opened.ok() && opened.error().code != v1::CODE_NOT_FOUND) opened = open();
  if (!opened.ok() && opened.error().code == v1::CODE_NOT_FOUND) {
    if (shown.empty()) return ok();  // a pointer shows nothing that could be erased
    *out.mutable_notice() = core::placeholder_notice(v1::PLACEHOLDER_REASON_ERASED, position);
    return ok();
  }
  if (!opened.ok()) {
    // One damaged row must not keep a team from all that follows, nor from knowing that something
    // is there and whom to ring (P4).
    log::error("an event's sections cannot be opened: its team gets a pointer",
               {{"position", position}, {"why", opened.error().text}});
    out.mutable_notice()->set_disclosure(v1::DISCLOSURE_POINTER);
    out.mutable_notice()->clear_subject();
    return ok();
  }
  add_reason(event, opened->header, *out.mutable_notice());
  if (shown.empty()) return ok();
  out.set_header(std::move(opened->header));
  for (auto& section : opened->sections) *out.add_sections() = std::move(section);
  return ok();
}

struct Told {
  v1::EventRecord event;
  v1::Notice notice;
};
Result<Told> read_told(const StoredLog& from, const store::LogEntry& entry, uint64_t number) {
  TRY(auto event, store::read_event(from.reads, entry.position));
  if (!event) return error(v1::CODE_INTERNAL, "a delivery without its event");
  TRY(const auto recipient, recipient_of(from, *event, entry.position, number));
  if (!recipient) return error(v1::CODE_INTERNAL, "a delivery without its recipient");
  TRY(const auto state, from.states != nullptr
                            ? from.states->at(number)
                            : store::read_delivery(from.reads, from.log.team, number));
  v1::Notice notice = core::delivery_notice(from.directory, from.secrets, *event, entry.position,
                                            *recipient, state ? &*state : nullptr);
  const bool queued =
      notice.type() == v1::ENTRY_TYPE_DELIVERY && notice.state() == v1::DELIVERY_STATE_QUEUED;
  if (queued && number <= from.received_through) notice.set_state(v1::DELIVERY_STATE_RECEIVED);
  return Told{std::move(*event), std::move(notice)};
}

Status add_delivery(const StoredLog& from, const store::LogEntry& entry, v1::Entry& out) {
  TRY(auto told, read_told(from, entry, out.number()));
  *out.mutable_notice() = std::move(told.notice);
  if (out.notice().type() != v1::ENTRY_TYPE_DELIVERY) return ok();
  return add_content(from, told.event, entry.position, out);
}

// What a change of a task is about, as it stands today.
Status add_task_of(const StoredLog& from, const v1::ChangeRecord& change, v1::Notice& notice) {
  if (change.task_id().empty()) return ok();
  TRY(const auto task, store::read_task(from.reads, change.task_id()));
  if (task) *notice.mutable_task() = core::shown_task(from.directory, *task, from.now);
  return ok();
}

// The references of a digest's lines; empty where the event is no longer there.
Result<std::vector<std::string>> event_ids(const StoredLog& from, const v1::ChangeRecord& change) {
  std::vector<std::string> ids;
  for (const uint64_t position : change.digest_events()) {
    TRY(const auto event, store::read_event(from.reads, position));
    ids.push_back(event ? event->event_id() : std::string());
  }
  return ids;
}

Status add_change(const StoredLog& from, const store::LogEntry& entry, v1::Entry& out) {
  TRY(const auto event, store::read_event(from.reads, entry.position));
  TRY(auto outcome,
      core::change_words(from.reads, from.secrets.seal, entry.position, entry.change));
  std::optional<v1::Recipient> recipient;
  if (event && from.log.log == store::Log::kInbox) {
    TRY(recipient, recipient_of(from, *event, entry.position, entry.change.refers_to()));
  }
  TRY(auto digest_ids, event_ids(from, entry.change));
  *out.mutable_notice() = core::change_notice(
      from.directory, from.secrets,
      {from.log, entry.change, event ? &*event : nullptr, recipient ? &*recipient : nullptr,
       std::move(outcome), std::move(digest_ids)});
  return add_task_of(from, entry.change, *out.mutable_notice());
}

// Of the team's own delivery of the event, where it was told of it.
Result<std::optional<v1::Recipient>> own_recipient(const StoredLog& from, uint64_t position) {
  TRY(const auto all, store::read_recipients(from.reads, position));
  const auto it = std::find_if(all.begin(), all.end(),
                               [&](const auto& r) { return r.team_handle() == from.log.team; });
  return it == all.end() ? std::optional<v1::Recipient>() : std::optional(*it);
}

Status add_task(const StoredLog& from, const store::LogEntry& entry, v1::Entry& out) {
  TRY(const auto task, store::read_task(from.reads, entry.task));
  if (!task) return error(v1::CODE_INTERNAL, "an entry without its task");
  TRY(const auto event, store::read_event(from.reads, entry.position));
  if (!event) return error(v1::CODE_INTERNAL, "a task without its event");
  TRY(const auto recipient, own_recipient(from, entry.position));
  std::string asked;
  if (!task->asked_by().empty() && task->steps_size() > 0) {
    TRY(const auto words,
        core::read_step(from.reads, &from.secrets.seal, entry.position, task->steps(0)));
    asked = words.outcome();
  }
  *out.mutable_notice() = core::task_notice(
      from.directory, {*task, *event, recipient ? &*recipient : nullptr, std::move(asked)},
      from.now);
  return ok();
}

Status add_entry(const StoredLog& from, const store::LogEntry& entry, v1::Entry& out) {
  switch (entry.type) {
    case v1::ENTRY_TYPE_DELIVERY:
      return add_delivery(from, entry, out);
    case v1::ENTRY_TYPE_CHANGE:
      return add_change(from, entry, out);
    case v1::ENTRY_TYPE_TASK:
      return add_task(from, entry, out);
    default:
      *out.mutable_notice() = core::placeholder_notice(entry.reason, entry.position);
      return ok();
  }
}

// P9: what goes in is decided by the disclosure it was asked for, and kept under that.
void encode_content(const core::LiveEvent& event, v1::Disclosure disclosure, LiveContent& last) {
  if (last.position == event.position && last.disclosure == disclosure) return;
  last.position = event.position;
  last.disclosure = disclosure;
  last.bytes.clear();
  const auto& shown = core::sections_of(disclosure, event.record);
  if (shows(shown, v1::SECTION_KIND_HEADER)) {
    add_bytes(last.bytes, v1::Entry::kHeaderFieldNumber, event.header);
  }
  for (const auto& section : event.sections) {
    if (shows(shown, section.kind)) add_section(last.bytes, section.kind, section.body);
  }
}

using Notice = v1::Notice;

// What the notices of an event say to all its teams: before and between what is a team's own.
void encode_common(const core::LiveEvent& event, LiveContent& last) {
  if (last.noticed == event.position) return;
  last.noticed = event.position;
  last.before.clear();
  last.between.clear();
  const v1::EventRecord& record = event.record;
  add_number(last.before, Notice::kTypeFieldNumber, v1::ENTRY_TYPE_DELIVERY);
  add_set(last.before, Notice::kPositionFieldNumber, event.position);
  add_set(last.before, Notice::kEventIdFieldNumber, record.event_id());
  std::string& out = last.between;
  const bool test = record.environment() == v1::ENVIRONMENT_TEST;
  add_set(out, Notice::kUnverifiedIdentityFieldNumber, uint64_t{record.unverified_identity()});
  add_set(out, Notice::kUnknownKindFieldNumber, uint64_t{record.unknown_kind()});
  add_set(out, Notice::kTestFieldNumber, uint64_t{test});
  add_set(out, Notice::kCorrectedFieldNumber, static_cast<uint64_t>(record.correction()));
  if (record.correction() != v1::CORRECTION_NATURE_UNSPECIFIED) {
    add_set(out, Notice::kCorrectsEventIdFieldNumber, record.corrects_event_id());
  }
  if (record.has_call_back()) {
    add_bytes(out, Notice::kCallBackFieldNumber, record.call_back().SerializeAsString());
  }
  if (record.has_out_of_hours()) {
    add_bytes(out, Notice::kOutOfHoursFieldNumber, record.out_of_hours().SerializeAsString());
  }
  add_set(out, Notice::kOccurredUsFieldNumber, record.occurred_earliest_us());
  if (record.correction() != v1::CORRECTION_NATURE_UNSPECIFIED) {
    add_set(out, Notice::kOutcomeFieldNumber, core::correction_reason(event.header));  // P7: why
  }
}

void encode_clocks(const core::Directory& directory, const v1::EventRecord& event,
                   const v1::Recipient& recipient, std::string& out) {
  const bool example = core::is_example(directory.policy().row);
  add_set(out, Notice::kReceiveByUsFieldNumber, recipient.receive_by_us());
  add_set(out, Notice::kPolicyRowFieldNumber, recipient.policy_row());
  add_set(out, Notice::kPolicyIsExampleFieldNumber, uint64_t{example});
  add_set(out, Notice::kToldLateFieldNumber, uint64_t{event.told_late()});
  add_set(out, Notice::kGroupFieldNumber, recipient.group());
  add_set(out, Notice::kChallengeByUsFieldNumber, event.challenge_by_us());
}

// core::delivery_notice() as bytes, for a delivery of acceptance in its initial state (tests hold
// the two together); fields in order, as protobuf writes them.
void encode_notice(const core::Directory& directory, const core::Secrets& secrets,
                   const core::LiveEvent& event, const v1::Recipient& recipient,
                   v1::Disclosure disclosure, LiveContent& last) {
  encode_common(event, last);
  std::string& out = last.notice;
  out.assign(last.before);
  add_set(out, Notice::kDisclosureFieldNumber, static_cast<uint64_t>(disclosure));
  add_set(out, Notice::kAttentionFieldNumber, static_cast<uint64_t>(recipient.attention()));
  add_set(out, Notice::kUrgencyFieldNumber, static_cast<uint64_t>(event.record.urgency()));
  add_set(out, Notice::kCauseFieldNumber, static_cast<uint64_t>(recipient.cause()));
  add_set(out, Notice::kRouteFieldNumber, recipient.route());
  add_set(out, Notice::kRuleVersionFieldNumber, recipient.rule_version());
  add_set(out, Notice::kAcceptedUsFieldNumber, event.record.accepted_us());
  add_set(out, Notice::kAcknowledgeByUsFieldNumber, recipient.acknowledge_by_us());
  out.append(last.between);
  add_set(out, Notice::kOverdueLevelFieldNumber, uint64_t{recipient.overdue_level()});
  add_set(out, Notice::kStateFieldNumber, static_cast<uint64_t>(v1::DELIVERY_STATE_QUEUED));
  add_set(out, Notice::kReusedSourceIdFieldNumber, uint64_t{event.record.reused_source_id()});
  if (disclosure <= v1::DISCLOSURE_SUMMARY) {
    add_set(out, Notice::kSubjectFieldNumber,
            core::subject_name(secrets, recipient.team_handle(), event.record.subject()));
  }
  encode_clocks(directory, event.record, recipient, out);
}

std::string made_of(uint64_t number, std::string_view notice, std::string_view content) {
  std::string out;
  out.reserve(content.size() + notice.size() + 24);
  add_number(out, v1::Entry::kNumberFieldNumber, number);
  add_bytes(out, v1::Entry::kNoticeFieldNumber, notice);
  out.append(content);
  return out;
}

}  // namespace

// Words that few deliveries have are not written by hand.
static bool has_words_of_its_own(const v1::EventRecord& event, const v1::Recipient& recipient) {
  return core::says_why(recipient.cause()) || event.unanswered_size() > 0;
}

std::string live_entry(const core::Directory& directory, const core::Secrets& secrets,
                       const core::LiveEvent& event, const v1::Recipient& recipient,
                       uint64_t number, LiveContent& last) {
  const core::Disclosed shown = core::disclose(directory, event.record, recipient);
  const bool withheld = shown.level == v1::DISCLOSURE_WITHHELD;
  if (!withheld) encode_content(event, shown.level, last);
  if (withheld || has_words_of_its_own(event.record, recipient)) {
    const v1::Notice notice =
        core::delivery_notice(directory, secrets, event.record, event.position, recipient, nullptr);
    return made_of(number, notice.SerializeAsString(), withheld ? std::string_view() : last.bytes);
  }
  encode_notice(directory, secrets, event, recipient, shown.level, last);
  return made_of(number, last.notice, last.bytes);
}

// The usual entry of a replay, without making objects of what is copied as it is. False: it is
// another sort, or something is wrong with it.
static bool encode_stored(const StoredLog& from, uint64_t number, const store::LogEntry& entry,
                          bool replayed, std::string& out) {
  if (entry.type != v1::ENTRY_TYPE_DELIVERY) return false;
  auto told = read_told(from, entry, number);
  if (!told.ok() || told->notice.type() != v1::ENTRY_TYPE_DELIVERY) return false;
  if (told->event.correction() != v1::CORRECTION_NATURE_UNSPECIFIED) return false;
  const auto& shown = core::sections_of(told->notice.disclosure(), told->event);
  if (shown.empty()) return false;
  const auto opened = store::read_payload(from.reads, from.secrets.seal, entry.position, shown);
  if (!opened.ok()) return false;
  if (replayed) told->notice.set_replayed(true);
  const std::string notice = told->notice.SerializeAsString();
  size_t bytes = notice.size() + opened->header.size() + 32;
  for (const auto& section : opened->sections) bytes += section.body().size() + 16;
  out.reserve(bytes);
  add_number(out, v1::Entry::kNumberFieldNumber, number);
  add_bytes(out, v1::Entry::kNoticeFieldNumber, notice);
  add_set(out, v1::Entry::kHeaderFieldNumber, std::string_view(opened->header));
  for (const auto& section : opened->sections) add_section(out, section.kind(), section.body());
  return true;
}

std::string stored_entry_bytes(const StoredLog& from, uint64_t number,
                               const std::optional<store::LogEntry>& entry, bool replayed) {
  std::string out;
  if (entry && encode_stored(from, number, *entry, replayed, out)) return out;
  v1::Entry made = stored_entry(from, number, entry);
  if (replayed) made.mutable_notice()->set_replayed(true);
  return made.SerializeAsString();
}

v1::Entry stored_entry(const StoredLog& from, uint64_t number,
                       const std::optional<store::LogEntry>& entry) {
  v1::Entry out;
  out.set_number(number);
  // What is damaged stays so; an error of the disk that passes must not cost the team its entry.
  Status made = error(v1::CODE_INTERNAL, "corrupt inbox row");
  for (int tries = 0; entry && tries < 2 && !made.ok(); ++tries) {
    out.Clear();
    out.set_number(number);
    made = add_entry(from, *entry, out);
  }
  if (made.ok()) return out;
  // P5: one damaged row must not keep a team from all that follows.
  log::error("an entry cannot be read: its team gets a placeholder",
             {{"team_handle", from.log.team}, {"number", number}, {"why", made.error().text}});
  out.Clear();
  out.set_number(number);
  *out.mutable_notice() =
      core::placeholder_notice(v1::PLACEHOLDER_REASON_UNREADABLE, entry ? entry->position : 0);
  return out;
}

std::string deliver_frame(const std::string& team, v1::LogKind log, const std::string& endpoint,
                          const v1::Promise& promise, uint64_t first, bool ahead,
                          const std::vector<std::string_view>& entries) {
  size_t items = 0;
  for (const auto entry : entries) items += 1 + varint_bytes(entry.size()) + entry.size();
  std::string body;  // all but the items, which are written once: straight into the frame
  add_bytes(body, v1::Deliver::kTeamFieldNumber, team);
  add_number(body, v1::Deliver::kLogFieldNumber, static_cast<uint64_t>(log));
  add_bytes(body, v1::Deliver::kEndpointFieldNumber, endpoint);
  add_number(body, v1::Deliver::kEpochFieldNumber, promise.epoch());
  add_number(body, v1::Deliver::kFirstFieldNumber, first);
  std::string end;
  if (ahead) add_number(end, v1::Deliver::kAheadFieldNumber, 1);
  add_bytes(end, v1::Deliver::kPromiseFieldNumber, promise.SerializeAsString());
  const size_t bytes = body.size() + items + end.size();
  std::string frame;
  frame.reserve(bytes + 8);
  put_varint(frame, static_cast<uint64_t>(v1::HubFrame::kDeliverFieldNumber) << 3 | 2);
  put_varint(frame, bytes);
  frame.append(body);
  for (const auto entry : entries) add_bytes(frame, v1::Deliver::kItemsFieldNumber, entry);
  frame.append(end);
  return frame;
}

}  // namespace switchboard::server
