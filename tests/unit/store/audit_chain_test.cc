#include "broker/store/audit_chain.h"

#include <gtest/gtest.h>

#include "broker/kv/mem_kv.h"
#include "broker/store/rows.h"

namespace switchboard::store {
namespace {

TEST(AuditChain, EveryBlockBindsTheOneBefore) {
  const Hash one = chain({}, "block");
  EXPECT_NE(one, chain(one, "block"));
  EXPECT_NE(chain(one, "a"), chain(one, "b"));
  EXPECT_EQ(chain(one, "a"), chain(one, "a"));
}
TEST(AuditChain, APromiseIsOursOnlyWithEveryFieldUnchanged) {
  HashKey key;
  key.fill(1);
  const v1::Promise good = make_promise(key, 1, 2, chain({}, "x"));
  EXPECT_TRUE(verify_promise(key, good));
  v1::Promise bad = good;
  bad.set_epoch(2);
  EXPECT_FALSE(verify_promise(key, bad));
  bad = good;
  bad.set_position(3);
  EXPECT_FALSE(verify_promise(key, bad));
  bad = good;
  bad.mutable_head()->at(0) ^= 1;
  EXPECT_FALSE(verify_promise(key, bad));
  bad = good;
  bad.clear_mac();
  EXPECT_FALSE(verify_promise(key, bad));
  key.fill(2);
  EXPECT_FALSE(verify_promise(key, good));
}
TEST(AuditChain, BlocksAreVisitedInOrderFromWhereOneAsks) {
  kv::MemKv disk;
  Journal journal(disk);
  for (const uint64_t first : {1u, 300u, 5u}) {
    v1::AuditBlock block;
    block.set_first(first);
    write_audit_block(journal, first, block.SerializeAsString());
  }
  ASSERT_TRUE(disk.write_synced(journal.pending()).ok());
  std::vector<uint64_t> seen;
  EXPECT_TRUE(for_each_block(disk, 2, [&](const auto& block, auto) {
                seen.push_back(block.first());
                return true;
              }).ok());
  EXPECT_EQ(seen, (std::vector<uint64_t>{5, 300}));
}
TEST(AuditChain, ACorruptBlockIsAnError) {
  kv::MemKv disk;
  Journal journal(disk);
  write_audit_block(journal, 1, "\xff\xff");
  ASSERT_TRUE(disk.write_synced(journal.pending()).ok());
  EXPECT_FALSE(for_each_block(disk, 0, [](const auto&, auto) { return true; }).ok());
}

}  // namespace
}  // namespace switchboard::store
