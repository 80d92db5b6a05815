#include "tests/fault/disk_member.h"

#include <span>

namespace switchboard::fault {

namespace {

support::Client::Options sized(support::Client::Options options) {
  options.frame_items = 8;
  options.credit_items = 64;
  return options;
}

constexpr int kFramesMax = 16;

}  // namespace

DiskMember::DiskMember(std::unique_ptr<Ground> ground, Options options)
    : ground_(std::move(ground)), client_(sized(std::move(options))) {}

Status DiskMember::start() {
  const Status opened = open();
  if (!opened.ok()) ground_->close();
  return opened;
}

Status DiskMember::open() {
  TRY(kv::Kv* const kv, ground_->open());
  return client_.open(*kv);
}

void DiskMember::stop() {
  client_.close();
  ground_->close();
}

Status DiskMember::publish(const v1::Item& item, Time now) {
  const auto taken = parts().publisher->append(std::span(&item, 1), now);
  return taken.ok() ? ok() : Status(taken.error());
}

Status DiskMember::send(std::vector<Packet>& out, Time now) {
  return client_.say(now, kFramesMax, [&](Packet packet) { out.push_back(std::move(packet)); });
}

Status DiskMember::hear(const Packet& packet, Time now) {
  TRY_DO(client_.hear(packet, now));
  for (const auto& outcome : parts().acts->take_outcomes()) {
    const bool held = outcome.code == v1::CODE_OK || outcome.code == v1::CODE_DUPLICATE;
    if (held) told_.emplace_back(outcome.act_id.view());
  }
  return ok();
}

Status DiskMember::act(const v1::Act& act, Time now) {
  const auto taken = parts().acts->submit(act, now);
  return taken.ok() ? ok() : Status(taken.error());
}

Status DiskMember::flush() {
  if (parts().endpoint) {
    parts().endpoint->use_arrivals([](const auto&) { return std::string(); });
  }
  return parts().conversation->flush();
}

bool DiskMember::idle() const {
  return parts().publisher->idle() && parts().acts->idle() && parts().session->open();
}

Result<std::vector<v1::Entry>> DiskMember::log() const {
  std::vector<v1::Entry> entries;
  for (uint64_t number = 1; number <= parts().store->through(); ++number) {
    TRY(auto stored, parts().store->find(number));
    if (stored) entries.push_back(std::move(stored->entry));
  }
  return entries;
}

size_t DiskMember::refused() const {
  const auto refusals = parts().outbox->refusals(0, 1000);
  return refusals.ok() ? refusals->size() : 1;
}

}  // namespace switchboard::fault
