#include "services/cli/member_file.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include "broker/base/limits.h"

namespace switchboard::cli {
namespace {

constexpr size_t kCellBytesMax = 64;
constexpr size_t kColumnsMax = 256;
constexpr size_t kNone = SIZE_MAX;

std::string trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

struct Line {
  uint32_t number = 0;  // of the file
  std::vector<std::string> cells;
  bool empty() const { return cells.size() == 1 && cells[0].empty(); }
};

// Takes one row after the other off the front of the text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }
  bool done() const { return rest_.empty(); }
  // Nothing: a quote that is opened is not closed, or there are too many columns.
  std::optional<Line> next() {
    Line line{number_, {}};
    do {
      std::string cell;
      const bool quoted = rest_.starts_with('"');
      if (quoted ? !take_quoted(cell) : !take_plain(cell)) return std::nullopt;
      line.cells.push_back(trimmed(cell));
      if (line.cells.size() > kColumnsMax) return std::nullopt;
    } while (take(','));
    take('\r');
    if (take('\n')) ++number_;
    return line;
  }
  uint32_t number() const { return number_; }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_plain(std::string& cell) {
    const size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    cell = rest_.substr(0, end);
    rest_.remove_prefix(end);
    // A carriage return by itself ends no line: what follows belongs to the cell's line, unread.
    if (rest_.starts_with('\r') && !rest_.starts_with("\r\n")) {
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
    return true;
  }
  // The quote at the front, to its end; a doubled one stands for itself.
  bool take_quoted(std::string& cell) {
    rest_.remove_prefix(1);
    while (true) {
      const size_t end = rest_.find('"');
      if (end == std::string_view::npos) return false;
      number_ += static_cast<uint32_t>(std::count(rest_.begin(), rest_.begin() + end, '\n'));
      cell.append(rest_.substr(0, end));
      rest_.remove_prefix(end + 1);
      if (!take('"')) break;
      cell.push_back('"');
    }
    std::string ignored;  // "a"b: what comes behind the quote is no part of the value
    return take_plain(ignored);
  }

  std::string_view rest_;
  uint32_t number_ = 1;
};

std::string column_name(std::string name) {
  for (char& c : name) {
    c = c == ' ' || c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

// "31/12/2020" as "2020-12-31"; anything else as it is.
std::string iso_date(const std::string& date) {
  const bool slashes = date.size() == 10 && date[2] == '/' && date[5] == '/';
  return slashes ? date.substr(6) + "-" + date.substr(3, 2) + "-" + date.substr(0, 2) : date;
}

struct Columns {
  size_t number = kNone;
  size_t birth_date = kNone;
};
Result<Columns> read_header(const Line& header) {
  Columns columns;
  for (size_t i = 0; i < header.cells.size(); ++i) {
    const std::string name = column_name(header.cells[i]);
    size_t* const column = name == "nhs_number"   ? &columns.number
                           : name == "birth_date" ? &columns.birth_date
                                                  : nullptr;
    if (column == nullptr) continue;
    if (*column != kNone) return error(v1::CODE_INVALID, "two columns are named " + name);
    *column = i;
  }
  if (columns.number == kNone) {
    return error(v1::CODE_INVALID,
                 "line 1 must name the columns: nhs_number, and birth_date if it is there");
  }
  return columns;
}

// Too long for what it should be: sent as nothing, which the hub lists as no number.
std::string cell(const Line& line, size_t column) {
  if (column >= line.cells.size() || line.cells[column].size() > kCellBytesMax) return {};
  return line.cells[column];
}

}  // namespace

v1::Member member_of(std::string_view nhs_number) {
  v1::Member member;
  member.mutable_identifier()->set_type(v1::IDENTIFIER_TYPE_NHS_NUMBER);
  member.mutable_identifier()->set_value(std::string(nhs_number));
  return member;
}

Result<std::vector<v1::Member>> read_member_file(std::string_view text) {
  Lines lines(text);
  std::optional<Columns> columns;
  std::vector<v1::Member> members;
  while (!lines.done()) {
    const uint32_t number = lines.number();
    const auto line = lines.next();
    if (!line) {
      return error(v1::CODE_INVALID, "line " + std::to_string(number) +
                                         ": a quote is not closed, or there are too many columns");
    }
    if (line->empty()) continue;
    if (!columns) {
      TRY(columns, read_header(*line));
      continue;
    }
    if (members.size() == limits::kMembersMax) {
      return error(v1::CODE_OVERSIZE, "more than " + std::to_string(limits::kMembersMax) + " rows");
    }
    v1::Member& member = members.emplace_back(member_of(cell(*line, columns->number)));
    member.set_birth_date(iso_date(cell(*line, columns->birth_date)));
    member.set_line(line->number);
  }
  if (!columns) return error(v1::CODE_INVALID, "the file is empty: not even a header");
  return members;
}

}  // namespace switchboard::cli
