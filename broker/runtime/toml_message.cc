#include "broker/runtime/toml_message.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>

// toml++ 3.3 asserts where its next lines report the error: a bad file must not abort a program.
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "broker/base/toml_text.h"
#include "broker/runtime/edit_distance.h"

namespace switchboard {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// ", did you mean 'listen'?" or the list of what is known.
std::string suggest(const Descriptor& type, std::string_view key) {
  std::string_view best;
  size_t best_distance = std::max<size_t>(2, key.size() / 3) + 1;
  std::string all;
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string& name = type.field(i)->name();
    all += (all.empty() ? "" : ", ") + name;
    const size_t d = edit_distance(lower(key), name);
    if (d < best_distance) {
      best_distance = d;
      best = name;
    }
  }
  if (!best.empty()) return ", did you mean '" + std::string(best) + "'?";
  return "; known here: " + all;
}

// "Attention" -> "ATTENTION_", "AgeBand" -> "AGE_BAND_".
std::string enum_prefix(const EnumDescriptor& type) {
  std::string out;
  for (const char c : type.name()) {
    if (std::isupper(static_cast<unsigned char>(c)) && !out.empty()) out += '_';
    out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out + "_";
}

const EnumValueDescriptor* find_enum(const EnumDescriptor& type, std::string_view text) {
  std::string wanted = lower(text);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    if (wanted == lower(value.name()) || wanted == enum_short_name(value)) return &value;
  }
  return nullptr;
}

std::string enum_choices(const EnumDescriptor& type) {
  std::string out;
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string name = enum_short_name(*type.value(i));
    if (name == "unspecified") continue;
    out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

std::string_view kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

std::string wanted_kind(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return "a table";
    case FieldDescriptor::CPPTYPE_STRING:
      return "a string";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return "one of " + enum_choices(*field.enum_type());
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "a number";
    default:
      return "a whole number";
  }
}

// The reflection setter for one element: Set for a single field, Add for a repeated one.
#define SWITCHBOARD_PUT(Type, value)                                     \
  (field.is_repeated() ? reflection.Add##Type(&message, &field, (value)) \
                       : reflection.Set##Type(&message, &field, (value)))

class Reader {
 public:
  // `file` empty: the text is an override, every origin is "--set".
  Reader(std::string_view file, TomlReading& reading) : file_(file), reading_(reading) {}

  void table(const toml::table& from, Message& message, const std::string& path) {
    reading_.origins[path] = origin(from.source());
    for (const auto& [key, node] : from) {
      const FieldDescriptor* field =
          message.GetDescriptor()->FindFieldByName(std::string(key.str()));
      const std::string at =
          path.empty() ? std::string(key.str()) : path + "." + std::string(key.str());
      if (field == nullptr) {
        problem(key.source(),
                "unknown key '" + at + "'" + suggest(*message.GetDescriptor(), key.str()));
        continue;
      }
      this->field(node, *field, message, at);
    }
  }

  void field(const toml::node& node, const FieldDescriptor& field, Message& message,
             const std::string& path) {
    reading_.origins[path] = origin(node.source());
    const auto* oneof = field.real_containing_oneof();
    if (oneof != nullptr && message.GetReflection()->HasOneof(message, oneof)) {
      problem(node.source(),
              "'" + path + "': only one of the choices of '" + oneof->name() + "' may be given");
      return;
    }
    if (field.is_repeated()) return repeated(node, field, message, path);
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      return put(node, field, message, path);
    if (!node.is_table()) return mismatch(node, field, path);
    table(*node.as_table(), *message.GetReflection()->MutableMessage(&message, &field), path);
  }

  void problem(const toml::source_region& where, const std::string& text) {
    if (file_.empty()) {
      reading_.problems.push_back("--set: " + text);
    } else {
      reading_.problems.push_back(file_ + ":" + std::to_string(where.begin.line) + ":" +
                                  std::to_string(where.begin.column) + ": " + text);
    }
  }

 private:
  std::string origin(const toml::source_region& where) const {
    if (file_.empty()) return "--set";
    return file_ + ":" + std::to_string(std::max<uint64_t>(1, where.begin.line));
  }

  void repeated(const toml::node& node, const FieldDescriptor& field, Message& message,
                const std::string& path) {
    const bool tables = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!node.is_array()) {
      return problem(node.source(), "'" + path + "' must be " +
                                        (tables ? "tables under [[" + path + "]]"
                                                : "an array of " + wanted_kind(field)) +
                                        ", found " + std::string(kind_of(node)));
    }
    message.GetReflection()->ClearField(&message, &field);
    size_t index = 0;
    for (const toml::node& element : *node.as_array()) {
      const std::string at = path + "[" + std::to_string(index++) + "]";
      if (!tables) {
        put(element, field, message, at);
      } else if (element.is_table()) {
        table(*element.as_table(), *message.GetReflection()->AddMessage(&message, &field), at);
      } else {
        mismatch(element, field, at);
      }
    }
  }

  void mismatch(const toml::node& node, const FieldDescriptor& field, const std::string& path) {
    problem(node.source(), "'" + path + "' must be " + wanted_kind(field) + ", found " +
                               std::string(kind_of(node)));
  }

  // A whole number that fits into T, or a problem.
  template <typename T>
  std::optional<T> whole(const toml::node& node, const FieldDescriptor& field,
                         const std::string& path) {
    if (!node.is_integer()) {
      mismatch(node, field, path);
      return std::nullopt;
    }
    const int64_t value = node.as_integer()->get();
    if (!std::in_range<T>(value)) {
      problem(node.source(), "'" + path + "' must be from " +
                                 std::to_string(std::numeric_limits<T>::min()) + " to " +
                                 std::to_string(std::numeric_limits<T>::max()));
      return std::nullopt;
    }
    return static_cast<T>(value);
  }

  void put(const toml::node& node, const FieldDescriptor& field, Message& message,
           const std::string& path) {
    const auto& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        if (const auto v = whole<int32_t>(node, field, path)) SWITCHBOARD_PUT(Int32, *v);
        return;
      case FieldDescriptor::CPPTYPE_UINT32:
        if (const auto v = whole<uint32_t>(node, field, path)) SWITCHBOARD_PUT(UInt32, *v);
        return;
      case FieldDescriptor::CPPTYPE_INT64:
        if (const auto v = whole<int64_t>(node, field, path)) SWITCHBOARD_PUT(Int64, *v);
        return;
      case FieldDescriptor::CPPTYPE_UINT64:
        if (const auto v = whole<uint64_t>(node, field, path)) SWITCHBOARD_PUT(UInt64, *v);
        return;
      case FieldDescriptor::CPPTYPE_BOOL:
        if (!node.is_boolean()) return mismatch(node, field, path);
        SWITCHBOARD_PUT(Bool, node.as_boolean()->get());
        return;
      case FieldDescriptor::CPPTYPE_STRING:
        if (!node.is_string()) return mismatch(node, field, path);
        SWITCHBOARD_PUT(String, node.as_string()->get());
        return;
      case FieldDescriptor::CPPTYPE_FLOAT:
        if (!node.is_number()) return mismatch(node, field, path);
        SWITCHBOARD_PUT(Float, *node.value<float>());
        return;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        if (!node.is_number()) return mismatch(node, field, path);
        SWITCHBOARD_PUT(Double, *node.value<double>());
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        return put_enum(node, field, message, path);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return mismatch(node, field, path);
    }
  }

  void put_enum(const toml::node& node, const FieldDescriptor& field, Message& message,
                const std::string& path) {
    const auto& reflection = *message.GetReflection();
    if (!node.is_string()) return mismatch(node, field, path);
    const EnumValueDescriptor* value = find_enum(*field.enum_type(), node.as_string()->get());
    if (value == nullptr) {
      return problem(node.source(), "'" + path + "' must be " + wanted_kind(field));
    }
    SWITCHBOARD_PUT(Enum, value);
  }

  std::string file_;
  TomlReading& reading_;
};
#undef SWITCHBOARD_PUT

struct Step {
  std::string name;
  std::optional<int> index;
};

// "listener[0]" -> {"listener", 0}
std::optional<Step> parse_step(std::string_view text) {
  const size_t open = text.find('[');
  if (open == std::string_view::npos) return Step{std::string(text), std::nullopt};
  const std::string_view digits = text.substr(open + 1, text.size() - open - 2);
  if (!text.ends_with(']') || digits.empty() || digits.size() > 4) return std::nullopt;
  int index = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    index = index * 10 + (c - '0');
  }
  return Step{std::string(text.substr(0, open)), index};
}

struct Target {
  Message* message = nullptr;
  const FieldDescriptor* field = nullptr;
};

// The field a path names, or why there is none.
Result<Target> find_target(std::string_view path, Message& root) {
  Target at{&root, nullptr};
  const auto fail = [&](const std::string& why) { return error(v1::CODE_INVALID, why); };
  for (size_t begin = 0; begin <= path.size();) {
    const size_t dot = std::min(path.find('.', begin), path.size());
    const auto step = parse_step(path.substr(begin, dot - begin));
    if (!step) return fail("'" + std::string(path) + "' is no key");
    const auto* type = at.message->GetDescriptor();
    at.field = type->FindFieldByName(step->name);
    if (at.field == nullptr) {
      return fail("unknown key '" + std::string(path.substr(0, dot)) + "'" +
                  suggest(*type, step->name));
    }
    begin = dot + 1;
    if (dot == path.size()) {
      if (step->index) return fail("'" + std::string(path) + "' names a table, not a value");
      break;
    }
    const auto& reflection = *at.message->GetReflection();
    const bool is_table = at.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!is_table || at.field->is_repeated() != step->index.has_value()) {
      return fail("'" + std::string(path.substr(0, dot)) + "' is not a single table");
    }
    if (!step->index) {
      at.message = reflection.MutableMessage(at.message, at.field);
    } else if (*step->index < reflection.FieldSize(*at.message, at.field)) {
      at.message = reflection.MutableRepeatedMessage(at.message, at.field, *step->index);
    } else {
      return fail("there is no '" + std::string(path.substr(0, dot)) + "'");
    }
  }
  return at;
}

bool takes_bare_text(const FieldDescriptor& field) {
  return !field.is_repeated() && (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING ||
                                  field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM);
}

}  // namespace

Result<Origins> toml_to_message(std::string_view text, std::string_view file, Message& message) {
  TomlReading reading;
  read_toml(text, file, message, reading);
  TRY_DO(verdict(reading.problems));
  return std::move(reading.origins);
}

void read_toml(std::string_view text, std::string_view file, Message& message,
               TomlReading& reading) {
  Reader reader(file, reading);
  if (const auto at = find_foreign_byte(text)) {
    const toml::source_position place{at->line, at->column};
    return reader.problem({place, place, {}}, kForeignByte);
  }
  const toml::parse_result parsed = toml::parse(text);
  if (parsed.failed()) {
    reader.problem(parsed.error().source(), std::string(parsed.error().description()));
    return;
  }
  reader.table(parsed.table(), message, "");
}

void read_override(std::string_view assignment, Message& message, TomlReading& reading) {
  Reader reader("", reading);
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return reader.problem({}, "write section.key=value");
  }
  const std::string_view path = assignment.substr(0, equals);
  const std::string_view value = assignment.substr(equals + 1);
  const auto target = find_target(path, message);
  if (!target.ok()) return reader.problem({}, target.error().text);
  const bool quoted = value.starts_with('"') || value.starts_with('\'');
  if (takes_bare_text(*target->field) && !quoted) {
    const toml::value<std::string> text{std::string(value)};
    return reader.field(text, *target->field, *target->message, std::string(path));
  }
  const std::string line = "value = " + std::string(value);
  if (find_foreign_byte(line)) return reader.problem({}, kForeignByte);
  const toml::parse_result parsed = toml::parse(line);
  if (parsed.failed() || parsed.table().size() != 1) {
    return reader.problem({}, "'" + std::string(path) + "' must be " + wanted_kind(*target->field));
  }
  reader.field(*parsed.table().get("value"), *target->field, *target->message, std::string(path));
}

Status verdict(const std::vector<std::string>& problems) {
  if (problems.empty()) return ok();
  std::string text;
  for (const std::string& problem : problems) text += (text.empty() ? "" : "\n") + problem;
  return error(v1::CODE_INVALID, text);
}

std::string enum_short_name(const EnumValueDescriptor& value) {
  const std::string prefix = enum_prefix(*value.type());
  if (!value.name().starts_with(prefix)) return lower(value.name());
  return lower(std::string_view(value.name()).substr(prefix.size()));
}

}  // namespace switchboard
