// What a flipped bit does to an item of an outbox: it cannot be opened any more. Thread: any.
#pragma once

#include <string>

#include "adapters/sdk/outbox.h"
#include "broker/base/check.h"
#include "broker/kv/kv.h"

namespace switchboard::test {

// `sequence`: below 256.
inline void damage_published(kv::Kv& kv, char sequence) {
  std::string key(1, static_cast<char>(sdk::Lane::kPublish));
  key.append(7, '\0');
  key.push_back(sequence);
  std::string row = kv.get(kv::Family::kEvent, key).value().value();
  row.back() = static_cast<char>(row.back() ^ 1);
  kv::Batch batch;
  batch.put(kv::Family::kEvent, key, row);
  CHECK(kv.write(batch).ok());
}

}  // namespace switchboard::test
