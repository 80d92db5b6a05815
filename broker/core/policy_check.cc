#include "broker/core/policy_check.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "broker/base/limits.h"
#include "broker/base/london.h"
#include "broker/core/kind.h"

namespace switchboard::core {
namespace {

constexpr size_t kPromptIdBytesMax = 40;

class PolicyCheck {
 public:
  std::vector<std::string> run(const v1::Policy& policy);

 private:
  void problem(std::string words) { problems_.push_back(std::move(words)); }
  void check_levels(const std::string& who, const v1::PolicyRow& row);
  void check_clocks(const std::string& who, const v1::PolicyRow& row);
  void check_prompts(const v1::Policy& policy);
  std::vector<std::string> problems_;
};

// An id stands in a form, and in the name of a field that is wrong.
bool is_prompt_id(std::string_view id) {
  return !id.empty() && id.size() <= kPromptIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

// What a mandatory prompt asks of a kind that nobody has would never be asked.
void PolicyCheck::check_prompts(const v1::Policy& policy) {
  const auto& prompts = policy.send_prompts();
  if (prompts.size() > static_cast<int>(limits::kSendPromptsMax)) {
    problem("policy: more than " + std::to_string(limits::kSendPromptsMax) +
            " send_prompts: a form that asks too much is not filled in");
  }
  std::set<std::string_view> ids;
  for (int i = 0; i < prompts.size(); ++i) {
    const auto& prompt = prompts[i];
    const std::string who = "policy send_prompts " + std::to_string(i + 1) + ": ";
    if (!is_prompt_id(prompt.id())) {
      problem(who + "its id must be like \"who-lives-there\", at most 40 characters");
    } else if (!ids.insert(prompt.id()).second) {
      problem(who + "its id is used twice");
    }
    if (prompt.question().empty()) problem(who + "question is missing");
    if (std::max(prompt.question().size(), prompt.hint().size()) > limits::kTextBytesMax) {
      problem(who + "its question or hint is too long");
    }
    for (const auto& kind : prompt.kinds()) {
      if (kind_rule(kind) == nullptr) problem(who + "there is no kind '" + kind + "'");
    }
  }
}

void PolicyCheck::check_levels(const std::string& who, const v1::PolicyRow& row) {
  if (row.levels_size() > static_cast<int>(limits::kLevelsMax)) {
    problem(who + "more than " + std::to_string(limits::kLevelsMax) + " levels");
  }
  for (int i = 0; i < row.levels_size(); ++i) {
    const auto& level = row.levels(i);
    const std::string at = who + "level " + std::to_string(i + 1) + ": ";
    if (i > 0 && level.after_s() == 0) problem(at + "after_s is missing: how long after the last?");
    for (const int to : level.tell()) {
      if (to == v1::ESCALATION_TO_UNSPECIFIED) problem(at + "tell has something that is nobody");
    }
    if (i > 0 && level.tell().empty()) problem(at + "tell names nobody");
  }
}

// Without a clock of its own nothing may pass; and to be received comes before to be picked up.
void PolicyCheck::check_clocks(const std::string& who, const v1::PolicyRow& row) {
  const bool act = row.attention() == v1::ATTENTION_ACT;
  const bool clocks =
      row.receive_within_s() > 0 || row.action_within_s() > 0 || row.levels_size() > 0;
  if (act && row.acknowledge_within_s() == 0) problem(who + "act needs acknowledge_within_s");
  if (!act && clocks) problem(who + "only act has receive_within_s, action_within_s and levels");
  if (act && row.receive_within_s() > 0 && row.receive_within_s() >= row.acknowledge_within_s()) {
    problem(who + "receive_within_s must be shorter than acknowledge_within_s");
  }
  for (const int context : row.contexts()) {
    if (context == v1::CONTEXT_UNSPECIFIED) problem(who + "contexts has something that is none");
  }
}

std::vector<std::string> PolicyCheck::run(const v1::Policy& p) {
  std::set<std::string_view> ids;
  for (int i = 0; i < p.rows_size(); ++i) {
    const auto& row = p.rows(i);
    const std::string name = std::to_string(i + 1);
    const std::string who =
        "policy row " + name + (row.id().empty() ? "" : " '" + row.id() + "'") + ": ";
    if (row.attention() == v1::ATTENTION_UNSPECIFIED) problem(who + "attention is missing");
    if (!row.id().empty() && !ids.insert(row.id()).second) problem(who + "its id is used twice");
    if (row.id().starts_with("row ")) problem(who + "an id must not look like a row's number");
    if (row.id().size() > limits::kTextBytesMax) problem(who + "its id is too long");
    check_clocks(who, row);
    check_levels(who, row);
  }
  if (!p.signed_off_by().empty() && !day_from_string(p.signed_off_on())) {
    problem("policy: signed_off_by needs signed_off_on, a date like \"2026-11-22\"");
  }
  check_prompts(p);
  return std::move(problems_);
}

}  // namespace

std::vector<std::string> policy_problems(const v1::Policy& policy) {
  return PolicyCheck().run(policy);
}

}  // namespace switchboard::core
