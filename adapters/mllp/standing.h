// Whether the adapter is fit to work, and what an operator must know: alarms by name.
//
// Pure: fed with what is seen and boot time. hub_away: no session for `alarm_after`; hub_refuses:
// the hub does not let us in, an operator's matter; outbox_half: half of the bound is in use;
// outbox_full: senders get AR; hub_refused_items: events the hub will never take wait to be seen.
// /readyz fails for those that stop the work (DESIGN §4: a hub that is away does not stop AA, but
// what is behind us is not told), and for a hub that is away already after `unready_after`: a
// supervisor may look sooner than a person is woken. Thread: the source's. Fails: never.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/sdk/outbox.h"
#include "broker/base/time.h"

namespace switchboard::mllp {

class Standing {
 public:
  struct Sight {
    int64_t boot_us = 0;
    bool hub_open = false;
    std::string hub_refusal;  // why the hub does not let us in; empty if it does, or is away
    sdk::Outbox::Usage outbox;
  };
  struct Change {
    const char* name;
    bool raised;
    std::string why;
  };
  static constexpr std::array<const char*, 5> kNames{"hub_away", "hub_refuses", "outbox_half",
                                                     "outbox_full", "hub_refused_items"};
  struct Away {
    Duration unready_after, alarm_after;
  };
  explicit Standing(const Away& away) : away_(away) {}

  // The alarms that began or ended with this.
  std::vector<Change> see(const Sight& sight);
  // Why /readyz fails; empty: ready.
  std::vector<std::string> reasons_against() const;

 private:
  enum Alarm : uint8_t { kHubAway, kHubRefuses, kOutboxHalf, kOutboxFull, kRefusedItems, kAlarms };
  static bool stops_work(Alarm alarm);
  void judge(Alarm alarm, bool stands, std::string why, std::vector<Change>& changes);

  const Away away_;
  int64_t away_since_us_ = -1;
  bool away_for_a_while_ = false;
  static_assert(kNames.size() == kAlarms);
  std::array<bool, kAlarms> stands_{};
};

}  // namespace switchboard::mllp
