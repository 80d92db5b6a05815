#include "services/gateway/sessions.h"

#include <gmock/gmock.h>

#include <set>

#include "broker/base/bytes.h"
#include "broker/kv/mem_kv.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() : sessions_(Sessions::open(kv_, limits_, now_).value()) {}
  std::string begin(const std::string& person) {
    v1::GatewaySession session;
    session.set_person(person);
    session.set_assurance(v1::ASSURANCE_LOCAL_SIGN_IN);
    return sessions_.begin(session, now_).value();
  }
  const v1::GatewaySession* find(const std::string& token) { return sessions_.find(token, now_); }
  // Another gateway on what a power cut leaves.
  Sessions restarted() {
    disk_ = kv_.durable_copy();
    return Sessions::open(*disk_, limits_, now_).value();
  }
  void wait(Duration d) { now_ = now_ + d; }

  kv::MemKv kv_;
  std::unique_ptr<kv::MemKv> disk_;
  Sessions::Limits limits_;
  Time now_{1'000'000'000'000};
  Sessions sessions_;
};

TEST_F(SessionsTest, ATokenIs32BytesAndNeverTheSame) {
  std::set<std::string> tokens;
  for (int i = 0; i < 50; ++i) tokens.insert(begin("p" + std::to_string(i)));
  EXPECT_EQ(tokens.size(), 50u);
  EXPECT_EQ(from_hex(*tokens.begin())->size(), 32u);
  EXPECT_EQ(find(*tokens.begin())->assurance(), v1::ASSURANCE_LOCAL_SIGN_IN);
}
TEST_F(SessionsTest, AForgedTokenIsNobodys) {
  const std::string token = begin("anna");
  std::string flipped = token;
  flipped[5] = flipped[5] == 'a' ? 'b' : 'a';
  EXPECT_EQ(find(flipped), nullptr);
  EXPECT_EQ(find(""), nullptr);
  EXPECT_EQ(find("x"), nullptr);
  EXPECT_EQ(find(token.substr(0, 62)), nullptr);
  EXPECT_EQ(find(token + "00"), nullptr);
  EXPECT_EQ(find(std::string(64, 'z')), nullptr);
  EXPECT_NE(find(token), nullptr);
}
TEST_F(SessionsTest, TheDiskHoldsNothingThatSignsIn) {
  const std::string token = begin("anna");
  const std::string bytes = *from_hex(token);
  size_t rows = 0;
  for (const auto scan = kv_.scan(kv::Family::kMeta, "", ""); scan->valid(); scan->next(), ++rows) {
    for (const std::string& secret : {token, bytes, Sessions::csrf(token)}) {
      EXPECT_THAT(std::string(scan->key()), Not(HasSubstr(secret)));
      EXPECT_THAT(std::string(scan->value()), Not(HasSubstr(secret)));
    }
    EXPECT_EQ(find(to_hex(scan->key().substr(scan->key().size() - 32))), nullptr) << "the key";
  }
  EXPECT_EQ(rows, 1u);
}
TEST_F(SessionsTest, ARestartSignsNobodyOutAndBringsNobodyBack) {
  const std::string anna = begin("anna"), bela = begin("bela"), locked = begin("cora");
  ASSERT_TRUE(sessions_.end(bela).ok());
  ASSERT_TRUE(sessions_.lock(locked).ok());
  Sessions again = restarted();
  ASSERT_NE(again.find(anna, now_), nullptr);
  EXPECT_FALSE(again.find(anna, now_)->locked());
  EXPECT_EQ(again.find(bela, now_), nullptr);
  EXPECT_TRUE(again.find(locked, now_)->locked());
}
TEST_F(SessionsTest, ItEndsAtItsLongestWhateverHappens) {
  const std::string token = begin("anna");
  const Time end = now_ + limits_.longest;
  EXPECT_EQ(sessions_.ends(*find(token)), end);
  while (now_ + seconds(600) < end) {
    wait(seconds(600));
    ASSERT_NE(find(token), nullptr);
    ASSERT_TRUE(sessions_.touch(token, now_).ok());
  }
  now_ = end - Duration{1};
  EXPECT_NE(find(token), nullptr);
  now_ = end;
  EXPECT_EQ(find(token), nullptr);
  EXPECT_EQ(restarted().size(), 0u);
}
TEST_F(SessionsTest, OneThatNobodyTouchesLocksAndDoesNotEnd) {
  const std::string token = begin("anna");
  wait(limits_.lock_after - Duration{1});
  EXPECT_FALSE(find(token)->locked());
  wait(Duration{1});
  EXPECT_TRUE(find(token)->locked());
}
TEST_F(SessionsTest, LookingIsNoActivityTouchingIs) {
  const std::string looked = begin("anna"), touched = begin("anna");
  for (int i = 0; i < 16; ++i) {
    wait(seconds(60));
    find(looked);
    ASSERT_TRUE(sessions_.touch(touched, now_).ok());
  }
  EXPECT_TRUE(find(looked)->locked());
  EXPECT_FALSE(find(touched)->locked());
}
TEST_F(SessionsTest, TouchingALockedOneUnlocksNothing) {
  const std::string token = begin("anna");
  ASSERT_TRUE(sessions_.lock(token).ok());
  ASSERT_TRUE(sessions_.touch(token, now_).ok());
  EXPECT_TRUE(find(token)->locked());
}
TEST_F(SessionsTest, TheLastUseIsWrittenAtMostOnceAMinute) {
  const std::string token = begin("anna");
  const int64_t begun = now_.us;
  wait(seconds(59));
  ASSERT_TRUE(sessions_.touch(token, now_).ok());
  EXPECT_EQ(kv_.unsynced(), 0u);
  ASSERT_TRUE(kv_.sync().ok());
  EXPECT_EQ(restarted().find(token, now_)->last_use_us(), begun);
  wait(seconds(1));
  ASSERT_TRUE(sessions_.touch(token, now_).ok());
  EXPECT_EQ(kv_.unsynced(), 1u) << "and nobody waits for the disk";
  ASSERT_TRUE(kv_.sync().ok());
  EXPECT_EQ(restarted().find(token, now_)->last_use_us(), now_.us);
}
TEST_F(SessionsTest, UnlockingMakesANewTokenAndGivesNoLongerTime) {
  const std::string token = begin("anna");
  const Time end = sessions_.ends(*find(token));
  wait(limits_.lock_after);
  const std::string fresh = sessions_.unlock(token, now_).value();
  EXPECT_NE(fresh, token);
  EXPECT_NE(Sessions::csrf(fresh), Sessions::csrf(token));
  EXPECT_EQ(find(token), nullptr);
  ASSERT_NE(find(fresh), nullptr);
  EXPECT_FALSE(find(fresh)->locked());
  EXPECT_EQ(sessions_.ends(*find(fresh)), end);
  Sessions again = restarted();
  EXPECT_EQ(again.find(token, now_), nullptr);
  EXPECT_FALSE(again.find(fresh, now_)->locked());
}
TEST_F(SessionsTest, APersonHasAFewAndTheOldestEnds) {
  std::vector<std::string> tokens;
  for (size_t i = 0; i < limits_.per_person + 1; ++i) {
    tokens.push_back(begin("anna"));
    wait(seconds(1));
  }
  const std::string other = begin("bela");
  EXPECT_EQ(find(tokens[0]), nullptr);
  EXPECT_NE(find(tokens[1]), nullptr);
  EXPECT_NE(find(other), nullptr);
  EXPECT_EQ(sessions_.size(), limits_.per_person + 1);
  EXPECT_EQ(restarted().size(), limits_.per_person + 1);
}
TEST_F(SessionsTest, AllTogetherAreBoundedAndTheOneIdleLongestEnds) {
  Sessions few = Sessions::open(kv_, {.overall = 3}, now_).value();
  const auto begin = [&](const char* person) {
    v1::GatewaySession session;
    session.set_person(person);
    return few.begin(session, now_).value();
  };
  const std::string anna = begin("anna"), bela = begin("bela");
  wait(seconds(5));
  const std::string cora = begin("cora");
  ASSERT_TRUE(few.touch(anna, now_).ok());
  begin("dora");
  EXPECT_EQ(few.size(), 3u);
  EXPECT_EQ(few.find(bela, now_), nullptr);
  EXPECT_NE(few.find(anna, now_), nullptr);
  EXPECT_NE(few.find(cora, now_), nullptr);
}
TEST_F(SessionsTest, AllOfOnePersonEndTogether) {
  const std::string one = begin("anna"), two = begin("anna"), other = begin("bela");
  ASSERT_TRUE(sessions_.end_all("anna").ok());
  EXPECT_EQ(find(one), nullptr);
  EXPECT_EQ(find(two), nullptr);
  EXPECT_NE(find(other), nullptr);
  EXPECT_EQ(restarted().size(), 1u);
}
TEST_F(SessionsTest, EachHasACsrfTokenOfItsOwnThatIsNotTheCookie) {
  const std::string one = begin("anna"), two = begin("anna");
  EXPECT_NE(Sessions::csrf(one), Sessions::csrf(two));
  EXPECT_NE(Sessions::csrf(one), one);
  EXPECT_EQ(Sessions::csrf(one), Sessions::csrf(one));
  EXPECT_EQ(Sessions::csrf("no token"), "");
}
TEST_F(SessionsTest, ARowThatCannotBeReadSignsNobodyIn) {
  kv::Batch rows;
  rows.put(kv::Family::kMeta, "gateway/session/" + std::string(32, 'x'), "\xff\xff");
  ASSERT_TRUE(kv_.write_synced(rows).ok());
  EXPECT_EQ(restarted().size(), 0u);
}

}  // namespace
}  // namespace switchboard::gateway
