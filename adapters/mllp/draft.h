// A message on its way to an event, as the mapping's steps see it.
//
// Owns: the event so far and the notes. Thread: one. Fails: never.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mllp/map_message.h"
#include "adapters/mllp/triggers.h"

namespace switchboard::mllp {

struct Draft {
  const Message& message;
  const Mapping& mapping;
  const ListenerIdentity& listener;
  const TriggerRow& row;
  std::optional<int> message_offset_minutes;  // of MSH-7, for times without their own
  Trace* trace;
  v1::Event event{};
  std::vector<std::string> notes{};

  v1::EventHeader& header() { return *event.mutable_header(); }
  void note(std::string text) { notes.push_back(std::move(text)); }
  void because(std::string_view target, std::string_view source, std::string_view value,
               Reason::Privacy privacy = Reason::Privacy::kOpen);
  // The field's text; records why.
  std::string take(const FieldPlace& place, std::string_view target,
                   Reason::Privacy privacy = Reason::Privacy::kOpen);
  // The field's time; records why. A time that cannot be read is noted.
  std::optional<v1::TimeRange> take_time(const FieldPlace& place, std::string_view target);
};

// The steps, in order. Each reads the message and the mapping and fills its part of the event.
void map_identity(Draft& draft);
void map_related(Draft& draft);
void map_location(Draft& draft);
void map_subject(Draft& draft);  // after identity, location and occurred
void map_threads(Draft& draft);
void map_detail(Draft& draft);
void map_summary(Draft& draft);  // after detail
// Of all facts that decide who is told, so that the hub can note an A08 that changes none of them.
std::string routed_fields_hash(const v1::Event& event);

}  // namespace switchboard::mllp
