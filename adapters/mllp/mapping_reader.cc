#include "adapters/mllp/mapping_reader.h"

#include "adapters/mllp/triggers.h"

namespace switchboard::mllp {

void read_place(TomlReader& in, std::string_view key, FieldPlace& place) {
  const auto text = in.text(key);
  if (!text) return;
  if (text->empty()) {
    place = {};
  } else if (const auto parsed = FieldPlace::parse(*text)) {
    place = *parsed;
  } else {
    in.refuse(key, "'" + *text + "' is no field: write it as \"PV1-19\" or \"PV1-19.1\"");
  }
}

void read_places(TomlReader& in, std::string_view key, std::vector<FieldPlace>& places) {
  for (const std::string& text : in.texts(key)) {
    if (const auto parsed = FieldPlace::parse(text)) {
      places.push_back(*parsed);
    } else {
      in.refuse(key, "'" + text + "' is no field: write it as \"PID-19\" or \"PD1-3.3\"");
    }
  }
}

void read_places_or_default(TomlReader& in, std::string_view key, std::vector<FieldPlace>& places) {
  if (in.has(key)) places.clear();
  read_places(in, key, places);
}

void read_text(TomlReader& in, std::string_view key, std::string& out) {
  if (auto text = in.text(key)) out = *std::move(text);
}

void read_urgencies(TomlReader& in, std::string_view key, std::map<std::string, v1::Urgency>& out) {
  read_choices<v1::Urgency>(in, key, out,
                            {{"routine", v1::URGENCY_ROUTINE},
                             {"urgent", v1::URGENCY_URGENT},
                             {"immediate", v1::URGENCY_IMMEDIATE}});
}

void refuse_unknown_kind(TomlReader& in, std::string_view key, const std::string& kind) {
  if (is_known_kind(kind)) return;
  std::string known;
  for (const TriggerRow& row : trigger_rows()) {
    const bool listed = known.find(std::string(row.kind) + ",") != known.npos;
    if (!listed) known += std::string(row.kind) + ", ";
  }
  known.resize(known.size() - 2);
  in.refuse(key, "'" + kind + "' is no kind; kinds are: " + known);
}

}  // namespace switchboard::mllp
