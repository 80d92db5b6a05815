#include "broker/core/published.h"

#include "broker/core/facts.h"
#include "broker/store/payload.h"

namespace switchboard::core {
namespace {

bool parse(std::string_view bytes, google::protobuf::MessageLite& into) {
  return into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// Of its sections, what routing goes by.
struct Bytes {
  std::string_view header, identity, location;
  void add(v1::SectionKind kind, std::string_view body) {
    if (kind == v1::SECTION_KIND_IDENTITY) identity = body;
    if (kind == v1::SECTION_KIND_LOCATION) location = body;
  }
};

std::optional<Published> parse_published(const Bytes& bytes) {
  Published event;
  const bool good = parse(bytes.header, event.header) && parse(bytes.identity, event.identity) &&
                    parse(bytes.location, event.location);
  if (!good) return std::nullopt;
  return event;
}

}  // namespace

std::optional<Published> read_published(Turn& turn, uint64_t position) {
  Bytes bytes;
  for (const auto& event : turn.events) {
    if (event.position != position) continue;
    bytes.header = event.header;
    for (const auto& section : event.sections) bytes.add(section.kind, section.body);
    return parse_published(bytes);
  }
  const auto opened = store::read_payload(
      turn.journal, turn.secrets.seal, position,
      {v1::SECTION_KIND_HEADER, v1::SECTION_KIND_IDENTITY, v1::SECTION_KIND_LOCATION});
  if (opened.ok()) {
    bytes.header = opened->header;
    for (const auto& section : opened->sections) bytes.add(section.kind(), section.body());
    return parse_published(bytes);
  }
  if (opened.error().code != v1::CODE_NOT_FOUND) turn.journal.fail(opened.error());
  return std::nullopt;
}

std::vector<Match> routes_of_today(Turn& turn, const Published& event) {
  const auto identifiers = identifier_hashes(turn.secrets, event.header, event.identity);
  Facts facts =
      facts_of(turn.journal, &turn.journal, event.header, event.identity, identifiers, turn.now);
  complete_facts(turn.directory, event.location.postcode(), turn.now, facts);
  return match(turn.directory, facts);
}

}  // namespace switchboard::core
