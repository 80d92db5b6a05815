// Scans over pages, row by row: what PackedKv's readers see.
//
// Owns: the physical scans below, and with them the page that is shown. Borrows the Reads and the
// Packing. Thread: that of its reader. Fails: status(), also for a page that cannot be read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "broker/kv/kv.h"
#include "broker/kv/page.h"

namespace switchboard::kv {

// How the rows of a family lie in pages.
struct Packing {
  Family family = Family::kEvent;
  // Keys within these bounds lie in pages ("" = no bound); the others are rows of their own.
  std::string_view from, until;
  // Rows share a page only if their keys are equal in so many first bytes. All keys that are lie
  // next to each other, so a page never stands between the rows of another group.
  size_t cut = 0;
  size_t page_bytes = 0;  // a page ends before it is larger; one row may be

  bool holds(std::string_view key) const { return key >= from && (until.empty() || key < until); }
  std::string_view group_of(std::string_view key) const { return key.substr(0, cut); }
  // The end of all keys of this key's group.
  std::string group_end(std::string_view key) const;
  // A bound for physical keys such that no page with a row before `until` lies behind it.
  std::string physical_end(std::string_view until) const;
};

std::unique_ptr<Scan> scan_pages(const Reads& reads, const Packing& packing, std::string_view from,
                                 std::string_view until);
std::unique_ptr<Scan> scan_pages_back(const Reads& reads, const Packing& packing,
                                      std::string_view from, std::string_view until);

}  // namespace switchboard::kv
