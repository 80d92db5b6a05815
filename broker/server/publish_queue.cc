#include "broker/server/publish_queue.h"

#include "broker/base/limits.h"

namespace switchboard::server {

// A client without anything in the queue may always have one frame there.
bool PublishQueue::within(const Client& client, const Entry& entry) const {
  if (client.entries.empty()) return true;
  if (client.bytes + entry.bytes > limits::kPublishWindowBytes) return false;
  if (client.items + entry.items > limits::kPublishWindowItems) return false;
  return bytes_ + entry.bytes <= limits::kPublishQueueBytesMax;
}

PublishQueue::Put PublishQueue::put(Entry entry) {
  Client& client = clients_[entry.principal];
  if (within(client, entry)) {
    client.bytes += entry.bytes;
    client.items += entry.items;
    bytes_ += entry.bytes;
    client.entries.push_back(std::move(entry));
    return Put::kTaken;
  }
  if (client.over >= limits::kOverWindowMax) return Put::kFarOver;
  ++client.over;
  entry.over = true;
  entry.bytes = entry.items = 0;
  auto bare = std::make_unique<v1::ClientFrame>();  // clearing a field would keep its memory
  bare->mutable_publish()->set_outbox(entry.frame->publish().outbox());
  bare->mutable_publish()->set_first(entry.frame->publish().first());
  entry.frame = std::move(bare);
  client.entries.push_back(std::move(entry));
  return Put::kOver;
}

std::optional<PublishQueue::Entry> PublishQueue::next() {
  if (clients_.empty()) return std::nullopt;
  auto it = clients_.upper_bound(last_);
  if (it == clients_.end()) it = clients_.begin();
  last_ = it->first;
  Client& client = it->second;
  Entry entry = std::move(client.entries.front());
  client.entries.pop_front();
  client.bytes -= entry.bytes;
  client.items -= entry.items;
  bytes_ -= entry.bytes;
  if (entry.over) --client.over;
  if (client.entries.empty()) clients_.erase(it);
  return entry;
}

}  // namespace switchboard::server
