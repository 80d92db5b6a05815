// RocksDB's Status as ours, in one place. The text begins with a stable word for people to search:
// "storage corrupt", "storage full", "storage i/o", "storage".
#pragma once

#include <string_view>

#include "broker/base/result.h"

namespace rocksdb {
class Status;
}

namespace switchboard::kv {

// `doing` says what was tried, e.g. "write".
Status to_status(const rocksdb::Status& status, std::string_view doing);
Error to_error(const rocksdb::Status& status, std::string_view doing);

}  // namespace switchboard::kv
