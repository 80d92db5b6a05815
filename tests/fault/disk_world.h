// A hub, two publishers and two desks in one process, each on a disk of its own that may fail.
//
// Owns: all of them, time, and what publishers were promised: an item counts from the moment append
// said it is durable, and a source that got no answer hands the same one over again. A person's act
// counts from the moment they were told that it is recorded. What the desks then hold is judged by
// judge.h, which knows neither store nor core. Thread: the run's.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/fault/disk_member.h"
#include "tests/fault/judge.h"

namespace switchboard::fault {

inline constexpr size_t kPublishers = 2;
inline constexpr size_t kMembers = 4;  // x28-pas, x27-pas, x99-hv, x99-mash
enum class Part : uint8_t { kHub, kPublisher, kDesk };
const char* name(Part part);

class DiskWorld {
 public:
  struct Options {
    uint64_t seed = 1;
    // Who has a real store; the others' are in memory, so that many cases fit into a minute.
    bool hub_on_disk = true;
    std::array<bool, kMembers> member_on_disk{true, true, true, true};
  };
  // What can be said of a world that should be whole.
  struct Verdict {
    test::Findings desks;   // what desks hold
    test::Findings fresh;   // what a reader that starts from nothing is given
    size_t losses = 0;      // tails the hub has recorded as lost
    size_t unreadable = 0;  // entries it answered by a placeholder or a pointer
    size_t refused = 0;     // items that an outbox lists
    std::string findings;   // of verify; empty: none
    std::string stuck;      // why it never came to rest; empty: it did
    bool promises_kept() const { return desks.clean() && fresh.clean() && stuck.empty(); }
    std::string text() const;
  };
  explicit DiskWorld(const Options& options);
  // The same world as it lies at rest, everybody stopped.
  std::unique_ptr<DiskWorld> copy() const;
  // The hub goes back to the backup in this folder of its disk.
  Status restore_hub(const std::string& backup);
  // A member begins with an empty store; a source hands everything over once more.
  void replace_store(size_t member);
  // A desk begins with nothing, on a machine of its own: the hub reads everything again for it.
  void replace_desk(size_t desk);
  void stop_hub() { hub_->stop(); }

  // One random thing, then everybody talks once.
  void step();
  void publish(size_t member);
  void publish_again(size_t member);  // an honest resend of something older
  void act(size_t desk);              // a person does the next thing about a delivery
  void talk();
  // Everybody up, everything sent, received and confirmed; false: not in so many rounds.
  bool settle(int rounds = 400);
  void stop();  // all of them, cleanly, and everything reaches the disks
  Verdict judge();

  DiskHub& hub() { return *hub_; }
  DiskMember& member(size_t i) { return *members_[i]; }
  Ground& ground(Part part, size_t i) {
    return part == Part::kHub ? hub_->ground() : members_[i]->ground();
  }
  sim::Random& dice() { return random_; }
  Time now() const { return now_; }
  uint64_t published() const;
  uint64_t acts_done() const;
  // The hub does not come up while this is false, a member neither while its own is.
  bool hub_may_start = true;
  std::array<bool, kMembers> member_may_start{true, true, true, true};
  std::vector<std::string> said;  // errors that processes ended with
  uint64_t restarts = 0;

 private:
  void revive(Ground& ground);
  void run_hub();
  void run_member(size_t i);
  void count_start(const std::string& who, const Status& started);
  void end_hub(const Error& error);
  void end_member(size_t i, const Error& error);
  void guard(size_t i, const Status& status);
  void note(const std::string& who, const Error& error);
  bool quiet();
  int64_t stalled_us() const;
  test::Findings look(size_t i, DiskMember& desk, Verdict& verdict);
  test::Findings look_afresh(size_t i, Verdict& verdict);
  void hear_all(const std::vector<Packet>& packets);
  std::string verify();

  Options options_;
  sim::Random random_;
  std::unique_ptr<DiskHub> hub_;
  std::vector<std::unique_ptr<DiskMember>> members_;
  std::map<std::string, uint64_t> published_;  // by agency: their sequences are 1, 2, 3 …
  std::map<std::string, test::DoneAct> acts_;  // by id: what people did
  std::array<std::vector<test::DoneAct>, kMembers> done_;        // … and were told is recorded
  std::map<std::pair<size_t, std::string>, uint64_t> acted_on_;  // by desk and event
  Time now_;
  int failed_starts_ = 0;  // in a row
};

}  // namespace switchboard::fault
