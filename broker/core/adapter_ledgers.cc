#include "broker/core/adapter_ledgers.h"

#include <algorithm>
#include <set>

#include "broker/base/limits.h"
#include "broker/store/ledger_rows.h"

namespace switchboard::core {
namespace {

constexpr size_t kNameBytesMax = 64;

bool good_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax && name.find('\0') == name.npos;
}

// The field that is wrong, or nothing.
std::string wrong_with(const v1::AdapterLedger& line, Time now) {
  if (!good_name(line.listener())) return "listener";
  if (!v1::LedgerBucket_IsValid(line.bucket()) || line.bucket() == v1::LEDGER_BUCKET_UNSPECIFIED) {
    return "bucket";
  }
  const auto day = day_from_string(line.day());
  const Day today = london_day(now);
  // A day ahead: the adapter's clock is not ours.
  if (!day || day->number > today.number + 1 ||
      day->number <= today.number - limits::kLedgerDaysMax) {
    return "day";
  }
  const auto too_long = [](const auto& t) {
    return t.trigger().size() > kNameBytesMax || t.outcome().size() > kNameBytesMax ||
           t.why().size() > kNameBytesMax;
  };
  const auto& triggers = line.triggers();
  if (triggers.size() > static_cast<int>(limits::kLedgerTriggersMax) ||
      std::any_of(triggers.begin(), triggers.end(), too_long)) {
    return "triggers";
  }
  const auto& kinds = line.kinds();
  if (kinds.size() > static_cast<int>(limits::kLedgerKindsMax) ||
      std::any_of(kinds.begin(), kinds.end(),
                  [](const auto& k) { return k.kind().size() > kNameBytesMax; })) {
    return "kinds";
  }
  return {};
}

// P11: a new line is taken while the source has room for it on that day.
bool room_for(Turn& turn, const store::LedgerKey& key, const std::string& listener) {
  const std::string row = store::key::adapter_ledger(key, listener);
  if (turn.journal.take(turn.journal.get(kv::Family::kState, row))) return true;
  const std::string first = store::key::adapter_ledger(key, {});
  const auto rows = turn.journal.scan(kv::Family::kState, first, kv::prefix_end(first));
  size_t count = 0;
  for (; rows->valid(); rows->next()) ++count;
  return count < limits::kListenersPerSourceMax;
}

}  // namespace

Answer tell_ledgers(Turn& turn, const v1::PrincipalRow& who, const v1::AdapterLedgers& told) {
  if (!publishes(who)) return {v1::CODE_NOT_ALLOWED, 0, "this key is not enrolled as a publisher"};
  if (told.items_size() > static_cast<int>(limits::kLedgersPerFrameMax) ||
      told.ByteSizeLong() > limits::kLedgersBytesMax) {
    return {v1::CODE_OVERSIZE, 0, "too many lines or bytes in one frame"};
  }
  for (const auto& line : told.items()) {
    if (line.agency() != who.agency() || line.system() != who.system()) {
      return {v1::CODE_NOT_ALLOWED, 0, "a ledger of another agency or system"};
    }
    if (const auto wrong = wrong_with(line, turn.now); !wrong.empty()) {
      return {v1::CODE_INVALID, 0, "AdapterLedger." + wrong};
    }
  }
  for (const auto& line : told.items()) {
    const store::LedgerKey key{*day_from_string(line.day()), line.bucket(), line.agency(),
                               line.system()};
    if (!room_for(turn, key, line.listener())) {
      return {v1::CODE_INVALID, 0, "AdapterLedger.listener: too many of one source and day"};
    }
    v1::AdapterLedgerRecord record;
    *record.mutable_ledger() = line;
    record.set_principal(who.id());
    record.set_told_us(turn.now.us);
    store::write_adapter_ledger(turn.journal, key, record);
  }
  if (told.items().empty()) return {};
  v1::AuditEntry& entry = turn.audit.next(v1::AUDIT_KIND_LEDGER);
  entry.set_principal(who.id());
  entry.set_number(static_cast<uint64_t>(told.items_size()));
  return {v1::CODE_OK, entry.position(), {}};
}

}  // namespace switchboard::core
