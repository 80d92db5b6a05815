#include "broker/store/payload.h"

#include <algorithm>
#include <cstring>

#include "broker/base/bytes.h"
#include "broker/store/keys.h"

namespace switchboard::store {
namespace {

std::string bound_to(uint64_t position, v1::SectionKind kind) {
  std::string bound;
  put_u64(bound, position);
  put_u8(bound, static_cast<uint8_t>(kind));
  return bound;
}

void append_section(std::string& row, const SealKey& key, Entropy& entropy, uint64_t position,
                    const PlainSection& section) {
  put_u8(row, static_cast<uint8_t>(section.kind));
  put_varint(row, section.body.size() + kSealOverhead);
  seal(key, entropy, section.body, bound_to(position, section.kind), row);
}

Result<SealKey> read_event_key(const kv::Reads& reads, const SealKey& master, uint64_t position) {
  const std::string at = key::position(position);
  TRY(const auto row, reads.get(kv::Family::kKey, at));
  if (!row) return error(v1::CODE_NOT_FOUND, "the event's content was erased");
  TRY(const auto plain, unseal(master, *row, at));
  SealKey event_key;
  if (plain.size() != event_key.size()) return error(v1::CODE_INTERNAL, "corrupt key row");
  std::memcpy(event_key.data(), plain.data(), plain.size());
  return event_key;
}

bool wants(const std::vector<v1::SectionKind>& wanted, v1::SectionKind kind) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), kind) != wanted.end();
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
                   std::string_view header, const std::vector<PlainSection>& sections) {
  const SealKey event_key = entropy.bytes<kSealKeyBytes>();
  const std::string at = key::position(position);
  std::string sealed_key;
  seal(master, entropy, {reinterpret_cast<const char*>(event_key.data()), event_key.size()}, at,
       sealed_key);
  journal.put(kv::Family::kKey, at, sealed_key);

  size_t bytes = header.size() + 64;
  for (const auto& section : sections) bytes += section.body.size() + 64;
  std::string row;
  row.reserve(bytes);
  append_section(row, event_key, entropy, position, {v1::SECTION_KIND_HEADER, header});
  for (const auto& section : sections) append_section(row, event_key, entropy, position, section);
  journal.append(kv::Family::kPayload, at, row);
}

Result<OpenedPayload> read_payload(const kv::Reads& reads, const SealKey& master, uint64_t position,
                                   const std::vector<v1::SectionKind>& wanted) {
  TRY(const auto event_key, read_event_key(reads, master, position));
  TRY(const auto row, reads.get(kv::Family::kPayload, key::position(position)));
  if (!row) return error(v1::CODE_INTERNAL, "payload row is missing");
  OpenedPayload opened;
  std::string_view rest = *row;
  while (!rest.empty()) {
    const auto kind = static_cast<v1::SectionKind>(rest.front());
    rest.remove_prefix(1);
    const auto length = take_varint(rest);
    if (!length || *length > rest.size()) return error(v1::CODE_INTERNAL, "corrupt payload row");
    const auto sealed = rest.substr(0, *length);
    rest.remove_prefix(*length);
    if (!wants(wanted, kind)) continue;
    TRY(auto plain, unseal(event_key, sealed, bound_to(position, kind)));
    if (kind == v1::SECTION_KIND_HEADER) {
      opened.header = std::move(plain);
      continue;
    }
    v1::Section section;
    section.set_kind(kind);
    section.set_body(std::move(plain));
    opened.sections.push_back(std::move(section));
  }
  return opened;
}

}  // namespace switchboard::store
