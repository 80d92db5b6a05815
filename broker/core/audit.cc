#include "broker/core/audit.h"

#include <algorithm>

#include "broker/store/audit_chain.h"
#include "broker/store/rows.h"

namespace switchboard::core {

void Audit::begin(const Head& head, Time now) {
  block_.Clear();
  previous_ = head.chain;
  epoch_ = head.epoch;
  position_ = head.position;
  events_ = head.events;
  quarantined_ = head.quarantined;
  openings_ = head.openings;
  first_ = head.position + 1;
  now_ = now;
}

void Audit::begin_epoch(uint64_t epoch) {
  CHECK(empty() && epoch > epoch_);
  epoch_ = epoch;
  ++openings_;
}

void Audit::skip_through(uint64_t used_through) {
  CHECK(empty());
  position_ = std::max(position_, used_through);
  first_ = position_ + 1;
}

v1::AuditEntry& Audit::next(v1::AuditKind kind) {
  v1::AuditEntry& entry = *block_.add_entries();
  entry.set_kind(kind);
  if (kind == v1::AUDIT_KIND_ACCEPTED) ++events_;
  if (kind == v1::AUDIT_KIND_QUARANTINED) ++quarantined_;
  entry.set_position(++position_);
  return entry;
}

Head Audit::finish(store::Journal& journal) {
  CHECK(!empty());
  block_.set_epoch(epoch_);
  block_.set_first(first_);
  block_.set_last(position_);
  block_.set_time_us(now_.us);
  block_.set_previous(std::string(view(previous_)));
  const std::string bytes = block_.SerializeAsString();
  store::write_audit_block(journal, first_, bytes);

  const Head head{epoch_,       position_, store::chain(previous_, bytes), now_, events_,
                  quarantined_, openings_};
  v1::HeadRecord record;
  record.set_epoch(head.epoch);
  record.set_position(head.position);
  record.set_head(std::string(view(head.chain)));
  record.set_time_us(now_.us);
  record.set_block_first(first_);
  record.set_events(events_);
  record.set_quarantined(quarantined_);
  record.set_openings(openings_);
  store::write_head(journal, record);
  journal.pending().set_header({epoch_, first_, position_, now_.us, previous_});
  return head;
}

}  // namespace switchboard::core
