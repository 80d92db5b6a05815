// The one thread that checks and makes password hashes, so that the server's thread never waits.
//
// Owns the thread and a bounded queue (P11): kWaitingMax wait, what comes on top is refused. One
// producer, the server's thread; answers go back to it by `post`. A check without a hash (nobody of
// that id, or locked) does the same work on one that nothing opens, so that the time tells nothing.
// Passwords are overwritten once they were looked at. Thread: looked_at any, submit and full the
// server's; the rest the owner's. Fails: a full queue; no memory counts as a wrong password.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <semaphore>
#include <string>
#include <thread>

#include "broker/base/password.h"

namespace switchboard::gateway {

class PasswordWorker {
 public:
  static constexpr size_t kWaitingMax = 16;
  using Post = std::function<void(std::function<void()>)>;

  struct Answer {
    bool right = false;
    std::string fresh_hash;  // of the new password, or of this one where its cost is outdated
  };
  struct Job {
    std::string hash;  // empty: whatever is typed is wrong
    std::string password;
    std::string new_password;  // to be hashed if the other is right; empty: none
    std::function<void(Answer)> done;
  };

  // `post` runs what it is given on the server's thread.
  explicit PasswordWorker(Post post, const PasswordCost& cost = {});
  ~PasswordWorker();
  PasswordWorker(const PasswordWorker&) = delete;
  PasswordWorker& operator=(const PasswordWorker&) = delete;

  bool full() const;
  // False: full or stopped, and `done` will not be called.
  bool submit(Job job);
  // How many passwords were looked at, for nobody's hash as for anybody's.
  uint64_t looked_at() const { return looked_at_; }
  // Ends after the job under way; those that wait are dropped unanswered. `post` is not called
  // afterwards, so this comes before the end of what it posts to.
  void stop();

 private:
  void run();
  Answer work(const Job& job);
  bool opens(const std::string& hash, const std::string& password);

  const Post post_;
  const PasswordCost cost_;
  std::string nobodys_;  // a hash, the thread's own
  // A ring: the producer's end, the consumer's end, and how many lie between.
  std::array<Job, kWaitingMax> ring_;
  size_t next_in_ = 0;
  size_t next_out_ = 0;
  std::atomic<size_t> waiting_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> looked_at_{0};
  std::counting_semaphore<> filled_{0};
  std::thread thread_;
};

}  // namespace switchboard::gateway
