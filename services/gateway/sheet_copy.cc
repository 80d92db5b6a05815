#include "services/gateway/sheet_copy.h"

#include <fstream>
#include <sstream>

#include "broker/base/bytes.h"
#include "broker/runtime/log.h"

namespace switchboard::gateway {

std::filesystem::path SheetCopy::file_of(const std::string& team) const {
  return folder_ / ("sheet-" + to_hex(team));  // an id may have dots
}

void SheetCopy::keep(const std::string& team, const v1::DirectorySheet& sheet) {
  v1::DirectorySheet& kept = sheets_[team];
  v1::DirectorySheet same = sheet;
  same.set_at_us(kept.at_us());
  const bool changed = same.SerializeAsString() != kept.SerializeAsString();
  kept = sheet;
  if (!changed) return;  // written when a number changes, not with each look
  const auto file = file_of(team);
  const std::filesystem::path next = file.string() + ".new";
  std::ofstream out(next, std::ios::binary | std::ios::trunc);
  std::error_code failed;
  if (sheet.SerializeToOstream(&out) && out.flush()) {
    out.close();
    std::filesystem::rename(next, file, failed);
  } else {
    failed = std::make_error_code(std::errc::io_error);
  }
  if (failed) log::warn("the sheet of numbers cannot be kept", {{"why", failed.message()}});
}

const v1::DirectorySheet* SheetCopy::find(const std::string& team) {
  const auto [at, first] = sheets_.try_emplace(team);
  if (!first) return &at->second;
  std::ifstream in(file_of(team), std::ios::binary);
  if (in && at->second.ParseFromIstream(&in)) return &at->second;
  sheets_.erase(at);
  return nullptr;
}

}  // namespace switchboard::gateway
