#include "tests/support/arguments.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace switchboard::support {

void die(const std::string& reason) {
  std::fprintf(stderr, "%s\n", reason.c_str());
  std::fflush(nullptr);
  std::_Exit(2);
}

Arguments::Arguments(int count, char** values) {
  for (int i = 1; i < count; ++i) {
    const std::string_view name = values[i];
    if (!name.starts_with("--")) die("expected --name, got " + std::string(name));
    const bool bare = i + 1 == count || std::string_view(values[i + 1]).starts_with("--");
    values_[std::string(name.substr(2))] = bare ? "" : values[++i];
  }
}

std::string Arguments::text(const std::string& name, const std::string& otherwise) {
  asked_.insert(name);
  const auto it = values_.find(name);
  return it == values_.end() ? otherwise : it->second;
}

int64_t Arguments::number(const std::string& name, int64_t otherwise) {
  const std::string value = text(name, "");
  if (value.empty()) return otherwise;
  int64_t n = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (error != std::errc{} || end != value.data() + value.size()) die("--" + name + ": a number");
  return n;
}

uint64_t Arguments::count(const std::string& name, uint64_t otherwise) {
  const int64_t n = number(name, static_cast<int64_t>(otherwise));
  if (n < 0) die("--" + name + ": a number, not below 0");
  return static_cast<uint64_t>(n);
}

bool Arguments::flag(const std::string& name) {
  asked_.insert(name);
  return values_.contains(name);
}

void Arguments::help(const char* text) const {
  if (!values_.contains("help")) return;
  std::puts(text);
  std::exit(0);
}

void Arguments::finish() const {
  for (const auto& [name, value] : values_) {
    if (!asked_.contains(name)) die("unknown argument --" + name);
  }
}

}  // namespace switchboard::support
