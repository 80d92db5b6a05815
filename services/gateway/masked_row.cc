#include "services/gateway/masked_row.h"

#include <algorithm>

namespace switchboard::gateway {

static constexpr size_t kShownOfId = 2;
static constexpr size_t kShortId = 6;  // two of so few would be too much of it

std::string masked_id(std::string_view id) {
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
  const size_t shown = plain && id.size() >= kShortId ? kShownOfId : 0;
  return std::string(id.size() - shown, '*') + std::string(id.substr(id.size() - shown));
}

v1::EventRow masked(const v1::EventRow& row) {
  v1::EventRow out;
  out.set_position(row.position());
  out.set_event_id(row.event_id());
  out.set_agency(row.agency());
  out.set_system(row.system());
  out.set_kind(row.kind());
  out.set_urgency(row.urgency());
  out.set_accepted_us(row.accepted_us());
  out.set_occurred_us(row.occurred_us());
  out.set_disposition(row.disposition());
  out.set_code(row.code());
  out.set_text(row.text());  // the hub's own words
  out.set_recipients(row.recipients());
  out.set_unverified_identity(row.unverified_identity());
  out.set_environment(row.environment());
  out.set_source_message_id(masked_id(row.source_message_id()));
  out.set_reused_source_id(row.reused_source_id());
  out.set_payload_bytes(row.payload_bytes());
  return out;
}

}  // namespace switchboard::gateway
