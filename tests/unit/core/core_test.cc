#include "broker/core/core.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/kv/faulty_kv.h"
#include "broker/store/audit_chain.h"
#include "broker/store/layout.h"
#include "broker/store/records.h"
#include "tests/support/hub_core.h"

namespace switchboard::core {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;
using testing::SizeIs;

v1::Received received(uint64_t through, const std::string& team = "X99-HV") {
  v1::Received r;
  r.set_team(team);
  r.set_log(v1::LOG_KIND_INBOX);
  r.set_endpoint("desk");
  r.set_through(through);
  return r;
}
bool receive(HubCore& hub, const v1::Received& what, const std::string& who = "x99-hv") {
  bool taken = false;
  const auto from = hub.who(who);
  hub.turn([&](Core& c) { taken = c.receive(from, what); });
  return taken;
}

TEST(Core, TimeNeverGoesBack) {
  HubCore hub;
  const Time noon = hub.now;
  hub.publish(Event("concern", "1"));
  hub.now = noon - seconds(3600);
  const Answer answer = hub.publish(Event("concern", "2"));
  EXPECT_EQ(hub.event(answer.position).accepted_us(), noon.us);
  EXPECT_EQ(hub.core().head().time, noon);
  hub.crash();
  const Answer after = hub.publish(Event("concern", "3"));
  EXPECT_EQ(hub.event(after.position).accepted_us(), noon.us);
}
TEST(Core, ATurnThatChangesNothingCommitsNothing) {
  HubCore hub;
  hub.turn([](Core&) {});
  EXPECT_FALSE(hub.core().changed());
}
// DESIGN §9: on a disk that cannot be written readers go on, and nothing changes.
TEST(Core, AReaderFollowsAHubThatCannotWriteAndNothingIsKeptOfIt) {
  HubCore hub;
  hub.publish(Event("concern", "1"));
  hub.publish(Event("concern", "2"));
  const auto who = hub.who("x99-hv");
  v1::Attach request;
  request.set_team("X99-HV");
  request.set_log(v1::LOG_KIND_INBOX);
  request.set_endpoint("desk");
  request.set_through(1);
  *request.mutable_covered() = hub.core().promise();
  request.set_epoch(request.covered().epoch());
  const uint64_t before = hub.core().head().position;
  const auto follow = [&](const v1::Attach& asked) {
    Attachment attached;
    hub.turn([&](Core& c) {
      attached = c.follow(who, asked);
      EXPECT_FALSE(c.changed());
    });
    return attached;
  };
  const auto attached = follow(request);
  EXPECT_EQ(attached.code, v1::CODE_OK) << attached.text;
  EXPECT_EQ(attached.through, 1u);
  EXPECT_EQ(attached.head, 2u);
  request.set_through(9);
  EXPECT_EQ(follow(request).code, v1::CODE_READ_ONLY) << "a loss it could not record";
  request.set_team("X99-MASH");
  EXPECT_EQ(follow(request).code, v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(hub.core().head().position, before);
  EXPECT_EQ(hub.core().cursor(hub.inbox_of("X99-HV"), "desk"), 0u);
}
TEST(Core, AttachingSetsTheCursorAndSurvivesACrash) {
  HubCore hub;
  hub.publish(Event("concern"));
  const Attachment attached = hub.attach("X99-HV", 0);
  EXPECT_EQ(attached.code, v1::CODE_OK);
  EXPECT_EQ(attached.head, 1u);
  EXPECT_TRUE(receive(hub, received(1)));
  hub.crash();
  EXPECT_EQ(hub.core().cursor(hub.inbox_of("X99-HV"), "desk"), 1u);
}
TEST(Core, ATeamReadsOnlyItsOwnInbox) {
  HubCore hub;
  hub.publish(Event("concern"));
  v1::Attach request;
  request.set_team("X99-HV");
  request.set_log(v1::LOG_KIND_INBOX);
  request.set_endpoint("desk");
  for (const char* who : {"x99-mash", "x26-safety", "pas", "admin"}) {
    const auto from = hub.who(who);
    Attachment attached;
    hub.turn([&](Core& c) { attached = c.attach(from, request); });
    EXPECT_EQ(attached.code, v1::CODE_NOT_ALLOWED) << who;
    EXPECT_FALSE(receive(hub, received(1), who)) << who;
  }
}
TEST(Core, AnEndpointHasAName) {
  HubCore hub;
  EXPECT_EQ(hub.attach("X99-HV", 0, "").code, v1::CODE_INVALID);
  EXPECT_EQ(hub.attach("X99-HV", 0, std::string(65, 'e')).code, v1::CODE_INVALID);
}
TEST(Core, ATeamHasABoundedNumberOfEndpoints) {
  HubCore hub;
  for (size_t n = 0; n < limits::kEndpointsPerTeamMax; ++n) {
    EXPECT_EQ(hub.attach("X99-HV", 0, "desk" + std::to_string(n)).code, v1::CODE_OK);
  }
  EXPECT_EQ(hub.attach("X99-HV", 0, "one more").code, v1::CODE_NOT_ALLOWED);
  EXPECT_EQ(hub.attach("X99-HV", 0, "desk0").code, v1::CODE_OK);
}
TEST(Core, AReceiptBeyondTheHeadOrWithoutAnAttachmentIsRefused) {
  HubCore hub;
  hub.publish(Event("concern"));
  EXPECT_FALSE(receive(hub, received(1)));
  hub.attach("X99-HV");
  EXPECT_FALSE(receive(hub, received(2)));
  EXPECT_TRUE(receive(hub, received(1)));
}
TEST(Core, ACursorOnlyGoesForwardByReceipts) {
  HubCore hub;
  hub.publish(Event("concern", "1"));
  hub.publish(Event("concern", "2"));
  hub.attach("X99-HV");
  receive(hub, received(2));
  receive(hub, received(1));
  EXPECT_EQ(hub.core().cursor(hub.inbox_of("X99-HV"), "desk"), 2u);
}
TEST(Core, WhenANumberWasReceivedIsNotForgottenByALaterAttachment) {
  HubCore hub;
  hub.publish(Event("concern", "1"));
  hub.publish(Event("concern", "2"));
  hub.attach("X99-HV");
  receive(hub, received(2));
  const Time then = hub.now;
  hub.advance(seconds(3600));
  hub.attach("X99-HV", 2);
  hub.attach("X99-HV", 1);
  receive(hub, received(2));
  for (const uint64_t number : {1u, 2u}) {
    EXPECT_EQ(store::read_receipt_time(hub.kv(), hub.inbox_of("X99-HV"), "desk", number).value(),
              then.us);
  }
}
TEST(Core, AnEndpointThatParksTooMuchStops) {
  HubCore hub;
  hub.publish(Event("concern"));
  hub.attach("X99-HV");
  v1::Received r = received(1);
  for (uint64_t n = 1; n < limits::kParkedMax; ++n) r.add_failed()->set_number(n);
  EXPECT_TRUE(receive(hub, r));
  EXPECT_TRUE(receive(hub, r));  // the same numbers are parked once
  r.add_failed()->set_number(1000);
  EXPECT_FALSE(receive(hub, r));
}
v1::FailedEntry failed_entry(uint64_t number, uint64_t behind = 0) {
  v1::FailedEntry failed;
  failed.set_number(number);
  failed.set_behind(behind);
  return failed;
}
v1::CursorRecord cursor_of(const HubCore& hub) {
  return store::read_cursors(hub.kv()).value().at(0).record;
}
// P6: a child with many entries must not use up the places that stop the endpoint for all.
TEST(Core, WhatWaitsBehindAParkedEntryIsCountedWithIt) {
  HubCore hub;
  for (int n = 0; n < 4; ++n) hub.publish(Event("concern", std::to_string(n)));
  hub.attach("X99-HV");
  v1::Received r = received(4);
  *r.add_failed() = failed_entry(1);
  for (uint64_t n = 2; n < 2 * limits::kParkedMax; ++n) *r.add_failed() = failed_entry(n, 1);
  EXPECT_TRUE(receive(hub, r));
  EXPECT_TRUE(receive(hub, r)) << "said twice, counted once";
  ASSERT_EQ(cursor_of(hub).parked_size(), 1);
  EXPECT_EQ(cursor_of(hub).parked(0).waiting(), 2 * limits::kParkedMax - 2);
  EXPECT_EQ(cursor_of(hub).parked(0).waiting_through(), 2 * limits::kParkedMax - 1);
}
TEST(Core, WhatAnEndpointReadsAgainIsNotParkedAnyMore) {
  HubCore hub;
  for (int n = 0; n < 4; ++n) hub.publish(Event("concern", std::to_string(n)));
  hub.attach("X99-HV");
  v1::Received r = received(4);
  *r.add_failed() = failed_entry(2);
  *r.add_failed() = failed_entry(4);
  EXPECT_TRUE(receive(hub, r));
  hub.attach("X99-HV", 4);
  EXPECT_EQ(cursor_of(hub).parked_size(), 2) << "nothing comes again";
  hub.attach("X99-HV", 3);
  ASSERT_EQ(cursor_of(hub).parked_size(), 1);
  EXPECT_EQ(cursor_of(hub).parked(0).number(), 2u);
}
TEST(Core, WhatTheEndpointsOperatorSettledIsParkedNoMore) {
  HubCore hub;
  for (int n = 0; n < 4; ++n) hub.publish(Event("concern", std::to_string(n)));
  hub.attach("X99-HV");
  v1::Received r = received(4);
  for (uint64_t n = 1; n <= limits::kParkedMax; ++n) *r.add_failed() = failed_entry(n);
  EXPECT_FALSE(receive(hub, r));
  v1::Received settled = received(4);
  settled.add_settled(3);
  *settled.add_failed() = failed_entry(4, 3);  // the next of that child fails now by itself
  EXPECT_TRUE(receive(hub, settled)) << "it goes on";
  const v1::CursorRecord cursor = cursor_of(hub);
  for (const auto& parked : cursor.parked()) EXPECT_NE(parked.number(), 3u);
}
TEST(Core, ARewindSetsCursorsBackAndIsAudited) {
  HubCore hub;
  for (int n = 0; n < 4; ++n) hub.publish(Event("concern", std::to_string(n)));
  hub.attach("X99-HV");
  v1::Received r = received(4);
  r.add_failed()->set_number(3);
  receive(hub, r);
  size_t count = 0;
  const auto admin = hub.who("admin");
  const v1::Team team = hub.team("X99-HV");
  hub.turn([&](Core& c) { count = c.rewind(admin, "screen replaced", team, "", 2); });
  EXPECT_EQ(count, 1u);
  hub.crash();
  EXPECT_EQ(hub.core().cursor(hub.inbox_of("X99-HV"), "desk"), 2u);
  EXPECT_EQ(store::read_cursors(hub.kv()).value()[0].record.parked_size(), 0);
}
TEST(Core, EveryEffectIsOfTheTurnThatMadeIt) {
  HubCore hub;
  hub.publish(Event("concern"));
  EXPECT_THAT(hub.core().appended(), SizeIs(2));
  EXPECT_THAT(hub.core().events(), SizeIs(1));
  hub.turn([](Core&) {});
  EXPECT_THAT(hub.core().appended(), SizeIs(0));
}
TEST(Core, ReceiptsAloneArePromisedToNobody) {
  HubCore hub;
  hub.publish(Event("concern"));
  hub.attach("X99-HV");
  const auto from = hub.who("x99-hv");
  hub.turn([&](Core& c) {
    c.receive(from, received(1));
    EXPECT_FALSE(c.promised());
    EXPECT_TRUE(c.changed());
  });
}

// ---- equal inputs, equal bytes (P12) ----
std::vector<std::string> day(uint64_t seed) {
  HubCore hub(support::small_world(), seed);
  Event admission("admission", "1");
  *admission.header.add_threads() = support::visit("V1");
  hub.publish(admission);
  hub.publish(Event("concern", "2"));
  hub.attach("X99-HV");
  receive(hub, received(2));
  hub.act(make_act(1, "X99-HV", 2, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
  hub.publish(support::correction("3", "V1", "admission", v1::CORRECTION_NATURE_VOID));
  hub.advance(seconds(86400));
  hub.tick();
  return hub.batches();
}
TEST(Core, TwoFedEqualInputsGiveByteEqualBatches) {
  const auto one = day(1);
  EXPECT_GT(one.size(), 7u);
  EXPECT_EQ(one, day(1));
  EXPECT_NE(one, day(2));
}
TEST(Core, ARestartInBetweenChangesNoByte) {
  HubCore straight;
  HubCore restarted;
  for (int n = 0; n < 5; ++n) {
    straight.publish(Event("concern", std::to_string(n)));
    restarted.publish(Event("concern", std::to_string(n)));
    straight.turn([](Core& c) { c.opened(); });
    restarted.crash();  // begins an epoch, too
  }
  EXPECT_EQ(straight.batches(), restarted.batches());
}

// ---- the chain (P10) ----
TEST(Core, EveryCommitIsABlockOfOneChain) {
  HubCore hub;
  for (int n = 0; n < 3; ++n) hub.publish(Event("concern", std::to_string(n)));
  Hash head{};
  uint64_t next = 1;
  const Status status =
      store::for_each_block(hub.kv(), 0, [&](const auto& block, std::string_view bytes) {
        EXPECT_EQ(block.first(), next);
        EXPECT_EQ(block.last() - block.first() + 1, uint64_t(block.entries_size()));
        EXPECT_EQ(block.previous(), view(head));
        next = block.last() + 1;
        head = store::chain(head, bytes);
        return true;
      });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(head, hub.core().head().chain);
  EXPECT_EQ(next, hub.core().head().position + 1);
}
TEST(Core, ThePromiseNamesTheHeadThatWasCommitted) {
  HubCore hub;
  hub.publish(Event("concern"));
  for (int restart = 0; restart < 2; ++restart) {
    const auto promise = hub.core().promise();
    const auto head = store::read_head(hub.kv()).value().value();
    EXPECT_EQ(promise.epoch(), head.epoch());
    EXPECT_EQ(promise.position(), head.position());
    EXPECT_EQ(promise.head(), head.head());
    hub.crash();
  }
}

// ---- a failed read (P1) ----
// … or it was tried again, and nothing came of it.
TEST(Core, AFailedReadShowsInTheJournalOrChangesNothingWhereverItHappens) {
  HubCore seed;
  Event held = support::correction("9", "V1", "admission", v1::CORRECTION_NATURE_VOID);
  seed.publish(held);
  Event original("admission", "1");
  *original.header.add_threads() = support::visit("V1");
  const v1::Item item = original.item();
  const auto pas = seed.who("pas");
  bool past_the_end = false;
  std::vector<std::string> sound;  // what was written where no failure showed
  for (uint64_t nth = 1; !past_the_end; ++nth) {
    auto disk = seed.backup();
    kv::FaultyKv faulty(*disk, {.read = nth});
    kv::PackedKv pages(faulty, store::packing());
    store::Journal journal(pages);
    ASSERT_LT(nth, 1000u);
    auto core = Core::open(journal, support::test_master());
    if (!core.ok()) continue;
    (*core)->begin(seed.now, {});
    (*core)->publish(pas, item);
    past_the_end = faulty.reads() < nth;
    EXPECT_FALSE(past_the_end && journal.failure()) << "read " << nth;
    if (journal.failure()) continue;
    sound.push_back(journal.pending().encode());
    EXPECT_EQ(sound.back(), sound.front()) << "read " << nth;
  }
}

}  // namespace
}  // namespace switchboard::core
