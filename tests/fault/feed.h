// A trust's system that speaks MLLP and believes nothing but AA: each message is sent again, the
// same bytes, on a new connection if need be, until that comes. One at a time, so its order is its
// own. Thread: the caller's. Fails: never; it goes on until told to finish.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "broker/base/result.h"

namespace switchboard::test {

struct FeedOptions {
  std::filesystem::path adapter_note;  // where the adapter says on which port it listens
  std::filesystem::path dir;           // `ledger`: "SEQUENCE 0" for each AA; `finish`; `count`
  std::chrono::milliseconds pace{20};
};
Status feed(const FeedOptions& options);

// Whole or not at all, for somebody who looks at any moment.
void write_whole(const std::filesystem::path& file, const std::string& text);

}  // namespace switchboard::test
