#include "tests/tidy/docs.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>

namespace switchboard::tidy {
namespace {

constexpr size_t kArchitectureLinesMax = 400;
constexpr const char* kProtocol = "proto/PROTOCOL.md";
constexpr const char* kStorage = "broker/store/STORAGE.md";

std::string trim(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '`'), text.end());
  const size_t from = text.find_first_not_of(" \t");
  if (from == std::string::npos) return "";
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> found;
  size_t at = 1;
  for (size_t bar = line.find('|', at); bar != std::string::npos; bar = line.find('|', at)) {
    found.push_back(trim(line.substr(at, bar - at)));
    at = bar + 1;
  }
  return found;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Lines with fenced blocks and inline code blanked: a link in an example is no link.
std::vector<std::string> prose(const File& file) {
  static const std::regex inline_code("`[^`]*`");
  std::vector<std::string> lines = file.lines;
  bool fenced = false;
  for (std::string& line : lines) {
    const bool fence = line.starts_with("```");
    if (fence) fenced = !fenced;
    line = fence || fenced ? "" : std::regex_replace(line, inline_code, "");
  }
  return lines;
}

void check_link(const Tree& tree, const File& file, size_t line, std::string target,
                Findings& findings) {
  target = target.substr(0, target.find_first_of("# "));
  if (target.empty() || target.find(':') != std::string::npos) return;
  const auto folder = std::filesystem::path(file.path).parent_path();
  std::string path = (folder / target).lexically_normal().generic_string();
  if (path.ends_with('/')) path.pop_back();
  if (path == "." || tree.has(path)) return;
  findings.push_back({file.path, line, "link to " + target + " leads nowhere",
                      "correct it, or write the file it promises"});
}

// Enumerator -> number, from "NAME = 1" between `open` and the next "}".
std::map<std::string, std::string> enumerators(const std::string& text, const std::string& open,
                                               const std::string& prefix) {
  const size_t from = text.find(open);
  if (from == std::string::npos) return {};
  const std::string body = text.substr(from, text.find('}', from) - from);
  const std::regex form(prefix + R"((\w+)\s*=\s*(\d+))");
  std::map<std::string, std::string> found;
  for (std::sregex_iterator at(body.begin(), body.end(), form), end; at != end; ++at) {
    found[lower((*at)[1].str())] = (*at)[2].str();
  }
  return found;
}

void compare(const File& doc, const std::vector<Row>& rows, const std::string& prefix,
             std::map<std::string, std::string> wanted, const std::string& of, Findings& findings) {
  for (const Row& row : rows) {
    std::string name = row.cells[0];
    // "kKey" is key, and so is "key".
    const bool prefixed = name.size() > prefix.size() && name.starts_with(prefix) &&
                          std::isupper(static_cast<unsigned char>(name[prefix.size()]));
    if (prefixed) name.erase(0, prefix.size());
    const auto at = wanted.find(lower(name));
    if (at == wanted.end()) {
      findings.push_back({doc.path, row.line,
                          row.cells[0] + " is not in " + of + ", or is here twice",
                          "the code is right: change the table"});
      continue;
    }
    if (row.cells[1] != at->second) {
      findings.push_back({doc.path, row.line, row.cells[0] + " is " + at->second + " in " + of,
                          "the code is right: change the table"});
    }
    wanted.erase(at);
  }
  for (const auto& [name, number] : wanted) {
    findings.push_back({doc.path, 0, prefix + name + " of " + of + " has no row", "add it"});
  }
}

std::set<std::string> modules(const Tree& tree) {
  static const std::regex module(R"((broker|adapters|services)/\w+)");
  std::set<std::string> found;
  for (const std::string& folder : tree.folders) {
    if (folder.starts_with('.')) continue;
    if (folder.find('/') == std::string::npos || std::regex_match(folder, module)) {
      found.insert(folder);
    }
  }
  return found;
}

}  // namespace

std::vector<Row> table(const File& file, const std::string& heading) {
  std::vector<Row> rows;
  bool inside = false;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (!line.starts_with('|')) {
      inside = false;
      continue;
    }
    const auto row = cells(line);
    if (row.size() < 2 || row[0].starts_with("-") || row[0].starts_with(":-")) continue;
    if (inside) rows.push_back({row, i + 1});
    if (row[0] == heading) inside = true;
  }
  return rows;
}

std::set<std::string> tree_block(const File& file) {
  static const std::regex entry(R"(^( *)([\w.-]+)/(\s.*)?$)");
  std::set<std::string> found;
  std::vector<std::string> open;
  bool inside = false;
  for (const std::string& line : file.lines) {
    if (line.starts_with("```")) inside = line == "```tree";
    std::smatch match;
    if (!inside || !std::regex_match(line, match, entry)) continue;
    open.resize(std::min(open.size(), static_cast<size_t>(match[1].length()) / 2));
    open.push_back((open.empty() ? "" : open.back() + "/") + match[2].str());
    found.insert(open.back());
  }
  return found;
}

std::map<std::string, uint64_t> limit_values(const std::string& text) {
  static const std::regex form(R"(constexpr\s+\w+\s+(k\w+)\s*=\s*([^;]+);)");
  static const std::regex token(R"(k\w+|[\d']+|[*+])");
  std::map<std::string, uint64_t> values;
  for (std::sregex_iterator at(text.begin(), text.end(), form), end; at != end; ++at) {
    const std::string expression = (*at)[2].str();
    uint64_t sum = 0, product = 1;
    for (std::sregex_iterator t(expression.begin(), expression.end(), token); t != end; ++t) {
      std::string word = t->str();
      if (word == "+") {
        sum += product;
        product = 1;
      } else if (word != "*") {
        word.erase(std::remove(word.begin(), word.end(), '\''), word.end());
        product *= word[0] == 'k' ? values[word] : std::stoull(word);
      }
    }
    values[(*at)[1].str()] = sum + product;
  }
  return values;
}

void check_links(const Tree& tree, Findings& findings) {
  static const std::regex link(R"(\]\(([^)]+)\))");
  for (const File& file : tree.files) {
    if (!file.path.ends_with(".md")) continue;
    const auto lines = prose(file);
    for (size_t i = 0; i < lines.size(); ++i) {
      for (std::sregex_iterator at(lines[i].begin(), lines[i].end(), link), end; at != end; ++at) {
        check_link(tree, file, i + 1, (*at)[1].str(), findings);
      }
    }
  }
}

void check_architecture(const Tree& tree, Findings& findings) {
  const File* doc = tree.find("ARCHITECTURE.md");
  if (doc == nullptr) return;
  if (doc->lines.size() > kArchitectureLinesMax) {
    findings.push_back({doc->path, doc->lines.size(), "more than 400 lines",
                        "move detail beside the code it is about"});
  }
  const auto listed = tree_block(*doc);
  const auto wanted = modules(tree);
  for (const std::string& folder : wanted) {
    if (listed.contains(folder)) continue;
    findings.push_back({doc->path, 0, folder + "/ is not in the tree block",
                        "add it to the block that begins with ```tree, one folder a line"});
  }
  for (const std::string& folder : listed) {
    if (tree.has(folder)) continue;
    findings.push_back(
        {doc->path, 0, folder + "/ is in the tree block and not in the tree", "delete the line"});
  }
}

void check_code_table(const Tree& tree, Findings& findings) {
  const File* doc = tree.find(kProtocol);
  const File* proto = tree.find("proto/switchboard/v1/session.proto");
  if (doc == nullptr || proto == nullptr) return;
  compare(*doc, table(*doc, "Code"), "CODE_", enumerators(proto->text, "enum Code {", "CODE_"),
          "enum Code", findings);
}

void check_family_table(const Tree& tree, Findings& findings) {
  const File* doc = tree.find(kStorage);
  const File* header = tree.find("broker/kv/kv.h");
  if (doc == nullptr || header == nullptr) return;
  compare(*doc, table(*doc, "Family"), "k", enumerators(header->text, "enum class Family", "k"),
          "kv::Family", findings);
}

void check_limits_table(const Tree& tree, Findings& findings) {
  const File* doc = tree.find(kProtocol);
  const File* header = tree.find("broker/base/limits.h");
  if (doc == nullptr || header == nullptr) return;
  const auto values = limit_values(header->text);
  const auto rows = table(*doc, "Limit");
  if (rows.empty()) {
    findings.push_back({doc->path, 0, "no table headed Limit", "print what a client must know"});
  }
  for (const Row& row : rows) {
    const auto at = values.find(row.cells[0]);
    std::string digits = row.cells[1];
    digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
    if (at != values.end() && digits == std::to_string(at->second)) continue;
    findings.push_back({doc->path, row.line, row.cells[0] + " is not " + row.cells[1],
                        at == values.end() ? "limits.h has no such name"
                                           : "limits.h says " + std::to_string(at->second)});
  }
}

void check_fuzz_table(const Tree& tree, Findings& findings) {
  const File* doc = tree.find("tests/fuzz/README.md");
  const File* build = tree.find("tests/fuzz/CMakeLists.txt");
  if (build == nullptr) return;
  if (doc == nullptr) {
    findings.push_back(
        {build->path, 0, "no README.md beside it", "print what was fuzzed how long"});
    return;
  }
  static const std::regex form(R"(\n\s*switchboard_fuzz\((\w+) )");
  std::set<std::string> targets;
  for (std::sregex_iterator at(build->text.begin(), build->text.end(), form), end; at != end;
       ++at) {
    targets.insert((*at)[1].str());
  }
  std::set<std::string> rows;
  for (const Row& row : table(*doc, "Target")) {
    rows.insert(row.cells[0]);
    if (targets.contains(row.cells[0])) continue;
    findings.push_back(
        {doc->path, row.line, row.cells[0] + " is no fuzz target", "delete the row"});
  }
  for (const std::string& target : targets) {
    if (!rows.contains(target)) {
      findings.push_back({doc->path, 0, target + " has no row in the table of targets",
                          "say what it reads, how often it ran, what it found"});
    }
    if (!tree.has("tests/fuzz/corpus/" + target)) {
      findings.push_back({build->path, 0, target + " has no corpus", "add seeds"});
    }
  }
}

}  // namespace switchboard::tidy
