#include "broker/server/own_quarantine.h"

#include <algorithm>

#include "broker/base/limits.h"
#include "broker/store/payload.h"

namespace switchboard::server {
namespace {

v1::QuarantinedItem to_item(uint64_t position, const v1::EventRecord& event) {
  v1::QuarantinedItem item;
  item.set_position(position);
  item.set_event_id(event.event_id());
  item.set_system(event.system());
  item.set_source_message_id(event.source_message_id());
  item.set_accepted_us(event.accepted_us());
  item.set_code(event.code());
  item.set_text(event.text());
  item.set_trigger(event.trigger());
  item.set_environment(event.environment());
  item.set_payload_bytes(event.payload_bytes());
  return item;
}

Result<v1::Page> whole_one(const View& view, const core::Sender& sender,
                           const v1::ReadQuarantine& wanted) {
  TRY(const uint64_t position,
      core::own_quarantined(view.reads, sender, wanted.event_id(), wanted.position()));
  TRY(const auto event, store::read_event(view.reads, position));
  TRY(auto payload, store::read_payload(view.reads, view.secrets.seal, position, {}));
  v1::Page page;
  *page.add_quarantine() = to_item(position, *event);
  v1::Entry& entry = *page.add_items();
  entry.set_header(std::move(payload.header));
  for (auto& section : payload.sections) *entry.add_sections() = std::move(section);
  return page;
}

}  // namespace

Result<v1::Page> own_quarantine(const View& view, const core::Sender& sender,
                                const v1::ReadQuarantine& wanted) {
  if (!wanted.event_id().empty() || wanted.position() != 0) return whole_one(view, sender, wanted);
  const uint32_t limit =
      wanted.limit() == 0 ? limits::kPageItemsMax : std::min(wanted.limit(), limits::kPageItemsMax);
  const uint64_t before = wanted.before_position() == 0 ? ~uint64_t{0} : wanted.before_position();
  const auto prefix = store::key::queue_prefix(store::Queue::kQuarantine);
  const auto rows = view.reads.scan_back(kv::Family::kState, prefix,
                                         store::key::queue(store::Queue::kQuarantine, before));
  v1::Page page;
  uint64_t last = 0;
  for (size_t seen = 0; rows->valid(); rows->next(), ++seen) {
    if (page.quarantine_size() == static_cast<int>(limit) || seen == limits::kQueueRowsMax) {
      page.set_next_after(last);
      break;
    }
    last = store::key::trailing_u64(rows->key());
    TRY(const auto event, store::read_event(view.reads, last));
    const bool own = event && event->agency() == sender.agency && event->system() == sender.system;
    if (own) *page.add_quarantine() = to_item(last, *event);
  }
  TRY_DO(rows->status());
  return page;
}

}  // namespace switchboard::server
