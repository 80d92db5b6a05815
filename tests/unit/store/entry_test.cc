#include "broker/store/entry.h"

#include <gtest/gtest.h>

#include "broker/kv/mem_kv.h"

namespace switchboard::store {
namespace {

LogEntry delivery(uint64_t position) {
  LogEntry e;
  e.type = v1::ENTRY_TYPE_DELIVERY;
  e.attention = v1::ATTENTION_ACT;
  e.position = position;
  return e;
}

TEST(Entry, EveryTypeComesBackAsItWas) {
  const auto d = decode_entry(encode(delivery(9)));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->attention, v1::ATTENTION_ACT);
  EXPECT_EQ(d->position, 9u);
  LogEntry placeholder;
  placeholder.type = v1::ENTRY_TYPE_PLACEHOLDER;
  placeholder.reason = v1::PLACEHOLDER_REASON_ERASED;
  EXPECT_EQ(decode_entry(encode(placeholder))->reason, v1::PLACEHOLDER_REASON_ERASED);
  LogEntry change;
  change.type = v1::ENTRY_TYPE_CHANGE;
  change.change.set_event_position(4);
  change.change.set_refers_to(2);
  EXPECT_EQ(decode_entry(encode(change))->change.refers_to(), 2u);
  EXPECT_EQ(decode_entry(encode(change))->position, 4u);
}
TEST(Entry, ATaskIsItsEventAndItsId) {
  LogEntry task;
  task.type = v1::ENTRY_TYPE_TASK;
  task.position = 77;
  task.task = "0123456789abcdef";
  const auto back = decode_entry(encode(task));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->type, v1::ENTRY_TYPE_TASK);
  EXPECT_EQ(back->position, 77u);
  EXPECT_EQ(back->task, task.task);
  EXPECT_FALSE(decode_entry(encode(task) + "x"));
  EXPECT_FALSE(decode_entry(encode(task).substr(0, 24)));
}
TEST(Entry, ADeliveryIsTenBytes) { EXPECT_EQ(encode(delivery(~uint64_t{0})).size(), 10u); }
TEST(Entry, BytesThatAreNoEntryAreRefused) {
  EXPECT_FALSE(decode_entry(""));
  EXPECT_FALSE(decode_entry("\x01\x01short"));
  EXPECT_FALSE(decode_entry(std::string("\x09", 1) + std::string(9, 'x')));
  EXPECT_FALSE(decode_entry("\x02\xff\xff"));
}
TEST(Entry, ACorruptRowIsAnErrorNotAnAbsence) {
  kv::MemKv disk;
  Journal journal(disk);
  journal.put(kv::Family::kInbox, key::inbox({1, Log::kInbox}, 1), "x");
  EXPECT_FALSE(read_entry(journal, {1, Log::kInbox}, 1).ok());
  EXPECT_FALSE(read_entry(journal, {1, Log::kInbox}, 2).value());
}
TEST(Entry, TheHeadIsTheLastNumberOfThisLogOnly) {
  kv::MemKv disk;
  Journal journal(disk);
  const LogId inbox{1, Log::kInbox};
  EXPECT_EQ(read_log_head(journal, inbox).value(), 0u);
  for (uint64_t n = 1; n <= 300; ++n) write_entry(journal, inbox, n, delivery(n));
  write_entry(journal, {1, Log::kSent}, 999, delivery(1));
  write_entry(journal, {2, Log::kInbox}, 5, delivery(1));
  EXPECT_EQ(read_log_head(journal, inbox).value(), 300u);
  ASSERT_TRUE(disk.write_synced(journal.pending()).ok());
  journal.written();
  EXPECT_EQ(read_log_head(journal, inbox).value(), 300u);
  write_entry(journal, inbox, 301, delivery(1));
  EXPECT_EQ(read_log_head(journal, inbox).value(), 301u);
}

}  // namespace
}  // namespace switchboard::store
