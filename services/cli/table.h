// A table for people: columns as wide as they need, a narrow terminal cuts the widest ones.
//
// Owns: layout only. Cells are made plain (words.h) as they come in, so no text can drive the
// terminal or break a row. Widths count characters, not bytes. Without a terminal nothing is cut.
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::cli {

enum class Colour { kNone, kBold, kDim, kRed, kYellow, kGreen, kCyan };
// `text` in a terminal's escapes for the colour.
std::string painted(std::string_view text, Colour colour);
// In characters.
size_t width_of(std::string_view text);

struct Cell {
  Cell(std::string_view t, Colour c = Colour::kNone) : text(t), colour(c) {}    // NOLINT: implicit
  Cell(const std::string& t, Colour c = Colour::kNone) : text(t), colour(c) {}  // NOLINT
  Cell(const char* t, Colour c = Colour::kNone) : text(t), colour(c) {}         // NOLINT
  std::string text;
  Colour colour;
};

class Table {
 public:
  enum class Align { kLeft, kRight };
  enum class Cut { kMay, kNever };  // never: what people copy, as an id
  struct Column {
    Column(const char* n, Align a = Align::kLeft, Cut c = Cut::kMay)  // NOLINT: implicit
        : name(n), align(a), cut(c) {}
    std::string name;
    Align align;
    Cut cut;
  };
  struct Style {
    bool colour = false;
    size_t width = 0;  // of the terminal; 0 = as wide as it gets
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void add(std::vector<Cell> cells);
  bool empty() const { return rows_.empty(); }
  size_t rows() const { return rows_.size(); }
  // Columns in which every cell is empty are left out.
  std::string text(const Style& style) const;

 private:
  std::vector<size_t> widths(const Style& style) const;
  void append_row(std::string& out, const std::vector<Cell>& cells,
                  const std::vector<size_t>& widths, bool colour) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace switchboard::cli
