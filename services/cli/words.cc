#include "services/cli/words.h"

#include <google/protobuf/stubs/strutil.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <ctime>

#include "broker/base/bytes.h"
#include "broker/runtime/json_text.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {
namespace {

std::tm local(int64_t us) {
  const std::time_t s = static_cast<std::time_t>(us / 1'000'000);
  std::tm out{};
  localtime_r(&s, &out);
  return out;
}

std::string formatted(const char* format, const std::tm& t) {
  std::array<char, 64> text;
  return std::string(text.data(), std::strftime(text.data(), text.size(), format, &t));
}

std::string offset(const std::tm& t) {
  if (t.tm_gmtoff == 0) return "Z";
  const std::string digits = formatted("%z", t);  // "+0100"
  return digits.substr(0, 3) + ":" + digits.substr(3);
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t n = utf8_length(text);
    const auto c = static_cast<unsigned char>(text.front());
    // C1 controls are two bytes in UTF-8: U+0080..U+009F.
    const bool c1 = n == 2 && c == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (n == 0) {
      out += "?";
    } else if (c1 || (n == 1 && (c < 0x20 || c == 0x7F))) {
      out += c == '\n' || c == '\t' || c == '\r' ? ' ' : '?';
    } else {
      out += text.substr(0, n);
    }
    text.remove_prefix(std::max<size_t>(n, 1));
  }
  return out;
}

std::string at(int64_t us) {
  if (us == 0) return "";
  const std::tm t = local(us);
  return formatted("%Y-%m-%d %H:%M:%S", t) + offset(t);
}

std::string clock_time(int64_t us) {
  if (us == 0) return "";
  const std::tm t = local(us);
  std::array<char, 8> fraction;
  std::snprintf(fraction.data(), fraction.size(), ".%03d", static_cast<int>(us / 1000 % 1000));
  return formatted("%H:%M:%S", t) + fraction.data() + offset(t);
}

std::string span(Duration d) {
  const int64_t ms = std::abs(d.us) / 1000;
  const int64_t s = ms / 1000;
  std::array<char, 32> text;
  if (ms < 1000) {
    std::snprintf(text.data(), text.size(), "%d ms", static_cast<int>(ms));
  } else if (s < 120) {
    std::snprintf(text.data(), text.size(), "%d s", static_cast<int>(s));
  } else if (s < 7200) {
    std::snprintf(text.data(), text.size(), "%d min", static_cast<int>((s + 30) / 60));
  } else if (s < 2 * 86'400) {
    std::snprintf(text.data(), text.size(), "%d h %02d min", static_cast<int>((s + 30) / 3600),
                  static_cast<int>((s + 30) / 60 % 60));
  } else {
    std::snprintf(text.data(), text.size(), "%lld days", static_cast<long long>(s / 86'400));
  }
  return text.data();
}

std::string from_now(int64_t us, Time now) {
  if (us == 0) return "";
  const Duration d = Time{us} - now;
  return d.us >= 0 ? "in " + span(d) : span(d) + " ago";
}

std::string size(uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text.data();
}

std::string count(uint64_t n, std::string_view singular, std::string_view plural) {
  return std::to_string(n) + " " + std::string(n == 1 ? singular : plural);
}

std::string event_id(std::string_view bytes) {
  const auto id = id_from_bytes(bytes);
  return id ? to_string(*id) : std::string();
}

std::optional<Id> read_event_id(std::string_view text) {
  if (const auto id = id_from_string(text)) return id;
  if (const auto bytes = from_hex(text)) return id_from_bytes(*bytes);
  std::string bytes;
  if (google::protobuf::Base64Unescape(std::string(text), &bytes)) return id_from_bytes(bytes);
  return std::nullopt;
}

std::string state_words(int state) {
  if (state == v1::DELIVERY_STATE_ACKNOWLEDGED) return "picked up";
  return name_of(static_cast<v1::DeliveryState>(state));
}

std::string not_ours_words(int why) {
  switch (why) {
    case v1::NOT_OURS_UNSPECIFIED:
      return {};
    case v1::NOT_OURS_NO_LONGER:
      return "no longer ours";
    case v1::NOT_OURS_NOT_KNOWN:
      return "not known here";
    default:
      return "not ours";
  }
}

}  // namespace switchboard::cli
