#include "broker/core/original.h"

#include <array>
#include <vector>

#include "broker/core/damage.h"
#include "broker/core/kind.h"
#include "broker/core/shadow.h"
#include "broker/core/subject.h"
#include "broker/store/records.h"

namespace switchboard::core {
namespace {

constexpr size_t kCandidatesMax = 64;

std::optional<Original> read_original(Turn& turn, uint64_t position) {
  auto record = event_of(turn, position);
  if (!record) return std::nullopt;
  return Original{position, std::move(*record)};
}

// 0 = its source does not say. Only a derived id holds the message's own time for certain.
int64_t said_us(const auto& event) {
  const auto id = id_from_bytes(event.event_id());
  return id && event.id_origin() == v1::ID_ORIGIN_DERIVED ? time_of(*id).us : 0;
}

std::optional<Original> known_as(Turn& turn, const Id& id, const v1::EventHeader& header) {
  const auto known = turn.journal.take(store::read_known(turn.journal, id, header.agency()));
  if (!known || known->quarantined) return std::nullopt;
  auto original = read_original(turn, known->position);
  return original && same_world(original->record, header) ? original : std::nullopt;
}

std::optional<Original> by_id(Turn& turn, const Id& id, const v1::EventHeader& header) {
  auto same = known_as(turn, known_id(id, header.shadow()), header);
  return same ? same : known_as(turn, known_id(id, !header.shadow()), header);
}

// New content for an update is new content for what that updated: one chain, so that the next
// correction reaches all who were told of any of it (P7).
std::optional<Original> root_of(Turn& turn, Original original, const v1::EventHeader& header) {
  if (header.correction().nature() != v1::CORRECTION_NATURE_SUPERSEDED) return original;
  while (original.record.correction() == v1::CORRECTION_NATURE_SUPERSEDED) {
    const auto id = id_from_bytes(original.record.corrects_event_id());
    if (!id) break;
    auto corrected = known_as(turn, known_id(*id, shadowed(original.record)), header);
    if (!corrected || corrected->position >= original.position) break;
    original = std::move(*corrected);
  }
  return original;
}

std::vector<std::string_view> target_kinds(const v1::EventHeader& header) {
  std::vector<std::string_view> kinds{header.correction().target_kind()};
  if (kinds[0] == "discharge") kinds.emplace_back("death");
  if (kinds[0] == "appointment") kinds.emplace_back("not_brought");
  return kinds;
}

bool is_target(const v1::EventRecord& record, const v1::EventHeader& header) {
  return same_world(record, header) && is_target_kind(record, header.correction().target_kind()) &&
         record.disposition() != v1::DISPOSITION_QUARANTINED && !said_after(record, header);
}

std::optional<Original> by_thread(Turn& turn, const v1::EventHeader& header) {
  const auto hash = thread_hash(turn.secrets, header.correction().target_thread(), header.agency());
  const auto kinds = target_kinds(header);
  std::optional<Original> other;  // on trial where the correction is live, or the other way round
  for (const uint64_t position : store::thread_events(turn.journal, hash, kinds, kCandidatesMax)) {
    auto original = read_original(turn, position);
    if (!original || !is_target(original->record, header)) continue;
    if (shadowed(original->record) == header.shadow()) return original;
    if (!other) other = std::move(original);
  }
  return other;
}

}  // namespace

bool same_world(const v1::EventRecord& record, const v1::EventHeader& header) {
  return record.agency() == header.agency() && record.environment() == header.environment();
}

bool said_after(const v1::EventRecord& record, const v1::EventHeader& correction) {
  const int64_t then = said_us(correction);
  return then > 0 && said_us(record) > then;
}

bool said_before(const v1::EventRecord& record, const v1::EventHeader& correction) {
  const int64_t then = said_us(record);
  return then > 0 && then < said_us(correction);
}

std::optional<Original> find_original(Turn& turn, const v1::EventHeader& header) {
  const auto id = id_from_bytes(header.correction().target_event_id());
  if (!id) return by_thread(turn, header);
  auto original = by_id(turn, *id, header);
  return original ? root_of(turn, std::move(*original), header) : std::nullopt;
}

std::optional<Original> last_correction(Turn& turn, const Original& original, bool shadow) {
  const auto all =
      turn.journal.take_or_default(store::corrections_of(turn.journal, original.position));
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    auto correction = read_original(turn, *it);
    if (correction && shadowed(correction->record) == shadow) return correction;
  }
  return std::nullopt;
}

bool is_corrected_so(Turn& turn, const Original& original, const v1::EventHeader& header) {
  const auto nature = header.correction().nature();
  if (nature == v1::CORRECTION_NATURE_SUPERSEDED) return false;
  const auto last = last_correction(turn, original, header.shadow());
  return last && last->record.correction() == nature;
}

}  // namespace switchboard::core
