// Command line of the programs of the tests: `--name value` and bare `--name`, each known by use.
//
// An argument that nobody asked for ends the program with status 2 (call finish()): a typing error
// must not run something else than what was meant. Thread: main's.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "broker/base/result.h"

namespace switchboard::support {

// Prints the reason and exits with status 2: what cannot measure or judge must not report.
[[noreturn]] void die(const std::string& reason);

// The value, or the end of the program.
template <typename T>
T need(Result<T> result) {
  if (!result.ok()) die(result.error().text);
  return std::move(result).value();
}
inline void need(const Status& status) {
  if (!status.ok()) die(status.error().text);
}

class Arguments {
 public:
  Arguments(int count, char** values);
  std::string text(const std::string& name, const std::string& otherwise);
  int64_t number(const std::string& name, int64_t otherwise);
  uint64_t count(const std::string& name, uint64_t otherwise);  // none below 0
  bool flag(const std::string& name);
  // After --help prints the text and ends the program.
  void help(const char* text) const;
  // Call once every argument has been asked for.
  void finish() const;

 private:
  std::map<std::string, std::string> values_;
  std::set<std::string> asked_;
};

}  // namespace switchboard::support
