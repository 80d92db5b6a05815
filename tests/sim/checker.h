// Judges a run by the promises of DESIGN §2, from what partners were told and what they stored.
//
// After each commit it judges what that commit touched, now and then and at the end the whole disk.
// Remembers what was promised, entries, recipients and escalations; a breach is kept in words with
// the promise's number first, and ends the run. Reads the hub's disk only to compare.
// Thread: the run's.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/member.h"
#include "tests/sim/messages.h"
#include "tests/sim/nudge_judge.h"
#include "tests/sim/silence.h"
#include "tests/sim/sim_hub.h"
#include "tests/sim/task_judge.h"

namespace switchboard::sim {

class Checker final : public Witness {
 public:
  explicit Checker(support::HubCore& hub) : hub_(hub), silence_(hub), tasks_(hub), nudges_(hub) {}

  void committed(bool frozen) override;
  void lost_tail() override;
  void promised(const std::string& agency, const Id& event, uint64_t position) override;
  void acted(const v1::Act& act, const v1::ActOutcome& outcome) override;
  void said(const v1::Promise& promise) override;
  void sent(const std::string& member, const v1::Deliver& frame, uint64_t unreceived) override;
  void refused_spy(bool refused) override;

  // What an adapter has in custody; at the end all of it must be with the hub.
  void custody(const Message& message);
  // An entry was shown to the desk's system, which could use it or not.
  void arrived(const Member& member, const sdk::Endpoint::Arrival& arrival, bool fails);
  // Its operator has dealt with a parked entry.
  void released(const Member& member, uint64_t number);
  // A copy of the hub that is behind opened a session with the client.
  void believed(const std::string& member);
  // P6: what the desk holds back waits for an earlier entry about the same child, and nothing else.
  void check_parked(const Member& member);
  // What must hold at any time, also right after a crash.
  void check_disk();
  // What must hold when all is healed, delivered and overdue.
  void check_end(const std::vector<std::unique_ptr<Member>>& members);

  const std::vector<std::string>& breaches() const { return breaches_; }
  uint64_t escalations() const { return escalations_.size(); }
  uint64_t events() const { return accepted_.size(); }
  uint64_t ended_tasks() const { return tasks_.ended(); }
  uint64_t done_acts() const { return acts_.size(); }
  uint64_t ended_nudges() const { return nudges_.ended(); }
  // What the hub did since the last call, in words.
  std::vector<std::string> take_news() { return std::exchange(news_, {}); }

 private:
  using EventKey = std::pair<std::string, Id>;  // as it is known: a trial and its live twin are two
  // An entry of a desk: number and position of the event, as numbers may be given anew.
  using Held = std::pair<uint64_t, uint64_t>;
  void breach(const std::string& promise, const std::string& text);
  void read_blocks();
  void take_block(const v1::AuditBlock& block, std::string_view bytes);
  void take_accepted(uint64_t position);
  void take_escalation(const v1::AuditEntry& entry);
  void tell(const v1::AuditEntry& entry);
  void check_touched();
  void check_new_entries();
  void check_recipients_of(uint64_t position);
  void check_moved(const std::string& team, uint64_t number);
  void check_conflicts();
  void check_open_counts();
  void check_nothing_waits();
  void check_promised();
  void check_logs();
  void check_recipients();
  void check_deliveries();
  void check_somebody_has_it();
  void check_chain();
  void check_ledger();
  void check_counts(const Member& member);
  void check_store(const Member& member);
  void check_deadlines();
  bool here(const EventKey& key, uint64_t position) const;
  void check_silence();
  void check_corrections();
  bool voided(uint64_t position) const;
  bool in_common(const Member& member, uint64_t number) const;
  void check_order(const Member& member, const v1::Entry& entry);
  // Whom an entry of the team is about, if the team is shown it now; by the hub's own tables.
  std::string subject_shown(const std::string& team, uint64_t number) const;
  // Whom the team was shown it is about when it was sent; nothing: now one, now another.
  std::optional<std::string> subject_told(const std::string& team, const Held& held) const;
  std::string row(store::LogId log, uint64_t number) const;

  support::HubCore& hub_;
  std::vector<std::string> breaches_;
  std::map<EventKey, uint64_t> promised_;
  std::map<std::string, v1::ActOutcome> acts_;  // by act id
  std::map<uint64_t, v1::Promise> promises_;    // by position
  std::map<EventKey, uint64_t> accepted_;
  std::map<EventKey, std::string> custody_;  // and what it is, in words
  Silence silence_;
  TaskJudge tasks_;
  NudgeJudge nudges_;
  std::map<store::LogId, std::vector<std::string>> logs_;
  std::map<uint64_t, std::vector<std::string>> recipients_;
  std::set<std::string> escalations_;
  std::map<uint64_t, uint64_t> act_entries_;      // position of the entry -> of the event
  std::map<std::string, std::set<Held>> used_;    // by team
  std::map<std::string, std::set<Held>> failed_;  // … and not used or released since
  std::map<std::string, std::map<Held, std::set<std::string>>> told_;  // subjects, by team
  uint64_t next_block_ = 0;
  Hash chain_{};                                        // after the last block that was read
  std::set<uint64_t> touched_;                          // events of the blocks read last
  std::map<EventKey, std::set<std::string>> contents_;  // under an id of the source's choice
  std::set<EventKey> probes_;
  std::vector<std::string> news_;
  bool frozen_ = false;
};

}  // namespace switchboard::sim
