#include "services/cli/render_section.h"

#include <google/protobuf/descriptor.h>

#include <memory>
#include <vector>

#include "broker/base/bytes.h"
#include "broker/base/nhs_number.h"
#include "services/cli/words.h"
#include "switchboard/v1/event.pb.h"

namespace switchboard::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kDeepest = 12;  // the contract nests less; a later one is cut, not followed

std::unique_ptr<Message> empty_section(v1::SectionKind kind) {
  switch (kind) {
    case v1::SECTION_KIND_IDENTITY:
      return std::make_unique<v1::Identity>();
    case v1::SECTION_KIND_SUMMARY:
      return std::make_unique<v1::Summary>();
    case v1::SECTION_KIND_DETAIL:
      return std::make_unique<v1::Detail>();
    case v1::SECTION_KIND_LOCATION:
      return std::make_unique<v1::Location>();
    default:
      return nullptr;
  }
}

std::string grouped_nhs_number(const std::string& digits) {
  if (digits.size() != 10) return digits;
  return digits.substr(0, 3) + " " + digits.substr(3, 3) + " " + digits.substr(6);
}

std::string bytes_words(const std::string& bytes) {
  const std::string id = event_id(bytes);
  return id.empty() ? to_hex(bytes) : id;
}

std::string number_words(const FieldDescriptor& field, int64_t value) {
  return field.name().ends_with("_us") ? at(value) : std::to_string(value);
}

std::string scalar(const Message& message, const FieldDescriptor& field, int index) {
  const auto& r = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text =
          many ? r.GetRepeatedString(message, &field, index) : r.GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? bytes_words(text) : plain(text);
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          many ? r.GetRepeatedEnumValue(message, &field, index) : r.GetEnumValue(message, &field);
      const auto* value = field.enum_type()->FindValueByNumber(number);
      return value == nullptr ? std::to_string(number) : enum_short_name(*value);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return (many ? r.GetRepeatedBool(message, &field, index) : r.GetBool(message, &field)) ? "yes"
                                                                                             : "no";
    case FieldDescriptor::CPPTYPE_INT64:
      return number_words(
          field, many ? r.GetRepeatedInt64(message, &field, index) : r.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(many ? r.GetRepeatedUInt32(message, &field, index)
                                 : r.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(many ? r.GetRepeatedUInt64(message, &field, index)
                                 : r.GetUInt64(message, &field));
    default:
      return "(shown with --format json)";
  }
}

std::string words_of(const std::string& field_name) {
  std::string words = field_name;
  if (words.ends_with("_us")) words.resize(words.size() - 3);  // shown as a time
  for (char& c : words) c = c == '_' ? ' ' : c;
  return words;
}

// A question of the sender's form reads as one: what was asked, and what was answered.
bool append_answer(std::string& out, const Message& message, const std::string& margin) {
  if (message.GetDescriptor() != v1::PromptAnswer::descriptor()) return false;
  const auto& r = *message.GetReflection();
  const auto text = [&](int field) {
    return plain(r.GetString(message, message.GetDescriptor()->FindFieldByNumber(field)));
  };
  out += margin + text(v1::PromptAnswer::kQuestionFieldNumber) + ' ' +
         text(v1::PromptAnswer::kAnswerFieldNumber) + '\n';
  return true;
}

void append_fields(std::string& out, const Message& message, size_t indent, size_t depth) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  const std::string margin(indent, ' ');
  for (const FieldDescriptor* field : fields) {
    const auto& r = *message.GetReflection();
    const int n = field->is_repeated() ? r.FieldSize(message, field) : 1;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      std::string values;
      for (int i = 0; i < n; ++i) values += (i == 0 ? "" : ", ") + scalar(message, *field, i);
      if (field == v1::Identifier::descriptor()->FindFieldByName("value")) {
        values = grouped_nhs_number(values);
      }
      out += margin + words_of(field->name()) + ": " + values + '\n';
      continue;
    }
    for (int i = 0; i < n; ++i) {
      const Message& inner = field->is_repeated() ? r.GetRepeatedMessage(message, field, i)
                                                  : r.GetMessage(message, field);
      if (append_answer(out, inner, margin)) continue;
      out += margin + words_of(field->name()) + ":\n";
      if (depth < kDeepest) append_fields(out, inner, indent + 2, depth + 1);
    }
  }
}

}  // namespace

std::string render_fields(const Message& message, size_t indent) {
  std::string out;
  append_fields(out, message, indent, 0);
  return out;
}

std::string render_section(const v1::Section& section, const Table::Style& style) {
  const std::string name = name_of(section.kind());
  std::string out = (style.colour ? painted(name, Colour::kBold) : name) + '\n';
  const auto message = empty_section(section.kind());
  if (message == nullptr || !message->ParseFromString(section.body())) {
    return out + "  (" + cli::size(section.body().size()) + " that this version cannot read)\n";
  }
  return out + render_fields(*message, 2);
}

}  // namespace switchboard::cli
