// One TOML table being read: every key asked for is marked, the rest are errors.
//
// Owns: the list of errors with their line and column. Thread: any. Fails: into errors().
#pragma once

// toml++ 3.3 asserts on "[=]" where its next lines report the error: a bad file must not abort us.
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::mllp {

// Collects the errors of one file.
class TomlErrors {
 public:
  explicit TomlErrors(std::string file_name) : file_name_(std::move(file_name)) {}
  void add(const toml::source_region& where, std::string_view what);
  const std::string& text() const { return text_; }
  // Keys asked for that no table of that name has, "[table] key".
  void ask(const std::string& key, bool there) { there_[key] = there_[key] || there; }
  std::vector<std::string> absent() const;

 private:
  std::string file_name_;
  std::string text_;
  std::map<std::string, bool> there_;  // by key asked for
};

class TomlReader {
 public:
  // `name` is the table's, for messages; the table outlives the reader.
  TomlReader(const toml::table& table, std::string name, TomlErrors& errors)
      : table_(table), name_(std::move(name)), errors_(errors) {}

  std::optional<std::string> text(std::string_view key);
  std::string required_text(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  // A table of texts, e.g. urgency by kind.
  std::map<std::string, std::string> text_map(std::string_view key);
  // Runs `read` on the table, or on each table of the array, if it is there.
  void table(std::string_view key, const std::function<void(TomlReader&)>& read);
  void tables(std::string_view key, const std::function<void(TomlReader&)>& read);

  // An error at the key's value, or at the table if it is not there.
  void refuse(std::string_view key, std::string_view what);
  bool has(std::string_view key) const { return table_.contains(key); }
  // Call last: what nobody asked for is an error.
  void finish();

 private:
  const toml::node* find(std::string_view key);
  void refuse_type(const toml::node& node, std::string_view key, std::string_view wanted);

  const toml::table& table_;
  std::string name_;
  TomlErrors& errors_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace switchboard::mllp
