// Whole lists of children: uploads in parts, compared with what is in force, applied in many turns.
//
// Parts wait in memory, as hashes, until the last one: after a crash the sender begins again. Once
// it was decided a snapshot lies beside its list and is applied to its end whatever happens: first
// who comes, then who goes, so on the way nobody is missing who belongs to either. Each turn does a
// bounded piece (P11), as the first thing in it. Owns uploads and jobs. Thread: the loop.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/members.h"

namespace switchboard::core {

class Snapshots {
 public:
  // Takes up what a crash broke off.
  Status load(store::Journal& journal);
  // Mode SNAPSHOT. Nothing: the answer comes later, under this ticket.
  std::optional<MembersAnswer> take(Turn& turn, const MembersCommand& command, uint64_t ticket);
  // A snapshot of this list is under way: it is not changed otherwise meanwhile.
  bool busy(const store::ListId& list) const;

  bool waiting() const { return !jobs_.empty() || !undecided_.empty(); }
  void work(Turn& turn);
  struct Finished {
    uint64_t ticket = 0;
    MembersAnswer answer;
  };
  std::optional<Finished> take_finished();

 private:
  struct Row {
    std::array<uint8_t, 16> hash{};  // unsigned: ordered as the tables order bytes
    uint32_t line = 0;
    auto operator<=>(const Row&) const = default;
    std::string_view view() const {
      return {reinterpret_cast<const char*>(hash.data()), hash.size()};
    }
  };
  using Rows = std::vector<Row>;  // of a job: by hash, each once
  enum class Phase { kComparing, kLookingUp, kKeeping, kAdding, kRemoving };
  struct Job {
    uint64_t ticket = 0;
    std::string upload;
    store::ListId list;
    std::string team, principal, person;
    std::string as_of;
    bool execute = false, confirmed = false;
    Rows rows;
    v1::MembersReport report;
    Phase phase = Phase::kComparing;
    std::string cursor;  // in the list in force
    size_t at = 0;       // in the rows
  };
  struct Upload {
    std::string id;  // of the upload, with its principal
    store::ListId list;
    uint32_t parts = 0;
    Rows rows;
    v1::MembersReport report;  // what is wrong with the rows
  };

  std::optional<MembersAnswer> add_part(Turn& turn, const MembersCommand& command, Upload& upload);
  std::optional<MembersAnswer> begin(Turn& turn, const MembersCommand& command, uint64_t ticket,
                                     Upload upload);
  Upload* find_upload(const std::string& id);
  void compare(Turn& turn, Job& job);
  void look_up(Turn& turn, Job& job);
  void decide(Turn& turn, Job& job);
  void keep(Turn& turn, Job& job);
  void add(Turn& turn, Job& job);
  void remove(Turn& turn, Job& job);
  void complete(Turn& turn, Job& job);
  void end(MembersAnswer answer);
  static bool has(const Job& job, std::string_view hash);
  static v1::AuditEntry& audit(Turn& turn, const Job& job, const std::string& words);
  static void save(Turn& turn, const Job& job);

  std::deque<Upload> uploads_;  // oldest first
  std::deque<Job> jobs_;        // the first is worked on
  std::vector<store::ListId> undecided_;
  std::deque<Finished> finished_;
};

}  // namespace switchboard::core
