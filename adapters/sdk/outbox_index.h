// Beside the items of one outbox: by which event id each is known, and a word of its owner's.
//
// Owns: two rows for each labelled item, written and dropped in the commits of the item itself, so
// there are never more of them than items. Not here: the items (outbox.h). An item without a label
// has no rows. Thread: the owner's. Fails: with the store only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/base/ids.h"
#include "broker/base/result.h"
#include "broker/kv/kv.h"

namespace switchboard::sdk {

class OutboxIndex {
 public:
  struct Label {
    Id id;            // of the event
    std::string tag;  // the owner's: it finds by it what it counted the item under
  };
  struct Tagged {
    uint64_t sequence = 0;
    std::string tag;
  };
  OutboxIndex(const kv::Kv& kv, uint8_t lane) : kv_(kv), lane_(lane) {}

  static size_t bytes(const Label& label);  // that both rows take
  void add(kv::Batch& batch, uint64_t sequence, const Label& label);
  void written() { staged_.clear(); }  // what was added is in the store now

  // The item of this event, also one whose batch is not written yet.
  Result<std::optional<uint64_t>> find(const Id& id) const;
  Result<std::optional<Label>> label(uint64_t sequence) const;
  // Those after `after`, in order, at most `limit`.
  Result<std::vector<Tagged>> tags(uint64_t after, size_t limit) const;

  // The item is no longer known by its id: a resend of it is a new one.
  Status forget_id(kv::Batch& batch, uint64_t sequence) const;
  // The item itself goes.
  Status drop(kv::Batch& batch, uint64_t sequence) const;

 private:
  std::string label_key(uint64_t sequence) const;
  std::string id_key(const Id& id) const;

  const kv::Kv& kv_;
  const uint8_t lane_;
  std::map<Id, uint64_t> staged_;
};

}  // namespace switchboard::sdk
