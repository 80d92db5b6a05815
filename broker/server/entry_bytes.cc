#include "broker/server/entry_bytes.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/core/disclose.h"
#include "broker/core/notice.h"
#include "broker/runtime/log.h"
#include "broker/store/payload.h"
#include "broker/store/records.h"

namespace switchboard::server {
namespace {

// protobuf wire format: field number and type 2 (length-delimited), then length and bytes.
void add_bytes(std::string& out, int field, std::string_view bytes) {
  put_varint(out, static_cast<uint64_t>(field) << 3 | 2);
  put_varint(out, bytes.size());
  out.append(bytes);
}
void add_number(std::string& out, int field, uint64_t value) {
  put_varint(out, static_cast<uint64_t>(field) << 3);
  put_varint(out, value);
}

bool shows(const std::vector<v1::SectionKind>& shown, v1::SectionKind kind) {
  return std::find(shown.begin(), shown.end(), kind) != shown.end();
}

void add_section(std::string& out, v1::SectionKind kind, std::string_view body) {
  std::string head;
  add_number(head, v1::Section::kKindFieldNumber, static_cast<uint64_t>(kind));
  put_varint(head, static_cast<uint64_t>(v1::Section::kBodyFieldNumber) << 3 | 2);
  put_varint(head, body.size());
  put_varint(out, static_cast<uint64_t>(v1::Entry::kSectionsFieldNumber) << 3 | 2);
  put_varint(out, head.size() + body.size());
  out.append(head).append(body);
}

const v1::Recipient* find_recipient(const auto& all, store::LogId log, uint64_t number) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const auto& r) {
    return r.team_handle() == log.team && r.number() == number;
  });
  return it == all.end() ? nullptr : &*it;
}

Status add_content(const store::Reads& reads, const SealKey& seal, uint64_t position,
                   const std::vector<v1::SectionKind>& shown, v1::Entry& out) {
  if (shown.empty()) return ok();
  auto opened = store::read_payload(reads, seal, position, shown);
  if (!opened.ok() && opened.error().code == v1::CODE_NOT_FOUND) {
    *out.mutable_notice() = core::placeholder_notice(v1::PLACEHOLDER_REASON_ERASED, position);
    return ok();
  }
  if (!opened.ok()) {
    // One damaged row must not keep a team from all that follows, nor from knowing that something
    // is there and whom to ring (P4).
    log::error("an event's sections cannot be opened: its team gets a pointer",
               {{"position", position}, {"why", opened.error().text}});
    out.mutable_notice()->set_disclosure(v1::DISCLOSURE_POINTER);
    return ok();
  }
  out.set_header(std::move(opened->header));
  for (auto& section : opened->sections) *out.add_sections() = std::move(section);
  return ok();
}

Status add_delivery(const store::Reads& reads, const core::Directory& directory,
                    const SealKey& seal, store::LogId log, const store::LogEntry& entry,
                    v1::Entry& out) {
  TRY(const auto event, store::read_event(reads, entry.position));
  if (!event) return error(v1::CODE_INTERNAL, "a delivery without its event");
  const auto* recipient = find_recipient(event->recipients(), log, out.number());
  std::vector<v1::Recipient> added;
  if (recipient == nullptr) {  // most were there at acceptance: a scan is spared
    TRY(added, store::read_added_recipients(reads, entry.position));
    recipient = find_recipient(added, log, out.number());
  }
  if (recipient == nullptr) return error(v1::CODE_INTERNAL, "a delivery without its recipient");
  TRY(const auto state, store::read_delivery(reads, log.team, out.number()));
  *out.mutable_notice() = core::delivery_notice(directory, *event, entry.position, *recipient,
                                                state ? &*state : nullptr);
  if (out.notice().type() != v1::ENTRY_TYPE_DELIVERY) return ok();
  return add_content(reads, seal, entry.position, core::sections_of(out.notice().disclosure()),
                     out);
}

// P9: what goes in is decided by the disclosure it was asked for, and kept under that.
void encode_content(const core::LiveEvent& event, v1::Disclosure disclosure, LiveContent& last) {
  if (last.position == event.position && last.disclosure == disclosure) return;
  last.position = event.position;
  last.disclosure = disclosure;
  last.bytes.clear();
  const auto& shown = core::sections_of(disclosure);
  if (shows(shown, v1::SECTION_KIND_HEADER)) {
    add_bytes(last.bytes, v1::Entry::kHeaderFieldNumber, event.header);
  }
  for (const auto& section : event.sections) {
    if (shows(shown, section.kind)) add_section(last.bytes, section.kind, section.body);
  }
}

}  // namespace

std::string live_entry(const core::Directory& directory, const core::LiveEvent& event,
                       const v1::Recipient& recipient, uint64_t number, LiveContent& last) {
  const v1::Notice notice =
      core::delivery_notice(directory, event.record, event.position, recipient, nullptr);
  const bool shown = notice.type() == v1::ENTRY_TYPE_DELIVERY;
  if (shown) encode_content(event, notice.disclosure(), last);
  std::string out;
  out.reserve((shown ? last.bytes.size() : 0) + notice.ByteSizeLong() + 16);
  add_number(out, v1::Entry::kNumberFieldNumber, number);
  add_bytes(out, v1::Entry::kNoticeFieldNumber, notice.SerializeAsString());
  if (shown) out.append(last.bytes);
  return out;
}

Result<v1::Entry> stored_entry(const store::Reads& reads, const core::Directory& directory,
                               const SealKey& seal, store::LogId log, uint64_t number,
                               const store::LogEntry& entry) {
  v1::Entry out;
  out.set_number(number);
  switch (entry.type) {
    case v1::ENTRY_TYPE_DELIVERY:
      TRY_DO(add_delivery(reads, directory, seal, log, entry, out));
      break;
    case v1::ENTRY_TYPE_CHANGE: {
      TRY(const auto event, store::read_event(reads, entry.position));
      TRY(auto outcome,
          store::read_text(reads, seal, entry.position, entry.change.sealed_outcome()));
      *out.mutable_notice() =
          core::change_notice(entry.change, event ? &*event : nullptr, std::move(outcome));
      break;
    }
    default:
      *out.mutable_notice() = core::placeholder_notice(entry.reason, entry.position);
  }
  return out;
}

std::string deliver_frame(const std::string& team, v1::LogKind log, const std::string& endpoint,
                          uint64_t epoch, uint64_t first, bool ahead,
                          const std::vector<std::string_view>& entries) {
  size_t bytes = 0;
  for (const auto entry : entries) bytes += entry.size() + 8;
  std::string body;
  body.reserve(bytes + 128);
  add_bytes(body, v1::Deliver::kTeamFieldNumber, team);
  add_number(body, v1::Deliver::kLogFieldNumber, static_cast<uint64_t>(log));
  add_bytes(body, v1::Deliver::kEndpointFieldNumber, endpoint);
  add_number(body, v1::Deliver::kEpochFieldNumber, epoch);
  add_number(body, v1::Deliver::kFirstFieldNumber, first);
  for (const auto entry : entries) add_bytes(body, v1::Deliver::kItemsFieldNumber, entry);
  if (ahead) add_number(body, v1::Deliver::kAheadFieldNumber, 1);
  std::string frame;
  frame.reserve(body.size() + 8);
  add_bytes(frame, v1::HubFrame::kDeliverFieldNumber, body);
  return frame;
}

}  // namespace switchboard::server
