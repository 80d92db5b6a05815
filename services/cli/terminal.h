// Where a command's words go: what was asked for to stdout, messages about it to stderr.
//
// Owns: the choice of format and whether there is colour (a terminal, no NO_COLOR, no --no-color).
// Machine formats get JSON on stdout and nothing else there. Thread: main's. Fails: never; a closed
// stdout ends the program by SIGPIPE's rule of the shell.
#pragma once

#include <google/protobuf/message.h>

#include <iosfwd>
#include <string>
#include <string_view>

#include "services/cli/table.h"

namespace switchboard::cli {

enum class Format { kTable, kJson, kJsonl };

class Terminal {
 public:
  struct Traits {
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool in_is_terminal = false;
    bool no_colour = false;
    size_t width = 0;
  };
  Terminal(std::ostream& out, std::ostream& err, const Traits& traits)
      : out_(out), err_(err), traits_(traits) {}
  // Of this process: isatty, the window's width, NO_COLOR.
  static Traits ask_system();

  void set_format(Format format) { format_ = format; }
  void set_quiet(bool quiet) { quiet_ = quiet; }
  void forbid_colour() { traits_.no_colour = true; }
  Format format() const { return format_; }
  bool tables() const { return format_ == Format::kTable; }
  const Traits& traits() const { return traits_; }
  Table::Style style() const;

  // stdout
  void print(std::string_view text);
  void print(const Table& table);
  // `json`: one document, indented; `jsonl`: one line.
  void print(const google::protobuf::Message& message);
  // The same, but `jsonl` has one line per element of the repeated field `rows`.
  void print_rows(const google::protobuf::Message& message, std::string_view rows);
  // A list for whoever asked: its rows in a machine format, else the table, or a note where it is
  // empty. True: the table was printed, and what to do next may follow.
  bool print_list(const google::protobuf::Message& message, std::string_view rows,
                  const Table& table, std::string_view none = "none");

  // stderr: what happened and what to do next; --quiet silences both.
  void note(std::string_view text);
  void next(std::string_view command);
  // stderr, always.
  void complain(std::string_view text);
  std::string emphasis(std::string_view text, Colour colour) const;

 private:
  std::ostream& out_;
  std::ostream& err_;
  Traits traits_;
  Format format_ = Format::kTable;
  bool quiet_ = false;
};

// Messages of the contract as JSON: field names of the .proto, 64-bit numbers and bytes as strings.
std::string to_json(const google::protobuf::Message& message, Format format);

}  // namespace switchboard::cli
