#include "broker/runtime/config.h"

#include <google/protobuf/descriptor.h>

#include <filesystem>
#include <fstream>

#include "switchboard/v1/config.pb.h"

namespace switchboard {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Settings are small; a larger file is a mistake (a store given as --config, say).
constexpr size_t kConfigBytesMax = 1024 * 1024;

struct Completion {
  const std::string& file;
  std::filesystem::path folder;
  TomlReading& reading;
};

void complete(Message& message, const std::string& path, Completion& with);

bool names_a_path(const std::string& name) {
  return name.ends_with("_file") || name.ends_with("_dir") || name == "dir" || name == "file";
}

void put_default(const FieldDescriptor& field, Message& message, const std::string& path,
                 TomlReading& reading) {
  const std::string& text = field.options().GetExtension(v1::default_value);
  if (!text.empty()) {
    TomlReading schema;
    read_override(field.name() + "=" + text, message, schema);
    CHECK(schema.problems.empty());  // a wrong default in config.proto
  }
  reading.origins[path] = "default";
}

void report_missing(const FieldDescriptor& field, const std::string& table, const std::string& path,
                    Completion& with) {
  const auto line = with.reading.origins.find(table);
  const std::string where =
      line != with.reading.origins.end() && line->second != "default" ? line->second : with.file;
  with.reading.problems.push_back(where + ": '" + path +
                                  "' is required: " + field.options().GetExtension(v1::meaning));
}

void resolve_path(const FieldDescriptor& field, Message& message, const Completion& with) {
  const auto& reflection = *message.GetReflection();
  const std::filesystem::path given = reflection.GetString(message, &field);
  if (given.empty() || given.is_absolute()) return;
  const auto whole = (with.folder / given).lexically_normal();
  reflection.SetString(&message, &field, whole.string());
}

void complete_tables(const FieldDescriptor& field, Message& message, const std::string& path,
                     Completion& with) {
  const auto& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    if (field.has_optional_keyword() && !reflection.HasField(message, &field)) return;
    with.reading.origins.try_emplace(path, "default");
    return complete(*reflection.MutableMessage(&message, &field), path, with);
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    complete(*reflection.MutableRepeatedMessage(&message, &field, i),
             path + "[" + std::to_string(i) + "]", with);
  }
}

void complete_value(const FieldDescriptor& field, Message& message, const std::string& table,
                    const std::string& path, Completion& with) {
  const auto& options = field.options();
  const auto origin = with.reading.origins.find(path);
  const bool is_text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field.is_repeated();
  if (origin == with.reading.origins.end()) {
    if (options.GetExtension(v1::required)) return report_missing(field, table, path, with);
    return put_default(field, message, path, with.reading);
  }
  if (!is_text) return;
  // A wrong type was reported already and left the field empty.
  if (with.reading.problems.empty() && options.GetExtension(v1::required) &&
      message.GetReflection()->GetString(message, &field).empty()) {
    with.reading.problems.push_back(origin->second + ": '" + path + "' must not be empty");
  }
  if (names_a_path(field.name()) && origin->second != "--set") resolve_path(field, message, with);
}

// Defaults, required keys and relative paths. The depth is the schema's.
void complete(Message& message, const std::string& path, Completion& with) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string at = path.empty() ? field.name() : path + "." + field.name();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      complete_tables(field, message, at, with);
    } else {
      complete_value(field, message, path, at, with);
    }
  }
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kConfigBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  // A folder opens, and goes bad when it is read.
  if (!in.is_open() || in.bad()) return error(v1::CODE_NOT_FOUND, path + ": cannot be read");
  text.resize(static_cast<size_t>(in.gcount()));
  if (text.size() > kConfigBytesMax) {
    return error(v1::CODE_OVERSIZE, path + ": is too large for a settings file");
  }
  return text;
}

}  // namespace

Result<Origins> load_config_into(const std::string& path, const std::vector<std::string>& overrides,
                                 Message& message) {
  TRY(const std::string text, read_file(path));
  TomlReading reading;
  read_toml(text, path, message, reading);
  const bool is_toml = reading.problems.empty() || !reading.origins.empty();
  for (const std::string& assignment : overrides) read_override(assignment, message, reading);
  // After a syntax error every key would seem to be missing.
  if (is_toml) {
    const std::filesystem::path file(path);
    Completion with{path, file.parent_path(), reading};
    complete(message, "", with);
  }
  TRY_DO(verdict(reading.problems));
  return std::move(reading.origins);
}

}  // namespace switchboard
