// Events counted by kind, and how many of them are about children: one rule for both sides of a
// ledger (P10), so that they can be compared.
//
// Bounded (P11): kinds beyond the limit are counted together. Pure. Thread: any.
#pragma once

#include <string_view>

#include "broker/base/limits.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard {

inline constexpr std::string_view kOtherKinds = "other";

template <typename Kinds>
void count_kind(Kinds& kinds, std::string_view kind, bool child) {
  const auto find = [&](std::string_view name) -> v1::KindCount* {
    for (auto& known : kinds) {
      if (known.kind() == name) return &known;
    }
    return nullptr;
  };
  v1::KindCount* row = find(kind);
  if (row == nullptr && static_cast<size_t>(kinds.size()) + 1 >= limits::kLedgerKindsMax) {
    kind = kOtherKinds;
    row = find(kind);
  }
  if (row == nullptr) {
    row = kinds.Add();
    row->set_kind(kind.data(), kind.size());
  }
  row->set_count(row->count() + 1);
  if (child) row->set_children(row->children() + 1);
}

// 0: none were counted.
template <typename Kinds>
uint64_t children_of(const Kinds& kinds, std::string_view kind) {
  for (const auto& known : kinds) {
    if (known.kind() == kind) return known.children();
  }
  return 0;
}

}  // namespace switchboard
