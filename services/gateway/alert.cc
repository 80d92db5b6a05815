#include "services/gateway/alert.h"

#include "broker/base/bytes.h"
#include "broker/base/ids.h"

namespace switchboard::gateway {
namespace {

template <typename Message>
void decode(const std::string& bytes, Message* into, void (v1::Alert::*clear)(), v1::Alert& alert) {
  if (!into->ParseFromString(bytes)) (alert.*clear)();
}

void add_section(const v1::Section& section, v1::Alert& alert) {
  switch (section.kind()) {
    case v1::SECTION_KIND_IDENTITY:
      return decode(section.body(), alert.mutable_identity(), &v1::Alert::clear_identity, alert);
    case v1::SECTION_KIND_SUMMARY:
      return decode(section.body(), alert.mutable_summary(), &v1::Alert::clear_summary, alert);
    case v1::SECTION_KIND_DETAIL:
      return decode(section.body(), alert.mutable_detail(), &v1::Alert::clear_detail, alert);
    case v1::SECTION_KIND_LOCATION:
      return decode(section.body(), alert.mutable_location(), &v1::Alert::clear_location, alert);
    default:
      return;  // the source never leaves the hub
  }
}

}  // namespace

std::string reference(std::string_view event_id) {
  const auto id = id_from_bytes(event_id);
  return id ? to_string(*id) : std::string();
}

v1::Alert to_alert(const v1::Entry& entry) {
  v1::Alert alert;
  alert.set_number(entry.number());
  *alert.mutable_notice() = entry.notice();
  alert.set_reference(reference(entry.notice().event_id()));
  alert.set_child(to_hex(entry.notice().subject()));
  if (!entry.header().empty()) {
    decode(entry.header(), alert.mutable_header(), &v1::Alert::clear_header, alert);
  }
  for (const auto& section : entry.sections()) add_section(section, alert);
  return alert;
}

}  // namespace switchboard::gateway
