// What tests of corrections share: one admission, and what corrects it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "broker/store/entry.h"
#include "tests/support/builders.h"

namespace switchboard::core {

inline constexpr auto kVoid = v1::CORRECTION_NATURE_VOID;
inline constexpr auto kSuperseded = v1::CORRECTION_NATURE_SUPERSEDED;
inline constexpr auto kWrong = v1::CORRECTION_NATURE_WRONG_SUBJECT;

inline support::Event admission(const std::string& message = "1001") {
  support::Event event("admission", message);
  *event.header.add_threads() = support::visit("V1");
  return event;
}
inline support::Event cancel(const std::string& message = "2",
                             v1::CorrectionNature nature = kVoid) {
  return support::correction(message, "V1", "admission", nature);
}
inline size_t corrected_marks(const std::vector<store::LogEntry>& log) {
  return static_cast<size_t>(std::count_if(log.begin(), log.end(), [](const auto& e) {
    return e.change.change() == v1::CHANGE_CORRECTED;
  }));
}

}  // namespace switchboard::core
