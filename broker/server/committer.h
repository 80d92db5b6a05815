// Brings one batch to the disk, write and sync, while the loop makes the next.
//
// Owns: the thread, and the batch's bytes until wait() has returned: nobody changes them
// meanwhile. One batch at a time, so batches are written in order. A failure is final: the store
// answers it for ever, and the caller sends nothing and ends (P1). Two mailboxes of one place are
// all that is shared. Thread: the loop; the work is on its own.
#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "broker/kv/kv.h"
#include "broker/runtime/mailbox.h"

namespace switchboard::server {

class Committer {
 public:
  explicit Committer(kv::Kv& kv);
  ~Committer();  // finishes the batch at hand
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // CHECKs that the last one was waited for.
  void start(const kv::Batch& batch);
  bool busy() const { return busy_; }
  // Is it there? wait() will not block.
  bool done();
  // What became of it. Only while busy().
  Status wait();

 private:
  void run();
  kv::Kv& kv_;
  Mailbox<const kv::Batch*> batches_;
  Mailbox<Status> results_;
  std::optional<Status> result_;
  bool busy_ = false;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace switchboard::server
