#include "adapters/mllp/source.h"

#include <sys/epoll.h>

#include <algorithm>

#include "adapters/sdk/verdict.h"
#include "broker/runtime/log.h"
#include "broker/runtime/systemd.h"

namespace switchboard::mllp {
namespace {

constexpr Duration kUnreadyAfter = seconds(30);
constexpr Duration kSweepEvery = milliseconds(250);
constexpr Duration kLookEvery = milliseconds(500);
constexpr Duration kComplainEvery = seconds(10);
constexpr Duration kStopWithin = seconds(10);
constexpr int kCallersPerTurn = 64;
constexpr size_t kLinesPerFrame = 8;

// What the poller's tags mean: the signals, a listener, or a connection by its id.
constexpr uint64_t kSignals = 0;
constexpr uint64_t kFirstListener = 1;
constexpr uint64_t kFirstConnection = uint64_t{1} << 32;

}  // namespace

Result<std::unique_ptr<Source>> Source::open(const Parts& parts) {
  TRY(auto poller, Poller::open());
  bool added = poller.add(parts.signals.fd(), EPOLLIN, kSignals);
  for (size_t i = 0; i < parts.listeners.size(); ++i) {
    added = added && poller.add(parts.listeners[i].fd(), EPOLLIN, kFirstListener + i);
  }
  if (!added) return error(v1::CODE_INTERNAL, "the kernel does not watch our sockets");
  std::unique_ptr<Source> source(new Source(parts, std::move(poller)));
  // Before anybody is told where to look: what was left from before is on show.
  for (const char* alarm : Standing::kNames) parts.tallies.alarm(alarm, false);
  source->look();
  return source;
}

Source::Source(const Parts& parts, Poller poller)
    : parts_(parts),
      poller_(std::move(poller)),
      custody_(parts_.client.publisher().outbox(), parts_.ledger, parts_.tallies),
      telling_(parts_.client, parts_.ledger),
      probing_(parts_.client),
      resends_(parts_.listeners.size()),
      answers_(parts_.control_id_prefix),
      standing_({.unready_after = kUnreadyAfter, .alarm_after = parts_.hub_away_alarm}),
      now_(clock_.read()),
      hub_seen_us_(now_.boot_us),
      next_id_(kFirstConnection) {
  for (const Listener& listener : parts_.listeners) probing_.add(listener.settings());
}

Source::~Source() = default;

Status Source::run() {
  while (!done()) TRY_DO(turn());
  return ok();
}

Status Source::turn() {
  TRY_DO(parts_.client.run_once(pause(), poller_.fd()));
  now_ = clock_.read();
  if (parts_.client.session().open()) hub_seen_us_ = now_.boot_us;
  TRY_DO(custody_.hear(parts_.client.publisher().take_outcomes()));
  custody_.expire(now_.boot_us);
  answer();
  listen_to_kernel();
  advance();
  TRY_DO(custody_.commit(
      {.now = now_.now, .boot_us = now_.boot_us, .hub_away_us = now_.boot_us - hub_seen_us_}));
  answer();
  sweep();
  follow_up();
  look();
  if (stopping_since_us_) return ok();
  return probing_.look(now_.now, now_.boot_us);
}

std::chrono::milliseconds Source::pause() const {
  if (!active_.empty()) return std::chrono::milliseconds(0);
  int64_t until = std::min(swept_us_ + kSweepEvery.us, looked_us_ + kLookEvery.us);
  if (const auto due = custody_.next_due_us()) until = std::min(until, *due);
  const std::chrono::microseconds left(std::max<int64_t>(until - now_.boot_us, 0));
  return std::chrono::ceil<std::chrono::milliseconds>(left);
}

bool Source::done() const {
  if (!stopping_since_us_) return false;
  const bool late = now_.boot_us - *stopping_since_us_ > kStopWithin.us;
  return connections_.empty() || late;
}

// ---- who calls -------------------------------------------------------------------------------

void Source::listen_to_kernel() {
  for (const Poller::Event& event : poller_.ready()) wake(event);
}

void Source::wake(const Poller::Event& event) {
  if (event.tag == kSignals) return hear_signals();
  if (event.tag < kFirstConnection) return take_callers(event.tag - kFirstListener);
  const auto at = connections_.find(event.tag);
  if (at == connections_.end()) return;
  Connection& connection = *at->second;
  active_.insert(at->first);
  if ((event.events & (EPOLLHUP | EPOLLERR)) == 0) return;
  // The kernel would wake us for it for ever; what it sent before is still read.
  poller_.remove(connection.fd());
  gone_.insert(at->first);
  connection.hang_up();
}

void Source::hear_signals() {
  while (const auto ask = parts_.signals.next()) {
    if (*ask == Signals::Ask::kStop && !stopping_since_us_) stop();
  }
}

// P1: what has custody is answered; what was not taken is dropped unanswered, its sender keeps it.
void Source::stop() {
  stopping_since_us_ = now_.boot_us;
  log::info("stopping: no more is read, what is held is answered");
  systemd::stopping("answering what is held");
  for (size_t i = 0; i < parts_.listeners.size(); ++i) {
    if (!resting_.contains(i)) poller_.remove(parts_.listeners[i].fd());
    parts_.listeners[i].close();
  }
  resting_.clear();
  for (auto& [id, connection] : connections_) {
    connection->stop_reading();
    active_.insert(id);
  }
}

void Source::take_callers(size_t listener) {
  if (stopping_since_us_) return;
  for (int i = 0; i < kCallersPerTurn; ++i) {
    auto got = parts_.listeners[listener].accept();
    if (got.state == Listener::Answer::State::kNoRoom) return rest(listener);
    if (got.state == Listener::Answer::State::kNobody) return;
    admit(listener, std::move(got.caller));
  }
}

void Source::admit(size_t index, Listener::Caller caller) {
  Listener& listener = parts_.listeners[index];
  const ListenerSettings& settings = listener.settings();
  auto& tally = parts_.tallies.at(index);
  if (!settings.allowed.allows(caller.address)) {
    tally.turned_away.add();
    return complain(listener, "a peer that is not allowed was turned away", caller.address.text());
  }
  if (!has_room(listener, caller.address, tally)) return;
  auto tls = listener.secure(caller.socket.get());
  const int fd = caller.socket.get();
  if (!tls.ok() || !poller_.add(fd, EPOLLIN, next_id_)) return rest(index);
  auto connection = std::make_unique<Connection>(std::move(caller.socket),
                                                 Connection::Options{.listener = index,
                                                                     .peer = caller.address.text(),
                                                                     .tls = std::move(tls).value(),
                                                                     .limits = settings.limits},
                                                 now_.boot_us);
  connection->watched = EPOLLIN;
  ++listener.by_peer[connection->peer()];
  tally.connections.set(static_cast<double>(++listener.connections));
  active_.insert(next_id_);
  connections_.emplace(next_id_++, std::move(connection));
}

bool Source::has_room(Listener& listener, const PeerAddress& peer, Tallies::PerListener& tally) {
  const ListenerSettings& settings = listener.settings();
  if (listener.connections >= settings.connections_max) {
    tally.over_limit.add();
    complain(listener, "connections_max are open: one more was closed", peer.text());
    return false;
  }
  const auto known = listener.by_peer.find(peer.text());
  if (known == listener.by_peer.end() || known->second < settings.connections_per_peer_max) {
    return true;
  }
  tally.over_peer_limit.add();
  complain(listener, "connections_per_peer_max of one address are open: one more was closed",
           peer.text());
  return false;
}

// A storm of callers must not become a storm of lines: the rest is in the counts.
void Source::complain(Listener& listener, const char* what, const std::string& peer) {
  if (listener.complained_us != 0 && now_.boot_us - listener.complained_us < kComplainEvery.us) {
    return;
  }
  listener.complained_us = now_.boot_us;
  log::warn(what, {{"listener", listener.settings().name}, {"peer", peer}});
}

// Out of descriptors or memory: the callers stay in the kernel's line until there is room.
void Source::rest(size_t listener) {
  if (!resting_.insert(listener).second) return;
  poller_.remove(parts_.listeners[listener].fd());
  log::error("out of descriptors or memory: callers wait",
             {{"listener", parts_.listeners[listener].settings().name}});
}

void Source::resume_listeners() {
  std::erase_if(resting_, [this](size_t i) {
    return poller_.add(parts_.listeners[i].fd(), EPOLLIN, kFirstListener + i);
  });
}

// ---- from frame to answer --------------------------------------------------------------------

void Source::advance() {
  for (const uint64_t id : active_) {
    Connection& connection = *connections_.at(id);
    connection.pump(now_.boot_us);
    if (!custody_.has_enough()) examine_next(id, connection);
  }
}

void Source::examine_next(uint64_t id, Connection& connection) {
  const auto frame = connection.take_frame();
  if (!frame) return;
  const size_t index = connection.listener();
  const ListenerSettings& settings = parts_.listeners[index].settings();
  Submission submission = examine(*frame,
                                  {.mapping = settings.mapping,
                                   .identity = settings.identity,
                                   .bucket = settings.bucket,
                                   .listener = index,
                                   .park_after = settings.park_after,
                                   .resends = &resends_},
                                  now_.now);
  note(submission, connection);
  custody_.offer({.connection = id,
                  .listener = index,
                  .read = now_.now,
                  .submission = std::move(submission),
                  .ack_after = settings.ack_after,
                  .ack_wait = settings.ack_wait,
                  .park_after = settings.park_after});
}

void Source::note(const Submission& submission, const Connection& connection) {
  auto& tally = parts_.tallies.at(connection.listener());
  size_t lines = 0;
  for (const Exchange& part : submission.parts) {
    tally.read.add();
    if (part.note.empty() || part.ledger == Exchange::Ledger::kOutOfScope) continue;
    if (++lines > kLinesPerFrame) continue;  // the rest of a batch is in the counts
    log::warn("a message was not taken as it is",
              {{"listener", parts_.listeners[connection.listener()].settings().name},
               {"outcome", word(part.ledger)},
               {"why", part.note},
               {"control_id", control_id(part)},
               {"peer", connection.peer()}});
  }
}

void Source::answer() {
  const auto all = custody_.take_settled();
  // Before an answer leaves, so that who has it and looks sees what is not told yet.
  if (!all.empty()) show_untold();
  for (const Custody::Settled& settled : all) {
    const auto at = connections_.find(settled.connection);
    CHECK(at != connections_.end());  // it stays until it is answered
    Connection& connection = *at->second;
    const size_t index = connection.listener();
    connection.answered(words_for(settled, parts_.listeners[index], parts_.tallies.at(index)),
                        now_.boot_us);
    active_.insert(at->first);
  }
}

std::string Source::words_for(const Custody::Settled& settled, const Listener& listener,
                              Tallies::PerListener& tally) {
  if (settled.own) tally.own_custody.add();
  std::vector<std::vector<std::string>> acks;
  for (size_t i = 0; i < settled.words.size(); ++i) {
    const Exchange& part = settled.submission.parts[i];
    acks.push_back(answers_.acks(part, settled.words[i], now_.now));
    auto& counted =
        acks.back().empty() ? tally.unanswered : tally.answered(verdict_of(part, settled.words[i]));
    counted.add();
  }
  return answers_.frame(settled.submission, acks, listener.settings().batch_replies, now_.now);
}

// ---- upkeep ----------------------------------------------------------------------------------

void Source::sweep() {
  if (now_.boot_us - swept_us_ < kSweepEvery.us) return;
  swept_us_ = now_.boot_us;
  if (!stopping_since_us_) resume_listeners();
  for (auto& [id, connection] : connections_) {
    if (!connection->sweep(now_.boot_us)) continue;
    parts_.tallies.at(connection->listener()).timed_out.add();
    complain(parts_.listeners[connection->listener()],
             "a connection was closed: too slow, or silent too long", connection->peer());
    active_.insert(id);
  }
}

// Leaves in `active_` those for whom something can be done without waiting.
void Source::follow_up() {
  for (auto at = active_.begin(); at != active_.end();) {
    const uint64_t id = *at;
    Connection& connection = *connections_.at(id);
    if (connection.finished()) {
      close(id);
      at = active_.erase(at);
      continue;
    }
    const bool watched = !gone_.contains(id);
    if (watched && connection.interest() != connection.watched) {
      connection.watched = connection.interest();
      poller_.change(connection.fd(), connection.watched, id);
    }
    const bool more = connection.has_frame() || (!watched && !connection.busy());
    at = more ? std::next(at) : active_.erase(at);
  }
}

void Source::close(uint64_t id) {
  const auto at = connections_.find(id);
  const Connection& connection = *at->second;
  Listener& listener = parts_.listeners[connection.listener()];
  auto& tally = parts_.tallies.at(connection.listener());
  const auto peer = listener.by_peer.find(connection.peer());
  if (--peer->second == 0) listener.by_peer.erase(peer);
  tally.connections.set(static_cast<double>(--listener.connections));
  tally.junk_bytes.add(static_cast<double>(connection.junk_bytes()));
  if (gone_.erase(id) == 0) poller_.remove(connection.fd());
  connections_.erase(at);
}

void Source::look() {
  if (parts_.health) parts_.health->alive();
  if (looked_us_ != 0 && now_.boot_us - looked_us_ < kLookEvery.us) return;
  looked_us_ = now_.boot_us;
  for (const auto& refused : parts_.client.take_refusals()) {
    log::warn("the hub refused a frame",
              {{"code", v1::Code_Name(refused.code())}, {"why", refused.text()}});
  }
  parts_.ledger.turn_day(now_.now);
  telling_.look(now_.boot_us);
  see_standing();
  systemd::watchdog();
}

void Source::show_untold() {
  parts_.tallies.ledger_untold.set(static_cast<double>(parts_.ledger.untold()));
}

void Source::see_standing() {
  const auto alarm = parts_.client.alarm();
  const bool shut_out = alarm && sdk::verdict(alarm->code) == sdk::Verdict::kRefused;
  const auto usage = parts_.client.publisher().outbox().usage();
  const bool open = parts_.client.session().open();
  for (const auto& change : standing_.see({.boot_us = now_.boot_us,
                            .hub_open = open,
                            .hub_refusal = shut_out ? alarm->text : "",
                            .outbox = usage})) {
    parts_.tallies.alarm(change.name, change.raised);
    log::write(change.raised ? log::Level::kError : log::Level::kInfo,
               change.raised ? "alarm" : "alarm over",
               {{"alarm", change.name}, {"why", change.why}});
  }
  parts_.tallies.hub_open.set(open ? 1 : 0);
  parts_.tallies.outbox_items.set(static_cast<double>(usage.unconfirmed_items));
  parts_.tallies.outbox_bytes.set(static_cast<double>(usage.held_bytes));
  parts_.tallies.outbox_refused.set(static_cast<double>(usage.refused_items));
  show_untold();
  if (parts_.health) parts_.health->publish(standing_.reasons_against());
}

}  // namespace switchboard::mllp
