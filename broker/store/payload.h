// The sealed sections of an event, and its key.
//
// One payload row holds two seals: all a team may be shown (header, identity, summary, detail,
// location), and the source, which no team is ever sent (adr/0009). Need-to-know selects sections
// after opening. Seals are bound to their position and part: a row cannot be moved. The event's key
// is derived from the master key and random bytes in a row of its own (adr/0030); deleting that row
// erases the event.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/result.h"
#include "broker/base/seal.h"
#include "broker/kv/kv.h"
#include "broker/store/journal.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::store {

struct PlainSection {
  v1::SectionKind kind = v1::SECTION_KIND_UNSPECIFIED;
  std::string_view body;
};

// Memory that is used again from event to event.
struct PayloadRoom {
  std::string shown, source, row;
};
// Writes key and payload rows of `position`: the header's bytes, then the sections.
void write_payload(Journal& journal, const SealKey& master, Entropy& entropy, uint64_t position,
                   std::string_view header, std::span<const PlainSection> sections,
                   PayloadRoom& room);

// A person's words about an event (at most limits::kOutcomeBytesMax): sealed under the event's key,
// so that erasing the event erases them too. Empty text, or an erased event: empty.
std::string seal_text(Journal& journal, const SealKey& master, Entropy& entropy, uint64_t position,
                      std::string_view text);
// Empty where the event was erased.
Result<std::string> read_text(const kv::Reads& reads, const SealKey& master, uint64_t position,
                              std::string_view sealed);

struct OpenedPayload {
  std::string header;
  std::vector<v1::Section> sections;
};
// Only the wanted kinds are returned; an empty list means all. CODE_NOT_FOUND where the key row is
// gone (erased); CODE_INTERNAL where the bytes were altered.
Result<OpenedPayload> read_payload(const kv::Reads& reads, const SealKey& master, uint64_t position,
                                   const std::vector<v1::SectionKind>& wanted);

}  // namespace switchboard::store
