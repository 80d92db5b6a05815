#include "broker/server/reconcile.h"

#include <algorithm>
#include <map>

#include "broker/base/limits.h"
#include "broker/store/ledger_rows.h"

namespace switchboard::server {
namespace {

constexpr int32_t kDaysBefore = 7;

using Lines = std::map<store::LedgerKey, v1::LedgerLine>;

bool wanted_source(const v1::LedgerRequest& wanted, const store::LedgerKey& key) {
  return (wanted.agency().empty() || wanted.agency() == key.agency) &&
         (wanted.system().empty() || wanted.system() == key.system);
}

v1::LedgerLine& line_of(Lines& lines, const store::LedgerKey& key) {
  v1::LedgerLine& line = lines[key];
  line.set_agency(key.agency);
  line.set_system(key.system);
  line.set_bucket(key.bucket);
  line.set_day(to_string(key.day));
  return line;
}

int64_t count(uint64_t n) { return static_cast<int64_t>(n); }

// When each listener was last heard of: its word on a later day says that this day is told in full.
using Heard = std::map<std::pair<store::LedgerKey, std::string>, int64_t>;

void add_adapter(v1::LedgerLine& line, const v1::AdapterLedger& told, int64_t heard_us) {
  const bool first = line.adapter_size() == 0;
  *line.add_adapter() = told;
  line.set_adapter_told_us(first ? heard_us : std::min(line.adapter_told_us(), heard_us));
}

}  // namespace

void settle(v1::LedgerLine& line, Day day, Time now) {
  int64_t read = 0, ended = 0, sent = 0, waiting = 0;
  for (const auto& a : line.adapter()) {
    read += count(a.read());
    ended += count(a.taken() + a.duplicate() + a.out_of_scope() + a.refused() + a.full());
    sent += count(a.taken() + a.split());
    waiting += count(a.unanswered());
  }
  const int64_t answered =
      count(line.accepted() + line.duplicate() + line.quarantined() + line.refused());
  // The hub's counts are newer than the adapter's word: what was waiting then may be answered now.
  const int64_t missing = sent - answered;
  const int64_t explained = std::clamp(missing, int64_t{0}, waiting);
  line.set_waiting(static_cast<uint64_t>(explained));
  const int64_t own = read - ended;  // by the adapter's own word
  const int64_t over_us = london_midnight({day.number + 1}).us;
  const bool over = now.us >= over_us;
  const bool stale = line.adapter_size() == 0 || (over && line.adapter_told_us() < over_us);
  // Until the day is over the adapter's word lags behind: that the hub knows of more is no fault.
  const int64_t between = !over && missing < 0 ? 0 : missing - explained;
  // Two faults of opposite sign are two faults.
  line.set_unexplained(own + between != 0 ? own + between : own);
  if (stale) {
    line.set_state(v1::LEDGER_STATE_STALE);
  } else if (line.unexplained() != 0) {
    line.set_state(v1::LEDGER_STATE_DIFFERS);
  } else {
    line.set_state(over ? v1::LEDGER_STATE_AGREES : v1::LEDGER_STATE_SO_FAR);
  }
}

Result<v1::LedgerReport> ledger_report(const View& view, const v1::LedgerRequest& wanted) {
  const auto day = day_from_string(wanted.day());
  if (!day) return error(v1::CODE_INVALID, "day must be a date, as 2026-11-22");
  Lines lines;
  TRY(const auto counted, store::read_ledgers(view.reads, *day));
  for (const auto& row : counted) {
    if (!wanted_source(wanted, row.key)) continue;
    v1::LedgerLine& line = line_of(lines, row.key);
    line.set_accepted(row.record.accepted());
    line.set_duplicate(row.record.duplicate());
    line.set_quarantined(row.record.quarantined());
    line.set_refused(row.record.refused());
    *line.mutable_kinds() = row.record.kinds();
  }
  const Day tomorrow{london_day(view.now).number + 1};
  TRY(const auto told,
      store::read_adapter_ledgers(view.reads, {day->number - kDaysBefore}, tomorrow));
  const auto key_of = [&](const v1::AdapterLedger& a) {
    return store::LedgerKey{*day, a.bucket(), a.agency(), a.system()};
  };
  Heard heard;
  for (const auto& row : told) {
    if (day_from_string(row.ledger().day()) < day) continue;
    int64_t& at = heard[{key_of(row.ledger()), row.ledger().listener()}];
    at = std::max(at, row.told_us());
  }
  for (const auto& row : told) {
    const auto& a = row.ledger();
    const auto key = key_of(a);
    const auto of = day_from_string(a.day());
    if (of > day || !wanted_source(wanted, key)) continue;
    // Silence is a fault where children's messages are expected; trials and tests come and go.
    if (of < day && a.bucket() != v1::LEDGER_BUCKET_LIVE) continue;
    v1::LedgerLine& line = line_of(lines, key);
    if (of == day) add_adapter(line, a, heard[{key, a.listener()}]);
  }
  v1::LedgerReport report;
  for (auto& [key, line] : lines) {
    settle(line, *day, view.now);
    *report.add_lines() = std::move(line);
  }
  return report;
}

}  // namespace switchboard::server
