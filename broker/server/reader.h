// The reader thread: catch-up pages, searches, journeys, reports, all from snapshots.
//
// The loop never reads payload bytes (DESIGN §4); it hands over a job with a snapshot taken after
// the last sync, so nothing is shown that is not durable. Jobs and answers travel through two
// bounded mailboxes; nothing else is shared. Fails: a job's error is its answer.
// Thread: submit and take from the loop; the work is on its own.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "broker/core/directory.h"
#include "broker/core/secrets.h"
#include "broker/core/watch.h"
#include "broker/runtime/mailbox.h"
#include "broker/store/rows.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::server {

// The next entries of a log for one endpoint.
struct FetchJob {
  std::string address;
  store::LogId log;
  std::string endpoint;
  uint64_t generation = 0;
  uint64_t next = 0;
  uint32_t items_max = 0;
  uint64_t bytes_max = 0;
  uint64_t replayed_through = 0;  // entries up to here are marked as replayed
};
struct ReadJob {
  std::string address;
  v1::Read read;
  store::LogId log;                // of read.inbox.team, where that is asked
  std::vector<std::string> teams;  // what the asker may see of an event: as recipient …
  std::string agency;              // … or as sender
  std::string system;              // with the agency: whose quarantine
  core::Presence presence;         // for a team's view: what only the running hub knows
};
struct AdminJob {
  std::string address;
  v1::AdminRequest request;
  v1::Status live;          // for status: what the loop knows
  core::Presence presence;  // for watch: the same
};

struct Job {
  std::variant<FetchJob, ReadJob, AdminJob> what;
  std::unique_ptr<store::Reads> snapshot;
  std::shared_ptr<const core::Directory> directory;
  uint64_t position = 0;  // of the snapshot
  Time now;
};

struct Fetched {
  FetchJob job;
  std::vector<std::string> entries;  // encoded, numbers job.next, job.next + 1 …
  std::string error;
};
struct Answered {
  std::string address;
  bool admin = false;
  std::vector<std::string> frames;
};
using Done = std::variant<Fetched, Answered>;

class Reader {
 public:
  explicit Reader(const core::Secrets& secrets);
  ~Reader();  // finishes the job at hand, drops the rest
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // False: the queue is full; say busy or try later.
  bool submit(Job&& job) { return jobs_.push(std::move(job)); }
  std::optional<Done> take() { return done_.pop(); }
  int fd() const { return done_.fd(); }
  void clear_wakeup() { done_.clear_wakeup(); }

 private:
  void run();
  Done work(Job& job);
  Mailbox<Job> jobs_;
  Mailbox<Done> done_;
  core::Secrets secrets_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace switchboard::server
