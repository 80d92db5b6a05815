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
  const Message& message;  // of one person
  const Mapping& mapping;
  const ListenerIdentity& listener;
  const MessageFacts& facts;
  const TriggerRow& row;
  std::optional<int> message_offset_minutes;  // of MSH-7, for times without their own
  std::vector<Reason>* trace;
  v1::Event event{};
  std::vector<std::string> notes{};

  v1::EventHeader& header() { return *event.mutable_header(); }
  // The visit is the mother's: the event is about the unborn.
  bool is_about_unborn() const { return row.kind == "not_brought" && facts.adult; }
  void note(std::string text) { notes.push_back(std::move(text)); }
  void because(std::string_view target, std::string_view source, std::string_view value,
               Reason::Privacy privacy = Reason::Privacy::kOpen);
  // The field's text; records why.
  std::string take(const FieldPlace& place, std::string_view target,
                   Reason::Privacy privacy = Reason::Privacy::kOpen);
  // The same; of a coded field without words the code.
  std::string take_words(FieldPlace place, std::string_view target);
  // The field's time; records why. A time that cannot be read is noted.
  std::optional<v1::TimeRange> take_time(const FieldPlace& place, std::string_view target);
  // The first of the places that has one.
  std::optional<v1::TimeRange> take_time(const std::vector<FieldPlace>& places,
                                         std::string_view target);
};

// What every event of this listener says.
void start_header(v1::EventHeader& header, const Mapping& mapping,
                  const ListenerIdentity& listener);

// The steps, in order. Each reads the message and the mapping and fills its part of the event.
void map_header(Draft& draft, Time received);
void map_identity(Draft& draft);
void map_related(Draft& draft);
void map_prior(Draft& draft);  // of an identity change: what is retired
void map_location(Draft& draft);
void map_subject(Draft& draft);  // after identity
void map_threads(Draft& draft);
void map_correction(Draft& draft);  // after threads
void map_detail(Draft& draft);
void map_appointment(Draft& draft, v1::Detail& detail);
void map_not_brought(Draft& draft, v1::Detail& detail);
void map_referral(Draft& draft, v1::Detail& detail);
void map_referral_outcome(Draft& draft, v1::Detail& detail);
void map_summary(Draft& draft);  // after detail
// Of all facts that decide who is told, so that the hub can note an update that changes none of
// them. Empty where an update must never be taken for noise.
std::string routed_fields_hash(const Draft& draft);

// The thread that events of a kind belong to, and that their corrections name.
v1::ThreadType thread_type_of(std::string_view content_kind);
FieldPlace thread_number_place(const Mapping& mapping, const MessageFacts& facts,
                               std::string_view content_kind);

}  // namespace switchboard::mllp
