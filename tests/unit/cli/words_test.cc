#include "services/cli/words.h"

#include <gtest/gtest.h>

#include "broker/base/bytes.h"
#include "services/cli/error_book.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {
namespace {

TEST(Words, EnumsAreShortLowerCaseNames) {
  EXPECT_EQ(name_of(v1::ATTENTION_ACT), "act");
  EXPECT_EQ(name_of(v1::URGENCY_UNSPECIFIED), "");
  EXPECT_EQ(name_of(static_cast<v1::Urgency>(99)), "99");
  EXPECT_EQ(state_words(v1::DELIVERY_STATE_ACKNOWLEDGED), "picked up");
}

TEST(Words, TimesAreReadableAndSayTheirZone) {
  const auto time = from_rfc3339("2026-11-22T06:52:04.123Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(at(time->us), "2026-11-22 06:52:04Z");
  EXPECT_EQ(clock_time(time->us), "06:52:04.123Z");
  EXPECT_EQ(at(0), "");
}

TEST(Words, SpansKeepTwoFiguresAtMost) {
  EXPECT_EQ(span(milliseconds(850)), "850 ms");
  EXPECT_EQ(span(seconds(12)), "12 s");
  EXPECT_EQ(span(seconds(240)), "4 min");
  EXPECT_EQ(span(seconds(3 * 3600 + 5 * 60)), "3 h 05 min");
  EXPECT_EQ(span(seconds(8 * 86'400)), "8 days");
  EXPECT_EQ(from_now(1'000'000, Time{61'000'000}), "60 s ago");
  EXPECT_EQ(from_now(121'000'000, Time{1'000'000}), "in 2 min");
}

TEST(Words, AnEventIdIsReadAsTablesAndAsJsonShowIt) {
  const std::string bytes(16, '\x11');
  const auto from_table = read_event_id(event_id(bytes));
  const auto from_json = read_event_id("EREREREREREREREREREREQ==");
  const auto from_digits = read_event_id(to_hex(bytes));
  ASSERT_TRUE(from_table && from_json && from_digits);
  EXPECT_EQ(from_table->view(), bytes);
  EXPECT_EQ(from_json->view(), bytes);
  EXPECT_EQ(from_digits->view(), bytes);
  EXPECT_FALSE(read_event_id("tuesday"));
}

TEST(ErrorBook, EveryCodeOfTheContractHasAPage) {
  const auto* codes = google::protobuf::GetEnumDescriptor<v1::Code>();
  for (int i = 0; i < codes->value_count(); ++i) {
    const ErrorPage* page = find_error(codes->value(i)->name());
    ASSERT_NE(page, nullptr) << codes->value(i)->name();
    EXPECT_EQ(page->code, codes->value(i)->number());
    EXPECT_FALSE(page->advice.empty());
  }
}

TEST(ErrorBook, ACodeIsFoundByNameAndByNumber) {
  ASSERT_NE(find_error("disk-low"), nullptr);
  EXPECT_EQ(find_error("disk-low")->code, v1::CODE_DISK_LOW);
  ASSERT_NE(find_error("24"), nullptr);
  EXPECT_EQ(find_error("24")->code, v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(find_error("weather"), nullptr);
}

}  // namespace
}  // namespace switchboard::cli
