// An HL7 v2 message as views over its bytes: segments, fields, repetitions, components and
// subcomponents by the numbers HL7 counts them by (from 1; MSH-1 is the field separator itself).
//
// Owns: nothing; the bytes outlive the message and every Value taken from it.
// Not here: character sets (charset.h), what fields mean (map_*.h).
// Thread: any. Fails: Problem with a stable code, for what is no message at all. Fields that are
// not there are empty Values, never errors.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace switchboard::mllp {

inline constexpr size_t kSegmentsMax = 4096;
inline constexpr size_t kFieldsMax = 512;       // of one segment
inline constexpr size_t kRepetitionsMax = 256;  // of one field: later ones are not read

struct Delimiters {
  char field = '|';
  char component = '^';
  char repetition = '~';
  char escape = '\\';
  char subcomponent = '&';
};

// Code is stable, for programs; why is for people. Neither holds message content.
struct Problem {
  std::string code;
  std::string why;
};

// A field or any part of one. Parts count from 1; a part that is not there is empty.
class Value {
 public:
  Value() = default;
  Value(std::string_view raw, const Delimiters* delimiters) : raw_(raw), delimiters_(delimiters) {}

  std::string_view raw() const { return raw_; }  // escapes not decoded
  bool empty() const { return raw_.empty(); }
  // `""`: the sender deletes the value. Empty means no change.
  bool is_delete() const { return raw_ == "\"\""; }
  bool has_value() const { return !empty() && !is_delete(); }

  size_t repetitions() const;  // 0 if empty
  Value repetition(size_t n) const;
  Value component(size_t n) const;  // of the first repetition, unless taken from another
  Value subcomponent(size_t n) const;
  // Escapes decoded, blanks at both ends dropped; "" for a delete. Cut at limits::kTextBytesMax:
  // an event's texts are bounded, and the whole is in its source section.
  std::string text() const;

 private:
  Value part(char delimiter, size_t n) const;
  std::string_view raw_;
  const Delimiters* delimiters_ = nullptr;  // null where nothing may be split: MSH-1, MSH-2
};

class Segment {
 public:
  Segment(std::string_view line, const Delimiters* delimiters);
  std::string_view name() const { return name_; }
  std::string_view line() const { return line_; }
  Value field(size_t n) const;
  size_t fields() const;

 private:
  std::string_view line_;
  std::string_view name_;
  const Delimiters* delimiters_;
};

enum class LineEnds { kCr, kAny };  // kAny takes LF and CRLF too

class Message {
 public:
  static std::variant<Message, Problem> parse(std::string_view bytes, LineEnds ends);

  const Delimiters& delimiters() const { return *delimiters_; }
  const std::vector<Segment>& segments() const { return segments_; }
  const Segment& msh() const { return segments_.front(); }
  const Segment* first(std::string_view name) const;  // null if there is none
  size_t count(std::string_view name) const;
  Value field(std::string_view segment, size_t n) const;  // of the first such segment
  // Lines that do not begin with a segment name: kept, read by nobody.
  size_t odd_lines() const { return odd_lines_; }
  // Those of its segments, by their index here, as a message of their own over the same bytes.
  Message part(const std::vector<size_t>& segments) const;
  // Its lines, each ended by CR.
  std::string lines() const;

 private:
  Message() = default;
  std::unique_ptr<const Delimiters> delimiters_;  // views point to it: it must not move
  std::vector<Segment> segments_;
  size_t odd_lines_ = 0;
};

// \F\ \S\ \T\ \R\ \E\ \Xhh..\ \.br\ \.sp n\ ; highlighting is dropped; the unknown stays as it is.
// Hex bytes are UTF-8, or else read as Windows-1252.
std::string decode_escapes(std::string_view raw, const Delimiters& delimiters);
std::string encode_escapes(std::string_view text, const Delimiters& delimiters);

}  // namespace switchboard::mllp
