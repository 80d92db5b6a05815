#include "broker/core/subject.h"

#include <gmock/gmock.h>

#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using testing::ElementsAre;
using testing::IsEmpty;

// An event about a child known by these.
Event about(const std::string& message, unsigned number, const std::string& local = {}) {
  Event event("admission", message);
  event.identity.clear_identifiers();
  if (number > 0) {
    *event.identity.add_identifiers() = support::nhs_identifier(support::nhs_number(number));
  }
  if (!local.empty()) *event.identity.add_identifiers() = support::local_identifier(local);
  return event;
}
std::string subject_of(HubCore& hub, const Event& event) {
  return hub.event(hub.publish(event).position).subject();
}

TEST(Subject, TheSameVerifiedNumberIsTheSameChild) {
  HubCore hub;
  const auto first = subject_of(hub, about("1", 1));
  EXPECT_EQ(first.size(), 16u);
  EXPECT_EQ(subject_of(hub, about("2", 1)), first);
  EXPECT_NE(subject_of(hub, about("3", 2)), first);
}
TEST(Subject, WithoutANumberTheLocalIdDecides) {
  HubCore hub;
  const auto first = subject_of(hub, about("1", 0, "M1"));
  EXPECT_EQ(subject_of(hub, about("2", 0, "M1")), first);
  EXPECT_NE(subject_of(hub, about("3", 0, "M2")), first);
}
TEST(Subject, ALocalIdLearnsItsNumberLater) {
  HubCore hub;
  const auto first = subject_of(hub, about("1", 0, "M1"));
  EXPECT_EQ(subject_of(hub, about("2", 1, "M1")), first);
  EXPECT_EQ(subject_of(hub, about("3", 1)), first);
}
TEST(Subject, AnUnverifiedNumberNeverMatches) {
  HubCore hub;
  const auto first = subject_of(hub, about("1", 1));
  Event event = about("2", 1);
  event.identity.mutable_identifiers(0)->set_verification(v1::VERIFICATION_UNVERIFIED);
  const Answer answer = hub.publish(event);
  EXPECT_NE(hub.event(answer.position).subject(), first);
  EXPECT_TRUE(hub.event(answer.position).unverified_identity());
}
TEST(Subject, WithoutANumberTheIdentityIsProvisional) {
  HubCore hub;
  EXPECT_TRUE(hub.event(hub.publish(about("1", 0, "M1")).position).unverified_identity());
  EXPECT_FALSE(hub.event(hub.publish(about("2", 1)).position).unverified_identity());
}
TEST(Subject, AClashTakesTheNumberMergesNothingAndAsksForAPerson) {
  HubCore hub;
  const auto by_number = subject_of(hub, about("1", 1));
  const auto by_local = subject_of(hub, about("2", 0, "M1"));
  const Answer clash = hub.publish(about("3", 1, "M1"));
  EXPECT_EQ(hub.event(clash.position).subject(), by_number);
  EXPECT_THAT(hub.queue(store::Queue::kMatch), ElementsAre(clash.position));
  EXPECT_EQ(subject_of(hub, about("4", 0, "M1")), by_local);
}
TEST(Subject, ALocalIdReusedForAnotherNumberIsAnotherChildAndAsksForAPerson) {
  HubCore hub;
  const auto first = subject_of(hub, about("1", 1, "M1"));
  const Answer reused = hub.publish(about("2", 2, "M1"));
  EXPECT_NE(hub.event(reused.position).subject(), first);
  EXPECT_THAT(hub.queue(store::Queue::kMatch), ElementsAre(reused.position));
}
TEST(Subject, AgreementAsksForNobody) {
  HubCore hub;
  hub.publish(about("1", 1, "M1"));
  hub.publish(about("2", 1, "M1"));
  EXPECT_THAT(hub.queue(store::Queue::kMatch), IsEmpty());
}
TEST(Subject, LocalIdsOfTwoSystemsAreDifferent) {
  const Secrets secrets(support::test_master());
  const auto id = support::local_identifier("M1");
  EXPECT_NE(identifier_hash(secrets, id, "X26", "PAS"), identifier_hash(secrets, id, "X26", "ED"));
  EXPECT_NE(identifier_hash(secrets, id, "X26", "PAS"), identifier_hash(secrets, id, "X99", "PAS"));
}
TEST(Subject, IdentifiersOfOtherAuthoritiesNeverMatch) {
  const Secrets secrets(support::test_master());
  v1::Identifier id = support::nhs_identifier(support::nhs_number(1), v1::VERIFICATION_INVALID);
  EXPECT_EQ(identifier_hash(secrets, id, "X26", "PAS"), "");
  id.set_type(v1::IDENTIFIER_TYPE_OTHER);
  id.set_verification(v1::VERIFICATION_VERIFIED);
  EXPECT_EQ(identifier_hash(secrets, id, "X26", "PAS"), "");
}
TEST(Subject, ThreadsOfTwoAgenciesAreDifferent) {
  const Secrets secrets(support::test_master());
  EXPECT_NE(thread_hash(secrets, support::visit("V1"), "X26"),
            thread_hash(secrets, support::visit("V1"), "X99"));
}

}  // namespace
}  // namespace switchboard::core
