// CHECK: an assertion that is always on. A failed CHECK is a bug of ours: say where, abort.
// Never for bad input or a failing environment; those are a Result.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace switchboard {

[[noreturn]] inline void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "CHECK failed: %s at %s:%d\n", what, file, line);
  std::abort();
}

}  // namespace switchboard

#define CHECK(condition)                                                           \
  do {                                                                             \
    if (!(condition)) ::switchboard::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
