// The shapes of values that every table of a mapping file is made of: fields, choices, lists.
//
// Thread: any. Fails: into the reader's errors.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/mllp/mapping.h"
#include "adapters/mllp/toml_reader.h"

namespace switchboard::mllp {

// "" switches the field off; a key that is not there leaves what is in `place`.
void read_place(TomlReader& in, std::string_view key, FieldPlace& place);
void read_places(TomlReader& in, std::string_view key, std::vector<FieldPlace>& places);
// A list that is there takes the place of the default; an empty one switches it off.
void read_places_or_default(TomlReader& in, std::string_view key, std::vector<FieldPlace>& places);
void read_text(TomlReader& in, std::string_view key, std::string& out);
void read_urgencies(TomlReader& in, std::string_view key, std::map<std::string, v1::Urgency>& out);
void refuse_unknown_kind(TomlReader& in, std::string_view key, const std::string& kind);

template <typename T>
using Choices = std::vector<std::pair<std::string_view, T>>;

// The choice of that name, or null and an error.
template <typename T>
const T* find_choice(TomlReader& in, std::string_view key, const std::string& text,
                     const Choices<T>& choices) {
  std::string wanted;
  for (const auto& [name, value] : choices) {
    if (text == name) return &value;
    wanted += (wanted.empty() ? "" : ", ") + std::string(name);
  }
  in.refuse(key, "'" + text + "' is none of: " + wanted);
  return nullptr;
}

template <typename T>
void read_choice(TomlReader& in, std::string_view key, T& out, const Choices<T>& choices) {
  const auto text = in.text(key);
  if (!text) return;
  if (const T* found = find_choice(in, key, *text, choices)) out = *found;
}

// A table of choices by code, laid over what is in `out`.
template <typename T>
void read_choices(TomlReader& in, std::string_view key, std::map<std::string, T>& out,
                  const Choices<T>& choices) {
  for (const auto& [code, text] : in.text_map(key)) {
    if (const T* found = find_choice(in, key, text, choices)) out[code] = *found;
  }
}

}  // namespace switchboard::mllp
