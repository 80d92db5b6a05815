// How much memory a process holds now, as the kernel counts it.
#pragma once

#include <sys/types.h>

#include <fstream>
#include <string>

namespace switchboard::test {

inline size_t resident_kb(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; in >> word;) {
    size_t kb = 0;
    if (word == "VmRSS:" && in >> kb) return kb;
  }
  return 0;
}

}  // namespace switchboard::test
