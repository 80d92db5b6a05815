// Bugs that can be planted in the simulated hub, to prove that the checker sees them.
#pragma once

#include <array>
#include <string_view>
#include <utility>

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
};
inline constexpr std::array kBugs = {
    std::pair{Bug::kAnswerBeforeCommit, "P1"}, std::pair{Bug::kLostDedupe, "P2"},
    std::pair{Bug::kReusedNumber, "P5"},       std::pair{Bug::kSkippedEscalation, "P8"},
    std::pair{Bug::kCrossTeamRead, "P9"},      std::pair{Bug::kReorderedDelivery, "P6"},
    std::pair{Bug::kRemovedRecipient, "P3"},   std::pair{Bug::kEndedByItself, "P4"},
    std::pair{Bug::kBrokenChain, "P10"},       std::pair{Bug::kRepeatedEscalation, "P8"},
    std::pair{Bug::kCreditIgnored, "P11"},     std::pair{Bug::kForgottenCorrection, "P7"},
    std::pair{Bug::kTrialTold, "silence"},     std::pair{Bug::kTestTold, "silence"},
    std::pair{Bug::kCountedTwice, "P10"},      std::pair{Bug::kNamelessSubject, "P6"},
    std::pair{Bug::kOneSubject, "P6"},         std::pair{Bug::kLostHandOver, "P4"},
    std::pair{Bug::kTaskEndedByItself, "P4"},
    std::pair{Bug::kSkippedLevel, "P8"},
};

}  // namespace switchboard::sim
