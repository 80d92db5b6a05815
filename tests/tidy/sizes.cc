#include "tests/tidy/sizes.h"

#include <algorithm>

#include "tests/tidy/code.h"

namespace switchboard::tidy {
namespace {

// Code points, not bytes: a dash is one column.
size_t columns(std::string_view line) {
  return static_cast<size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

bool names(const File& cmake, const std::string& path) {
  for (size_t at = cmake.text.find(path); at != std::string::npos;
       at = cmake.text.find(path, at + 1)) {
    const char before = at == 0 ? ' ' : cmake.text[at - 1];
    if (before == ' ' || before == '\n' || before == '(' || before == '"') return true;
  }
  return false;
}

bool built(const Tree& tree, const std::string& path) {
  for (size_t at = path.rfind('/'); at != std::string::npos && at > 0;
       at = path.rfind('/', at - 1)) {
    const File* cmake = tree.find(path.substr(0, at) + "/CMakeLists.txt");
    if (cmake != nullptr && names(*cmake, path.substr(at + 1))) return true;
  }
  return false;
}

}  // namespace

void check_sizes(const File& file, Findings& findings) {
  if (!file.cpp()) return;
  const size_t limit = file.header() ? kHeaderLinesMax : kSourceLinesMax;
  if (file.lines.size() > limit) {
    findings.push_back({file.path, file.lines.size(),
                        "more than " + std::to_string(limit) + " lines",
                        "one noun per file pair: split it"});
  }
  for (const Function& function : functions(file.code)) {
    if (function.lines <= kFunctionLinesMax) continue;
    findings.push_back({file.path, function.line,
                        function.name + " has " + std::to_string(function.lines) + " lines",
                        "at most " + std::to_string(kFunctionLinesMax) +
                            ": keep control flow, move the leaves out"});
  }
}

void check_columns(const File& file, Findings& findings) {
  if (!file.cpp()) return;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    if (columns(file.lines[i]) <= kColumnsMax) continue;
    findings.push_back({file.path, i + 1, "more than 100 columns", "clang-format -i, or split it"});
  }
}

void check_header_opening(const File& file, Findings& findings) {
  if (!file.header()) return;
  if (file.text.starts_with("//")) return;
  findings.push_back({file.path, 1, "header without an opening comment",
                      "say what it owns, what not, its thread, how it fails (at most ten lines)"});
}

void check_tests_are_built(const Tree& tree, Findings& findings) {
  for (const File& file : tree.files) {
    if (!file.path.ends_with("_test.cc") || built(tree, file.path)) continue;
    findings.push_back({file.path, 0, "a test nobody builds", "name it in its CMakeLists.txt"});
  }
}

}  // namespace switchboard::tidy
