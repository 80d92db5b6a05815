// Any text as a list of children, a table of postcodes, a moment: bounded rows, or words that quote
// nothing of it.
#include <cstdint>

#include "broker/base/check.h"
#include "services/cli/member_file.h"
#include "services/cli/moments.h"
#include "services/cli/postcode_file.h"

using namespace switchboard;

namespace {

void read_moments(std::string_view text) {
  constexpr Time kNow{1'795'000'000'000'000};
  const auto since = cli::read_since(text, kNow);
  const auto until = cli::read_until(text, kNow);
  CHECK(since.has_value() == until.has_value());
  if (since) CHECK(*since <= *until);
  if (const auto span = cli::read_span(text)) CHECK(span->us >= 0);
  if (const auto time = cli::read_time(text)) CHECK(cli::read_clock(text) == *time);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto members = cli::read_member_file(text); members.ok()) {
    CHECK(members->size() <= size);
    for (const auto& member : *members) CHECK(member.identifier().value().size() <= 64);
  } else {
    CHECK(!members.error().text.empty() && members.error().text.size() < 256);
  }
  if (const auto table = cli::read_postcode_file(text, "2026"); table.ok()) {
    std::string prefix;
    for (const auto& row : table->rows()) {
      CHECK(!cli::area_in(*table, row.prefix(), prefix).empty() || row.area().empty());
    }
  } else {
    CHECK(!table.error().text.empty());
  }
  read_moments(text);
  return 0;
}
