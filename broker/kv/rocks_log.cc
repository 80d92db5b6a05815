#include "broker/kv/rocks_log.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <utility>

namespace switchboard::kv {

namespace {

class WarningLog final : public rocksdb::Logger {
 public:
  explicit WarningLog(std::function<void(std::string_view)> warn)
      : rocksdb::Logger(rocksdb::WARN_LEVEL), warn_(std::move(warn)) {}
  void Logv(const char* format, va_list arguments) override {
    if (!warn_) return;
    std::array<char, 1024> line;
    const int length = std::vsnprintf(line.data(), line.size(), format, arguments);
    if (length < 0) return;
    warn_({line.data(), std::min(static_cast<size_t>(length), line.size() - 1)});
  }
  using rocksdb::Logger::Logv;
  // Hundreds of lines of options at each open.
  void LogHeader(const char*, va_list) override {}

 private:
  const std::function<void(std::string_view)> warn_;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> make_logger(std::function<void(std::string_view)> warn) {
  return std::make_shared<WarningLog>(std::move(warn));
}

}  // namespace switchboard::kv
