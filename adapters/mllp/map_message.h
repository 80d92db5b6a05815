// One HL7 message to its events: the pure heart of the adapter.
//
// Equal bytes, mapping and listener give equal events (an id depends on the message alone, so an
// honest resend is the same event, P2); only what the message leaves unsaid comes from `received`.
// Not here: sockets, acknowledgements, the outbox. Thread: any. Fails: never; every message has
// one of four outcomes and none of them is silence.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/mllp/ack.h"
#include "adapters/mllp/mapping.h"
#include "switchboard/v1/event.pb.h"

namespace switchboard::mllp {

// Who speaks here: a listener is one (agency, system, environment).
struct ListenerIdentity {
  std::string agency;
  std::string system;
  v1::Environment environment = v1::ENVIRONMENT_LIVE;
  enum class OtherTriggers { kIgnore, kQuarantine } other_triggers = OtherTriggers::kIgnore;
};

struct MappedEvent {
  v1::Event event;
  std::vector<std::string> notes;  // for the operator; nothing about a person
};
// One, or one for each person or order of the message that is in scope. They go into custody
// together or not at all.
struct Mapped {
  std::vector<MappedEvent> events;
};
// Answered AA, counted, leaves no content.
struct OutOfScope {
  std::string trigger;  // "ADT^A02"
  std::string why;      // a fixed word: "trigger", "patient class", "adult", "kind", "site" …
};
// Held in the hub's quarantine: an event of kind "unreadable" with the raw bytes. Answered AA.
struct Unreadable {
  Problem problem;
  v1::Event event;
};
// Not held by us: answered with the verdict.
struct Refused {
  Verdict verdict = Verdict::kError;
  AckError error;
  std::string why;
};
using Outcome = std::variant<Mapped, OutOfScope, Unreadable, Refused>;

// Why a value of an event is what it is.
struct Reason {
  std::string target;  // "header.kind"
  std::string source;  // "MSH-9" or "mapping [from] team"
  std::string value;
  enum class Privacy { kOpen, kIdentity } privacy = Privacy::kOpen;
};
using Trace = std::vector<std::vector<Reason>>;  // of each event

// `raw` is what stood in the frame. `trace` may be null.
Outcome map_message(std::string_view raw, const Mapping& mapping, const ListenerIdentity& listener,
                    Time received, Trace* trace);

// For bytes that are no message at all: a truncated or oversize frame.
Unreadable unreadable(std::string_view raw, Problem problem, const Mapping& mapping,
                      const ListenerIdentity& listener, Time received);

}  // namespace switchboard::mllp
