#include "tests/fault/ground.h"

#include "tests/fault/disk_env.h"

namespace switchboard::fault {

Ground::Ground(Kind kind) : kind_(kind) {
  if (kind == Kind::kInMemory) {
    memory_ = std::make_unique<kv::MemKv>();
    return;
  }
  disk_ = std::make_unique<Disk>();
  CHECK(disk_->make_folder("/machine") == Disk::Answer::kOk);
  disk_->settle();
  env_ = env_on(*disk_);
}

Ground::~Ground() = default;

// Memtables so small that flushes and compactions happen all the time.
Result<kv::Kv*> Ground::open() {
  if (kind_ == Kind::kInMemory) return static_cast<kv::Kv*>(memory_.get());
  kv::RocksKv::Options options;
  options.dir = kFolder;
  options.memtable_mb = 2;
  options.block_cache_mb = 1;
  options.create = true;
  options.mark_synced = kind_ == Kind::kClientsDisk;
  options.env = env_.get();
  TRY(rocks_, kv::RocksKv::open(options));
  return static_cast<kv::Kv*>(rocks_.get());
}

void Ground::close() {
  rocks_.reset();
  if (memory_) memory_->crash();
}

std::unique_ptr<Ground> Ground::copy() const {
  auto made = std::make_unique<Ground>(kind_);
  if (memory_) {
    made->memory_ = memory_->durable_copy();
  } else {
    made->env_.reset();
    made->disk_ = disk_->copy();
    made->env_ = env_on(*made->disk_);
  }
  return made;
}

}  // namespace switchboard::fault
