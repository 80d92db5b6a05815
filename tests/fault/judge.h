// Says whether what a team holds is what its senders were promised, from the endpoint's own log.
//
// Independent of the hub: it knows the workload and reads what an endpoint stored, nothing else; it
// links neither store nor core, so it cannot share their mistakes. Owns: what it has seen of one
// log. judge_test.cc plants each finding once. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "switchboard/v1/session.pb.h"

namespace switchboard::test {

struct Findings {
  uint64_t deliveries = 0;
  uint64_t lost = 0;         // published, not there; or a number without an entry
  uint64_t duplicated = 0;   // delivered under two numbers, or a number twice
  uint64_t reordered = 0;    // behind a later event of its source, or of its child
  uint64_t altered = 0;      // not what was published, or shown as about another child
  uint64_t invented = 0;     // nobody published it
  uint64_t corrections = 0;  // delivered, whose original was to be marked
  uint64_t unmarked = 0;     // … and is not, or twice
  uint64_t acts = 0;         // of people, answered
  uint64_t acts_lost = 0;    // answered, and not in the log as that person's
  uint64_t acts_twice = 0;
  std::vector<std::string> named;  // the first that were found
  uint64_t broken() const {
    return lost + duplicated + reordered + altered + invented + unmarked + acts_lost + acts_twice;
  }
  bool clean() const { return broken() == 0; }
  std::string text() const;  // what is broken, in words
  Findings& operator+=(const Findings& other);
};

// `published`: agency -> how many; their sequences are 1, 2, 3 … `log`: by ascending number.
// One entry after the other, so that a log of any length can be judged.
class Judge {
 public:
  explicit Judge(const std::map<std::string, uint64_t>& published);
  ~Judge();
  void add(const v1::Entry& entry);
  Findings end();

 private:
  class Judgement;
  std::unique_ptr<Judgement> judgement_;
};
Findings judge(const std::map<std::string, uint64_t>& published, const std::vector<v1::Entry>& log);

// What an endpoint's person was told of an act.
struct ActAnswer {
  uint64_t number = 0;  // of the delivery
  std::string person;
  v1::ActKind kind = v1::ACT_KIND_UNSPECIFIED;  // OPEN or ACKNOWLEDGE
  v1::Code code = v1::CODE_OK;
};
// Adds to `found` what became of them, by the changes in the log of the same team.
void judge_acts(const std::vector<ActAnswer>& answers, const std::vector<v1::Entry>& changes,
                Findings& found);

// An act that a person was told is recorded; no other person did the same to that event. By its
// event: a hub that lost its tail may have given the number to another.
struct DoneAct {
  std::string event_id;
  std::string person;
  v1::ActKind kind = v1::ACT_KIND_UNSPECIFIED;  // OPEN, ACKNOWLEDGE, ACTION or FINISH
};
// The same for these; `log` is the team's, whole.
void judge_done(const std::vector<DoneAct>& done, const std::vector<v1::Entry>& log,
                Findings& found);

}  // namespace switchboard::test
