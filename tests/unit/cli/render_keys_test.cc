#include "services/cli/render_keys.h"

#include <gmock/gmock.h>

namespace switchboard::cli {
namespace {

using ::testing::HasSubstr;

constexpr Time kSunday{1'795'365'600'000'000};  // 2026-11-22T16:40Z

v1::ExpiringKey expiring(const char* day, bool expired) {
  v1::ExpiringKey key;
  key.set_principal("x99-screen");
  key.set_expires(day);
  key.set_expired(expired);
  return key;
}

TEST(RenderKeys, AKeyNearItsLastDaySaysHowNearAndWhatToDo) {
  EXPECT_EQ(expiring_line(expiring("2026-12-01", false), kSunday),
            "key x99-screen expires: its last day is 2026-12-01, in 9 days; renew it");
  EXPECT_THAT(expiring_line(expiring("2026-11-23", false), kSunday), HasSubstr("in 1 day;"));
  EXPECT_THAT(expiring_line(expiring("2026-11-22", false), kSunday), HasSubstr(", today;"));
}
TEST(RenderKeys, AnExpiredKeySaysThatItIsNotTaken) {
  EXPECT_EQ(expiring_line(expiring("2026-11-21", true), kSunday),
            "key x99-screen has expired, its last day was 2026-11-21: it is not taken; renew or "
            "revoke it");
}
TEST(RenderKeys, TheListShowsEachLastDayAndWhatIsNotTaken) {
  v1::Directory directory;
  const auto add = [&](const char* id, const char* day, bool revoked) {
    auto& row = *directory.add_principals();
    row.set_id(id);
    row.set_agency("X99");
    row.add_teams("X99-HV");
    row.add_roles(v1::ROLE_ENDPOINT);
    row.set_expires(day);
    row.set_revoked(revoked);
  };
  add("open", "", false);
  add("near", "2026-11-30", false);
  add("past", "2026-11-21", false);
  add("gone", "2026-11-30", true);
  const auto text = keys_table(directory, kSunday).text({});
  EXPECT_THAT(text, HasSubstr("LAST DAY"));
  EXPECT_THAT(text, testing::ContainsRegex("open +X99 +X99-HV +endpoint +none"));
  EXPECT_THAT(text, testing::ContainsRegex("near .*2026-11-30 +in 8 days"));
  EXPECT_THAT(text, testing::ContainsRegex("past .*2026-11-21 +expired"));
  EXPECT_THAT(text, testing::ContainsRegex("gone .*2026-11-30 +revoked"));
}

}  // namespace
}  // namespace switchboard::cli
