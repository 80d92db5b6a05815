#include "adapters/mllp/toml_reader.h"

#include <algorithm>

namespace switchboard::mllp {

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
