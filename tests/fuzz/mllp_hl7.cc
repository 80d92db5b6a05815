// Every value of a message by its numbers, its acknowledgement, its times and its texts.
#include <cstdint>

#include "adapters/mllp/ack.h"
#include "adapters/mllp/charset.h"
#include "adapters/mllp/hl7_time.h"
#include "broker/base/check.h"

namespace {

using namespace switchboard::mllp;

void read_field(const Value& field, const Zone& zone) {
  for (size_t r = 1; r <= field.repetitions() && r < 8; ++r) {
    for (size_t c = 1; c < 6; ++c) {
      const std::string text = field.repetition(r).component(c).text();
      const auto range = to_range(text, zone, std::nullopt);
      CHECK(!range || range->earliest_us() <= range->latest_us());
      CHECK(to_iso_date(text).size() <= 10);
    }
  }
}

void read_message(const Message& message, const Zone& zone) {
  for (const Segment& segment : message.segments()) {
    for (size_t n = 1; n <= segment.fields() && n < 64; ++n) read_field(segment.field(n), zone);
  }
  for (const std::string& code : ack_codes(message, Verdict::kError)) {
    const std::string ack = build_ack(message, code, {.verdict = Verdict::kError, .text = "no"});
    CHECK(std::holds_alternative<Message>(Message::parse(ack, LineEnds::kCr)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const Zone zone = Zone::named("Europe/London").value();
  const std::string_view raw(reinterpret_cast<const char*>(bytes), size);
  for (const LineEnds ends : {LineEnds::kCr, LineEnds::kAny}) {
    const auto parsed = Message::parse(raw, ends);
    if (const auto* message = std::get_if<Message>(&parsed)) read_message(*message, zone);
  }
  for (const auto charset : {Charset::kAscii, Charset::kLatin1, Charset::kUtf8}) {
    CHECK(is_utf8(decode(raw, charset, Charset::kWindows1252).utf8));
  }
  const Delimiters delimiters;
  CHECK(decode_escapes(encode_escapes(raw, delimiters), delimiters).size() <= raw.size());
  return 0;
}
