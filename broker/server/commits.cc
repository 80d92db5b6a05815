#include "broker/server/commits.h"

#include <utility>

namespace switchboard::server {

// The turn is closed and its entries are made, while its frames are still there; nothing is sent.
Status Commits::finish(Turn& turn, Time now) {
  auto& core = parts_.core;
  const uint64_t before = core.head().position;
  core.finish();
  if (core.failure()) return *core.failure();
  parts_.delivery.append(now);
  turn.positions = core.head().position - before;
  turn.promise = core.promise();
  std::swap(turn.answers, parts_.outgoing);
  return ok();
}

Status Commits::commit(Time now, Disk disk) {
  Turn turn;
  TRY_DO(finish(turn, now));
  TRY_DO(settle());
  // Everything visible is durable here, as nothing is on its way: the time to send from the store.
  if (disk == Disk::kBesideTheNextTurn) parts_.drop(parts_.delivery.pump(now));
  std::swap(leaving_, turn);
  leaving_.began_us = parts_.boot_us();
  parts_.delivery.leave();
  const kv::Batch& batch = parts_.journal.hand_over();
  if (disk == Disk::kBesideTheNextTurn) {
    committer_.start(batch);
    return ok();
  }
  const Status synced = parts_.kv.write_synced(batch);
  return landed(synced);
}

Status Commits::settle() {
  if (failed_) return *failed_;
  return committer_.busy() ? landed(committer_.wait()) : ok();
}

Status Commits::settle_if_done() {
  return committer_.busy() && committer_.done() ? settle() : ok();
}

// P1: until here nothing of the turn was sent, nor of any after it; nor ever, if this failed.
Status Commits::landed(const Status& synced) {
  if (!synced.ok()) {
    failed_ = synced.error();
    return synced;
  }
  Turn turn = std::exchange(leaving_, {});
  parts_.journal.landed();
  parts_.core.committed();
  if (parts_.core.failure()) return *parts_.core.failure();
  parts_.committed();
  auto& gauges = parts_.gauges;
  gauges.commits.add();
  gauges.commit_items.observe(static_cast<double>(turn.positions));
  gauges.commit_seconds.observe(static_cast<double>(parts_.boot_us() - turn.began_us) / 1e6);
  parts_.delivery.release(turn.promise);
  parts_.drop(turn.answers.send(parts_.clients, parts_.admins, turn.promise));
  return ok();
}

Status Commits::send_answers() {
  TRY_DO(settle());
  if (parts_.core.failure()) return *parts_.core.failure();
  parts_.drop(parts_.outgoing.send(parts_.clients, parts_.admins, parts_.core.promise()));
  return ok();
}

}  // namespace switchboard::server
