#include "services/cli/table.h"

#include <algorithm>
#include <numeric>

#include "broker/base/check.h"
#include "broker/runtime/json_text.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 8;  // a column is not cut below this

std::string_view first_characters(std::string_view text, size_t n) {
  size_t bytes = 0;
  while (n-- > 0 && bytes < text.size()) {
    bytes += std::max<size_t>(1, utf8_length(text.substr(bytes)));
  }
  return text.substr(0, bytes);
}

std::string fitted(const std::string& text, size_t width) {
  if (width_of(text) <= width) return text;
  return std::string(first_characters(text, width - 1)) + "…";
}

}  // namespace

std::string painted(std::string_view text, Colour colour) {
  const char* code = "";
  switch (colour) {
    case Colour::kNone:
      return std::string(text);
    case Colour::kBold:
      code = "1";
      break;
    case Colour::kDim:
      code = "2";
      break;
    case Colour::kRed:
      code = "1;31";
      break;
    case Colour::kYellow:
      code = "33";
      break;
    case Colour::kGreen:
      code = "32";
      break;
    case Colour::kCyan:
      code = "36";
      break;
  }
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

size_t width_of(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

void Table::add(std::vector<Cell> cells) {
  CHECK(cells.size() == columns_.size());
  for (Cell& cell : cells) cell.text = plain(cell.text);
  rows_.push_back(std::move(cells));
}

std::vector<size_t> Table::widths(const Style& style) const {
  std::vector<size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i].text));
    }
  }
  for (size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] > 0) widths[i] = std::max(widths[i], width_of(columns_[i].name));
  }
  if (style.width == 0) return widths;
  const auto shown = static_cast<size_t>(
      std::count_if(widths.begin(), widths.end(), [](size_t w) { return w > 0; }));
  size_t total = std::accumulate(widths.begin(), widths.end(), size_t{0}) +
                 (shown == 0 ? 0 : kGap * (shown - 1));
  for (; total > style.width; --total) {
    size_t* widest = nullptr;
    for (size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i].cut == Cut::kNever || widths[i] <= kNarrowest) continue;
      if (widest == nullptr || widths[i] > *widest) widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
  }
  return widths;
}

void Table::append_row(std::string& out, const std::vector<Cell>& cells,
                       const std::vector<size_t>& widths, bool colour) const {
  std::string gap;  // written only before a further cell, so that no line ends in spaces
  for (size_t i = 0; i < cells.size(); ++i) {
    if (widths[i] == 0) continue;
    const std::string text = fitted(cells[i].text, widths[i]);
    const std::string padding(widths[i] - width_of(text), ' ');
    if (columns_[i].align == Align::kRight) gap += padding;
    if (!text.empty()) {
      out += gap + (colour ? painted(text, cells[i].colour) : text);
      gap.clear();
    }
    if (columns_[i].align == Align::kLeft) gap += padding;
    gap.append(kGap, ' ');
  }
  out += '\n';
}

std::string Table::text(const Style& style) const {
  std::string out;
  if (rows_.empty()) return out;
  const std::vector<size_t> width = widths(style);
  std::vector<Cell> heads;
  for (const Column& column : columns_) heads.emplace_back(column.name, Colour::kBold);
  append_row(out, heads, width, style.colour);
  for (const auto& row : rows_) append_row(out, row, width, style.colour);
  return out;
}

}  // namespace switchboard::cli
