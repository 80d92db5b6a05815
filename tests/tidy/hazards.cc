#include "tests/tidy/hazards.h"

#include <regex>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace switchboard::tidy {
namespace {

constexpr const char* kPath = "deploy/assurance/hazards.toml";
using Report = std::function<void(const toml::node&, const std::string&, const std::string&)>;

void check_texts(const toml::table& hazard, const Report& report) {
  for (const char* key : {"id", "title", "cause", "effect"}) {
    if (!hazard[key].value_or(std::string_view()).empty()) continue;
    report(hazard, std::string("no ") + key, "a sentence in plain words");
  }
}

std::optional<int64_t> degree(const toml::table& hazard, const char* when, const char* what) {
  const auto value = hazard[when][what].value<int64_t>();
  return value && *value >= 1 && *value <= 5 ? value : std::nullopt;
}

void check_degrees(const toml::table& hazard, const Report& report) {
  for (const char* what : {"severity", "likelihood"}) {
    const auto before = degree(hazard, "before", what);
    const auto after = degree(hazard, "after", what);
    if (!before || !after) {
      report(hazard, std::string("before and after need a ") + what, "a whole number from 1 to 5");
    } else if (*after > *before) {
      report(hazard, std::string(what) + " after is worse than before", "controls do not do harm");
    }
  }
}

void check_list(const toml::table& hazard, const char* key, const Report& report) {
  const toml::array* list = hazard[key].as_array();
  if (list == nullptr || (list->empty() && std::string_view(key) == "controls")) {
    report(hazard, std::string("no ") + key, "a list; tests may be empty only while none exists");
    return;
  }
  for (const toml::node& entry : *list) {
    if (!entry.is_string()) report(entry, std::string(key) + " holds no text", "\"Suite.Name\"");
  }
}

// Honest about what is done: controlled means that tests say so, open that nothing has changed.
void check_state(const toml::table& hazard, const Report& report) {
  const std::string state = hazard["state"].value_or(std::string());
  const toml::array* tests = hazard["tests"].as_array();
  const bool tested = tests != nullptr && !tests->empty();
  if (state == "controlled" && !tested) {
    report(hazard, "controlled, and no test says so", "name the tests, or say partly");
  } else if (state == "open" &&
             degree(hazard, "before", "likelihood") != degree(hazard, "after", "likelihood")) {
    report(hazard, "open, and yet less likely after", "say partly, and name the control");
  } else if (state != "controlled" && state != "partly" && state != "open") {
    report(hazard, "no state", "controlled, partly or open");
  }
}

void check_tests(const toml::table& hazard, const std::set<std::string>& known,
                 const Report& report) {
  const toml::array* tests = hazard["tests"].as_array();
  if (tests == nullptr) return;
  for (const toml::node& entry : *tests) {
    const std::string name = entry.value_or(std::string());
    if (known.contains(name)) continue;
    report(entry, "no test " + name, "name a test that exists: Suite.Name or a ctest entry");
  }
}

void collect(const std::string& text, const std::regex& form, std::set<std::string>& names) {
  for (std::sregex_iterator at(text.begin(), text.end(), form), end; at != end; ++at) {
    names.insert(at->size() > 2 ? (*at)[1].str() + "." + (*at)[2].str() : (*at)[1].str());
  }
}

}  // namespace

std::set<std::string> test_names(const Tree& tree) {
  static const std::regex gtest(
      R"(\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP))"
      R"(\s*\(\s*(\w+)\s*,\s*(\w+)\s*[,)])");
  static const std::regex ctest(R"((?:switchboard_test\s*\(|add_test\s*\(\s*NAME)\s*([\w.-]+))");
  std::set<std::string> names;
  for (const File& file : tree.files) {
    if (!file.under("tests/")) continue;
    if (file.source()) collect(file.code, gtest, names);
    if (file.name() == "CMakeLists.txt") collect(file.text, ctest, names);
  }
  return names;
}

void check_hazards(const Tree& tree, Findings& findings) {
  const File* file = tree.find(kPath);
  if (file == nullptr) return;
  const Report report = [&](const toml::node& at, const std::string& rule,
                            const std::string& instead) {
    findings.push_back({file->path, at.source().begin.line, rule, instead});
  };
  const toml::parse_result parsed = toml::parse(file->text);
  if (!parsed) {
    findings.push_back({file->path, parsed.error().source().begin.line, "not TOML",
                        std::string(parsed.error().description())});
    return;
  }
  const toml::array* hazards = parsed.table()["hazard"].as_array();
  if (hazards == nullptr) {
    findings.push_back({file->path, 0, "no [[hazard]]", "one table a hazard"});
    return;
  }
  const std::set<std::string> known = test_names(tree);
  std::set<std::string> ids;
  for (const toml::node& entry : *hazards) {
    const toml::table* hazard = entry.as_table();
    if (hazard == nullptr) continue;
    check_texts(*hazard, report);
    check_degrees(*hazard, report);
    check_list(*hazard, "controls", report);
    check_list(*hazard, "tests", report);
    check_tests(*hazard, known, report);
    check_state(*hazard, report);
    const std::string id = (*hazard)["id"].value_or(std::string());
    if (!ids.insert(id).second) report(entry, "hazard " + id + " is there twice", "ids are unique");
  }
}

}  // namespace switchboard::tidy
