#include "adapters/mllp/hl7_time.h"

#include <gtest/gtest.h>

namespace switchboard::mllp {
namespace {

struct Range {
  std::string earliest, latest;
  bool ambiguous = false;
  bool operator==(const Range&) const = default;
};
void PrintTo(const Range& r, std::ostream* out) {
  *out << r.earliest << " .. " << r.latest << (r.ambiguous ? " ambiguous" : "");
}

Range range(std::string_view raw, std::optional<int> message_offset = std::nullopt) {
  const auto r = to_range(raw, Zone::named("Europe/London").value(), message_offset);
  if (!r) return {};
  EXPECT_EQ(r->raw(), raw);
  return {to_rfc3339(Time{r->earliest_us()}), to_rfc3339(Time{r->latest_us()}), r->ambiguous()};
}

}  // namespace

TEST(Hl7Time, PrecisionIsKeptAsARange) {
  EXPECT_EQ(range("20261122140530"),
            (Range{"2026-11-22T14:05:30.000Z", "2026-11-22T14:05:31.000Z"}));
  EXPECT_EQ(range("202611221405"), (Range{"2026-11-22T14:05:00.000Z", "2026-11-22T14:06:00.000Z"}));
  EXPECT_EQ(range("2026112214"), (Range{"2026-11-22T14:00:00.000Z", "2026-11-22T15:00:00.000Z"}));
  EXPECT_EQ(range("20261122"), (Range{"2026-11-22T00:00:00.000Z", "2026-11-23T00:00:00.000Z"}));
  EXPECT_EQ(range("202611"), (Range{"2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"}));
  EXPECT_EQ(range("2026"), (Range{"2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"}));
  EXPECT_EQ(range("20261122140530.25").earliest, "2026-11-22T14:05:30.250Z");
}

TEST(Hl7Time, SummerTimeIsLondonTime) {
  EXPECT_EQ(range("202607011200").earliest, "2026-07-01T11:00:00.000Z");
}

TEST(Hl7Time, TheOffsetOfTheTimeThenOfTheMessageThenTheZoneDecides) {
  EXPECT_EQ(range("202607011200+0000").earliest, "2026-07-01T12:00:00.000Z");
  EXPECT_EQ(range("202607011200-0530", 60).earliest, "2026-07-01T17:30:00.000Z");
  EXPECT_EQ(range("202607011200", 0).earliest, "2026-07-01T12:00:00.000Z");
}

TEST(Hl7Time, TheRepeatedHourOfOctoberIsBothInstants) {
  EXPECT_EQ(range("202610250130"),
            (Range{"2026-10-25T00:30:00.000Z", "2026-10-25T01:31:00.000Z", true}));
  EXPECT_EQ(range("202610250130", 0),
            (Range{"2026-10-25T01:30:00.000Z", "2026-10-25T01:31:00.000Z", false}));
  EXPECT_FALSE(range("202610250059").ambiguous);
  EXPECT_FALSE(range("202610250200").ambiguous);
}

TEST(Hl7Time, TheMissingHourOfMarchIsBothReadingsAndMarked) {
  EXPECT_EQ(range("202603290130"),
            (Range{"2026-03-29T00:30:00.000Z", "2026-03-29T01:31:00.000Z", true}));
}

TEST(Hl7Time, TheDaysOfTheChangesHave25And23Hours) {
  EXPECT_EQ(range("20261025"), (Range{"2026-10-24T23:00:00.000Z", "2026-10-26T00:00:00.000Z"}));
  EXPECT_EQ(range("20260329"), (Range{"2026-03-29T00:00:00.000Z", "2026-03-29T23:00:00.000Z"}));
}

TEST(Hl7Time, MidnightIsTheStartOfTheDay) {
  EXPECT_EQ(range("202611220000").earliest, "2026-11-22T00:00:00.000Z");
}

TEST(Hl7Time, WhatIsNoTimeIsRefused) {
  for (const char* raw :
       {"", "0", "00000000", "20260230", "20261301", "2026112", "202611221", "202611222400",
        "202611221260", "2026112214053O", "20261122.5", "20261122140530.", "202611221405+1",
        "202611221405+99", "22/11/2026", "+0000"}) {
    EXPECT_EQ(parse_time_stamp(raw), std::nullopt) << raw;
  }
}

TEST(Hl7Time, BirthDatesAreNeverShifted) {
  EXPECT_EQ(to_iso_date("20190701"), "2019-07-01");
  EXPECT_EQ(to_iso_date("201907010000"), "2019-07-01");
  EXPECT_EQ(to_iso_date("20190701000000+0100"), "2019-07-01");
  EXPECT_EQ(to_iso_date("201907"), "");
  EXPECT_EQ(to_iso_date("20190231"), "");
}

TEST(Hl7Time, AnUnknownZoneIsRefused) { EXPECT_FALSE(Zone::named("Europe/Londn").ok()); }

TEST(Hl7Time, PeopleReadTheirOwnClock) {
  EXPECT_EQ(Zone::named("Europe/London").value().spoken(*from_rfc3339("2026-07-01T11:05:00Z")),
            "1 July 2026 at 12:05");
}

}  // namespace switchboard::mllp
