#include "broker/runtime/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "broker/base/ids.h"

namespace switchboard {
namespace {

using log::Format;
using testing::HasSubstr;

log::Line line(std::string_view event) {
  return {.at = {1'760'000'000'123'000},
          .level = log::Level::kWarn,
          .program = "switchboard-broker",
          .event = event};
}

// Neither events nor messages are fields: only numbers, truth and text.
static_assert(!std::is_constructible_v<log::Field, std::string_view, v1::LogConfig>);
static_assert(!std::is_constructible_v<log::Field, std::string_view, Time>);
static_assert(!std::is_constructible_v<log::Field, std::string_view, int*>);

TEST(Log, ATextLineIsTimeLevelProgramEventAndFields) {
  EXPECT_EQ(log::format_line(Format::kText, line("disk is low"),
                             {{"free_bytes", 12u}, {"mode", "read only"}, {"held", true}}),
            "2025-10-09T08:53:20.123Z WARN  switchboard-broker disk is low free_bytes=12 "
            "mode=\"read only\" held=true");
}

TEST(Log, AJsonLineParsesAndKeepsTheTypes) {
  const auto parsed = nlohmann::json::parse(log::format_line(
      Format::kJson, line("listening"),
      {{"n", -3}, {"big", std::numeric_limits<uint64_t>::max()}, {"on", false}, {"ratio", 0.5}}));
  EXPECT_EQ(parsed["ts"], "2025-10-09T08:53:20.123Z");
  EXPECT_EQ(parsed["level"], "warn");
  EXPECT_EQ(parsed["program"], "switchboard-broker");
  EXPECT_EQ(parsed["msg"], "listening");
  EXPECT_EQ(parsed["n"], -3);
  EXPECT_EQ(parsed["big"], std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(parsed["on"], false);
  EXPECT_EQ(parsed["ratio"], 0.5);
}

TEST(Log, HostileTextStaysOneValidJsonLine) {
  using namespace std::string_view_literals;
  const std::string_view hostile = "a\"b\\c\nd\x01\x7f\xff\xc3(\xed\xa0\x80 é\0z"sv;
  const std::string text = log::format_line(Format::kJson, line("x"), {{"peer", hostile}});
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto parsed = nlohmann::json::parse(text);
  EXPECT_THAT(parsed["peer"].get<std::string>(), HasSubstr("a\"b\\c\nd\x01"));
  EXPECT_THAT(parsed["peer"].get<std::string>(), HasSubstr("é"));
}

TEST(Log, HostileTextCannotForgeAnotherTextLineOrField) {
  const std::string text =
      log::format_line(Format::kText, line("x"), {{"peer", "a\n2025 ERROR b=c"}});
  EXPECT_THAT(text, HasSubstr("peer=\"a\\n2025 ERROR b=c\""));
}

TEST(Log, LongTextIsCutBetweenCharacters) {
  const std::string text =
      log::format_line(Format::kJson, line("x"), {{"long", "a" + std::string(300, 'x') + [] {
                                                     std::string twos;
                                                     for (int i = 0; i < 300; ++i) twos += "é";
                                                     return twos;
                                                   }()}});
  const auto kept = nlohmann::json::parse(text)["long"].get<std::string>();
  EXPECT_EQ(kept.size(), 511 + std::string_view("…").size());
  EXPECT_TRUE(kept.ends_with("é…"));
}

TEST(Log, ANumberJsonCannotSayIsNull) {
  EXPECT_THAT(
      log::format_line(Format::kJson, line("x"), {{"v", std::numeric_limits<double>::infinity()}}),
      HasSubstr("\"v\":null"));
}

TEST(Log, WritesToStderrAtAndAboveTheLevel) {
  v1::LogConfig config;
  config.set_level("warn");
  config.set_format("json");
  testing::internal::CaptureStderr();
  ASSERT_TRUE(log::init("test-program", config).ok());
  log::info("quiet");
  log::error("loud", {{"n", 1}});
  const std::string out = testing::internal::GetCapturedStderr();
  const auto parsed = nlohmann::json::parse(out);
  EXPECT_EQ(parsed["msg"], "loud");
  EXPECT_EQ(parsed["program"], "test-program");
  EXPECT_FALSE(log::enabled(log::Level::kInfo));
}

TEST(Log, AnUnknownLevelOrFormatIsRefused) {
  v1::LogConfig config;
  config.set_level("loud");
  EXPECT_EQ(log::init("p", config).error().code, v1::CODE_INVALID);
  config.set_level("info");
  config.set_format("xml");
  EXPECT_EQ(log::init("p", config).error().text, "log.format must be text or json");
}

}  // namespace
}  // namespace switchboard
