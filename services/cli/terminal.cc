#include "services/cli/terminal.h"

#include <google/protobuf/util/json_util.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <ostream>

#include "broker/base/check.h"

namespace switchboard::cli {

Terminal::Traits Terminal::ask_system() {
  Traits traits;
  traits.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  traits.err_is_terminal = isatty(STDERR_FILENO) == 1;
  traits.in_is_terminal = isatty(STDIN_FILENO) == 1;
  const char* no_colour = std::getenv("NO_COLOR");
  traits.no_colour = no_colour != nullptr && *no_colour != '\0';
  winsize window{};
  if (traits.out_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0) {
    traits.width = window.ws_col;
  }
  return traits;
}

Table::Style Terminal::style() const {
  return {.colour = traits_.out_is_terminal && !traits_.no_colour, .width = traits_.width};
}

void Terminal::print(std::string_view text) {
  out_ << text;
  out_.flush();
}

void Terminal::print(const Table& table) { print(table.text(style())); }

void Terminal::print(const google::protobuf::Message& message) {
  print(to_json(message, format_) + "\n");
}

void Terminal::note(std::string_view text) {
  if (!quiet_) err_ << text << std::endl;
}

void Terminal::next(std::string_view command) {
  if (quiet_) return;
  const bool colour = traits_.err_is_terminal && !traits_.no_colour;
  err_ << "next: " << (colour ? painted(command, Colour::kCyan) : std::string(command))
       << std::endl;
}

void Terminal::complain(std::string_view text) {
  const bool colour = traits_.err_is_terminal && !traits_.no_colour;
  err_ << (colour ? painted("switchboard:", Colour::kRed) : std::string("switchboard:")) << ' '
       << text << std::endl;
}

std::string Terminal::emphasis(std::string_view text, Colour colour) const {
  return style().colour ? painted(text, colour) : std::string(text);
}

void Terminal::print_rows(const google::protobuf::Message& message, std::string_view rows) {
  if (format_ != Format::kJsonl) return print(message);
  const auto* field = message.GetDescriptor()->FindFieldByName(std::string(rows));
  CHECK(field != nullptr && field->is_repeated());
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
    print(reflection.GetRepeatedMessage(message, field, i));
  }
}

bool Terminal::print_list(const google::protobuf::Message& message, std::string_view rows,
                          const Table& table, std::string_view none) {
  if (!tables()) {
    print_rows(message, rows);
    return false;
  }
  if (table.empty()) {
    note(none);
    return false;
  }
  print(table);
  return true;
}

std::string to_json(const google::protobuf::Message& message, Format format) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = format != Format::kJsonl;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  // Only an Any of unknown type, which the contract does not have.
  if (!status.ok()) return "{\"error\": \"this message has no JSON form\"}";
  while (!json.empty() && json.back() == '\n') json.pop_back();
  return json;
}

}  // namespace switchboard::cli
