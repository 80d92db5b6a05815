// Reads the sample messages of tests/support/hl7 and the example mapping that fits them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/mllp/map_message.h"
#include "adapters/mllp/mapping_file.h"

namespace switchboard::mllp {

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(file) << path;
  return text.str();
}

inline std::string sample(const std::string& name) {
  return read_file(std::string(SWITCHBOARD_SOURCE_DIR) + "/tests/support/hl7/" + name + ".hl7");
}

inline Mapping example_mapping() {
  auto mapping =
      load_mapping(std::string(SWITCHBOARD_SOURCE_DIR) + "/deploy/config/mapping-example.toml");
  EXPECT_TRUE(mapping.ok()) << mapping.error().text;
  return std::move(mapping).value();
}

inline const ListenerIdentity kListener{.agency = "XA1", .system = "EPR"};
inline constexpr Time kReceived{1'800'000'000'000'000};

inline Outcome map_text(std::string_view raw, const Mapping& mapping = example_mapping(),
                        const ListenerIdentity& listener = kListener, Trace* trace = nullptr) {
  return map_message(raw, mapping, listener, kReceived, trace);
}

inline std::vector<MappedEvent> all_mapped(std::string_view raw,
                                           const Mapping& mapping = example_mapping()) {
  Outcome outcome = map_text(raw, mapping);
  if (auto* done = std::get_if<Mapped>(&outcome)) return std::move(done->events);
  ADD_FAILURE() << "not mapped";
  return std::vector<MappedEvent>(1);
}
inline MappedEvent mapped(std::string_view raw, const Mapping& mapping = example_mapping()) {
  auto events = all_mapped(raw, mapping);
  EXPECT_EQ(events.size(), 1u);
  return std::move(events.front());
}
inline v1::Event event_of(const std::string& name) { return mapped(sample(name)).event; }

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return at == text.npos ? text : text.replace(at, from.size(), to);
}

}  // namespace switchboard::mllp
