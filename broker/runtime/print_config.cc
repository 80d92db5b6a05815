#include <google/protobuf/descriptor.h>

#include "broker/runtime/config.h"
#include "broker/runtime/json_text.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string quoted(const std::string& text) {
  std::string out;
  append_json(out, text);  // a basic TOML string escapes the same
  return out;
}

// One element: `index` counts in a repeated field and is not used in a single one.
std::string value_text(const Message& message, const FieldDescriptor& field, int index) {
  const auto& r = *message.GetReflection();
  const bool many = field.is_repeated();
  const auto number = [](auto v) { return std::to_string(v); };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return number(many ? r.GetRepeatedInt32(message, &field, index)
                         : r.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return number(many ? r.GetRepeatedUInt32(message, &field, index)
                         : r.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return number(many ? r.GetRepeatedInt64(message, &field, index)
                         : r.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return number(many ? r.GetRepeatedUInt64(message, &field, index)
                         : r.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return number(many ? r.GetRepeatedFloat(message, &field, index)
                         : r.GetFloat(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return number(many ? r.GetRepeatedDouble(message, &field, index)
                         : r.GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (many ? r.GetRepeatedBool(message, &field, index) : r.GetBool(message, &field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_STRING:
      return quoted(many ? r.GetRepeatedString(message, &field, index)
                         : r.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return quoted(enum_short_name(
          *(many ? r.GetRepeatedEnum(message, &field, index) : r.GetEnum(message, &field))));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "{}";
}

class Printer {
 public:
  explicit Printer(const Origins& origins) : origins_(origins) {}

  // `path` counts tables as the origins do; `header` is the same without the numbers.
  void table(const Message& message, const std::string& path, const std::string& header) {
    const auto& type = *message.GetDescriptor();
    // TOML: a table's own keys come before the tables inside it.
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        value(message, field, join(path, field.name()));
      }
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        tables(message, field, join(path, field.name()), join(header, field.name()));
      }
    }
  }

  std::string take() { return std::move(out_); }

 private:
  static std::string join(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "." + name;
  }

  void value(const Message& message, const FieldDescriptor& field, const std::string& path) {
    const auto& reflection = *message.GetReflection();
    const std::string& meaning = field.options().GetExtension(v1::meaning);
    if (!meaning.empty()) out_ += "# " + meaning + "\n";
    out_ += field.name() + " = ";
    if (field.is_repeated()) {
      out_ += "[";
      for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
        out_ += (i == 0 ? "" : ", ") + value_text(message, field, i);
      }
      out_ += "]";
    } else {
      out_ += value_text(message, field, 0);
    }
    const auto origin = origins_.find(path);
    out_ += "  # " + (origin == origins_.end() ? "default" : origin->second) + "\n";
  }

  void tables(const Message& message, const FieldDescriptor& field, const std::string& path,
              const std::string& header) {
    const auto& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
      if (!reflection.HasField(message, &field)) return;
      out_ += "\n[" + header + "]\n";
      return table(reflection.GetMessage(message, &field), path, header);
    }
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      out_ += "\n[[" + header + "]]\n";
      table(reflection.GetRepeatedMessage(message, &field, i), path + "[" + std::to_string(i) + "]",
            header);
    }
  }

  const Origins& origins_;
  std::string out_;
};

}  // namespace

std::string print_config(const Message& message, const Origins& origins) {
  Printer printer(origins);
  printer.table(message, "", "");
  return printer.take();
}

}  // namespace switchboard
