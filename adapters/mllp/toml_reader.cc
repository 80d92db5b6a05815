#include "adapters/mllp/toml_reader.h"

#include <algorithm>

namespace switchboard::mllp {
namespace {

bool is_foreign(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x7f || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

// A quote in the middle of a word begins no string; toml++ would read on into its text.
bool is_misplaced_quote(std::string_view text, size_t at) {
  if (text[at] != '"' && text[at] != '\'') return false;
  return at > 0 && std::string_view(" \t\r\n=,[{.").find(text[at - 1]) == std::string_view::npos;
}

// Just past the string that begins at `at`; a string that does not end reaches to the end.
size_t skip_string(std::string_view text, size_t at) {
  const char quote = text[at];
  const std::string triple(3, quote);
  const bool multi = text.substr(at, 3) == triple;
  const std::string_view end =
      multi ? std::string_view(triple) : std::string_view(triple).substr(2);
  for (at += end.size(); at < text.size(); ++at) {
    if (text.substr(at, end.size()) == end) return at + end.size();
    if (!multi && text[at] == '\n') return at;
    if (quote == '"' && text[at] == '\\') ++at;
  }
  return text.size();
}

}  // namespace

std::optional<toml::source_position> find_foreign_byte(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (is_foreign(text[at]) || is_misplaced_quote(text, at)) {
      const auto before = text.substr(0, at);
      const auto line = std::count(before.begin(), before.end(), '\n') + 1;
      const size_t column = at - (before.find_last_of('\n') + 1) + 1;  // npos + 1 is 0
      return toml::source_position{static_cast<uint32_t>(line), static_cast<uint32_t>(column)};
    }
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (text[at] == '"' || text[at] == '\'') {
      at = skip_string(text, at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

void TomlErrors::add(const toml::source_region& where, std::string_view what) {
  if (!text_.empty()) text_ += '\n';
  text_ += file_name_ + ":" + std::to_string(where.begin.line) + ":" +
           std::to_string(where.begin.column) + ": ";
  text_ += what;
}

std::vector<std::string> TomlErrors::absent() const {
  std::vector<std::string> keys;
  for (const auto& [key, there] : there_) {
    if (!there) keys.push_back(key);
  }
  return keys;
}

const toml::node* TomlReader::find(std::string_view key) {
  asked_.emplace(key);
  const toml::node* node = table_.get(key);
  errors_.ask(name_ + " " + std::string(key), node != nullptr);
  return node;
}

void TomlReader::refuse(std::string_view key, std::string_view what) {
  const toml::node* node = table_.get(key);
  errors_.add(node ? node->source() : table_.source(), what);
}

void TomlReader::refuse_type(const toml::node& node, std::string_view key,
                             std::string_view wanted) {
  errors_.add(node.source(), std::string(key) + " must be " + std::string(wanted));
}

std::optional<std::string> TomlReader::text(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return std::nullopt;
  const auto* value = node->as_string();
  if (!value) return refuse_type(*node, key, "a text in quotes"), std::nullopt;
  return value->get();
}

std::string TomlReader::required_text(std::string_view key) {
  auto value = text(key);
  if (!value || value->empty()) {
    refuse(key, name_ + " needs " + std::string(key));
    return {};
  }
  return *std::move(value);
}

std::optional<bool> TomlReader::flag(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return std::nullopt;
  const auto* value = node->as_boolean();
  if (!value) return refuse_type(*node, key, "true or false"), std::nullopt;
  return value->get();
}

std::vector<std::string> TomlReader::texts(std::string_view key) {
  std::vector<std::string> out;
  const toml::node* node = find(key);
  if (!node) return out;
  const auto* list = node->as_array();
  if (!list) return refuse_type(*node, key, "a list of texts"), out;
  for (const toml::node& item : *list) {
    if (const auto* value = item.as_string()) {
      out.push_back(value->get());
    } else {
      refuse_type(item, key, "a list of texts");
    }
  }
  return out;
}

std::map<std::string, std::string> TomlReader::text_map(std::string_view key) {
  std::map<std::string, std::string> out;
  const toml::node* node = find(key);
  if (!node) return out;
  const auto* map = node->as_table();
  if (!map) return refuse_type(*node, key, "a table of texts"), out;
  for (const auto& [name, value] : *map) {
    if (const auto* text = value.as_string()) {
      out.emplace(name.str(), text->get());
    } else {
      refuse_type(value, name.str(), "a text in quotes");
    }
  }
  return out;
}

void TomlReader::table(std::string_view key, const std::function<void(TomlReader&)>& read) {
  const toml::node* node = find(key);
  if (!node) return;
  if (!node->is_table()) return refuse_type(*node, key, "a table");
  TomlReader inner(*node->as_table(), "[" + std::string(key) + "]", errors_);
  read(inner);
  inner.finish();
}

void TomlReader::tables(std::string_view key, const std::function<void(TomlReader&)>& read) {
  const toml::node* node = find(key);
  if (!node) return;
  const auto* list = node->as_array();
  if (!list) return refuse_type(*node, key, "written as [[" + std::string(key) + "]]");
  for (const toml::node& item : *list) {
    if (!item.is_table()) {
      refuse_type(item, key, "a list of tables");
      continue;
    }
    TomlReader inner(*item.as_table(), "[[" + std::string(key) + "]]", errors_);
    read(inner);
    inner.finish();
  }
}

void TomlReader::finish() {
  for (const auto& [key, value] : table_) {
    if (asked_.contains(key.str())) continue;
    errors_.add(key.source(), "unknown key '" + std::string(key.str()) + "' in " + name_);
  }
}

}  // namespace switchboard::mllp
