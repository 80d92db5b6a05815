#include "adapters/mllp/ledger.h"

#include <algorithm>

#include "adapters/mllp/tallies.h"
#include "broker/base/kind_counts.h"
#include "broker/base/london.h"

namespace switchboard::mllp {
namespace {

constexpr size_t kTagsAtOnce = 4096;
constexpr size_t kRowsMax = 4096;
constexpr char kOther[] = "other";

std::string tag_of(const Book& book, const std::string& day) {
  std::string tag = day + '/' + std::to_string(book.bucket);
  for (const std::string* part : {&book.listener, &book.agency, &book.system}) {
    tag.append(1, '\0').append(*part);
  }
  return tag;
}

std::string_view day_of(std::string_view tag) { return tag.substr(0, 10); }

v1::TriggerCount* find(v1::AdapterLedger& ledger, const Ledger::Entry& entry) {
  const std::string_view outcome = word(entry.outcome);
  for (auto& known : *ledger.mutable_triggers()) {
    if (known.trigger() == entry.trigger && known.outcome() == outcome &&
        known.why() == entry.why) {
      return &known;
    }
  }
  return nullptr;
}

void count_trigger(v1::AdapterLedger& ledger, Ledger::Entry entry) {
  auto* found = find(ledger, entry);
  if (!found && static_cast<size_t>(ledger.triggers_size()) >= Ledger::kTriggersPerRow) {
    entry.trigger = kOther;
    entry.why.clear();
    found = find(ledger, entry);
  }
  if (!found) {
    found = ledger.add_triggers();
    found->set_trigger(entry.trigger);
    found->set_outcome(word(entry.outcome));
    found->set_why(entry.why);
  }
  found->set_count(found->count() + 1);
}

void count_outcome(v1::AdapterLedger& ledger, Exchange::Ledger outcome) {
  ledger.set_read(ledger.read() + 1);
  switch (outcome) {
    case Exchange::Ledger::kQuarantined:
      ledger.set_quarantined(ledger.quarantined() + 1);
      [[fallthrough]];
    case Exchange::Ledger::kPublished:
      ledger.set_taken(ledger.taken() + 1);
      return ledger.set_unanswered(ledger.unanswered() + 1);
    case Exchange::Ledger::kDuplicate:
      return ledger.set_duplicate(ledger.duplicate() + 1);
    case Exchange::Ledger::kOutOfScope:
      return ledger.set_out_of_scope(ledger.out_of_scope() + 1);
    case Exchange::Ledger::kRefused:
      return ledger.set_refused(ledger.refused() + 1);
    case Exchange::Ledger::kFull:
      return ledger.set_full(ledger.full() + 1);
  }
}

// What nobody can read has no kind, and what was known before was counted then.
void count_item(v1::AdapterLedger& ledger, const Ledger::Entry& entry) {
  if (entry.outcome != Exchange::Ledger::kPublished) return;
  count_kind(*ledger.mutable_kinds(), entry.kind, entry.child);
}

}  // namespace

std::string ledger_day(Time time) { return to_string(london_day(time)); }

Result<std::unique_ptr<Ledger>> Ledger::open(const sdk::Outbox& outbox, std::vector<Book> books,
                                             Time now) {
  std::unique_ptr<Ledger> out(new Ledger(std::move(books)));
  TRY(const auto rows, outbox.rows());
  for (const auto& [tag, value] : rows) {
    Row& row = out->rows_[tag];
    if (!row.ledger.ParseFromString(value)) {
      return error(v1::CODE_INTERNAL, "a row of the ledger is damaged");
    }
    row.ledger.set_unanswered(0);
  }
  for (uint64_t after = outbox.confirmed();;) {
    TRY(const auto open, outbox.index().tags(after, kTagsAtOnce));
    for (const auto& item : open) {
      const auto at = out->rows_.find(item.tag);
      if (at != out->rows_.end()) {
        at->second.ledger.set_unanswered(at->second.ledger.unanswered() + 1);
      }
    }
    if (open.size() < kTagsAtOnce) break;
    after = open.back().sequence;
  }
  out->turn_day(now);
  return out;
}

Ledger::Row& Ledger::row(const std::string& tag, const Book& book, const std::string& day) {
  const auto [at, fresh] = rows_.try_emplace(tag);
  if (fresh) {
    v1::AdapterLedger& ledger = at->second.ledger;
    ledger.set_listener(book.listener);
    ledger.set_agency(book.agency);
    ledger.set_system(book.system);
    ledger.set_bucket(book.bucket);
    ledger.set_day(day);
    at->second.unsaved = true;
  }
  return at->second;
}

std::string Ledger::tag(size_t listener, Time read) const {
  return tag_of(books_[listener], ledger_day(read));
}

void Ledger::count(const Entry& entry) {
  v1::AdapterLedger& ledger = change(entry).ledger;
  count_outcome(ledger, entry.outcome);
  count_trigger(ledger, entry);
  count_item(ledger, entry);
}

void Ledger::count_split(const Entry& entry) {
  v1::AdapterLedger& ledger = change(entry).ledger;
  ledger.set_split(ledger.split() + 1);
  ledger.set_unanswered(ledger.unanswered() + 1);
  count_item(ledger, entry);
}

Ledger::Row& Ledger::change(const Entry& entry) {
  const Book& book = books_[entry.listener];
  const std::string day = ledger_day(entry.read);
  Row& changed = row(tag_of(book, day), book, day);
  ++changed.version;
  changed.unsaved = true;
  return changed;
}

void Ledger::stage(sdk::Outbox& outbox) {
  for (const std::string& tag : dropped_) outbox.stage_row(tag, "");
  dropped_.clear();
  for (auto& [tag, row] : rows_) {
    if (!row.unsaved) continue;
    row.unsaved = false;
    outbox.stage_row(tag, row.ledger.SerializeAsString());
  }
}

void Ledger::answered(const std::string& tag) {
  const auto at = rows_.find(tag);
  if (at == rows_.end() || at->second.ledger.unanswered() == 0) return;
  at->second.ledger.set_unanswered(at->second.ledger.unanswered() - 1);
  ++at->second.version;
}

void Ledger::turn_day(Time now) {
  std::string day = ledger_day(now);
  if (day == today_) return;
  for (auto& [tag, ended] : rows_) {
    if (day_of(tag) == today_) ++ended.version;
  }
  today_ = std::move(day);
  for (const Book& book : books_) row(tag_of(book, today_), book, today_);
  const std::string oldest = ledger_day(now - seconds(kDaysKept * 86'400));
  std::erase_if(rows_, [&](const auto& one) {
    // What the hub does not have stays longer: its clock or ours may be wrong, or it is away.
    const bool has_it = one.second.told == one.second.version || rows_.size() > kRowsMax;
    if (day_of(one.first) >= oldest || !has_it) return false;
    dropped_.push_back(one.first);
    return true;
  });
}

std::vector<Ledger::Changed> Ledger::changed(size_t limit) const {
  std::vector<Changed> out;
  for (const auto& [tag, row] : rows_) {
    if (out.size() == limit) break;
    if (row.version != row.told) out.push_back({tag, row.version, row.ledger});
  }
  return out;
}

size_t Ledger::untold() const {
  return static_cast<size_t>(std::count_if(rows_.begin(), rows_.end(), [](const auto& one) {
    return one.second.version != one.second.told;
  }));
}

void Ledger::told(const std::string& tag, uint64_t version) {
  if (const auto at = rows_.find(tag); at != rows_.end()) at->second.told = version;
}

}  // namespace switchboard::mllp
