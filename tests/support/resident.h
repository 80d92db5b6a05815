// How much memory a process holds now, as the kernel counts it.
#pragma once

#include <sys/types.h>

#include <fstream>
#include <string>

namespace switchboard::test {

// What is given back is kept by a sanitizer for a while: a bound on memory has to leave room for
// it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr size_t kKeptBySanitizersKb = 640 * 1024;
#else
inline constexpr size_t kKeptBySanitizersKb = 0;
#endif

inline size_t resident_kb(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; in >> word;) {
    size_t kb = 0;
    if (word == "VmRSS:" && in >> kb) return kb;
  }
  return 0;
}

}  // namespace switchboard::test
