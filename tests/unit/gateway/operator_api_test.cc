#include "services/gateway/operator_api.h"

#include <gmock/gmock.h>

#include <deque>

#include "services/gateway/screen_json.h"
#include "tests/unit/gateway/posted.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

// Everybody operates the hub; who may is presence_test's.
class OpenGate final : public Gate {
 public:
  Responder signed_in(SignedInResponder then) override {
    return [then = std::move(then)](const Request& request, std::shared_ptr<Reply> reply) {
      then({.person = {.id = std::string(request.header("who"))}}, request, std::move(reply));
    };
  }
  Responder of_team(SignedInResponder then) override { return signed_in(std::move(then)); }
  Responder operating(SignedInResponder then) override { return signed_in(std::move(then)); }
  bool still(const Request&, std::string_view) override { return true; }
};

class OperatorApiTest : public testing::Test {
 protected:
  OperatorApiTest() {
    api_.add_to(router_, gate_);
    api_.connect([this](const std::string& person, OperatorLink::OnLooked then) {
      looks_.push_back(person);
      then_ = std::move(then);
    });
  }
  // What a page of this person is told, now or later.
  Told& ask(const std::string& person = "rosa") {
    Request request{.path = "/api/operator"};
    request.headers["who"] = person;
    told_.emplace_back();
    router_.route(request, std::make_shared<TestReply>(told_.back()));
    return told_.back();
  }
  void answer(Result<v1::ScreenOperator> seen) { std::exchange(then_, {})(std::move(seen)); }
  static v1::ScreenOperator seen(uint64_t overdue) {
    v1::ScreenOperator out;
    out.mutable_status()->set_overdue(overdue);
    return out;
  }

  int64_t now_us_ = 1'000'000;
  OperatorApi api_{[this] { return now_us_; }};
  OpenGate gate_;
  Router router_;
  std::deque<Told> told_;
  std::vector<std::string> looks_;
  OperatorLink::OnLooked then_;
};

// P11: what many open pages cost the hub is one look at a time, and one in two seconds.
TEST_F(OperatorApiTest, ManyPagesCostTheHubOneLook) {
  Told& first = ask("rosa");
  Told& second = ask("omar");
  EXPECT_EQ(looks_, std::vector<std::string>{"rosa"});
  EXPECT_FALSE(first.response);
  answer(seen(7));
  EXPECT_THAT(first.response->body, HasSubstr("\"overdue\":\"7\""));
  EXPECT_EQ(second.response->body, first.response->body);
  now_us_ += OperatorApi::kKeptFor.us - 1;
  EXPECT_EQ(ask().response->body, first.response->body);
  EXPECT_EQ(looks_.size(), 1u);
  now_us_ += 1;
  Told& later = ask("omar");
  EXPECT_FALSE(later.response) << "what was seen is too old";
  EXPECT_EQ(looks_.back(), "omar");
  answer(seen(8));
  EXPECT_THAT(later.response->body, HasSubstr("\"overdue\":\"8\""));
}
TEST_F(OperatorApiTest, ARefusalIsToldToAllWhoWaitAndNotKept) {
  Told& first = ask();
  Told& second = ask();
  answer(error(v1::CODE_BUSY, "look at its machine"));
  for (const Told* told : {&first, &second}) {
    EXPECT_EQ(told->response->status, 503u);
    EXPECT_THAT(told->response->body, AllOf(HasSubstr("CODE_BUSY"), HasSubstr("its machine")));
  }
  EXPECT_FALSE(ask().response);
  answer(seen(1));
  EXPECT_EQ(told_.back().response->status, 200u);
}
TEST_F(OperatorApiTest, TheLastGoodLookDoesNotHideThatTheHubIsAway) {
  ask();
  answer(seen(1));
  now_us_ += OperatorApi::kKeptFor.us;
  ask();
  answer(error(v1::CODE_BUSY, "away"));
  EXPECT_EQ(told_.back().response->status, 503u);
  EXPECT_FALSE(ask().response) << "and is not told again";
}
TEST_F(OperatorApiTest, TooManyAreRefused) {
  for (size_t i = 0; i < OperatorApi::kWaitingMax; ++i) EXPECT_FALSE(ask().response);
  const Told& more = ask();
  ASSERT_TRUE(more.response);
  EXPECT_EQ(more.response->status, 503u);
  answer(seen(1));
  EXPECT_EQ(told_.front().response->status, 200u);
}
TEST_F(OperatorApiTest, NoSourcesMessageIdIsShownWhole) {
  ask();
  v1::ScreenOperator rows = seen(0);
  rows.add_quarantine()->set_source_message_id("9126040018");
  rows.add_unrouted()->set_source_message_id("HARROWNIA1");
  answer(std::move(rows));
  EXPECT_THAT(told_.back().response->body,
              AllOf(Not(HasSubstr("91260400")), Not(HasSubstr("HARROW")), HasSubstr("********18")));
}

}  // namespace
}  // namespace switchboard::gateway
