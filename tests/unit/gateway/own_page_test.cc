#include "services/gateway/own_page.h"

#include <gtest/gtest.h>

namespace switchboard::gateway {
namespace {

Request by_proxy(const char* forwarded) {
  Request request{.door = Door::kProxy, .address = ""};
  if (*forwarded != 0) request.headers["x-forwarded-for"] = forwarded;
  return request;
}

TEST(OwnPage, TheAddressIsThePeersWhateverABrowserSays) {
  Request request{.address = "192.0.2.7"};
  request.headers["x-forwarded-for"] = "10.0.0.1";
  EXPECT_EQ(address_of(request), "192.0.2.7");
}
TEST(OwnPage, AtTheProxysDoorItIsTheOneTheProxySawNotWhatTheBrowserClaimed) {
  EXPECT_EQ(address_of(by_proxy("10.6.6.6, 192.0.2.7")), "192.0.2.7");
  EXPECT_EQ(address_of(by_proxy("192.0.2.7 ")), "192.0.2.7");
  EXPECT_EQ(address_of(by_proxy("10.6.6.6,")), "proxy");
  EXPECT_EQ(address_of(by_proxy("")), "proxy");
}
TEST(OwnPage, WithoutAHostNoOriginIsOurs) {
  Request request;
  request.headers["origin"] = "https://";
  EXPECT_FALSE(check_origin(request, "https").ok());
}
TEST(OwnPage, BehindAProxyThatDoesNotSayItsSchemeTheHostDecides) {
  Request request;
  request.headers["host"] = "hub.example";
  request.headers["origin"] = "https://hub.example";
  EXPECT_TRUE(check_origin(request, "").ok());
  EXPECT_FALSE(check_origin(request, "http").ok());
}
TEST(OwnPage, AnEmptyTokenIsNobodys) {
  Request request;
  request.headers["x-switchboard-csrf"] = "";
  EXPECT_FALSE(check_csrf(request, "https", "").ok());
}

}  // namespace
}  // namespace switchboard::gateway
