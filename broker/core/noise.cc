#include "broker/core/noise.h"

#include <vector>

#include "broker/core/shadow.h"
#include "broker/core/subject.h"
#include "broker/store/rows.h"

namespace switchboard::core {
namespace {

// Every other event happened, however often it looks the same.
bool may_be_noise(std::string_view kind) {
  return kind == "transfer" || kind == "identity_changed";
}
bool may_be_noise(const v1::EventHeader& header) {
  if (header.kind() != "correction") return may_be_noise(header.kind());
  return header.correction().nature() == v1::CORRECTION_NATURE_SUPERSEDED;
}

// Agency, system and kind are the event's or the record's.
std::string subject_fields(const Secrets& secrets, const auto& event, const std::string& subject) {
  const Hash full = Hasher(secrets.index)
                        .add("subject fields")
                        .add(event.agency())
                        .add(event.system())
                        .add(subject)
                        .finish();
  return std::string(view(full).substr(0, 16));
}

// Where the last fields are kept.
std::vector<std::string> keys_of(const Secrets& secrets, const auto& event, bool shadow,
                                 std::vector<std::string> keys, const std::string& subject) {
  if (keys.empty() && event.kind() == "identity_changed" && !subject.empty()) {
    keys.push_back(subject_fields(secrets, event, subject));
  }
  for (auto& key : keys) key = in_world(secrets, key, event.environment(), shadow);
  return keys;
}

std::vector<std::string> threads_of(const Secrets& secrets, const v1::EventHeader& header) {
  std::vector<std::string> hashes;
  for (const auto& thread : header.threads()) {
    hashes.push_back(thread_hash(secrets, thread, header.agency()));
  }
  return hashes;
}

}  // namespace

bool is_noise(Turn& turn, const v1::EventHeader& header, const std::string& subject) {
  if (header.routed_fields_hash().empty()) return false;
  const auto keys =
      keys_of(turn.secrets, header, header.shadow(), threads_of(turn.secrets, header), subject);
  bool same = may_be_noise(header) && !keys.empty();
  for (const auto& key : keys) {
    const auto last = store::find_routed_fields(turn.journal, key);
    if (last && *last == header.routed_fields_hash()) continue;
    same = false;
    store::index_routed_fields(turn.journal, key, header.routed_fields_hash());
  }
  return same;
}

void forget_routed_fields(Turn& turn, const v1::EventRecord& record) {
  if (!may_be_noise(record.kind())) return;
  const std::vector<std::string> threads(record.thread_hashes().begin(),
                                         record.thread_hashes().end());
  for (const auto& key :
       keys_of(turn.secrets, record, shadowed(record), threads, record.subject())) {
    store::forget_routed_fields(turn.journal, key);
  }
}

}  // namespace switchboard::core
