#include "broker/core/newest_sources.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "broker/kv/mem_kv.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

v1::EventRecord event(const std::string& id, const std::string& system = "PAS") {
  v1::EventRecord record;
  record.set_agency("X26");
  record.set_system(system);
  record.set_source_message_id(id);
  return record;
}

TEST(NewestSources, AnIdIsNewerIfItIsLongerOrSortsAfter) {
  NewestSources newest;
  newest.accepted(event("M99"));
  EXPECT_TRUE(newest.is_newer(event("M100")));
  EXPECT_FALSE(newest.is_newer(event("M99")));
  EXPECT_FALSE(newest.is_newer(event("M98")));
  newest.accepted(event("M10"));
  EXPECT_FALSE(newest.is_newer(event("M50"))) << "a late one moves nothing";
}
TEST(NewestSources, SourcesHaveNothingToDoWithEachOther) {
  NewestSources newest;
  newest.accepted(event("1"));
  newest.accepted(event("7", "ED"));
  EXPECT_TRUE(newest.is_newer(event("2")));
  EXPECT_FALSE(newest.is_newer(event("2", "ED")));
  EXPECT_FALSE(newest.is_newer(event("2", "LAB"))) << "nobody knows of it yet";
}
TEST(NewestSources, WhatIsTooLongIsLookedUpForEver) {
  const std::string longest(limits::kNewestSourceBytesMax, 'a');
  NewestSources newest;
  newest.accepted(event("1"));
  newest.accepted(event(longest + "a"));
  newest.accepted(event("2"));
  EXPECT_FALSE(newest.is_newer(event("3")));
  EXPECT_FALSE(newest.is_newer(event(longest)));
  newest.accepted(event("1", longest));
  EXPECT_FALSE(newest.is_newer(event("2", longest)));
}
TEST(NewestSources, ThoseThatAreTooManyAreLookedUp) {
  NewestSources newest;
  for (size_t n = 0; n < limits::kNewestSourcesMax; ++n)
    newest.accepted(event("1", std::to_string(n)));
  newest.accepted(event("1", "one more"));
  EXPECT_FALSE(newest.is_newer(event("2", "one more")));
  EXPECT_TRUE(newest.is_newer(event("2", "0")));
}

struct Written {
  kv::MemKv disk;
  store::Journal journal{disk};
  void write(const NewestSources& newest) {
    journal.append(kv::Family::kMeta, store::key::indexed(), store::key::position(9));
    newest.write(journal);
    land();
  }
  void land() {
    ASSERT_TRUE(disk.write_synced(journal.pending()).ok());
    journal.written();
  }
};

TEST(NewestSources, AreReadAsTheyWereWritten) {
  Written w;
  NewestSources newest;
  newest.accepted(event("7"));
  newest.accepted(event(std::string(limits::kNewestSourceBytesMax + 1, 'a'), "ED"));
  w.write(newest);
  NewestSources again;
  ASSERT_TRUE(again.load(w.journal).ok());
  EXPECT_TRUE(again.is_newer(event("8")));
  EXPECT_FALSE(again.is_newer(event("7")));
  EXPECT_FALSE(again.is_newer(event("8", "ED")));
}
// P2: an id that an older program accepted must not be taken for new.
TEST(NewestSources, AStoreWhoseOlderIdsNobodyKeptIsAlwaysLookedUp) {
  Written w;
  w.journal.append(kv::Family::kMeta, store::key::indexed(), store::key::position(9));
  w.land();
  NewestSources newest;
  ASSERT_TRUE(newest.load(w.journal).ok());
  newest.accepted(event("7"));
  EXPECT_FALSE(newest.is_newer(event("8")));
}
TEST(NewestSources, ACorruptRowIsNotRead) {
  Written w;
  w.journal.append(kv::Family::kMeta, store::key::newest_sources(), "\x05X26");
  w.land();
  EXPECT_FALSE(NewestSources().load(w.journal).ok());
}

}  // namespace
}  // namespace switchboard::core
