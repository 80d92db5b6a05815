#include "services/cli/postcode_file.h"

#include <algorithm>
#include <map>

#include "broker/base/limits.h"
#include "broker/base/postcode.h"

namespace switchboard::cli {
namespace {

constexpr size_t kProblemsMax = 10;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\"";
  const size_t from = text.find_first_not_of(kAround);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kAround) - from + 1);
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

// What is wrong with a line, or nothing.
std::string take_line(std::string_view line, v1::PostcodeTable& table) {
  const size_t comma = line.find(',');
  if (comma == std::string_view::npos) return "no comma: write prefix,area";
  const std::string prefix = upper(trimmed(line.substr(0, comma)));
  const std::string_view area = trimmed(line.substr(comma + 1));
  if (!is_postcode_prefix(prefix)) return "the prefix must be like XA, XA1 or \"XA1 2\"";
  if (area.empty()) return "the area is missing";
  v1::PostcodePrefix& row = *table.add_rows();
  row.set_prefix(prefix);
  row.set_area(std::string(area));
  return {};
}

bool is_heading(std::string_view line) {
  return upper(trimmed(line.substr(0, line.find(',')))) == "PREFIX";
}

}  // namespace

Result<v1::PostcodeTable> read_postcode_file(std::string_view text, std::string_view edition) {
  v1::PostcodeTable table;
  table.set_id("postcodes");
  table.set_edition(std::string(edition));
  std::string problems;
  size_t found = 0;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (trimmed(line).empty() || (number == 1 && is_heading(line))) continue;
    const std::string problem = take_line(line, table);
    if (problem.empty() || ++found > kProblemsMax) continue;
    problems += (problems.empty() ? "" : "\n") + std::string("line ") + std::to_string(number) +
                ": " + problem;
  }
  if (found > kProblemsMax) problems += "\nand " + std::to_string(found - kProblemsMax) + " more";
  if (!problems.empty()) return error(v1::CODE_INVALID, problems);
  if (table.rows().empty()) return error(v1::CODE_INVALID, "the file names no prefix");
  if (static_cast<size_t>(table.rows_size()) > limits::kPostcodePrefixesMax) {
    return error(v1::CODE_OVERSIZE,
                 std::to_string(table.rows_size()) + " prefixes, at most " +
                     std::to_string(limits::kPostcodePrefixesMax) +
                     ": use districts (XA1) and name sectors (XA1 2) only where a district lies in "
                     "two areas");
  }
  return table;
}

std::string area_in(const v1::PostcodeTable& table, std::string_view postcode,
                    std::string& prefix) {
  std::map<std::string_view, std::string_view> areas;
  for (const auto& row : table.rows()) areas[row.prefix()] = row.area();
  for (const std::string& candidate : postcode_prefixes(postcode)) {
    const auto found = areas.find(candidate);
    if (found == areas.end()) continue;
    prefix = candidate;
    return std::string(found->second);
  }
  return {};
}

}  // namespace switchboard::cli
