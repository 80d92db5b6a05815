#include "broker/server/loop.h"

#include <algorithm>
#include <set>

#include "broker/base/limits.h"
#include "broker/core/key_expiry.h"
#include "broker/runtime/log.h"
#include "broker/runtime/systemd.h"
#include "broker/server/enrolment.h"
#include "broker/server/nudge_pages.h"

namespace switchboard::server {
namespace {

constexpr int64_t kTickEveryUs = 100'000;
constexpr int64_t kSessionSilentUs = 60'000'000;
constexpr std::chrono::milliseconds kPatience{250};

}  // namespace

Loop::Loop(const Parts& parts)
    : parts_(parts),
      reader_(parts.core.secrets()),
      delivery_({parts.core, parts.clients, reader_, [this] { return snapshot(); }}),
      commits_({parts_.core, parts_.journal, parts_.store.kv(), delivery_, outgoing_,
                parts_.clients, parts_.admins, parts_.gauges,
                [this] { return parts_.clock.read().boot_us; },
                [this] {
                  if (keys_of_ != parts_.core.directory()) update_keys();
                },
                [this](const auto& addresses) { drop(addresses); }}),
      publishing_({parts_.core, outgoing_, sessions_, parts_.gauges,
                   [this] {
                     const bool plain = conversation_.plain() && !operators_;
                     flush(plain ? Commits::Disk::kBesideTheNextTurn : Commits::Disk::kNow);
                   },
                   [this] {
                     if (failed_.ok()) failed_ = commits_.settle_if_done();
                   }}),
      membership_({parts_.core, outgoing_, [this] { flush(Commits::Disk::kNow); }}),
      conversation_({parts_.core, delivery_, outgoing_, sessions_, publishing_, membership_,
                     parts_.gauges, reader_, [this] { return snapshot(); },
                     [this] { return attendance_.seen(); }, [this] { flush(Commits::Disk::kNow); },
                     parts_.hub_name, parts_.config.curve()}),
      admin_({parts_.core, delivery_, outgoing_, reader_, membership_,
              [this] { return snapshot(); }, [this] { flush(Commits::Disk::kNow); },
              [this] { return live_status(); }, [this] { return attendance_.seen(); },
              [this] { parts_.clock.accept_step(); }, parts_.first_admin_key,
              parts_.config.curve()}),
      at_clients_(poller_.add(parts_.clients)),
      at_admins_(poller_.add(parts_.admins)),
      at_signals_(poller_.add(parts_.signals.fd())),
      at_reader_(poller_.add(reader_.fd())),
      key_dates_(parts_.gauges) {}

Status Loop::run() {
  reading_ = parts_.clock.read();
  started_ = reading_.now;
  attendance_.begin(started_);
  last_watch_us_ = reading_.boot_us;
  TRY_DO(open_epoch());
  update_keys();
  // Only now: who reads the note may come at once, and must find its key let in.
  TRY_DO(parts_.store.note_endpoints(parts_.clients.endpoint(), parts_.admins.endpoint(),
                                     parts_.health ? parts_.health->port() : uint16_t{0}));
  every_second();
  if (!writes()) log::error("alarm: the hub only reads", {{"why", door().text}});
  log::info("hub is open", {{"clients", parts_.clients.endpoint()},
                            {"admins", parts_.admins.endpoint()},
                            {"openings", parts_.core.head().openings},
                            {"position", parts_.core.head().position}});
  systemd::ready(writes() ? "open" : "only reading");
  while (!stopping_) {
    poller_.wait(patience());
    TRY_DO(turn());
  }
  TRY_DO(commits_.settle());
  say_draining();
  systemd::stopping("draining");
  begin_turn();
  if (parts_.core.changed()) {  // receipts that were riding along
    TRY_DO(commits_.commit(reading_.now, Commits::Disk::kNow));
  }
  log::info("hub is closed", {{"position", parts_.core.head().position}});
  return ok();
}

std::chrono::milliseconds Loop::patience() {
  if (ticks_left_ || publishing_.waiting() || commits_.on_the_way() || works()) {
    return std::chrono::milliseconds(0);
  }
  if (delivery_.waiting()) return std::chrono::milliseconds(5);
  if (receipts_since_us_ != 0) return std::chrono::milliseconds(50);
  return kPatience;
}

// Nobody has been answered yet: what was promised before belongs to another epoch (adr/0016).
Status Loop::open_epoch() {
  begin_turn();
  if (!writes()) return ok();  // clients are shown what the last epoch promised
  parts_.core.opened();
  return commits_.commit(reading_.now, Commits::Disk::kNow);
}

void Loop::begin_turn() { parts_.core.begin(reading_.now, os_random_32()); }

void Loop::flush(Commits::Disk disk) {
  if (failed_.ok()) failed_ = end_turn(disk);
  begin_turn();
}

// Not beyond what is durable: that is what is visible while nothing is on its way.
std::unique_ptr<store::Reads> Loop::snapshot() {
  if (failed_.ok()) failed_ = commits_.settle();
  return parts_.store.kv().snapshot();
}

// A large turn of publishes with more behind it goes to disk beside the next. Whatever else came is
// answered as soon as can be, and at window 1 a publish spares the way over another thread.
Commits::Disk Loop::disk() const {
  const bool bulk = publishing_.items() >= limits::kOverlapItemsMin && conversation_.plain() &&
                    !operators_ && !stopping_;
  return bulk && parts_.clients.waiting() ? Commits::Disk::kBesideTheNextTurn : Commits::Disk::kNow;
}

Status Loop::turn() {
  reading_ = parts_.clock.read();
  operators_ = false;
  begin_turn();
  while (auto ask = parts_.signals.next()) stopping_ = stopping_ || *ask == Signals::Ask::kStop;
  conversation_.begin(reading_.now, reading_.boot_us, door());
  expire_keys();
  work();
  tick();
  drain_admins();
  drain_clients();
  publishing_.apply(reading_.now, door(),
                    stopping_ ? Publishing::HowMany::kAll : Publishing::HowMany::kATurn);
  if (failed_.ok()) failed_ = end_turn(disk());
  publishing_.end();
  if (!failed_.ok()) return failed_;  // P1: nothing more is sent
  take_done();
  if (!commits_.on_the_way()) drop(delivery_.pump(reading_.now));
  if (reading_.boot_us - last_second_us_ >= 1'000'000) every_second();
  return failed_;
}

void Loop::tick() {
  if (reading_.frozen || stopping_ || background_error_ || !writes()) return;
  if (!ticks_left_ && reading_.boot_us - last_tick_us_ < kTickEveryUs) return;
  last_tick_us_ = reading_.boot_us;
  // Deadlines of a batch that is on its way are not found yet: passed over, they would never ring.
  if (failed_.ok()) failed_ = commits_.settle();
  if (!failed_.ok()) return;
  const size_t rung =
      parts_.core.tick(limits::kTicksPerTurnMax, seconds(parts_.config.recovery_hold_s()));
  ticks_left_ = rung == limits::kTicksPerTurnMax;
  if (rung > 0) parts_.gauges.escalations.add(static_cast<double>(rung));
  if (reading_.boot_us - last_watch_us_ >= limits::kWatchEveryUs) watch();
}

void Loop::watch() {
  last_watch_us_ = reading_.boot_us;
  const auto watched = parts_.core.watch(attendance_.seen());
  parts_.gauges.show_silences(watched);
  for (const auto& w : watched) {
    if (w.begun) log::error("alarm: silence", {{"what", w.row.what()}, {"why", w.row.why()}});
  }
}

bool Loop::writes() const { return parts_.store.unwritable().empty(); }

bool Loop::works() const {
  return membership_.waiting() && !stopping_ && !background_error_ && writes();
}

// First in the turn: a piece needs the room of a batch. What takes part in a turn waits for it.
void Loop::work() {
  if (!works()) return;
  membership_.work();
  operators_ = true;  // its answers go out at once
}

void Loop::drain_clients() {
  wire::Sender from;
  wire::Frame frame;
  while (failed_.ok() && conversation_.items() < limits::kTurnItemsMax &&
         conversation_.bytes() < limits::kReadBytesMax && parts_.clients.receive(from, frame)) {
    conversation_.take(from, frame);
  }
}

void Loop::drain_admins() {
  wire::Sender from;
  wire::Frame frame;
  for (int i = 0; i < 16 && failed_.ok() && parts_.admins.receive(from, frame); ++i) {
    operators_ = true;
    const bool writable = door().acts == v1::CODE_OK;
    admin_.take(from, frame.bytes(), reading_.now, writable);
  }
}

// Receipts alone are no reason to sync; they ride on the next commit, but not for ever.
Status Loop::end_turn(Commits::Disk disk) {
  auto& core = parts_.core;
  if (core.changed()) {
    if (!writes()) return error(v1::CODE_INTERNAL, "something changed in a hub that only reads");
    if (receipts_since_us_ == 0) receipts_since_us_ = reading_.boot_us;
    const bool aged = reading_.boot_us - receipts_since_us_ >= limits::kReceiptCommitUsMax;
    if (core.promised() || aged) {
      TRY_DO(commits_.commit(reading_.now, disk));
      receipts_since_us_ = 0;
      return ok();
    }
  }
  return commits_.send_answers();
}

void Loop::take_done() {
  reader_.clear_wakeup();
  while (auto done = reader_.take()) {
    if (auto* page = std::get_if<Fetched>(&*done)) {
      if (!page->error.empty()) log::error("a page cannot be read", {{"why", page->error}});
      delivery_.fetched(std::move(*page));
      continue;
    }
    auto& answered = std::get<Answered>(*done);
    for (auto& frame : answered.frames) {
      if (answered.admin) {
        (void)parts_.admins.send(answered.address, std::move(frame));
        continue;
      }
      // P9: not to a key that was revoked meanwhile. One who does not take it begins anew.
      Session* session = sessions_.at(answered.address);
      if (session == nullptr) continue;
      if (session->reads > 0) --session->reads;
      const auto sent = parts_.clients.send(answered.address, std::move(frame));
      if (sent != wire::Sent::kYes) drop({answered.address});
    }
  }
}

void Loop::drop(const std::vector<std::string>& addresses) {
  for (const auto& address : addresses) {
    delivery_.detach(address);
    sessions_.close(address);
  }
}

Door Loop::door() const {
  if (stopping_) return {v1::CODE_DRAINING, v1::CODE_DRAINING, "the hub is stopping", writes()};
  if (!writes()) {
    return {v1::CODE_READ_ONLY, v1::CODE_READ_ONLY,
            "the hub cannot write to its disk (" + parts_.store.unwritable() +
                "): it only reads until that is mended and it is started again (runbook disk-full)",
            false};
  }
  if (background_error_) {
    return {v1::CODE_READ_ONLY, v1::CODE_READ_ONLY, "the hub's disk has failed: it only reads"};
  }
  if (free_bytes_ < parts_.config.free_mark_bytes()) {
    return {v1::CODE_DISK_LOW, v1::CODE_OK, "the hub's disk is nearly full: keep it and retry"};
  }
  return {};
}

void Loop::every_second() {
  last_second_us_ = reading_.boot_us;
  free_bytes_ = parts_.store.free_bytes();
  if (const auto failed = parts_.store.background_error(); failed && !background_error_) {
    background_error_ = true;
    log::error("the store failed in the background: nothing new is taken", {{"why", failed->text}});
  }
  drop(sessions_.expire(reading_.boot_us, kSessionSilentUs));
  attendance_.look(delivery_, sessions_, *parts_.core.directory(), reading_.now);
  // P9: nobody new could come in, for ever. What starts again lets them in again.
  if (parts_.zap != nullptr && !parts_.zap->alive() && failed_.ok()) {
    failed_ = error(v1::CODE_INTERNAL, "the thread that lets keys in has ended");
  }
  auto& gauges = parts_.gauges;
  measure_doors();
  gauges.sessions.set(static_cast<double>(sessions_.size()));
  gauges.free_bytes.set(static_cast<double>(free_bytes_));
  gauges.recovering.set(parts_.core.recovery().recovering() ? 1 : 0);
  gauges.position.set(static_cast<double>(parts_.core.head().position));
  gauges.openings.set(static_cast<double>(parts_.core.head().openings));
  gauges.delivered.add(static_cast<double>(delivery_.sent_entries()) - gauges.delivered.value());
  gauges.read_only.set(background_error_ || !writes() ? 1 : 0);
  measure_nudges();
  say_damage();
  key_dates_.remind(*parts_.core.directory(), reading_.now);
  publish_health();
  systemd::watchdog();
}

void Loop::measure_doors() {
  auto& gauges = parts_.gauges;
  const auto& clients = parts_.clients;
  const auto& admins = parts_.admins;
  gauges.connections_cut.set(static_cast<double>(clients.cut() + admins.cut()));
  gauges.frames_dropped.set(static_cast<double>(clients.dropped() + admins.dropped()));
  if (parts_.zap == nullptr) return;
  const uint64_t refused = parts_.zap->refused();
  gauges.keys_refused.set(static_cast<double>(refused));
}

void Loop::measure_nudges() {
  const auto backlog = nudge_backlog(parts_.store.kv());
  if (!backlog.ok()) return;  // a turn that reads it will say so and end the process
  const int64_t age_us = backlog->waiting == 0 ? 0 : reading_.now.us - backlog->oldest_us;
  parts_.gauges.nudges_waiting.set(static_cast<double>(backlog->waiting));
  parts_.gauges.nudges_oldest.set(static_cast<double>(age_us) / 1e6);
}

// Each row that cannot be read is an alarm once in the life of the process.
void Loop::say_damage() {
  const auto& met = parts_.core.damage().met();
  parts_.gauges.damaged.set(static_cast<double>(met.size()));
  if (met.size() == damage_said_.size()) return;
  for (const auto& what : met) {
    if (damage_said_.insert(what).second)
      log::error("alarm: damaged on the disk", {{"what", what}});
  }
}

void Loop::publish_health() {
  if (parts_.health == nullptr) return;
  parts_.health->alive();
  std::vector<std::string> against;
  if (const Door d = door(); d.publishes != v1::CODE_OK) against.push_back(d.text);
  if (parts_.core.recovery().recovering()) {
    against.push_back("recovering a lost tail: deadlines are held");
  }
  if (reading_.frozen) against.push_back("the clock stepped: deadlines are held");
  parts_.health->publish(std::move(against));
}

void Loop::update_keys() {
  keys_of_ = parts_.core.directory();
  key_dates_.changed();
  conversation_.check_enrolment();
  if (parts_.zap == nullptr) return;
  admit_keys(*parts_.zap, *keys_of_, parts_.first_admin_key, reading_.now);
}

// P9: the first thing of the turn in which a key's last day is over; whatever came with it in this
// turn is not taken. That it has ended is recorded once; where nothing can be, it has all the same.
void Loop::expire_keys() {
  if (!key_dates_.due(reading_.now)) return;
  update_keys();
  if (writes() && !background_error_ && !stopping_) {
    const auto expired = parts_.core.expire_keys();
    for (const auto& id : expired) log::error("alarm: a key has expired", {{"principal", id}});
    if (expired.size() == limits::kTicksPerTurnMax) return;  // the others in the next turn
  }
  key_dates_.look(*keys_of_, reading_.now);
}

v1::Status Loop::live_status() {
  v1::Status s;
  s.set_hub(parts_.hub_name);
  *s.mutable_promise() = parts_.core.promise();
  const Door d = door();
  s.set_mode(stopping_                             ? "draining"
             : d.publishes != v1::CODE_OK          ? "read-only"
             : parts_.core.recovery().recovering() ? "recovering"
                                                   : "open");
  s.set_why(d.text);
  if (const size_t damaged = parts_.core.damage().met().size(); damaged > 0 && d.text.empty()) {
    s.set_why("rows on the disk are damaged (" + std::to_string(damaged) +
              "): what they are about stands still, see the runbook damaged");
  }
  if (const auto words = core::lock_out(*parts_.core.directory(), reading_.now); !words.empty()) {
    s.set_why(s.why() + (s.why().empty() ? "" : "; ") + words);
  }
  for (auto& key : core::expiring_keys(*parts_.core.directory(), reading_.now)) {
    *s.add_expiring() = std::move(key);
  }
  s.set_events(parts_.core.head().events);
  s.set_openings(parts_.core.head().openings);
  s.set_free_bytes(free_bytes_);
  s.set_free_mark_bytes(parts_.config.free_mark_bytes());
  s.set_now_us(reading_.now.us);
  s.set_started_us(started_.us);
  s.set_clock_frozen(reading_.frozen);
  std::set<std::string> connected;
  for (const auto& [address, session] : sessions_.all()) connected.insert(session.principal);
  for (const auto& [id, source] : parts_.gauges.sources()) {
    v1::SourceStatus& row = *s.add_sources();
    row = source;
    row.set_connected(connected.contains(id));
  }
  for (const auto& [id, team] : parts_.core.directory()->teams()) {
    v1::TeamStatus& row = *s.add_teams();
    row.set_team(id);
    row.set_endpoints_connected(
        static_cast<uint32_t>(delivery_.attached({team.row.handle(), store::Log::kInbox})));
  }
  return s;
}

void Loop::say_draining() {
  for (const auto& [address, session] : sessions_.all()) {
    outgoing_.to_client(address).mutable_draining()->set_reason("the hub is stopping");
  }
  outgoing_.send(parts_.clients, parts_.admins, parts_.core.promise());
}

}  // namespace switchboard::server
