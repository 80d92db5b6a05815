// Ids, NHS numbers, postcodes, times, days, hex, varints: what is read is written as it was meant.
#include <cstdint>

#include "broker/base/bytes.h"
#include "broker/base/check.h"
#include "broker/base/ids.h"
#include "broker/base/london.h"
#include "broker/base/nhs_number.h"
#include "broker/base/postcode.h"
#include "broker/base/time.h"

using namespace switchboard;

namespace {

void read_ids(std::string_view text) {
  if (const auto id = id_from_string(text)) CHECK(id_from_string(to_string(*id)) == *id);
  if (const auto id = id_from_bytes(text)) CHECK(id->view() == text);
  if (const auto bytes = from_hex(text)) CHECK(from_hex(to_hex(*bytes)) == *bytes);
  std::string_view rest = text;
  if (const auto number = take_varint(rest)) {
    std::string again;
    put_varint(again, *number);
    CHECK(again.size() <= text.size() - rest.size());
  }
}

void read_times(std::string_view text) {
  if (const auto time = from_rfc3339(text)) CHECK(from_rfc3339(to_rfc3339(*time)) == *time);
  if (const auto day = day_from_string(text)) {
    CHECK(to_string(*day) == text);
    CHECK(london_day(london_midnight(*day)) == *day);
  }
  if (const auto second = seconds_from_clock(text)) CHECK(*second >= 0 && *second <= 86'400);
  if (const auto time = time_from_words(text)) {
    const Civil civil = to_london(*time);
    CHECK(civil.second >= 0 && civil.second < 86'400);
  }
}

void read_codes(std::string_view text) {
  const std::string digits = nhs_number_digits(text);
  CHECK(digits.size() <= text.size());
  CHECK(check_nhs_number(digits) == check_nhs_number(text));
  const auto prefixes = postcode_prefixes(text);
  for (size_t i = 0; i < prefixes.size(); ++i) {
    CHECK(is_postcode_prefix(prefixes[i]));
    CHECK(i == 0 || prefixes[i].size() < prefixes[i - 1].size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  read_ids(text);
  read_times(text);
  read_codes(text);
  return 0;
}
