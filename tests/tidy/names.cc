#include "tests/tidy/names.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

namespace switchboard::tidy {
namespace {

const std::set<std::string> kBanned{"manager", "helper",  "helpers",  "util",
                                    "utils",   "handler", "handlers", "impl"};

// Names of other people's libraries that we have to write.
const std::set<std::string> kForeign{"util",               // google::protobuf::util
                                     "sa_handler",         // sigaction(2)
                                     "set_error_handler",  // spdlog
                                     "WriteBufferManager", "write_buffer_manager"};  // RocksDB

const std::set<std::string> kTop{
    "README.md", "CMakeLists.txt", "ARCHITECTURE.md", "CMakePresets.json",
    "LICENSE",   "CHANGELOG.md",   "proto",           "broker",
    "adapters",  "services",       "tests",           "deploy"};

// "RouteManager" and "route_manager" are route, manager.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (std::isalnum(c) == 0) {
      words.emplace_back();
      continue;
    }
    const bool after_lower = i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    if (std::isupper(c) != 0 && after_lower) words.emplace_back();
    words.back().push_back(static_cast<char>(std::tolower(c)));
  }
  return words;
}

std::string banned_word(const std::string& name) {
  for (const std::string& word : words_of(name)) {
    if (kBanned.contains(word)) return word;
  }
  return "";
}

void check_line(const File& file, size_t line, Findings& findings) {
  static const std::regex identifier(R"([A-Za-z_]\w*)");
  static const std::regex vague(R"(^(handle|process)_\w+$)");
  const std::string& text = file.code_lines[line];
  for (std::sregex_iterator at(text.begin(), text.end(), identifier), end; at != end; ++at) {
    const std::string name = at->str();
    if (kForeign.contains(name)) continue;
    if (!banned_word(name).empty()) {
      findings.push_back({file.path, line + 1, name, "name the noun it is; two nouns, two files"});
    } else if (std::regex_match(name, vague) && text[at->position() + at->length()] == '(') {
      findings.push_back({file.path, line + 1, name, "say what it does: accept, route, receive …"});
    }
  }
}

}  // namespace

void check_names(const File& file, Findings& findings) {
  const std::string word = banned_word(file.name());
  if (!word.empty() && !file.path.ends_with(".md")) {
    findings.push_back({file.path, 0, "file named " + word, "name the noun it owns"});
  }
  for (size_t i = 0; i < file.code_lines.size(); ++i) check_line(file, i, findings);
}

void check_top_level(const Tree& tree, Findings& findings) {
  std::set<std::string> names;
  for (const File& file : tree.files) names.insert(file.path.substr(0, file.path.find('/')));
  for (const std::string& name : names) {
    if (name.starts_with('.') || kTop.contains(name)) continue;
    findings.push_back({name, 0, "not a top-level name", "put it under the folder that owns it"});
  }
}

}  // namespace switchboard::tidy
