// One kind of fault in one kind of place: how often it was made, and what came of it.
//
// Owns: the counts and the line they are printed as. Pure but for what prints. Thread: the run's.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "tests/fault/disk_world.h"

namespace switchboard::fault {

enum class Outcome : uint8_t {
  kHarmless,  // everything is right, and nobody had to be told
  kSurvived,  // everything is right; it was met and dealt with
  kDetected,  // refused with a reason, a named range, a placeholder, a finding of verify
  kSilent,    // anything else
};

struct Tally {
  std::string fault, where;
  uint64_t seed = 1;
  uint64_t runs = 0, survived = 0, detected = 0, harmless = 0, silent = 0, lost = 0;
  uint64_t ended = 0;  // of those detected: by the end of the process
  double seconds = 0;

  void count(Outcome outcome);
  bool fine() const { return silent == 0 && lost == 0; }
  std::string line() const;  // JSON
};

// Of a run whose parts all say what they can say.
Outcome judged(const DiskWorld& world, const DiskWorld::Verdict& verdict);

// Where the programs of this folder keep their counts; prints each as a line of its own.
class Tallies {
 public:
  explicit Tallies(uint64_t seed) : seed_(seed) {}
  Tally& of(const std::string& fault, const std::string& where);
  bool fine() const;
  uint64_t runs() const;
  void print(double seconds) const;
  // Says on stderr what broke and how to see it again.
  void failed(const std::string& again, const std::string& what);

 private:
  uint64_t seed_;
  std::map<std::pair<std::string, std::string>, Tally> all_;
};

// Makes the faults, prints what came of them; the exit code of the program, 0 only if nothing was
// silent.
int run_and_tell(uint64_t seed, const std::function<void(Tallies&)>& make_faults);

}  // namespace switchboard::fault
