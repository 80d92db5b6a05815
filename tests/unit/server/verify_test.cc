// Each inconsistency is planted once in a sound store, and must be found and named.
#include "broker/server/verify.h"

#include <gmock/gmock.h>

#include "broker/base/bytes.h"
#include "broker/store/keys.h"
#include "broker/store/records.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using kv::Family;
using support::Event;
using support::HubCore;
using testing::Contains;
using testing::HasSubstr;

class VerifyTest : public testing::Test {
 protected:
  VerifyTest() {
    for (int i = 1; i <= 4; ++i) {
      positions_.push_back(hub_.publish(Event("concern", std::to_string(i))).position);
    }
    hub_.act(support::make_act(1, "X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  }
  v1::AuditReport report(const v1::Promise& witness = {}) {
    return verify(hub_.kv(), core::Secrets(support::test_master()), witness).value();
  }
  std::vector<std::string> findings() {
    const auto found = report();
    EXPECT_EQ(found.ok(), found.findings().empty());
    return {found.findings().begin(), found.findings().end()};
  }
  // Rows changed behind the hub's back.
  void put(Family family, const std::string& key, const std::string& value) {
    kv::Batch batch;
    batch.put(family, key, value);
    CHECK(hub_.kv().write(batch).ok());
  }
  void erase(Family family, const std::string& key) {
    kv::Batch batch;
    batch.erase(family, key);
    CHECK(hub_.kv().write(batch).ok());
  }
  std::string row(Family family, const std::string& key) {
    return hub_.kv().get(family, key).value().value();
  }
  void flip(Family family, const std::string& key, size_t at) {
    std::string bytes = row(family, key);
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    put(family, key, bytes);
  }
  std::string last_key(Family family) {
    return std::string(hub_.kv().scan_back(family, "", "")->key());
  }
  HubCore hub_;
  std::vector<uint64_t> positions_;
};

TEST_F(VerifyTest, ASoundStoreHasNoFindings) {
  const auto found = report(hub_.core().promise());
  EXPECT_TRUE(found.ok()) << found.DebugString();
  EXPECT_EQ(found.events(), 4u);
  EXPECT_EQ(found.position(), hub_.core().head().position);
  EXPECT_EQ(found.head(), view(hub_.core().head().chain));
}

TEST_F(VerifyTest, AFlippedByteAnywhereInAnAuditBlockIsFound) {
  const auto key = std::string(hub_.kv().scan(Family::kAudit, "", "")->key());
  const std::string good = row(Family::kAudit, key);
  for (size_t at = 0; at < good.size(); ++at) {
    flip(Family::kAudit, key, at);
    EXPECT_FALSE(findings().empty()) << "byte " << at;
    put(Family::kAudit, key, good);
  }
  EXPECT_TRUE(report().ok());
}

TEST_F(VerifyTest, AFlippedByteInTheLastBlockIsFoundThroughTheHead) {
  const std::string key = last_key(Family::kAudit);
  flip(Family::kAudit, key, row(Family::kAudit, key).size() - 1);
  EXPECT_FALSE(findings().empty());
}

TEST_F(VerifyTest, AFlippedByteAnywhereInAnEventRowIsFound) {
  const auto key = store::key::position(positions_[1]);
  const std::string good = row(Family::kEvent, key);
  for (size_t at = 0; at < good.size(); ++at) {
    flip(Family::kEvent, key, at);
    EXPECT_THAT(findings(), Contains(HasSubstr("not the one that was recorded"))) << at;
    put(Family::kEvent, key, good);
  }
}

TEST_F(VerifyTest, AMissingEventRowIsFound) {
  erase(Family::kEvent, store::key::position(positions_[2]));
  EXPECT_THAT(findings(), Contains(HasSubstr("the event's row is missing")));
}

TEST_F(VerifyTest, AMissingBlockIsFound) {
  auto scan = hub_.kv().scan(Family::kAudit, "", "");
  scan->next();
  const std::string key(scan->key());
  scan.reset();
  erase(Family::kAudit, key);
  EXPECT_THAT(findings(), Contains(HasSubstr("the chain is broken here")));
  EXPECT_THAT(findings(), Contains(HasSubstr("positions before it are missing")));
}

TEST_F(VerifyTest, ABlockCutOffAtTheEndIsFound) {
  erase(Family::kAudit, last_key(Family::kAudit));
  EXPECT_THAT(findings(), Contains(HasSubstr("the head row")));
}

TEST_F(VerifyTest, AMissingInboxNumberIsFound) {
  erase(Family::kInbox, store::key::inbox(hub_.inbox_of("X99-HV"), 2));
  EXPECT_THAT(findings(), Contains(HasSubstr("number 2 is missing")));
}

TEST_F(VerifyTest, AMissingFirstInboxNumberIsFound) {
  erase(Family::kInbox, store::key::inbox(hub_.inbox_of("X99-HV"), 1));
  EXPECT_THAT(findings(), Contains(HasSubstr("number 1 is missing")));
}

TEST_F(VerifyTest, AnUnreadableInboxRowIsFound) {
  put(Family::kInbox, store::key::inbox(hub_.inbox_of("X99-HV"), 2), "\x7f");
  EXPECT_THAT(findings(), Contains(HasSubstr("cannot be read")));
}

TEST_F(VerifyTest, ARecipientWithoutItsDeliveryIsFoundAlsoAtTheEndOfTheLog) {
  const auto told = hub_.recipients(positions_.back());
  ASSERT_FALSE(told.empty());
  const store::LogId log{told[0].team_handle(), store::Log::kInbox};
  uint64_t head = store::read_log_head(hub_.kv(), log).value();
  for (; head >= told[0].number(); --head) erase(Family::kInbox, store::key::inbox(log, head));
  EXPECT_THAT(findings(), Contains(HasSubstr("has no delivery of it")));
}

TEST_F(VerifyTest, ADeliveryThatPointsAtAnotherEventIsFound) {
  const store::LogId log = hub_.inbox_of("X99-HV");
  put(Family::kInbox, store::key::inbox(log, 2), row(Family::kInbox, store::key::inbox(log, 1)));
  EXPECT_THAT(findings(), Contains(HasSubstr("has no delivery of it at number 2")));
}

TEST_F(VerifyTest, ABrokenHeadIsFound) {
  v1::HeadRecord head = store::read_head(hub_.kv()).value().value();
  auto other = head;
  other.mutable_head()->front() ^= 1;
  put(Family::kMeta, store::key::head(), other.SerializeAsString());
  EXPECT_THAT(findings(), Contains(HasSubstr("another hash than the chain")));
  other = head;
  other.set_position(head.position() + 1);
  put(Family::kMeta, store::key::head(), other.SerializeAsString());
  EXPECT_THAT(findings(), Contains(HasSubstr("not at the chain's end")));
  erase(Family::kMeta, store::key::head());
  EXPECT_THAT(findings(), Contains(HasSubstr("head row is missing")));
}

TEST_F(VerifyTest, AnEpochWithoutItsOpeningOrWithAnotherIsFound) {
  const std::string at = store::key::opening(hub_.core().head().epoch);
  auto opening = store::read_opening(hub_.kv(), hub_.core().head().epoch).value().value();
  opening.set_after(opening.after() + 1);
  put(Family::kMeta, at, opening.SerializeAsString());
  EXPECT_THAT(findings(), Contains(HasSubstr("its epoch has no opening, or another one")));
  erase(Family::kMeta, at);
  EXPECT_THAT(findings(), Contains(HasSubstr("its epoch has no opening, or another one")));
}

TEST_F(VerifyTest, AWitnessIsHeardAgainstTheHub) {
  const auto promise = hub_.core().promise();
  const std::string last = last_key(Family::kAudit);
  auto forged = promise;
  forged.mutable_mac()->front() ^= 1;
  EXPECT_THAT(report(forged).findings(0), HasSubstr("not made by this hub"));
  // A store that is behind what it promised.
  auto old = hub_.backup();
  const auto early = hub_.core().promise();
  hub_.publish(Event("concern", "later"));
  const auto late = hub_.core().promise();
  EXPECT_TRUE(report(early).ok());
  hub_.restore(std::move(old));
  EXPECT_THAT(report(late).findings(0), HasSubstr("promised what is not here"));
}

TEST_F(VerifyTest, AGapThatARecordedLossExplainsIsNoFinding) {
  auto old = hub_.backup();
  hub_.publish(Event("concern", "lost 1"));
  hub_.publish(Event("concern", "lost 2"));
  const auto promised = hub_.core().promise();
  hub_.restore(std::move(old));
  const v1::PrincipalRow pas = hub_.who("pas");
  hub_.turn([&](core::Core& c) { EXPECT_EQ(c.witness(pas, promised).seen, core::Witness::kLost); });
  hub_.publish(Event("concern", "after"));
  EXPECT_TRUE(report().ok()) << report().DebugString();
}

TEST_F(VerifyTest, NeighboursThatAreHurtAreOneRangeOfPositionsAndOfEachTeamsNumbers) {
  for (int i = 5; i <= 9; ++i) {
    positions_.push_back(hub_.publish(Event("concern", std::to_string(i))).position);
  }
  const auto apart = hub_.recipients(positions_[6]);
  for (size_t i : {1u, 2u, 3u, 6u}) erase(Family::kEvent, store::key::position(positions_[i]));
  const auto found = findings();
  const auto position = [&](size_t i) { return std::to_string(positions_[i]); };
  EXPECT_THAT(found, Contains("positions " + position(1) + " to " + position(3) +
                              " (3 events): the event's row is missing"));
  EXPECT_THAT(found, Contains("position " + position(6) + ": the event's row is missing"));
  ASSERT_EQ(apart.size(), 2u);
  for (const auto& told : apart) {
    const std::string who = "team " + told.team() + ", inbox: ";
    const std::string why = " about an event that is damaged, see its position above";
    EXPECT_THAT(found, Contains(who + "numbers 2 to 4 are" + why));
    EXPECT_THAT(found, Contains(who + "number " + std::to_string(told.number()) + " is" + why));
  }
}

TEST_F(VerifyTest, MissingNumbersAreOneRangeOfTheTeam) {
  for (uint64_t n : {1u, 2u, 3u}) {
    erase(Family::kInbox, store::key::inbox(hub_.inbox_of("X99-HV"), n));
  }
  EXPECT_THAT(findings(), Contains("team X99-HV, inbox: numbers 1 to 3 are missing"));
}

TEST_F(VerifyTest, ALogOfNoTeamIsFound) {
  put(Family::kInbox, store::key::inbox({99, store::Log::kInbox}, 2), "\x7f");
  EXPECT_THAT(findings(), Contains("log 198 of no team, inbox: number 1 is missing"));
}

TEST_F(VerifyTest, AnAuditBlockThatCannotBeReadDoesNotHideWhatComesAfterIt) {
  auto scan = hub_.kv().scan(Family::kAudit, "", "");
  scan->next();
  const std::string key(scan->key());
  scan.reset();
  put(Family::kAudit, key, "\xff");
  erase(Family::kEvent, store::key::position(positions_.back()));
  EXPECT_THAT(findings(), Contains(HasSubstr("corrupt audit block")));
  EXPECT_THAT(findings(), Contains(HasSubstr("the event's row is missing")));
}

TEST_F(VerifyTest, AnEventWhoseContentDoesNotOpenIsFoundWhenContentsAreAskedFor) {
  flip(Family::kPayload, store::key::position(positions_[2]), 40);
  EXPECT_TRUE(report().ok());
  const auto found = verify(hub_.kv(), core::Secrets(support::test_master()), {}, Depth::kContents);
  ASSERT_EQ(found->findings_size(), 2 + 1) << found->DebugString();
  EXPECT_EQ(found->findings(0),
            "position " + std::to_string(positions_[2]) + ": what the event says cannot be read");
  erase(Family::kPayload, store::key::position(positions_[2]));
  erase(Family::kKey, store::key::position(positions_[2]));
  EXPECT_TRUE(verify(hub_.kv(), core::Secrets(support::test_master()), {}, Depth::kContents)->ok())
      << "what was erased is no damage";
}

TEST_F(VerifyTest, WithAnotherMasterKeyThatIsTheOneFinding) {
  const auto found = verify(hub_.kv(), core::Secrets(HashKey{}), {});
  ASSERT_EQ(found->findings_size(), 1);
  EXPECT_THAT(found->findings(0), HasSubstr("not the one that the store was made with"));
}

TEST_F(VerifyTest, FindingsAreBounded) {
  for (int i = 0; i < 250; ++i) hub_.publish(Event("concern", "more " + std::to_string(i)));
  for (uint64_t n = 1; n < 250; n += 2) {  // no two together
    put(Family::kInbox, store::key::inbox(hub_.inbox_of("X99-HV"), n), "\x7f");
  }
  EXPECT_EQ(report().findings_size(), 100);
}

}  // namespace
}  // namespace switchboard::server
