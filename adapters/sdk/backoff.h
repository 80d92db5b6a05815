// Waits that grow and scatter, and the timer that holds one.
//
// Pure: time and entropy are arguments (P12), so a simulation replays them. Jitter is half the
// wait: clients that lost one hub together do not come back together.
#pragma once

#include "broker/base/seal.h"
#include "broker/base/time.h"

namespace switchboard::sdk {

// Due `wait` after `from`; also when the clock is found before `from`, so that a step back never
// holds anything up.
class Timer {
 public:
  void start(Time from, Duration wait) {
    from_ = from;
    wait_ = wait;
    running_ = true;
  }
  void stop() { running_ = false; }
  bool running() const { return running_; }
  bool due(Time now) const { return running_ && (now < from_ || now - from_ >= wait_); }
  Time at() const { return from_ + wait_; }

 private:
  Time from_;
  Duration wait_;
  bool running_ = false;
};

class Backoff {
 public:
  Backoff(Duration first, Duration most) : first_(first), most_(most), next_(first) {}

  // Between half the present wait and all of it; the next one is twice as long, up to `most`.
  Duration next(Entropy& entropy);
  void reset() { next_ = first_; }

 private:
  Duration first_;
  Duration most_;
  Duration next_;
};

}  // namespace switchboard::sdk
