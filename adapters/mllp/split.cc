#include "adapters/mllp/split.h"

#include <algorithm>
#include <numeric>

#include "adapters/mllp/triggers.h"

namespace switchboard::mllp {
namespace {

const SplitRule* rule_for(std::string_view type, std::string_view trigger) {
  const auto rules = split_rules();
  const auto it = std::find_if(rules.begin(), rules.end(), [&](const SplitRule& rule) {
    return rule.type == type && (rule.trigger.empty() || rule.trigger == trigger);
  });
  return it == rules.end() ? nullptr : &*it;
}

std::vector<size_t> numbers(size_t from, size_t to) {
  std::vector<size_t> all(to - from);
  std::iota(all.begin(), all.end(), from);
  return all;
}

void append(std::vector<size_t>& out, const std::vector<size_t>& more) {
  out.insert(out.end(), more.begin(), more.end());
}

}  // namespace

std::variant<Parts, Problem> split(const Message& message, std::string_view type,
                                   std::string_view trigger) {
  const SplitRule* rule = rule_for(type, trigger);
  const auto& segments = message.segments();
  const bool by_person = !rule || rule->at == "PID";
  if (!by_person && message.count("PID") > 1) {
    return Problem{"second_person", "a second PID in a message about one person"};
  }
  if (message.count(rule ? rule->at : "PID") < 2) return Parts{numbers(0, segments.size())};
  if (!rule) return Problem{"second_person", "a second PID in a message about one person"};
  std::vector<size_t> starts;
  size_t tail = segments.size();
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].name() == rule->at) starts.push_back(i);
    const bool shared = !rule->shared_from.empty() && segments[i].name() == rule->shared_from;
    if (shared && !starts.empty()) tail = std::min(tail, i);
  }
  std::erase_if(starts, [&](size_t at) { return at > tail; });
  if (starts.size() > kPartsMax) {
    return Problem{"too_many_parts", "more people or orders than " + std::to_string(kPartsMax)};
  }
  Parts parts;
  for (size_t i = 0; i < starts.size(); ++i) {
    std::vector<size_t> part = numbers(0, starts.front());
    append(part, numbers(starts[i], i + 1 < starts.size() ? starts[i + 1] : tail));
    append(part, numbers(tail, segments.size()));
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace switchboard::mllp
