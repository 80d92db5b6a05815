// HL7 time stamps, YYYY[MM[DD[HH[MM[SS[.S…]]]]]][±ZZZZ], as ranges of UTC: precision is data.
//
// Without an offset the message's (MSH-7) applies, else the sender's configured zone. A local time
// that happens twice (October) gives a range over both instants, marked ambiguous; one that never
// happens (March) gives a range over its reading in the offsets before and after, also marked.
// Day, month and year end where the next begins, so a day may have 23 or 25 hours.
// Thread: any. Fails: nothing is returned for what is no time stamp; the raw text is the caller's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broker/base/result.h"
#include "broker/base/time.h"
#include "switchboard/v1/event.pb.h"

namespace date {
class time_zone;
}

namespace switchboard::mllp {

struct TimeStamp {
  enum class Precision { kYear, kMonth, kDay, kHour, kMinute, kSecond, kFraction };
  int year = 0;
  unsigned month = 1, day = 1;
  int hour = 0, minute = 0, second = 0;
  int64_t fraction_us = 0;
  Precision precision = Precision::kYear;
  std::optional<int> offset_minutes;
  bool operator==(const TimeStamp&) const = default;
};
// Only dates and times that exist; 0000 is the start of the day, 2400 is refused.
std::optional<TimeStamp> parse_time_stamp(std::string_view text);

// Values: the tz database owns what it points to, for the program's life.
class Zone {
 public:
  static Result<Zone> named(const std::string& name);
  const date::time_zone& zone() const { return *zone_; }
  // "25 October 2026 at 01:30", as people there read the clock.
  std::string spoken(Time time) const;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;
};

std::optional<v1::TimeRange> to_range(std::string_view raw, const Zone& zone,
                                      std::optional<int> message_offset_minutes);

// A birth or death date as the sender wrote it, never shifted by a zone; "" unless a whole date.
std::string to_iso_date(std::string_view raw);

}  // namespace switchboard::mllp
