#include "services/cli/render_sheet.h"

#include <gmock/gmock.h>

namespace switchboard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kSunday = 1'795'365'600'000'000;  // 2026-11-22T16:40Z

v1::DirectorySheet sheet() {
  v1::DirectorySheet s;
  s.set_at_us(kSunday);
  v1::DirectoryEntry& e = *s.add_entries();
  e.set_team("X26-ED");
  e.set_name("Northmoor ED");
  e.set_agency("X26");
  e.set_agency_name("Northmoor Hospitals");
  e.set_kind("ed");
  e.set_on_hub(true);
  e.mutable_ring_now()->set_phone("01632 960121");
  e.mutable_ring_now()->set_name("Nurse in charge");
  e.set_last_verified("2026-11-01");
  e.set_on_duty("Ben Carver");
  v1::DirectoryEntry& old = *s.add_entries();
  old = e;
  old.set_team("X26-OLD");
  old.set_name("Old & <tired>");
  old.set_stale(true);
  v1::Contact& next = *old.add_fallback();
  next.set_phone("01632 960100");
  next.set_name("switchboard");
  v1::DirectoryEntry& area = *s.add_entries();
  area.set_team("E06009902");
  area.set_name("Eastmere");
  area.mutable_ring_now()->set_phone("+44 1632 960261");
  return s;
}

TEST(RenderSheet, SaysForWhichMomentItsNumbersAreRight) {
  EXPECT_EQ(sheet_heading(sheet()), "numbers right at Sunday 22 November 2026 16:40 (London)");
  EXPECT_THAT(sheet_html(sheet(), ""), HasSubstr("Sunday 22 November 2026 16:40"));
  EXPECT_THAT(sheet_csv(sheet()), HasSubstr("\"22 November 2026 16:40\""));
}
TEST(RenderSheet, AStaleNumberSaysSoInWords) {
  auto s = sheet();
  EXPECT_EQ(tried_words(s.entries(0)), "2026-11-01");
  EXPECT_EQ(tried_words(s.entries(1)), "STALE: tried on 2026-11-01");
  s.mutable_entries(1)->clear_last_verified();
  EXPECT_EQ(tried_words(s.entries(1)), "STALE: never tried");
  EXPECT_EQ(tried_words(s.entries(2)), "not recorded");
  EXPECT_THAT(sheet_html(s, ""), HasSubstr("STALE: never tried"));
  EXPECT_THAT(sheet_table(s).text({}), HasSubstr("STALE: never tried"));
}
TEST(RenderSheet, ThePageIsOneFileThatLoadsNothingAndRunsNothing) {
  const std::string page = sheet_html(sheet(), "X26-ED");
  for (const char* foreign : {"http:", "https:", "<script", "<link", "<img", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(foreign))) << foreign;
  }
  EXPECT_THAT(page, HasSubstr("<html lang=\"en-GB\">"));
  EXPECT_THAT(page, HasSubstr("size: A4"));
  EXPECT_THAT(page, HasSubstr("scope=\"row\""));
  EXPECT_THAT(page, HasSubstr("Old &amp; &lt;tired&gt;"));
}
TEST(RenderSheet, ATeamsOwnNumbersStandFirst) {
  const std::string page = sheet_html(sheet(), "X26-OLD");
  EXPECT_LT(page.find("Your own numbers"), page.find("<h2>Northmoor Hospitals"));
  EXPECT_THAT(sheet_html(sheet(), ""), Not(HasSubstr("Your own numbers")));
}
TEST(RenderSheet, ASpreadsheetCalculatesNothing) {
  EXPECT_THAT(sheet_csv(sheet()), HasSubstr("\"'+44 1632 960261\""));
}
TEST(RenderSheet, AContactShowsWhoIsNext) {
  const std::string text = render_contact(sheet().entries(1));
  EXPECT_THAT(text, HasSubstr("ring now       01632 960121 (Nurse in charge)"));
  EXPECT_THAT(text, HasSubstr("then           01632 960100 (switchboard)"));
  EXPECT_THAT(text, HasSubstr("on duty        Ben Carver"));
}

}  // namespace
}  // namespace switchboard::cli
