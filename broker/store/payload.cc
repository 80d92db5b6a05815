#include "broker/store/payload.h"

#include <algorithm>

#include "broker/base/bytes.h"
#include "broker/base/hash.h"
#include "broker/store/keys.h"

namespace switchboard::store {
namespace {

// The two seals of a row. Part of the disk format.
enum class Part : uint8_t { kShown = 1, kSource = 2 };

Part part_of(v1::SectionKind kind) {
  return kind == v1::SECTION_KIND_SOURCE ? Part::kSource : Part::kShown;
}

std::string bound_to(uint64_t position, Part part) {
  std::string bound;
  put_u64(bound, position);
  put_u8(bound, static_cast<uint8_t>(part));
  return bound;
}

void append_section(std::string& plain, v1::SectionKind kind, std::string_view body) {
  put_u8(plain, static_cast<uint8_t>(kind));
  put_varint(plain, body.size());
  plain.append(body);
}

// Part, length, nonce, ciphertext and tag.
void append_part(std::string& row, const SealKey& key, Entropy& entropy, uint64_t position,
                 Part part, std::string_view plain) {
  put_u8(row, static_cast<uint8_t>(part));
  put_varint(row, plain.size() + kSealOverhead);
  seal(key, entropy, plain, bound_to(position, part), row);
}

struct Taken {
  uint8_t tag = 0;
  std::string_view bytes;
};
// A tag, a length and so many bytes off the front: the form of parts and of the sections in them.
Result<Taken> take(std::string_view& rest) {
  Taken taken;
  taken.tag = static_cast<uint8_t>(rest.front());
  rest.remove_prefix(1);
  const auto length = take_varint(rest);
  if (!length || *length > rest.size()) return error(v1::CODE_INTERNAL, "corrupt payload row");
  taken.bytes = rest.substr(0, *length);
  rest.remove_prefix(*length);
  return taken;
}

// Nobody has it without the master key, nor without the random bytes of its row.
SealKey make_event_key(const SealKey& master, uint64_t position, std::string_view row) {
  return Hasher(master).add("event key").add(position).add(row).finish();
}

Result<SealKey> read_event_key(const kv::Reads& reads, const SealKey& master, uint64_t position) {
  TRY(const auto row, reads.get(kv::Family::kKey, key::position(position)));
  if (!row) return error(v1::CODE_NOT_FOUND, "the event's content was erased");
  if (row->size() != kSealKeyBytes) return error(v1::CODE_INTERNAL, "corrupt key row");
  return make_event_key(master, position, *row);
}

bool wants(const std::vector<v1::SectionKind>& wanted, v1::SectionKind kind) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), kind) != wanted.end();
}

bool wants(const std::vector<v1::SectionKind>& wanted, Part part) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(),
                                       [part](auto kind) { return part_of(kind) == part; });
}

Status open_sections(std::string_view plain, const std::vector<v1::SectionKind>& wanted,
                     OpenedPayload& opened) {
  while (!plain.empty()) {
    TRY(const auto taken, take(plain));
    const auto kind = static_cast<v1::SectionKind>(taken.tag);
    if (!wants(wanted, kind)) continue;
    if (kind == v1::SECTION_KIND_HEADER) {
      opened.header.assign(taken.bytes);
      continue;
    }
    v1::Section& section = opened.sections.emplace_back();
    section.set_kind(kind);
    section.set_body(std::string(taken.bytes));
  }
  return ok();
}

}  // namespace

std::string seal_text(Journal& journal, const SealKey& master, Entropy& entropy, uint64_t position,
                      std::string_view text) {
  std::string sealed;
  if (text.empty()) return sealed;
  const auto event_key = read_event_key(journal, master, position);
  if (event_key.ok()) {
    seal(*event_key, entropy, text, key::position(position), sealed);
  } else if (event_key.error().code != v1::CODE_NOT_FOUND) {
    journal.fail(event_key.error());
  }
  return sealed;
}

Result<std::string> read_text(const kv::Reads& reads, const SealKey& master, uint64_t position,
                              std::string_view sealed) {
  if (sealed.empty()) return std::string();
  const auto event_key = read_event_key(reads, master, position);
  if (!event_key.ok() && event_key.error().code == v1::CODE_NOT_FOUND) return std::string();
  if (!event_key.ok()) return event_key.error();
  return unseal(*event_key, sealed, key::position(position));
}

void write_payload(Journal& journal, const SealKey& master, Entropy& entropy, uint64_t position,
                   std::string_view header, std::span<const PlainSection> sections,
                   PayloadRoom& room) {
  const auto random = entropy.bytes<kSealKeyBytes>();
  const std::string_view key_row(reinterpret_cast<const char*>(random.data()), random.size());
  const SealKey event_key = make_event_key(master, position, key_row);
  const std::string at = key::position(position);
  journal.put(kv::Family::kKey, at, key_row);

  auto& [shown, source, row] = room;
  shown.clear();
  source.clear();
  row.clear();
  append_section(shown, v1::SECTION_KIND_HEADER, header);
  for (const auto& section : sections) {
    append_section(part_of(section.kind) == Part::kSource ? source : shown, section.kind,
                   section.body);
  }
  append_part(row, event_key, entropy, position, Part::kShown, shown);
  if (!source.empty()) append_part(row, event_key, entropy, position, Part::kSource, source);
  journal.append(kv::Family::kPayload, at, row);
}

Result<OpenedPayload> read_payload(const kv::Reads& reads, const SealKey& master, uint64_t position,
                                   const std::vector<v1::SectionKind>& wanted) {
  TRY(const auto event_key, read_event_key(reads, master, position));
  TRY(const auto row, reads.get(kv::Family::kPayload, key::position(position)));
  if (!row) return error(v1::CODE_INTERNAL, "payload row is missing");
  OpenedPayload opened;
  bool has_shown = false;
  std::string_view rest = *row;
  while (!rest.empty()) {
    TRY(const auto taken, take(rest));
    const auto part = static_cast<Part>(taken.tag);
    has_shown = has_shown || part == Part::kShown;
    if (!wants(wanted, part)) continue;
    TRY(const auto plain, unseal(event_key, taken.bytes, bound_to(position, part)));
    TRY_DO(open_sections(plain, wanted, opened));
  }
  if (!has_shown) return error(v1::CODE_INTERNAL, "corrupt payload row");  // every event has one
  return opened;
}

}  // namespace switchboard::store
