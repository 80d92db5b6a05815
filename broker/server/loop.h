// The hub's one loop: drain what is there, apply it, commit, send (DESIGN §4).
//
// Group commit comes from load: the loop never waits to fill a batch. Every answer and every
// delivery follows the sync of the batch that holds what it promises (P1, commits.h); a failed
// write or sync ends the process with nothing sent. Receipts alone ride on the next commit, 200 ms
// at most. A store that cannot be written (store_dir.h) is read and nothing else: no epoch begins,
// nothing is committed.
// Thread: the one that calls run(). Fails: run() returns why the process must end.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "broker/core/core.h"
#include "broker/kv/kv.h"
#include "broker/runtime/clock.h"
#include "broker/runtime/health.h"
#include "broker/runtime/signals.h"
#include "broker/server/admin.h"
#include "broker/server/attendance.h"
#include "broker/server/commits.h"
#include "broker/server/conversation.h"
#include "broker/server/delivery.h"
#include "broker/server/gauges.h"
#include "broker/server/key_dates.h"
#include "broker/server/membership.h"
#include "broker/server/outgoing.h"
#include "broker/server/publishing.h"
#include "broker/server/reader.h"
#include "broker/server/session.h"
#include "broker/server/store_dir.h"
#include "broker/wire/poller.h"
#include "broker/wire/zap.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::server {

class Loop {
 public:
  struct Parts {
    const v1::BrokerConfig& config;
    StoreDir& store;
    store::Journal& journal;
    core::Core& core;
    wire::Zap* zap;  // null: CURVE is off
    wire::Router& clients;
    wire::Router& admins;
    Signals& signals;
    Clock& clock;
    Gauges& gauges;
    Health* health;  // null: not asked for
    std::string first_admin_key;
    std::string hub_name;
  };
  explicit Loop(const Parts& parts);

  // Until asked to stop. An Error: a commit or read failed; exit, recovery starts from disk.
  Status run();

 private:
  Status turn();
  void drain_clients();
  void drain_admins();
  void take_done();
  Status open_epoch();
  // Commits what somebody waits for, and sends the turn's answers.
  Status end_turn(Commits::Disk disk);
  void begin_turn();
  void flush(Commits::Disk disk);
  Commits::Disk disk() const;
  std::unique_ptr<store::Reads> snapshot();
  void every_second();
  void tick();
  void measure_doors();
  void measure_nudges();
  void say_damage();
  bool writes() const;
  bool works() const;
  void work();
  void watch();
  void publish_health();
  void update_keys();
  void expire_keys();
  void drop(const std::vector<std::string>& addresses);
  std::chrono::milliseconds patience();
  v1::Status live_status();
  Door door() const;
  void say_draining();

  Parts parts_;
  Reader reader_;
  Sessions sessions_;
  Attendance attendance_;
  Outgoing outgoing_;
  Delivery delivery_;
  Commits commits_;
  Publishing publishing_;
  Membership membership_;
  Conversation conversation_;
  Admin admin_;
  wire::Poller poller_;
  size_t at_clients_, at_admins_, at_signals_, at_reader_;
  Reading reading_;
  Status failed_ = ok();
  std::shared_ptr<const core::Directory> keys_of_;
  KeyDates key_dates_;
  uint64_t free_bytes_ = 0;
  int64_t last_second_us_ = 0;
  int64_t last_tick_us_ = 0;
  int64_t last_watch_us_ = 0;
  std::set<std::string> damage_said_;
  int64_t receipts_since_us_ = 0;
  bool operators_ = false;  // an operator's request came in this turn
  bool ticks_left_ = false;
  bool stopping_ = false;
  bool background_error_ = false;
  Time started_;
};

}  // namespace switchboard::server
