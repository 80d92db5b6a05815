#include "broker/runtime/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>

#include "broker/runtime/json_text.h"

namespace switchboard::log {
namespace {

struct State {
  std::atomic<Level> level{Level::kInfo};
  Format format = Format::kText;
  std::string program = "switchboard";
  bool to_journal = false;  // stderr is journald: lines carry a priority it takes off
  std::unique_ptr<spdlog::logger> out;
};

State& state() {
  static State state;
  return state;
}

constexpr std::string_view kNames[] = {"trace", "debug", "info", "warn", "error"};
constexpr std::string_view kPadded[] = {"TRACE", "DEBUG", "INFO ", "WARN ", "ERROR"};
constexpr std::string_view kPriorities[] = {"<7>", "<7>", "<6>", "<4>", "<3>"};
constexpr size_t index(Level level) { return static_cast<size_t>(level); }

std::optional<Level> parse_level(std::string_view name) {
  for (const Level level :
       {Level::kTrace, Level::kDebug, Level::kInfo, Level::kWarn, Level::kError}) {
    if (name == kNames[index(level)]) return level;
  }
  return std::nullopt;
}

// JOURNAL_STREAM names the device and inode of the stream, so a redirected stderr is told apart.
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat found {};
  if (stream == nullptr || fstat(STDERR_FILENO, &found) != 0) return false;
  return stream == std::to_string(found.st_dev) + ":" + std::to_string(found.st_ino);
}

std::unique_ptr<spdlog::logger> make_logger() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto logger = std::make_unique<spdlog::logger>("switchboard", std::move(sink));
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);
  return logger;
}

Time wall_clock() {
  using std::chrono::microseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<microseconds>(since).count()};
}

bool needs_quotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '=' || c == '\\' || c == 0x7F ||
        static_cast<unsigned char>(c) >= 0x80) {
      return true;
    }
  }
  return false;
}

void append_text(std::string& out, Format format, std::string_view text) {
  const std::string_view kept = cut_utf8(text, kTextBytesMax);
  if (format == Format::kText && kept.size() == text.size() && !needs_quotes(text)) {
    out += text;
  } else if (kept.size() == text.size()) {
    append_json(out, text);
  } else {
    append_json(out, std::string(kept) + "…");
  }
}

void append_value(std::string& out, Format format, const Field::Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_text(out, format, *text);
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    out += *truth ? "true" : "false";
  } else if (const auto* whole = std::get_if<int64_t>(&value)) {
    out += std::to_string(*whole);
  } else if (const auto* natural = std::get_if<uint64_t>(&value)) {
    out += std::to_string(*natural);
  } else if (const double real = std::get<double>(value); std::isfinite(real)) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, real).ptr;
    out.append(digits, end);
  } else {
    out += "null";  // JSON has no infinity
  }
}

// The event text in a text line: bare, but still one line.
void append_event(std::string& out, std::string_view event) {
  std::string escaped;
  append_json(escaped, cut_utf8(event, kTextBytesMax));
  out.append(escaped, 1, escaped.size() - 2);
}

std::string format_text(const Line& line, Fields fields) {
  std::string out = to_rfc3339(line.at);
  out += ' ';
  out += kPadded[index(line.level)];
  out += ' ';
  out += line.program;
  out += ' ';
  append_event(out, line.event);
  for (const Field& field : fields) {
    out += ' ';
    out += field.key;
    out += '=';
    append_value(out, Format::kText, field.value);
  }
  return out;
}

std::string format_json(const Line& line, Fields fields) {
  std::string out = "{\"ts\":\"" + to_rfc3339(line.at) + "\",\"level\":\"";
  out += kNames[index(line.level)];
  out += "\",\"program\":";
  append_json(out, line.program);
  out += ",\"msg\":";
  append_text(out, Format::kJson, line.event);
  for (const Field& field : fields) {
    out += ',';
    append_json(out, field.key);
    out += ':';
    append_value(out, Format::kJson, field.value);
  }
  out += '}';
  return out;
}

}  // namespace

Status init(std::string_view program, const v1::LogConfig& config) {
  const auto level = parse_level(config.level().empty() ? "info" : config.level());
  if (!level) {
    return switchboard::error(v1::CODE_INVALID,
                              "log.level must be one of trace, debug, info, warn, error");
  }
  const bool json = config.format() == "json";
  if (!json && !config.format().empty() && config.format() != "text") {
    return switchboard::error(v1::CODE_INVALID, "log.format must be text or json");
  }
  State& now = state();
  now.level = *level;
  now.format = json ? Format::kJson : Format::kText;
  now.program = program;
  now.to_journal = stderr_is_journal();
  now.out = make_logger();
  return ok();
}

bool enabled(Level level) { return level >= state().level.load(std::memory_order_relaxed); }

void write(Level level, std::string_view event, Fields fields) {
  const State& now = state();
  std::string line = now.to_journal ? std::string(kPriorities[index(level)]) : std::string();
  line += format_line(now.format,
                      {.at = wall_clock(), .level = level, .program = now.program, .event = event},
                      fields);
  // Before init (a usage error in main): straight to stderr.
  if (now.out == nullptr) {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  now.out->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

std::string format_line(Format format, const Line& line, Fields fields) {
  return format == Format::kJson ? format_json(line, fields) : format_text(line, fields);
}

}  // namespace switchboard::log
