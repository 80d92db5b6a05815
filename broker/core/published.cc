#include "broker/core/published.h"

#include "broker/core/facts.h"
#include "broker/store/payload.h"

namespace switchboard::core {
namespace {

bool parse(std::string_view bytes, google::protobuf::MessageLite& into) {
  return into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

std::optional<Published> parse_published(std::string_view header, std::string_view identity) {
  Published event;
  if (!parse(header, event.header) || !parse(identity, event.identity)) return std::nullopt;
  return event;
}

}  // namespace

std::optional<Published> read_published(Turn& turn, uint64_t position) {
  for (const auto& event : turn.events) {
    if (event.position != position) continue;
    std::string_view identity;
    for (const auto& section : event.sections) {
      if (section.kind == v1::SECTION_KIND_IDENTITY) identity = section.body;
    }
    return parse_published(event.header, identity);
  }
  const auto opened = store::read_payload(turn.journal, turn.secrets.seal, position,
                                          {v1::SECTION_KIND_HEADER, v1::SECTION_KIND_IDENTITY});
  if (opened.ok()) {
    std::string_view identity;
    for (const auto& section : opened->sections) {
      if (section.kind() == v1::SECTION_KIND_IDENTITY) identity = section.body();
    }
    return parse_published(opened->header, identity);
  }
  if (opened.error().code != v1::CODE_NOT_FOUND) turn.journal.fail(opened.error());
  return std::nullopt;
}

std::vector<Match> routes_of_today(Turn& turn, const Published& event) {
  const auto identifiers = identifier_hashes(turn.secrets, event.header, event.identity);
  return match(turn.directory, facts_of(turn.journal, &turn.journal, event.header, event.identity,
                                        identifiers, turn.now));
}

}  // namespace switchboard::core
