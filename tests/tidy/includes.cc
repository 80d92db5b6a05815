#include "tests/tidy/includes.h"

#include <map>
#include <regex>
#include <set>

namespace switchboard::tidy {
namespace {

struct Include {
  std::string path;
  size_t line = 0;
  bool quoted = false;
};

std::vector<Include> includes_of(const File& file) {
  static const std::regex form(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> found;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    std::smatch match;
    if (!std::regex_search(file.lines[i], match, form)) continue;
    found.push_back({match[2].str(), i + 1, match[1].str() == "\""});
  }
  return found;
}

// A third-party header, the files that may include it, and why those.
struct Door {
  const char* header;
  const char* files;
  const char* why;
};
constexpr Door kDoors[] = {
    {R"(zmq.*)", R"(broker/wire/\w+\.cc|tests/(bench|integration|unit/wire)/.*)",
     "broker/wire/*.cc is the only door to ZeroMQ; tests may speak it as a stranger would"},
    {R"(rocksdb/.*)", R"(broker/kv/\w+\.cc|tests/(bench|fault|unit/kv)/.*)",
     "broker/kv/*.cc is the only door to RocksDB; faults and benchmarks look behind it"},
    {R"(spdlog/.*)", R"(broker/runtime/log\.(h|cc))", "broker/runtime/log.h is the only log"},
    {R"(sodium.*)", R"(broker/base/\w+\.cc|tests/bench/.*)",
     "use broker/base/hash.h and broker/base/seal.h"},
    {R"(toml\+\+/.*)", R"(broker/runtime/\w+\.cc|adapters/mllp/(\w+\.cc|toml_reader\.h)|tests/.*)",
     "read TOML through broker/runtime/config.h; the mapping file has its own reader"},
    {R"(prometheus/.*)", R"(broker/runtime/metrics\w*\.(h|cc))", "use broker/runtime/metrics.h"},
    {R"(systemd/.*)", R"(broker/runtime/\w+\.cc)", "systemd stays in broker/runtime"},
    {R"(date/date\.h)", R"((broker/(base|core)|adapters/\w+)/\w+\.cc)",
     "the calendar is pure; keep it in a .cc, show broker/base/time.h"},
    {R"(date/tz\.h)", R"(adapters/\w+/\w+\.cc|tests/unit/base/london_test\.cc)",
     "local time belongs to the adapter that meets it; broker/base/london.h knows one rule"},
    {R"(boost/.*)",
     R"(broker/runtime/health\.cc|tests/(unit/runtime|integration)/.*)"
     R"(|services/gateway/(connection|http_server|listener|request_reader|tls_context|transport))"
     R"(\.(h|cc))",
     "Boost.Beast serves HTTP only: the health port of broker/runtime and the gateway's server"},
    {R"(openssl/.*)",
     R"(adapters/mllp/\w+\.cc|services/gateway/tls_context\.cc|tests/integration/.*)",
     "TLS belongs to the MLLP listener and the gateway's server"},
    {R"(curl/.*)", R"(services/nudge/courier\.cc)", "libcurl carries nudges only"},
    {R"(CLI/.*)", R"(broker/runtime/program\.cc|services/cli/.*|tests/bench/.*)",
     "daemons read their command line through broker/runtime/program.h"},
};

// What a deterministic core cannot have (P12).
constexpr const char* kNotInCore =
    R"(thread|mutex|shared_mutex|condition_variable|future|atomic|stop_token|semaphore|latch)"
    R"(|barrier|chrono|ctime|time\.h|sys/.*|random|iostream|fstream|syncstream|filesystem)"
    R"(|csignal|signal\.h|unistd\.h|poll\.h|netdb\.h|netinet/.*|arpa/.*|fcntl\.h|pthread\.h)";

// Modules whose rule is narrower than their level.
struct Narrower {
  const char* from;
  const char* to;
  const char* instead;
};
constexpr Narrower kNarrower[] = {
    {"broker/core", "broker/kv", "core sees the typed tables of broker/store, never bytes"},
    {"broker/core", "broker/wire", "core takes commands and returns effects (P12)"},
    {"broker/core", "broker/runtime", "time, logs and metrics come in from the shell (P12)"},
    {"broker/store", "broker/wire", "the store knows tables; frames end in broker/server"},
    {"broker/store", "broker/runtime", "the store returns a Result; the shell logs it (P12)"},
    {"adapters/", "broker/store", "adapters reach the hub only through adapters/sdk"},
    {"adapters/", "broker/core", "adapters reach the hub only through adapters/sdk"},
    {"adapters/", "broker/server", "adapters reach the hub only through adapters/sdk"},
    {"services/", "broker/store", "services are ordinary clients of adapters/sdk"},
    {"services/", "broker/core", "services are ordinary clients of adapters/sdk"},
    {"services/", "broker/server", "services are ordinary clients of adapters/sdk"},
};

void check_level(const File& file, const Include& include, Findings& findings) {
  const std::string from = module_of(file.path);
  const std::string to = module_of(include.path);
  if (to.empty() || from == to) return;
  for (const Narrower& rule : kNarrower) {
    if (from.starts_with(rule.from) && to == rule.to) {
      findings.push_back({file.path, include.line, from + " includes " + to, rule.instead});
      return;
    }
  }
  const auto from_level = level_of(from);
  const auto to_level = level_of(to);
  if (!to_level) {
    findings.push_back({file.path, include.line, from + " includes " + include.path,
                        "only tests include tests, and unknown modules need a level here"});
  } else if (from_level && *to_level >= *from_level) {
    findings.push_back({file.path, include.line,
                        from + " (level " + std::to_string(*from_level) + ") includes " + to +
                            " (level " + std::to_string(*to_level) + ")",
                        "includes point down only (DESIGN §5): move the noun or pass it in"});
  }
}

// Everything a file reaches through quoted includes, with the include chain's first link.
void reach(const Tree& tree, const File& file, std::set<std::string>& seen) {
  for (const Include& include : includes_of(file)) {
    const File* next = tree.find(include.path);
    if (next != nullptr && seen.insert(include.path).second) reach(tree, *next, seen);
  }
}

}  // namespace

std::string module_of(std::string_view path) {
  static const std::regex form(R"(^((broker|adapters|services)/\w+|tests)/.*)");
  std::match_results<std::string_view::const_iterator> match;
  if (!std::regex_match(path.begin(), path.end(), match, form)) return "";
  return match[1].str();
}

std::optional<int> level_of(std::string_view module) {
  static const std::map<std::string_view, int> levels{
      {"broker/base", 0},  {"broker/kv", 1},    {"broker/wire", 1}, {"broker/runtime", 1},
      {"broker/store", 2}, {"adapters/sdk", 2}, {"broker/core", 3}, {"broker/server", 4}};
  if (const auto at = levels.find(module); at != levels.end()) return at->second;
  if (module.starts_with("adapters/") || module.starts_with("services/")) return 3;
  return std::nullopt;
}

void check_levels(const File& file, Findings& findings) {
  const std::string from = module_of(file.path);
  if (!file.cpp() || from.empty() || from == "tests") return;
  if (!level_of(from)) {
    findings.push_back({file.path, 0, from + " has no level", "name it in DESIGN §5 and here"});
  }
  for (const Include& include : includes_of(file)) check_level(file, include, findings);
}

void check_doors(const File& file, Findings& findings) {
  if (!file.cpp()) return;
  for (const Include& include : includes_of(file)) {
    if (include.quoted) continue;
    for (const Door& door : kDoors) {
      if (!std::regex_match(include.path, std::regex(door.header))) continue;
      if (std::regex_match(file.path, std::regex(door.files))) continue;
      findings.push_back({file.path, include.line, include.path + " outside its door", door.why});
    }
  }
}

void check_core(const Tree& tree, Findings& findings) {
  static const std::regex banned(kNotInCore);
  for (const File& file : tree.files) {
    if (!file.cpp() || !file.under("broker/core/")) continue;
    for (const Include& include : includes_of(file)) {
      if (include.quoted || !std::regex_match(include.path, banned)) continue;
      findings.push_back({file.path, include.line, "core includes <" + include.path + ">",
                          "it comes in as an input of a command (P12)"});
    }
    std::set<std::string> seen;
    reach(tree, file, seen);
    for (const std::string& path : seen) {
      const std::string to = module_of(path);
      if (to != "broker/wire" && to != "broker/runtime" && to != "broker/server") continue;
      findings.push_back({file.path, 0, "core reaches " + path,
                          "some header on the way includes it: cut that include (P12)"});
    }
  }
}

void check_include_paths(const Tree& tree, Findings& findings) {
  for (const File& file : tree.files) {
    if (!file.cpp()) continue;
    for (const Include& include : includes_of(file)) {
      if (!include.quoted || include.path.ends_with(".pb.h")) continue;
      if (tree.find(include.path) != nullptr) continue;
      findings.push_back({file.path, include.line, "no file " + include.path,
                          "include by full path from the root; third-party headers in <>"});
    }
  }
}

}  // namespace switchboard::tidy
