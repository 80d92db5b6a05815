#include "tests/tidy/coverage.h"

#include <regex>

#include "tests/tidy/docs.h"
#include "tests/tidy/hazards.h"

namespace switchboard::tidy {
namespace {

constexpr const char* kPath = "tests/fault/COVERAGE.md";
constexpr int kFaults = 25, kInvariants = 20, kPromises = 12;
enum Column : size_t { kPromisesCell = 2, kTestsCell = 3, kCells = 4 };

std::set<std::string> words(const std::string& text, const std::regex& form) {
  return {std::sregex_token_iterator(text.begin(), text.end(), form), std::sregex_token_iterator()};
}

class Page {
 public:
  Page(const File& file, const std::set<std::string>& known, Findings& findings)
      : file_(file), known_(known), findings_(findings) {}

  void check(const std::string& heading, char letter, int last) {
    int next = 1;
    for (const Row& row : table(file_, heading)) {
      const std::string due = letter + std::to_string(next++);
      if (row.cells[0] != due) say(row, "not " + due, "every one, in order, once");
      if (row.cells.size() < kCells) {
        say(row, "no tests", "| " + due + " | what | promises | tests |");
        continue;
      }
      check_tests(row);
      for (const auto& p : words(row.cells[kPromisesCell], promise_)) promises_.insert(p);
    }
    if (next != last + 1) say({{}, 0}, heading + " table is not whole", "all of them");
  }
  // Rows without a number of their own.
  void check_listed(const std::string& heading) {
    const auto rows = table(file_, heading);
    if (rows.empty()) say({{}, 0}, "no table of " + heading, "| " + heading + " | … | … | tests |");
    for (const Row& row : rows) {
      row.cells.size() < kCells ? say(row, "no tests", "four cells") : check_tests(row);
    }
  }
  void check_promises() {
    for (int p = 1; p <= kPromises; ++p) {
      const std::string name = "P" + std::to_string(p);
      if (!promises_.contains(name)) say({{}, 0}, "nothing tries " + name, "a fault that does");
    }
  }

 private:
  void check_tests(const Row& row) {
    const auto named = words(row.cells[kTestsCell], test_);
    if (named.empty()) say(row, "names no test", "Suite.Name of a test, or a ctest entry");
    for (const auto& test : named) {
      if (!known_.contains(test)) say(row, "no test " + test, "name a test that exists");
    }
  }
  void say(const Row& row, const std::string& rule, const std::string& instead) {
    findings_.push_back({file_.path, row.line, rule, instead});
  }
  const std::regex promise_{R"(P\d+)"};
  const std::regex test_{R"([A-Za-z]\w*(\.\w+)?)"};
  const File& file_;
  const std::set<std::string>& known_;
  Findings& findings_;
  std::set<std::string> promises_;
};

}  // namespace

void check_fault_coverage(const Tree& tree, Findings& findings) {
  const File* file = tree.find(kPath);
  if (file == nullptr) return;
  const auto known = test_names(tree);
  Page page(*file, known, findings);
  page.check("Fault", 'F', kFaults);
  page.check("Invariant", 'I', kInvariants);
  page.check_listed("Security");
  page.check_promises();
}

}  // namespace switchboard::tidy
