#include "adapters/sdk/admin_client.h"

#include <gtest/gtest.h>

#include "tests/integration/sdk/socket_hub.h"

namespace switchboard::sdk {
namespace {

using test::SocketHub;
using namespace std::chrono_literals;

class AdminClientTest : public ::testing::Test {
 protected:
  // An admin socket that gives these replies to every request.
  std::unique_ptr<AdminClient> ask_hub_that_says(std::vector<v1::AdminReply> replies) {
    hub_.stop();
    hub_.answer = [replies](uint64_t, std::string_view bytes) {
      v1::AdminRequest request;
      EXPECT_TRUE(request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
      std::vector<std::string> frames;
      for (auto reply : replies) {
        reply.set_request(request.request());
        frames.push_back(reply.SerializeAsString());
      }
      return frames;
    };
    hub_.start();
    return AdminClient::open(hub_.context(), hub_.dial()).value();
  }
  static v1::AdminReply part(bool more) {
    v1::AdminReply reply;
    reply.set_more(more);
    return reply;
  }
  static v1::AdminRequest status() {
    v1::AdminRequest request;
    request.mutable_status();
    return request;
  }
  SocketHub hub_;
};

TEST_F(AdminClientTest, AllPartsOfAnAnswerAreCollected) {
  auto client = ask_hub_that_says({part(true), part(true), part(false), part(false)});
  EXPECT_EQ(client->ask(status(), 10s).value().size(), 3u);
  EXPECT_EQ(client->ask(status(), 10s).value().size(), 3u) << "what came late is not mixed in";
}

TEST_F(AdminClientTest, ARefusalIsAnErrorWithItsCodeAndText) {
  v1::AdminReply refused;
  refused.set_code(v1::CODE_INVALID);
  refused.set_text("no such team");
  const auto answer = ask_hub_that_says({refused})->ask(status(), 10s);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, v1::CODE_INVALID);
  EXPECT_EQ(answer.error().text, "no such team");
}

TEST_F(AdminClientTest, SilenceIsSaidInTime) {
  const auto answer = ask_hub_that_says({})->ask(status(), 200ms);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, v1::CODE_BUSY);
}

TEST_F(AdminClientTest, AnUnknownKeyIsSaidWithoutWaitingForTheDeadline) {
  auto client = AdminClient::open(hub_.context(), hub_.dial(wire::make_key_pair())).value();
  const auto answer = client->ask(status(), 30s);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, v1::CODE_NOT_ALLOWED);
}

}  // namespace
}  // namespace switchboard::sdk
