// CRC-32C with the processor's instruction, also for RocksDB, which Debian builds without it.
//
// RocksDB calls its own function through the dynamic linker, which finds ours first (adr/0017); the
// sums are the same ones. Owns: nothing. Pure. Thread: any.
#pragma once

#include <cstdint>
#include <string_view>

namespace switchboard::kv {

// The sum of what `before` is the sum of, followed by `bytes`; 0 is the sum of nothing.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);
// Where the function that RocksDB calls lies: the path of a program or library.
std::string_view crc32c_in_force();

}  // namespace switchboard::kv
