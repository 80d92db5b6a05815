#include "tests/scenario/script.h"

#include <sstream>

namespace switchboard::scenario {

std::string Command::value(const std::string& name) const { return value_or(name, {}); }
std::string Command::value_or(const std::string& name, const std::string& otherwise) const {
  const auto it = values.find(name);
  return it == values.end() ? otherwise : it->second;
}

Command parse_command(std::string_view line) {
  Command command;
  std::istringstream in{std::string(line)};
  in >> command.verb;
  for (std::string word; in >> word;) {
    const size_t at = word.find('=');
    if (at == std::string::npos) {
      command.words.push_back(word);
      continue;
    }
    command.values[word.substr(0, at)] = word.substr(at + 1);
  }
  return command;
}

Script parse_script(std::string_view text) {
  Script script;
  std::istringstream in{std::string(text)};
  std::string before;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line.front() == '#') {
      before += line + "\n";
      continue;
    }
    Block block{std::move(before), line, {}, number};
    before.clear();
    std::getline(in, line);  // the ----
    ++number;
    while (std::getline(in, line) && !line.empty()) {
      ++number;
      block.expected += line + "\n";
    }
    ++number;
    script.blocks.push_back(std::move(block));
  }
  script.after = before;
  return script;
}

std::string print_script(const Script& script) {
  std::string text;
  for (const auto& block : script.blocks) {
    text += block.before + block.command + "\n----\n" + block.expected + "\n";
  }
  text += script.after;
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace switchboard::scenario
