#include "broker/kv/rocks_status.h"

#include <rocksdb/status.h>

#include <string>

namespace switchboard::kv {

namespace {

std::string text(std::string_view prefix, const rocksdb::Status& status, std::string_view doing) {
  return std::string(prefix) + ": " + std::string(doing) + ": " + status.ToString();
}

}  // namespace

Status to_status(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return ok();
  return to_error(status, doing);
}

Error to_error(const rocksdb::Status& status, std::string_view doing) {
  if (status.IsCorruption())
    return error(v1::CODE_INTERNAL, text("storage corrupt", status, doing));
  if (status.IsNoSpace()) return error(v1::CODE_DISK_LOW, text("storage full", status, doing));
  if (status.IsIOError()) return error(v1::CODE_INTERNAL, text("storage i/o", status, doing));
  return error(v1::CODE_INTERNAL, text("storage", status, doing));
}

}  // namespace switchboard::kv
