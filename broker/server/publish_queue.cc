#include "broker/server/publish_queue.h"

#include "broker/base/limits.h"

namespace switchboard::server {

// A client without anything in the queue may always have one frame there.
bool PublishQueue::within(const Client& client, const Entry& entry) const {
  if (client.entries.empty()) return true;
  if (client.bytes + entry.bytes > limits::kPublishWindowBytes) return false;
  if (client.items + entry.publish.items() > limits::kPublishWindowItems) return false;
  return bytes_ + entry.bytes <= limits::kPublishQueueBytesMax;
}

// Its frame goes; what the answer needs stays.
static void strip(PublishQueue::Entry& entry) {
  entry.over = true;
  entry.outbox = entry.publish.outbox();
  entry.first = entry.publish.first();
  entry.publish.clear();
  entry.parsed.reset();
  entry.frame = wire::Frame();
  entry.bytes = 0;
}

PublishQueue::Put PublishQueue::put(Ptr entry) {
  Client& client = clients_[entry->principal];
  if (within(client, *entry)) {
    client.bytes += entry->bytes;
    client.items += entry->publish.items();
    bytes_ += entry->bytes;
    client.entries.push_back(std::move(entry));
    return Put::kTaken;
  }
  if (client.over >= limits::kOverWindowMax) return Put::kFarOver;
  ++client.over;
  strip(*entry);
  client.entries.push_back(std::move(entry));
  return Put::kOver;
}

PublishQueue::Ptr PublishQueue::next() {
  if (clients_.empty()) return nullptr;
  auto it = clients_.upper_bound(last_);
  if (it == clients_.end()) it = clients_.begin();
  last_ = it->first;
  Client& client = it->second;
  Ptr entry = std::move(client.entries.front());
  client.entries.pop_front();
  client.bytes -= entry->bytes;
  client.items -= entry->publish.items();
  bytes_ -= entry->bytes;
  if (entry->over) --client.over;
  if (client.entries.empty()) clients_.erase(it);
  return entry;
}

}  // namespace switchboard::server
