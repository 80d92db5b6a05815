#include "services/gateway/password_worker.h"

#include "broker/base/bytes.h"
#include "broker/base/seal.h"

namespace switchboard::gateway {

PasswordWorker::PasswordWorker(Post post, const PasswordCost& cost)
    : post_(std::move(post)), cost_(cost), thread_([this] { run(); }) {}

PasswordWorker::~PasswordWorker() { stop(); }

void PasswordWorker::stop() {
  stopping_ = true;
  filled_.release();
  if (thread_.joinable()) thread_.join();
}

bool PasswordWorker::full() const {
  return stopping_ || waiting_.load(std::memory_order_acquire) >= kWaitingMax;
}

bool PasswordWorker::submit(Job job) {
  if (full()) return false;
  ring_[next_in_++ % kWaitingMax] = std::move(job);
  waiting_.fetch_add(1, std::memory_order_release);
  filled_.release();
  return true;
}

void PasswordWorker::run() {
  if (auto made = hash_password(to_hex(os_random(32)), cost_); made.ok()) {
    nobodys_ = std::move(made).value();
  }
  for (;;) {
    filled_.acquire();
    if (stopping_) return;
    Job job = std::exchange(ring_[next_out_++ % kWaitingMax], Job{});
    waiting_.fetch_sub(1, std::memory_order_release);
    Answer answer = work(job);
    wipe(job.password);
    wipe(job.new_password);
    post_([done = std::move(job.done), answer = std::move(answer)] { done(answer); });
  }
}

bool PasswordWorker::opens(const std::string& hash, const std::string& password) {
  ++looked_at_;
  return verify_password(hash, password);
}

PasswordWorker::Answer PasswordWorker::work(const Job& job) {
  Answer answer;
  const bool opened = opens(job.hash.empty() ? nobodys_ : job.hash, job.password);
  answer.right = opened && !job.hash.empty();
  if (!answer.right) return answer;
  const bool changes = !job.new_password.empty();
  if (!changes && !needs_rehash(job.hash, cost_)) return answer;
  auto made = hash_password(changes ? job.new_password : job.password, cost_);
  if (made.ok()) answer.fresh_hash = std::move(made).value();
  return answer;
}

}  // namespace switchboard::gateway
