// A journal over a disk in memory, for tests of rows: what is written counts, then is committed.
#pragma once

#include <gtest/gtest.h>

#include "broker/kv/mem_kv.h"
#include "broker/store/journal.h"

namespace switchboard::store {

struct JournalWorld {
  JournalWorld() : journal(disk) {}
  void commit() {
    EXPECT_TRUE(disk.write_synced(journal.pending()).ok());
    journal.written();
  }
  kv::MemKv disk;
  Journal journal;
};

}  // namespace switchboard::store
