// RocksDB's warnings, handed to a function of ours instead of RocksDB's own LOG file.
//
// Not the file: when a line of it cannot be written (a full disk), Debian's RocksDB, built with
// assertions, aborts at the next line, where the hub must go on reading. Thread: RocksDB's any.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace rocksdb {
class Logger;
}

namespace switchboard::kv {

std::shared_ptr<rocksdb::Logger> make_logger(std::function<void(std::string_view)> warn);

}  // namespace switchboard::kv
