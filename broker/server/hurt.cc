#include "broker/server/hurt.h"

#include <algorithm>
#include <optional>

namespace switchboard::server {

void Hurt::add(std::string_view fault, uint64_t first, uint64_t last) {
  const bool goes_on = open_ && runs_.back().fault == fault;
  if (!goes_on && runs_.size() == kRunsMax) return;
  if (!goes_on) runs_.push_back({std::string(fault), first, last, 0});
  runs_.back().last = last;
  ++runs_.back().count;
  open_ = true;
}

bool Hurt::covers(uint64_t number) const {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), number,
                                      [](uint64_t n, const Run& run) { return n < run.first; });
  return after != runs_.begin() && number <= std::prev(after)->last;
}

std::string range_words(std::string_view one, std::string_view many, uint64_t first,
                        uint64_t last) {
  if (first == last) return std::string(one) + " " + std::to_string(first);
  return std::string(many) + " " + std::to_string(first) + " to " + std::to_string(last);
}

namespace {

// The first row from this number on; nothing: none can be read from there.
struct Found {
  bool any = false;  // else it is the end
  uint64_t number = 0;
};
std::optional<Found> look(const store::Reads& reads, const Numbered& rows, uint64_t from) {
  const auto scan = reads.scan(rows.family, rows.key(from), rows.key(rows.last + 1));
  if (!scan->status().ok()) return std::nullopt;
  if (!scan->valid()) return Found{};
  return Found{true, store::key::trailing_u64(scan->key())};
}

// About the lowest number from which rows can be read again: the disk loses them by the block.
uint64_t readable_from(const store::Reads& reads, const Numbered& rows, uint64_t lost) {
  uint64_t bad = lost;
  uint64_t good = rows.last + 1;
  for (uint64_t step = 1; lost + step <= rows.last; step *= 2) {
    if (look(reads, rows, lost + step)) {
      good = lost + step;
      break;
    }
    bad = lost + step;
  }
  while (good - bad > 1) {
    const uint64_t middle = bad + (good - bad) / 2;
    (look(reads, rows, middle) ? good : bad) = middle;
  }
  return good;
}

}  // namespace

void read_past_damage(const store::Reads& reads, const Numbered& rows, uint64_t from,
                      const TakeRow& take, const TakeLost& lost) {
  while (from <= rows.last) {
    const auto scan = reads.scan(rows.family, rows.key(from), rows.key(rows.last + 1));
    for (; scan->valid(); scan->next()) {
      from = take(store::key::trailing_u64(scan->key()), scan->value());
    }
    if (scan->status().ok()) return;
    const uint64_t again = readable_from(reads, rows, from);
    const auto found = again > rows.last ? std::nullopt : look(reads, rows, again);
    const uint64_t next = found && found->any ? found->number : rows.last + 1;
    lost(from, next - 1);
    from = next;
  }
}

}  // namespace switchboard::server
