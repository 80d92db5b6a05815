#include "tests/tidy/code.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace switchboard::tidy {
namespace {

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Blanks `text` piece by piece; line ends stay.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  char peek(size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void blank_to(size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }
  size_t find(std::string_view what, size_t from) const {
    const size_t at = text_.find(what, from);
    return at == std::string_view::npos ? text_.size() : at;
  }
  // The end of a line that may be continued by a backslash.
  size_t logical_line_end(size_t from) const {
    size_t end = find("\n", from);
    while (end < text_.size() && end > 0 && text_[end - 1] == '\\') end = find("\n", end + 1);
    return end;
  }
  void skip_quoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    ++at_;
    blank_to(end);
    ++at_;
  }
  void skip_raw_string() {
    const size_t open = find("(", at_);
    const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    blank_to(find(close, open) + close.size());
  }
  void step() {
    const char c = text_[at_];
    if (c == '/' && peek(1) == '/') return blank_to(logical_line_end(at_));
    if (c == '/' && peek(1) == '*') return blank_to(find("*/", at_ + 2) + 2);
    if (c == '#' && fresh_line_) return blank_to(logical_line_end(at_));
    const bool after_word = at_ > 0 && word(text_[at_ - 1]);
    if (c == 'R' && peek(1) == '"' && !after_word) return skip_raw_string();
    if (c == '"' || (c == '\'' && !after_word)) {
      fresh_line_ = false;
      return skip_quoted(c);
    }
    if (c == '\n') {
      fresh_line_ = true;
    } else if (c != ' ') {
      fresh_line_ = false;
    }
    ++at_;
  }

  std::string_view text_;
  std::string out_;
  size_t at_ = 0;
  bool fresh_line_ = true;  // only blanks so far on this line
};

// What stands before a '{' at namespace or class scope.
enum class Opens { kScope, kFunction, kValue };

std::string without_prefixes(std::string head) {
  static const std::regex access(R"(\b(public|private|protected)\s*:)");
  static const std::regex attribute(R"(alignas\s*\([^)]*\)|\[\[[^\]]*\]\])");
  head = std::regex_replace(head, access, "");
  return std::regex_replace(head, attribute, "");
}

Opens what_opens(const std::string& raw) {
  static const std::regex scope(R"(^\s*(inline\s+)?(namespace|extern)\b[^(]*$)");
  static const std::regex type(
      R"(^\s*(template\s*<.*>\s*)?(typedef\s+)?(class|struct|union|enum)\b[^(=]*$)");
  const std::string head = without_prefixes(raw);
  std::string flat = head;
  std::replace(flat.begin(), flat.end(), '\n', ' ');
  if (std::regex_search(flat, scope) || std::regex_search(flat, type)) return Opens::kScope;
  return flat.find('(') == std::string::npos ? Opens::kValue : Opens::kFunction;
}

std::string name_in(const std::string& head) {
  static const std::regex name(R"(([A-Za-z_~][\w:~]*|operator\s*\S+)\s*\()");
  std::smatch found;
  return std::regex_search(head, found, name) ? found[1].str() : "?";
}

class Finder {
 public:
  explicit Finder(std::string_view code) : code_(code) {}

  std::vector<Function> run() {
    for (at_ = 0; at_ < code_.size(); ++at_) step(code_[at_]);
    return std::move(found_);
  }

 private:
  void step(char c) {
    if (c == '\n') ++line_;
    if (inside_ > 0) return step_inside(c);
    if (c == '{') return open();
    if (c == '}' || c == ';') return head_.clear();
    if (head_.empty() && std::isspace(static_cast<unsigned char>(c)) != 0) return;
    if (head_.empty()) head_line_ = line_;
    head_.push_back(c);
  }
  void open() {
    const Opens opens = what_opens(head_);
    if (opens != Opens::kScope) {
      inside_ = 1;
      is_function_ = opens == Opens::kFunction;
      return;
    }
    head_.clear();
  }
  void step_inside(char c) {
    if (c == '{') ++inside_;
    if (c != '}' || --inside_ > 0) return;
    if (is_function_) found_.push_back({name_in(head_), head_line_, line_ - head_line_ + 1});
    head_.clear();
  }

  std::string_view code_;
  std::vector<Function> found_;
  std::string head_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t head_line_ = 1;
  size_t inside_ = 0;  // braces open within a function or an initialiser
  bool is_function_ = false;
};

}  // namespace

std::string code_only(std::string_view text) { return Blanker(text).run(); }

std::vector<Function> functions(std::string_view code) { return Finder(code).run(); }

}  // namespace switchboard::tidy
