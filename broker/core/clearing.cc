#include "broker/core/clearing.h"

#include "broker/base/limits.h"
#include "broker/core/shadow.h"
#include "broker/store/records.h"

namespace switchboard::core {

Result<uint64_t> own_quarantined(const store::Reads& reads, const Sender& sender,
                                 std::string_view event_id, uint64_t position) {
  std::vector<uint64_t> meant{position};
  if (const auto id = id_from_bytes(event_id)) {
    meant.clear();
    for (const bool trial : {false, true}) {  // a trial's ids are kept apart
      TRY(const auto known, store::read_known(reads, known_id(*id, trial), sender.agency));
      if (known) meant.push_back(known->position);
    }
  }
  for (const uint64_t at : meant) {
    TRY(const auto event, store::read_event(reads, at));
    const bool own = event && event->agency() == sender.agency && event->system() == sender.system;
    if (own && event->disposition() == v1::DISPOSITION_QUARANTINED) return at;
  }
  return error(v1::CODE_NOT_FOUND, "no message of yours is in quarantine so named");
}

Answer clear_quarantined(Turn& turn, const v1::PrincipalRow& who,
                         const v1::ClearQuarantined& request) {
  if (!publishes(who)) return {v1::CODE_NOT_ALLOWED, 0, "this key is not enrolled as a publisher"};
  if (request.reason().empty() || request.reason().size() > limits::kTextBytesMax) {
    return {v1::CODE_INVALID, 0, "reason: say why, in at most 1,024 bytes and without names"};
  }
  const std::string& person = request.actor().person();
  if (person.empty() || person.size() > 64) {
    return {v1::CODE_INVALID, 0, "actor.person: who has dealt with it?"};
  }
  const auto which = own_quarantined(turn.journal, {who.agency(), who.system()}, request.event_id(),
                                     request.position());
  if (!which.ok()) {
    if (which.error().code != v1::CODE_NOT_FOUND) turn.journal.fail(which.error());
    return {which.error().code, 0, which.error().text};
  }
  if (!store::in_queue(turn.journal, store::Queue::kQuarantine, *which)) {
    return {v1::CODE_OK, *which, "it was cleared before"};
  }
  v1::ClearedRecord record;
  record.set_principal(who.id());
  record.set_person(person);
  record.set_reason(request.reason());
  record.set_at_us(turn.now.us);
  store::clear_quarantined(turn.journal, *which, record);
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_CLEARED);
  entry.set_event_position(*which);
  entry.set_principal(who.id());
  entry.set_person(person);
  entry.set_text(request.reason());
  return {v1::CODE_OK, *which, {}};
}

}  // namespace switchboard::core
