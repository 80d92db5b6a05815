// The only door to spdlog: one line per event to stderr, text for people or JSON lines.
//
// A line is a fixed event text and fields. Fields are numbers, bools and short text only, so that
// no message, event or person can be passed by accident; what identifies a child has no business
// here. Text is cut at kTextBytesMax and control characters are escaped: one event is one line.
// Owns the one process-wide state of the tree (level, format, program); init sets it, from main,
// before threads start. Thread: any. Fails: a line that cannot be written is lost.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "broker/base/result.h"
#include "broker/base/time.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::log {

enum class Level { kTrace, kDebug, kInfo, kWarn, kError };
enum class Format { kText, kJson };

inline constexpr size_t kTextBytesMax = 512;

struct Field {
  using Value = std::variant<bool, int64_t, uint64_t, double, std::string_view>;

  // bool is taken as it is; nothing converts to it (a pointer would).
  template <std::same_as<bool> T>
  Field(std::string_view k, T v) : key(k), value(v) {}
  template <std::signed_integral T>
  Field(std::string_view k, T v) : key(k), value(int64_t{v}) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Field(std::string_view k, T v) : key(k), value(uint64_t{v}) {}
  template <std::floating_point T>
  Field(std::string_view k, T v) : key(k), value(double{v}) {}
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}

  std::string_view key;
  Value value;
};
using Fields = std::initializer_list<Field>;

// CODE_INVALID: a level or format that is not known.
Status init(std::string_view program, const v1::LogConfig& config);

bool enabled(Level level);
// One comparison when the level is off; the fields only borrow.
void write(Level level, std::string_view event, Fields fields);

inline void trace(std::string_view event, Fields fields = {}) {
  if (enabled(Level::kTrace)) write(Level::kTrace, event, fields);
}
inline void debug(std::string_view event, Fields fields = {}) {
  if (enabled(Level::kDebug)) write(Level::kDebug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) {
  if (enabled(Level::kInfo)) write(Level::kInfo, event, fields);
}
inline void warn(std::string_view event, Fields fields = {}) {
  if (enabled(Level::kWarn)) write(Level::kWarn, event, fields);
}
inline void error(std::string_view event, Fields fields = {}) {
  if (enabled(Level::kError)) write(Level::kError, event, fields);
}

// A line as it would be written, without its newline. Pure.
struct Line {
  Time at;
  Level level = Level::kInfo;
  std::string_view program;
  std::string_view event;
};
std::string format_line(Format format, const Line& line, Fields fields);

}  // namespace switchboard::log
