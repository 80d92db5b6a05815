#include "tests/fault/apart.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "broker/base/check.h"

namespace switchboard::fault {

namespace {

// All the outcomes that the child told before it ended.
void hear(int from, std::vector<std::optional<Outcome>>& outcomes) {
  uint8_t byte = 0;
  while (::read(from, &byte, 1) == 1) outcomes.emplace_back(static_cast<Outcome>(byte));
}

}  // namespace

std::vector<std::optional<Outcome>> run_apart(
    uint64_t count, const std::function<void(uint64_t from, const Tell& tell)>& run) {
  std::vector<std::optional<Outcome>> outcomes;
  while (outcomes.size() < count) {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    std::fflush(nullptr);
    const pid_t child = ::fork();
    CHECK(child >= 0);
    if (child == 0) {
      run(outcomes.size(), [&](Outcome outcome) {
        const auto byte = static_cast<uint8_t>(outcome);
        CHECK(::write(ends[1], &byte, 1) == 1);
      });
      ::_exit(0);
    }
    ::close(ends[1]);
    hear(ends[0], outcomes);
    ::close(ends[0]);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    if (status != 0 && outcomes.size() < count) outcomes.emplace_back();
  }
  return outcomes;
}

}  // namespace switchboard::fault
