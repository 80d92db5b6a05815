#include "services/gateway/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;

v1::GatewayConfig good() {
  v1::GatewayConfig c;
  c.set_listen("127.0.0.1:8443");
  c.add_team("X99-HV");
  c.set_lock_after_s(900);
  c.set_lock_warning_s(120);
  c.set_session_max_s(43200);
  c.set_browsers_max(500);
  c.set_proxy_identity_header("X-Switchboard-Person");
  c.mutable_hub()->set_secret_key_file("gateway.key");
  return c;
}
v1::GatewayConfig with_operators() {
  v1::GatewayConfig c = good();
  c.set_operator_connect("tcp://127.0.0.1:7701");
  c.set_operator_key_file("operator.key");
  c.add_operator_("rosa");
  return c;
}
std::string wrong_with(const v1::GatewayConfig& c) {
  const auto checked = check_settings(c);
  return checked.ok() ? "" : checked.error().text;
}

TEST(Settings, TheOperatorsPageIsThereWholeOrNotAtAll) {
  EXPECT_EQ(wrong_with(good()), "");
  EXPECT_EQ(wrong_with(with_operators()), "");
  for (int missing = 0; missing < 3; ++missing) {
    v1::GatewayConfig c = with_operators();
    if (missing == 0) c.clear_operator_connect();
    if (missing == 1) c.clear_operator_key_file();
    if (missing == 2) c.clear_operator_();
    EXPECT_THAT(wrong_with(c), HasSubstr("give all three or none")) << missing;
  }
}
// P9: who has the screens' key must not be an operator by it.
TEST(Settings, TheOperatorsKeyIsNotTheScreens) {
  v1::GatewayConfig c = with_operators();
  c.set_operator_key_file("gateway.key");
  EXPECT_THAT(wrong_with(c), HasSubstr("a key of its own"));
}
TEST(Settings, AnOperatorHasAName) {
  v1::GatewayConfig c = with_operators();
  c.add_operator_("");
  EXPECT_THAT(wrong_with(c), HasSubstr("operator: one is empty"));
}

}  // namespace
}  // namespace switchboard::gateway
