#include "broker/server/committer.h"

#include <poll.h>

namespace switchboard::server {

static void await(int fd) {
  pollfd wake{fd, POLLIN, 0};
  ::poll(&wake, 1, -1);
}

Committer::Committer(kv::Kv& kv) : kv_(kv), batches_(1), results_(1), thread_([this] { run(); }) {}

Committer::~Committer() {
  stop_ = true;
  const uint64_t one = 1;
  (void)!::write(batches_.fd(), &one, sizeof one);
  thread_.join();
}

void Committer::start(const kv::Batch& batch) {
  CHECK(!busy_);
  busy_ = true;
  CHECK(batches_.push(&batch));
}

bool Committer::done() {
  CHECK(busy_);
  if (!result_) result_ = results_.pop();
  return result_.has_value();
}

Status Committer::wait() {
  while (!done()) {
    await(results_.fd());
    results_.clear_wakeup();
  }
  busy_ = false;
  Status result = std::move(*result_);
  result_.reset();
  return result;
}

void Committer::run() {
  for (;;) {
    while (const auto batch = batches_.pop()) CHECK(results_.push(kv_.write_synced(**batch)));
    if (stop_) return;
    await(batches_.fd());
    batches_.clear_wakeup();
  }
}

}  // namespace switchboard::server
