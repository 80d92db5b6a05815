// Bugs that can be planted in the simulated hub or its clients, to prove that the checker sees
// them: each is one way to break a promise, and must be found under that promise.
//
// Owns: their list. Each is made where what it spoils is made: in sim_hub.cc what the hub says, in
// tamper.cc what its disk holds, in weather.cc what clients keep. Pure.
#pragma once

#include <array>
#include <string_view>

namespace switchboard::sim {

enum class Bug {
  kNone,
  kAnswerBeforeCommit,   // answers leave although the turn's batch never reached the disk
  kLostDedupe,           // accepted ids are forgotten
  kReusedNumber,         // the last entry of an inbox goes, its number is given again
  kSkippedEscalation,    // deadlines are forgotten
  kCrossTeamRead,        // a team is sent another team's log
  kReorderedDelivery,    // two entries change places on the way
  kRemovedRecipient,     // an event forgets one it was delivered to
  kEndedByItself,        // a delivery is finished without a person
  kTaskEndedByItself,    // … and a task
  kBrokenChain,          // an audit block is altered
  kRepeatedEscalation,   // an escalation forgets that it was made
  kUnevenRandomness,     // the same seed does not give the same run
  kCreditIgnored,        // a slow endpoint is sent everything at once
  kForgottenCorrection,  // deliveries forget that their event was corrected
  kTrialTold,            // the hub forgets that a source is on trial
  kTestTold,             // a test message is taken for a live one
  kCountedTwice,         // the hub forgets how far outboxes are counted
  kNamelessSubject,      // entries about one child do not say so to their team
  kLostHandOver,         // what was not a team's, or handed over, ends without reaching another
  kOneSubject,           // entries about all children look like entries about one
  kSkippedLevel,         // after the first level the clock stops by itself
  kDoubledLevel,         // a delivery is marked twice with one level
  kRingsWhileFrozen,     // deadlines ring although the clock was stepped
  kLostNudge,            // nobody sends a nudge, and it is not given up
  kForgottenTask,        // the clock of a task is lost
  kForgottenHeld,        // a held correction waits for ever
  kConflictDropped,      // other content under a chosen id is taken for a repeat
  kShownTooMuch,         // details go where only a summary may
  kRevokedReads,         // a key that was revoked goes on reading
  kStaleReader,          // the hub takes a reader's numbers of a lost history for its own
  kForgottenPromises,    // a client believes a hub that is behind what it was promised
  kEnd
};
struct Planted {
  Bug bug;
  std::string_view promise;  // under which the checker must call it
  std::string_view name;     // for sim_run --bug
  bool losses = false;       // shows only where the hub loses its tail
};
inline constexpr std::array kBugs = {
    Planted{Bug::kAnswerBeforeCommit, "P1", "answer-before-commit"},
    Planted{Bug::kLostDedupe, "P2", "lost-dedupe"},
    Planted{Bug::kConflictDropped, "P2", "conflict-dropped"},
    Planted{Bug::kRemovedRecipient, "P3", "removed-recipient"},
    Planted{Bug::kEndedByItself, "P4", "ended-by-itself"},
    Planted{Bug::kLostHandOver, "P4", "lost-hand-over"},
    Planted{Bug::kTaskEndedByItself, "P4", "task-ended-by-itself"},
    Planted{Bug::kReusedNumber, "P5", "reused-number"},
    Planted{Bug::kStaleReader, "P5", "stale-reader", true},
    Planted{Bug::kReorderedDelivery, "P6", "reordered-delivery"},
    Planted{Bug::kNamelessSubject, "P6", "reordered-child"},
    Planted{Bug::kOneSubject, "P6", "one-subject"},
    Planted{Bug::kForgottenCorrection, "P7", "dropped-correction"},
    Planted{Bug::kForgottenHeld, "P7", "forgotten-held"},
    Planted{Bug::kSkippedEscalation, "P8", "skipped-escalation"},
    Planted{Bug::kRepeatedEscalation, "P8", "repeated-escalation"},
    Planted{Bug::kSkippedLevel, "P8", "skipped-level"},
    Planted{Bug::kDoubledLevel, "P8", "doubled-level"},
    Planted{Bug::kRingsWhileFrozen, "P8", "rings-while-frozen"},
    Planted{Bug::kLostNudge, "P8", "lost-nudge"},
    Planted{Bug::kForgottenTask, "P8", "forgotten-task"},
    Planted{Bug::kCrossTeamRead, "P9", "cross-team-read"},
    Planted{Bug::kShownTooMuch, "P9", "shown-too-much"},
    Planted{Bug::kRevokedReads, "P9", "revoked-reads"},
    Planted{Bug::kBrokenChain, "P10", "broken-chain"},
    Planted{Bug::kCountedTwice, "P10", "counted-twice"},
    Planted{Bug::kForgottenPromises, "P10", "stale-epoch-accepted"},
    Planted{Bug::kCreditIgnored, "P11", "credit-ignored"},
    Planted{Bug::kUnevenRandomness, "P12", "uneven-randomness"},
    Planted{Bug::kTrialTold, "silence", "trial-told"},
    Planted{Bug::kTestTold, "silence", "test-told"},
};
static_assert(kBugs.size() == static_cast<size_t>(Bug::kEnd) - 1, "each bug has its row");

}  // namespace switchboard::sim
