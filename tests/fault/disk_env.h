// RocksDB's view of a Disk: a whole file system in memory, so that stores are the real ones.
//
// Owns: nothing but the adapter; the disk outlives it and every store on it. Thread: any.
#pragma once

#include <rocksdb/env.h>

#include <memory>

#include "tests/fault/disk.h"

namespace switchboard::fault {

std::unique_ptr<rocksdb::Env> env_on(Disk& disk);

}  // namespace switchboard::fault
