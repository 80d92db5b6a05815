// Command line of the bench programs: `--name value` and bare `--name`, each known by use.
// An argument nobody asked for ends the program with status 2 (call finish()).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace switchboard::bench {

// Prints the reason and exits with status 2: a bench that cannot measure must not report.
[[noreturn]] void die(const std::string& reason);

class Arguments {
 public:
  Arguments(int count, char** values);
  std::string text(const std::string& name, const std::string& otherwise);
  int64_t number(const std::string& name, int64_t otherwise);
  bool flag(const std::string& name);
  // Call once every argument has been asked for.
  void finish() const;

 private:
  std::map<std::string, std::string> values_;
  std::set<std::string> asked_;
};

}  // namespace switchboard::bench
