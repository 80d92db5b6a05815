#include "broker/store/task_rows.h"

#include <gmock/gmock.h>

#include "broker/kv/mem_kv.h"

namespace switchboard::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::TaskRecord task(char id, TeamHandle team, int64_t due_us, uint64_t position) {
  v1::TaskRecord record;
  record.mutable_task()->set_task_id(std::string(16, id));
  record.mutable_task()->set_due_us(due_us);
  record.mutable_task()->set_state(v1::TASK_STATE_OPEN);
  record.set_team_handle(team);
  record.set_event_position(position);
  return record;
}
std::string id(char c) { return std::string(16, c); }

TEST(TaskRows, OpenOnesOfATeamComeByTheirClock) {
  kv::MemKv disk;
  Journal journal(disk);
  add_task(journal, task('a', 1, 300, 7));
  add_task(journal, task('b', 1, 200, 7));
  add_task(journal, task('c', 2, 100, 7));
  EXPECT_THAT(read_open_tasks(journal, 1, 10).value(), ElementsAre(id('b'), id('a')));
  EXPECT_THAT(read_open_tasks(journal, 1, 1).value(), ElementsAre(id('b')));
}
TEST(TaskRows, OneThatEndedLeavesTheOpenOnesAndStaysWithItsEvent) {
  kv::MemKv disk;
  Journal journal(disk);
  auto one = task('a', 1, 300, 7);
  add_task(journal, one);
  add_task(journal, task('b', 1, 300, 8));
  one.mutable_task()->set_state(v1::TASK_STATE_DONE);
  write_task(journal, one);
  EXPECT_THAT(read_open_tasks(journal, 1, 10).value(), ElementsAre(id('b')));
  EXPECT_THAT(read_event_tasks(journal, 7, 10).value(), ElementsAre(id('a')));
  EXPECT_EQ(read_task(journal, id('a')).value()->task().state(), v1::TASK_STATE_DONE);
}
TEST(TaskRows, WhatIsNotThereIsAbsentAndWhatIsCorruptIsAnError) {
  kv::MemKv disk;
  Journal journal(disk);
  EXPECT_FALSE(read_task(journal, id('a')).value());
  EXPECT_THAT(read_event_tasks(journal, 1, 10).value(), IsEmpty());
  journal.put(kv::Family::kState, key::task(id('a')), "\xff\xff");
  EXPECT_FALSE(read_task(journal, id('a')).ok());
  journal.put(kv::Family::kState, key::open_task_prefix(1) + "short", {});
  EXPECT_FALSE(read_open_tasks(journal, 1, 10).ok());
}

}  // namespace
}  // namespace switchboard::store
