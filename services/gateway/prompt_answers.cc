#include "services/gateway/prompt_answers.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "broker/base/limits.h"

namespace switchboard::gateway {
namespace {

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

bool answered(const v1::Detail& detail, const std::string& prompt) {
  const auto& all = detail.answers();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return one.prompt() == prompt && !blank(one.answer());
  });
}

bool asked_of(const v1::SendPrompt& prompt, const std::string& kind) {
  const auto& kinds = prompt.kinds();
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// P11: a page's own words are bounded where they come in.
std::optional<WrongAnswer> not_an_answer(const v1::Detail& detail) {
  if (detail.answers_size() > static_cast<int>(limits::kSendPromptsMax)) {
    return WrongAnswer{"answers", "more answers than there are questions: begin a new form"};
  }
  std::set<std::string_view> seen;
  for (const auto& one : detail.answers()) {
    const std::string field = "answers." + one.prompt();
    if (one.prompt().empty() || one.question().empty() || !seen.insert(one.prompt()).second) {
      return WrongAnswer{field, "an answer without its question: begin a new form"};
    }
    if (std::max(one.prompt().size(), one.question().size()) > limits::kTextBytesMax) {
      return WrongAnswer{"answers",
                         "a question is longer than any that is asked: begin a new form"};
    }
    if (one.answer().size() > limits::kOutcomeBytesMax) {
      return WrongAnswer{field, "the answer is too long: shorten it"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<WrongAnswer> wrong_answer(const v1::TeamView& team, const v1::Event& event) {
  if (auto wrong = not_an_answer(event.detail())) return wrong;
  for (const auto& prompt : team.send_prompts()) {
    if (!prompt.mandatory() || !asked_of(prompt, event.header().kind())) continue;
    if (answered(event.detail(), prompt.id())) continue;
    return WrongAnswer{
        "answers." + prompt.id(),
        "this is needed before it can be sent, \"not known\" is an answer: " + prompt.question()};
  }
  return std::nullopt;
}

}  // namespace switchboard::gateway
