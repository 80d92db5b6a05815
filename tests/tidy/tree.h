// The text files of the repository, read once, and what is wrong with them.
//
// Owns: reading (what .gitignore names is left out) and the form of a finding. No rule is here.
// A Tree can also be made from texts in memory, so that every rule is shown to fail on bad input.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::tidy {

struct File {
  std::string path;  // from the root, '/' between parts
  std::string text;
  std::vector<std::string> lines;
  std::string code;  // C++ only: text with comments, strings and preprocessor lines blanked
  std::vector<std::string> code_lines;

  bool header() const { return path.ends_with(".h"); }
  bool source() const { return path.ends_with(".cc"); }
  bool cpp() const { return header() || source(); }
  bool under(std::string_view folder) const { return path.starts_with(folder); }
  std::string name() const;  // last part of the path
};
File make_file(std::string path, std::string text);

struct Tree {
  std::vector<File> files;           // sorted by path
  std::vector<std::string> folders;  // every folder, from the root, sorted
  const File* find(std::string_view path) const;
  bool has(std::string_view path) const;  // a file or a folder
};
Tree read_tree(const std::filesystem::path& root);
// For tests of rules; folders follow from the paths.
Tree make_tree(std::vector<File> files);

struct Finding {
  std::string path;
  size_t line = 0;      // from 1; 0 = the file as a whole
  std::string rule;     // what is wrong
  std::string instead;  // what to do
};
using Findings = std::vector<Finding>;
std::ostream& operator<<(std::ostream& out, const Finding& finding);

std::vector<std::string> split_lines(std::string_view text);

}  // namespace switchboard::tidy
