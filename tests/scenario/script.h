// A script: blocks of a command line, "----" and the output it must give, up to a blank line.
//
// Lines that begin with # are comments. Parsing and rewriting only; what commands do: stage.h.
// With SCENARIO_REWRITE=1 the runner writes what it got back into the file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::scenario {

struct Command {
  std::string verb;
  std::vector<std::string> words;             // those without '='
  std::map<std::string, std::string> values;  // name=value
  // Empty where it is not given.
  std::string value(const std::string& name) const;
  std::string value_or(const std::string& name, const std::string& otherwise) const;
  bool has(const std::string& name) const { return values.contains(name); }
  std::string word(size_t at) const { return at < words.size() ? words[at] : std::string(); }
};
Command parse_command(std::string_view line);

struct Block {
  std::string before;  // comments and blank lines above it, as they are
  std::string command;
  std::string expected;
  int line = 0;
};
struct Script {
  std::vector<Block> blocks;
  std::string after;
};
Script parse_script(std::string_view text);
std::string print_script(const Script& script);

}  // namespace switchboard::scenario
