// The deterministic core (P12): commands in, table changes and effects out.
//
// begin() opens a turn with the shell's clock reading and randomness; commands apply; finish()
// seals the turn's audit block into the journal's pending batch. The shell then writes and syncs
// that batch and only then sends answers and effects (P1). Equal tables, commands, times and seeds
// give equal tables and effects. Owns the directory in force and the head. Not here: sockets,
// clock, threads, sessions. A failed read shows in journal.failure(): do not commit, exit.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/core/change.h"
#include "broker/core/cursors.h"
#include "broker/core/ledger.h"
#include "broker/core/nudge_reports.h"
#include "broker/core/probe.h"
#include "broker/core/publish.h"
#include "broker/core/recovery.h"
#include "broker/core/snapshot.h"
#include "broker/core/turn_parts.h"
#include "broker/core/watch.h"

namespace switchboard::core {

struct Attachment {
  v1::Code code = v1::CODE_OK;
  std::string text;
  uint64_t head = 0;
  uint64_t through = 0;
  uint64_t common = 0;  // what the reader holds above it is of a lost tail
  store::LogId log;
  uint64_t replay_through = 0;  // not 0: numbers after `through` up to this one are a replay
};

// What a client that says Hello showed, and what it must do.
struct Greeting {
  Witness seen = Witness::kAgrees;
  bool found = false;  // a loss that nobody had shown before
  // It hands over again what it was answered for since then; 0 = only what is unconfirmed. Not only
  // while recovering: a client that was away through the hold still has what the hub lost (P1).
  int64_t resend_from_us = 0;
  // The same by position: all that its promises at or below this one stand for is here. Positions
  // rise over all epochs and no clock is in them.
  uint64_t resend_after = 0;
};

class Core {
 public:
  static Result<std::unique_ptr<Core>> open(store::Journal& journal, const HashKey& master);

  // The first turn of a process that writes, alone in it, and committed before anybody is answered:
  // it begins an epoch of its own (adr/0016).
  void opened();

  // `now` never goes back: an earlier reading counts as the last one.
  void begin(Time now, const std::array<uint8_t, 32>& seed);
  // P9: whose key this is, if it is taken at the turn's time (in_force.h). Whoever lets somebody in
  // or does what he says asks here and nowhere else.
  const v1::PrincipalRow* principal(std::string_view id) const;
  const v1::PrincipalRow* principal_by_key(std::string_view public_key) const;
  // Records the keys whose last day is over, each once for ever; those it did (key_expiry.h).
  std::vector<std::string> expire_keys();
  // The item's bytes must stay until the turn's effects were taken.
  Answer publish(const v1::PrincipalRow& who, const ItemView& item);
  Answer publish(const v1::PrincipalRow& who, const v1::Item& item) {
    return publish(who, ItemOf(item).view());
  }
  // The same, and counted once in the ledger (P10).
  Answer publish(const v1::PrincipalRow& who, const ItemView& item, const OutboxItem& at);
  Answer publish(const v1::PrincipalRow& who, const v1::Item& item, const OutboxItem& at) {
    return publish(who, ItemOf(item).view(), at);
  }
  // An adapter's own count, and a sender's word that it dealt with a quarantined message.
  Answer tell_ledgers(const v1::PrincipalRow& who, const v1::AdapterLedgers& told);
  Answer clear_quarantined(const v1::PrincipalRow& who, const v1::ClearQuarantined& request);
  // The bytes of a quarantined message are about to be shown to its sender: recorded first (P10).
  void disclosed(const v1::PrincipalRow& who, const v1::ReadQuarantine& read);
  v1::ActOutcome act(const v1::PrincipalRow& who, const v1::Act& act);
  // Rows that changed count from the next turn on.
  v1::Applied apply(const v1::PrincipalRow& who, const std::string& person,
                    const v1::Apply& change);
  // A list of children changes, or is asked about. Nothing: work() brings the answer, under this
  // ticket. A turn's only command if it executes: a batch is bounded.
  std::optional<MembersAnswer> change_members(const MembersCommand& command, uint64_t ticket);
  MembersAnswer look_at_members(const MembersCommand& command, Time now) const;
  // Pieces of what takes many turns: one, the first thing in its turn.
  bool has_work() const { return parts_.joins_wait || snapshots_.waiting(); }
  void work();
  std::optional<Snapshots::Finished> take_finished() { return snapshots_.take_finished(); }
  // An endpoint (re)starts reading after `request.through`. Numbers the hub lost get placeholders,
  // if a promise covers them. In a turn of its own if its epoch is not the present one.
  Attachment attach(const v1::PrincipalRow& who, const v1::Attach& request);
  // The same for a hub that cannot write: it may read on, and nothing is kept of it. What would
  // have to be written first is CODE_READ_ONLY.
  Attachment follow(const v1::PrincipalRow& who, const v1::Attach& request);
  // Cursors ride on the next commit; false if this principal may not, or the number is not there.
  bool receive(const v1::PrincipalRow& who, const v1::Received& received);
  // An operator sets cursors of a team's inbox back (replay of today's state). Returns how many.
  size_t rewind(const v1::PrincipalRow& who, const std::string& reason, const v1::Team& team,
                const std::string& endpoint, uint64_t to_number);
  // A page is about to be shown: recorded first (P10).
  void disclosed(const v1::PrincipalRow& who, const v1::ReadInbox& read);
  void disclosed(const v1::PrincipalRow& who, const v1::ReadChild& read);
  void disclosed(const v1::PrincipalRow& who, const v1::ReadAttendances& read);
  void disclosed(const v1::PrincipalRow& who, const v1::ReadTasks& read);
  // P9: may this principal read the team's logs? Null if not, else the team.
  const v1::Team* readable_team(const v1::PrincipalRow& who, const std::string& id) const;
  // A client shows its highest promises. Call as the first command of a turn.
  Greeting witness(const v1::PrincipalRow& who, const v1::Promise& highest,
                   const v1::Promises& earlier = {});
  // It says that it has been answered for all it held when its session opened.
  void resent(const v1::PrincipalRow& who) { recovery_.resent(who.id()); }
  void release_recovery(const std::string& by);
  // For the program that sends nudges; its principal was checked. Handed out once they are durable.
  std::vector<v1::NudgeJob> take_nudges(const v1::PrincipalRow& who, uint32_t limit,
                                        NudgeReader reader);
  void nudge_reported(const v1::PrincipalRow& who, const v1::NudgeReport& report);
  // An operator's decision that changes no row: recorded all the same (P10).
  void decided(const v1::PrincipalRow& who, const std::string& person, const std::string& what);
  // Passed deadlines, the most urgent first, at most `most`, and nudges that nobody sends; returns
  // how many. Nothing rings while recovering (before `hold` is over) or frozen.
  size_t tick(size_t most, Duration recovery_hold);
  // What is silent; silences that began are recorded, each once for ever. None while recovering.
  std::vector<Watched> watch(const Presence& presence);
  // Nothing = no deadline is waiting.
  std::optional<Time> next_due();

  // Room for `bytes` more in this turn's batch (P11); an empty batch has room for anything allowed.
  bool fits(size_t bytes) const;
  bool changed() const;                        // there is something to commit
  bool promised() const { return promised_; }  // … that somebody waits for: receipts alone are not
  const Head& finish();                        // call only if changed()
  // After the batch was written: effects may be sent once it is synced.
  void committed();

  const Head& head() const { return head_; }
  v1::Promise promise() const;
  const std::shared_ptr<const Directory>& directory() const { return directory_; }
  const Secrets& secrets() const { return secrets_; }
  const Recovery& recovery() const { return recovery_; }
  uint64_t log_head(store::LogId log) { return parts_.logs.head(journal_, log); }
  uint64_t cursor(store::LogId log, const std::string& endpoint) const;
  const std::optional<Error>& failure() const { return journal_.failure(); }
  const Damage& damage() const { return parts_.damage; }

  // Effects of the turn that finish() closed.
  const std::vector<Appended>& appended() const { return parts_.appended; }
  const LiveEvents& events() const { return parts_.events; }

 private:
  Core(store::Journal& journal, const HashKey& master);
  Status load();
  Turn turn();
  void begin_epoch(uint64_t past);
  // Why it may not read there; nothing: it may.
  std::optional<Attachment> barred(const v1::PrincipalRow& who, const v1::Attach& request) const;
  Claim claim(store::LogId log, const v1::Attach& request);
  void lose_tail(const v1::PrincipalRow& who, const Judged& judged, const v1::Promise& promise);
  Attachment unproved(const v1::PrincipalRow& who, const v1::Attach& request, store::LogId log);
  // Nothing: every number up to `through` is answered.
  std::optional<Attachment> fill(const v1::Team& team, store::LogId log, uint64_t through);
  std::optional<Attachment> settle(const v1::PrincipalRow& who, const v1::Team& team,
                                   store::LogId log, const v1::Attach& request, const Claim& claim);
  size_t give_up_nudges();
  void write_index();

  store::Journal& journal_;
  Secrets secrets_;
  TurnParts parts_;
  Head head_;
  std::shared_ptr<const Directory> directory_;
  Ledger ledger_;
  Probes probes_;
  Recovery recovery_;
  Cursors cursors_;
  Snapshots snapshots_;
  bool promised_ = false;
  bool opened_ = false;
  std::set<std::pair<std::string, store::LogId>> unproved_;  // audited once in a process
  int64_t due_floor_us_ = 0;
  int64_t nudge_floor_us_ = 0;
  Scratch scratch_;
};

}  // namespace switchboard::core
