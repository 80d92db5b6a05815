// The adapter's own count of what it read, by listener, bucket and day (P10): what the hub's count
// is held against.
//
// Owns: a row for each (listener, agency, system, bucket, day in Europe/London on which the message
// was read), with triggers by outcome, kept for kDaysKept. A row changes in the commit of what it
// counts, before anything is answered, so no kill makes the two differ; what was read and not
// committed was not answered and comes again. read = taken + duplicate + out_of_scope + refused +
// full, always. Not here: telling the hub (telling.h). Thread: the source's. Fails: with the
// outbox's store only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/mllp/exchange.h"
#include "adapters/sdk/outbox.h"

namespace switchboard::mllp {

// Where the counts of one listener stand.
struct Book {
  std::string listener, agency, system;
  v1::LedgerBucket bucket = v1::LEDGER_BUCKET_LIVE;
};

// The day on which it is this time in London: "2026-10-25".
std::string ledger_day(Time time);

class Ledger {
 public:
  static constexpr int64_t kDaysKept = 35;
  static constexpr size_t kTriggersPerRow = 128;  // later ones are counted as trigger "other"

  // Reads what was counted before; what the hub has not answered yet is counted anew.
  static Result<std::unique_ptr<Ledger>> open(const sdk::Outbox& outbox, std::vector<Book> books,
                                              Time now);

  // The row that something read now belongs to, as the outbox keeps it with the item.
  std::string tag(size_t listener, Time read) const;
  struct Entry {
    size_t listener = 0;
    Time read;
    Exchange::Ledger outcome = Exchange::Ledger::kPublished;
    std::string trigger, why;
    std::string kind;    // of what was published
    bool child = false;  // about somebody under 18, or of unknown age
  };
  void count(const Entry& entry);
  // One more item of a message that was counted as taken.
  void count_split(const Entry& entry);
  // Puts the rows that changed into the outbox's next commit.
  void stage(sdk::Outbox& outbox);
  // The hub's word on an item has come.
  void answered(const std::string& tag);
  // A day has a row from its beginning on, also of a silent listener, and is told once more when it
  // is over; old days go.
  void turn_day(Time now);

  // Rows the hub does not have as they are, oldest day first, at most `limit`.
  struct Changed {
    std::string tag;
    uint64_t version = 0;
    v1::AdapterLedger ledger;
  };
  std::vector<Changed> changed(size_t limit) const;
  void told(const std::string& tag, uint64_t version);
  size_t untold() const;  // rows the hub does not have as they are

 private:
  struct Row {
    v1::AdapterLedger ledger;
    uint64_t version = 1;
    uint64_t told = 0;  // the version the hub has
    bool unsaved = false;
  };
  explicit Ledger(std::vector<Book> books) : books_(std::move(books)) {}
  Row& row(const std::string& tag, const Book& book, const std::string& day);
  Row& change(const Entry& entry);

  const std::vector<Book> books_;
  std::map<std::string, Row> rows_;  // by tag
  std::vector<std::string> dropped_;
  std::string today_;
};

}  // namespace switchboard::mllp
