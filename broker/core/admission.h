// Is this item an event we can stand for? Parsing and validation, nothing else.
//
// Pure: bytes in, a parsed event or the reason why not out. A refusal keeps nothing; a quarantine
// keeps the bytes. PROTOCOL.md prints the rules per kind. Thread: any.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "broker/base/ids.h"
#include "broker/base/result.h"
#include "broker/core/item.h"
#include "broker/core/kind.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/event.pb.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

enum class Verdict {
  kAdmit,
  kQuarantine,  // we hold it: code and text say why
  kRefuse,      // we do not hold it
};

// The sections admission looks into; kept from item to item, so that parsing finds its memory
// there.
struct ParsedSections {
  v1::Summary summary;
  v1::Detail detail;
  v1::Location location;
  v1::Source source;
  uint32_t seen = 0;
  bool has(v1::SectionKind kind) const { return seen & (1u << kind); }
  void clear();
};

struct Admitted {
  Verdict verdict = Verdict::kAdmit;
  v1::Code code = v1::CODE_OK;
  std::string text;  // never a child's identity
  v1::EventHeader header;
  v1::Identity identity;
  Id event_id;
  bool unknown_kind = false;
  // What is kept: all of them, also of an item that nobody can read. None of a refused one.
  std::span<const store::PlainSection> sections;
  ParsedSections parsed;
};

// Is this key enrolled as a publisher?
bool publishes(const v1::PrincipalRow& who);
// What a principal may say (P9) and what an event must hold. Reuses `out`'s memory.
void admit(const v1::PrincipalRow& who, const ItemView& item, Admitted& out);

}  // namespace switchboard::core
