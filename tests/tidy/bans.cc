#include "tests/tidy/bans.h"

#include <algorithm>
#include <regex>

namespace switchboard::tidy {
namespace {

struct Row {
  const char* what;   // in code, without comments and strings
  const char* where;  // files the ban is for
  const char* but;    // files that may
  const char* instead;
};

// Adding a file to `but` needs its reason beside it.
constexpr Row kBans[] = {
    {R"(\bthrow\b)", R"((broker|adapters|services)/.*)", "",
     "return an Error: Result<T> of broker/base/result.h; nothing throws across a module line"},
    {R"(\b(sleep_for|sleep_until|usleep|nanosleep)\b|\bsleep\s*\()", R"(tests/.*)",
     R"(tests/support/eventually\.h)",
     "time is an argument, or wait for a fact with tests/support/eventually.h"},
    {R"(\b(system_clock|high_resolution_clock)::now\b|\bclock_gettime\b|\bgettimeofday\b)"
     R"(|\bstd::time\s*\(|\btime\s*\(\s*(nullptr|NULL|0|&))",
     R"((broker|adapters|services|tests)/.*)",
     // The clock itself; log lines, which carry when they were written; sd_notify's RELOADING,
     // which carries a monotonic stamp; the I/O shells of adapters, which stamp what they read; a
     // clock that a test moves.
     R"(broker/runtime/(clock\.h|clock\.cc|log\.cc|systemd\.cc)|tests/bench/.*)"
     R"(|tests/support/moved_clock\.cc)"
     R"(|adapters/\w+/(main|source|listener|connection)\.cc)",
     "take the time as an argument; broker/runtime/clock.h reads it once per turn (P12)"},
    {R"(\bsteady_clock::now\b)", R"((broker|adapters|services|tests)/.*)",
     // As above; the health port times its connections out on its own thread; tests with real
     // sockets, disks and processes bound how long they may take.
     R"(broker/runtime/(clock\.h|clock\.cc|health\.cc)|tests/(bench|integration|fault|e2e)/.*)"
     R"(|tests/support/eventually\.(h|cc)|adapters/\w+/(main|source|listener|connection)\.cc)",
     "take the time as an argument; broker/runtime/clock.h reads it once per turn (P12)"},
    {R"(\brandom_device\b|\brandombytes\w*|\bgetrandom\b|\bgetentropy\b|\bRAND_bytes\b)"
     R"(|\b(s?rand|random|drand48)\s*\(|\bdefault_random_engine\b)",
     R"((broker|adapters|services|tests)/.*)", R"(broker/base/seal\.cc)",
     "draw from Entropy (broker/base/seal.h), seeded by os_random_32() in the shell (P12)"},
    {R"(\bmt19937|\buniform_\w+_distribution\b)", R"((broker|adapters|services)/.*)", "",
     "draw from Entropy (broker/base/seal.h)"},
    {R"(\bstd::(\w+_)?mutex\b|\bcondition_variable\w*|\bpthread_(mutex|cond|rwlock)\w*)",
     R"((broker|adapters|services)/.*)",
     // ADR 0008: the health port has its own thread and copies what the owner published.
     R"(broker/runtime/health\.cc)",
     "one owner thread per piece of state; hand work over through a queue or a socket (ADR 0008)"},
    {R"((\.|->)revoked\(\))", R"(broker/.*)",
     // row_check: who holds a key at all, whatever the day.
     R"(broker/core/(in_force|row_check)\.cc)",
     "ask core/in_force.h, or Core::principal(): a key ends with its last day, too (P9)"},
    {R"(\bvolatile\b)", R"((broker|adapters|services)/.*)", R"(broker/runtime/signals\.cc)",
     "it is not a way for threads to talk"},
    {R"(\bshared_ptr\b|\bmake_shared\b)", R"((broker|adapters|services)/.*)",
     // RocksDB's caches and spdlog's sinks are handed over in no other form; snapshots of the
     // memory store share the version they read; so do loop and reader the directory's. A browser's
     // connection lives as long as anything of it is under way (Boost.Asio); a reply and a stream
     // are held by whoever answers later.
     R"(broker/kv/(rocks|mem)_\w+\.(h|cc)|broker/runtime/log\.cc)"
     R"(|broker/core/(directory|core)\.(h|cc)|broker/server/\w+\.(h|cc))"
     R"(|services/gateway/\w+\.(h|cc))",
     "one owner: unique_ptr owns, a reference borrows"},
};

struct Ban {
  std::regex what, where, but;
  std::string instead;
};
const std::vector<Ban>& bans() {
  static const std::vector<Ban> all = [] {
    std::vector<Ban> made;
    for (const Row& row : kBans) {
      made.push_back(
          {std::regex(row.what), std::regex(row.where), std::regex(row.but), row.instead});
    }
    return made;
  }();
  return all;
}

// Bracketed, so that this file does not contain what it looks for.
const std::regex kUnfinished(
    R"(\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b|\b[D]ISABLED_\w+|\b[G]TEST_SKIP\b)");
const std::regex kMachinePath(R"((^|[^\w.])/([w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/)");

void check_ban(const File& file, const Ban& ban, Findings& findings) {
  if (!std::regex_match(file.path, ban.where)) return;
  if (std::regex_match(file.path, ban.but)) return;
  for (size_t i = 0; i < file.code_lines.size(); ++i) {
    std::smatch found;
    if (!std::regex_search(file.code_lines[i], found, ban.what)) continue;
    findings.push_back(
        {file.path, i + 1, "`" + found.str() + "` is not for this file", ban.instead});
  }
}

void check_lines(const File& file, const std::regex& what, const std::string& rule,
                 const std::string& instead, Findings& findings) {
  for (size_t i = 0; i < file.lines.size(); ++i) {
    std::smatch found;
    if (!std::regex_search(file.lines[i], found, what)) continue;
    findings.push_back({file.path, i + 1, rule, instead});
  }
}

std::string digits_of(const std::string& text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

}  // namespace

void check_unfinished(const File& file, Findings& findings) {
  check_lines(file, kUnfinished, "a mark of unfinished or switched-off work",
              "finish it, delete it, or open an issue", findings);
}

void check_calls(const File& file, Findings& findings) {
  if (!file.cpp()) return;
  for (const Ban& ban : bans()) check_ban(file, ban, findings);
}

void check_machine_paths(const File& file, Findings& findings) {
  check_lines(file, kMachinePath, "a path of one machine",
              "a path relative to the root, a flag, or a temporary folder", findings);
}

bool passes_mod_11(std::string_view n) {
  int sum = 0;
  for (size_t i = 0; i < 9; ++i) sum += (n[i] - '0') * static_cast<int>(10 - i);
  const int check = (11 - sum % 11) % 11;
  return check == n[9] - '0';
}

void check_nhs_numbers(const File& file, Findings& findings) {
  static const std::regex form(R"((^|[^\w.+-])(\d{10}|\d{3}[ -]\d{3}[ -]\d{4})(?![\w-]))");
  if (file.path.ends_with("-lock.json")) return;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    for (std::sregex_iterator at(line.begin(), line.end(), form), end; at != end; ++at) {
      const std::string digits = digits_of((*at)[2].str());
      const bool all_same = digits.find_first_not_of(digits[0]) == std::string::npos;
      if (all_same || digits == "0123456789") continue;
      if (digits[0] == '9' || !passes_mod_11(digits)) continue;
      findings.push_back({file.path, i + 1, digits + " could be a living person's NHS number",
                          "test data uses numbers that begin with 9"});
    }
  }
}

}  // namespace switchboard::tidy
