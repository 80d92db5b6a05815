#include "tests/scenario/words.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "broker/base/check.h"

namespace switchboard::scenario {

std::string plain(const std::string& enum_name, size_t prefix) {
  std::string text = enum_name.substr(prefix);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return c == '_' ? ' ' : static_cast<char>(std::tolower(c));
  });
  return text;
}

std::string of(v1::Code code) { return plain(v1::Code_Name(code), 5); }
std::string of(v1::Disposition d) { return plain(v1::Disposition_Name(d), 12); }
std::string of(v1::DeliveryState s) { return plain(v1::DeliveryState_Name(s), 15); }

std::string of(Duration d) {
  const int64_t s = d.us / 1'000'000;
  if (s % 3600 == 0) return std::to_string(s / 3600) + "h";
  if (s % 60 == 0) return std::to_string(s / 60) + "m";
  return std::to_string(s) + "s";
}

std::string of(const v1::Recipient& r) {
  std::string text = r.team() + " " + std::to_string(r.number()) + ": " +
                     plain(v1::Attention_Name(r.attention()), 10);
  if (r.acknowledge_by_us() > 0)
    text += " within " + of(Duration{r.acknowledge_by_us() - r.added_us()});
  text += ", by " + r.route() + " (" + r.facts() + ")";
  if (r.limit() != v1::DISCLOSURE_UNSPECIFIED) {
    text += ", at most " + plain(v1::Disclosure_Name(r.limit()), 11);
  }
  return text;
}

std::string of(const store::LogEntry& e, const std::string& message, const std::string& outcome) {
  if (e.type == v1::ENTRY_TYPE_PLACEHOLDER) {
    return "placeholder, " + plain(v1::PlaceholderReason_Name(e.reason), 19);
  }
  if (e.type == v1::ENTRY_TYPE_DELIVERY) {
    return "delivery of " + message + ", " + plain(v1::Attention_Name(e.attention), 10);
  }
  const v1::ChangeRecord& c = e.change;
  std::string text = plain(v1::Change_Name(c.change()), 7);
  if (c.overdue_level() > 0) text += " level " + std::to_string(c.overdue_level());
  if (c.corrected() != v1::CORRECTION_NATURE_UNSPECIFIED) {
    text += " as " + plain(v1::CorrectionNature_Name(c.corrected()), 18);
  }
  if (!c.actor().name().empty()) text += " by " + c.actor().name();
  if (!c.about_team().empty()) text += " in " + c.about_team();
  if (!outcome.empty()) text += ": " + outcome;
  text += " (" + message;
  if (c.refers_to() > 0) text += ", number " + std::to_string(c.refers_to());
  return text + ")";
}

std::string of(const v1::TaskRecord& task, const std::string& message) {
  std::string text = task.task().title() + " (" + message;
  if (task.task().refers_to() > 0) text += ", number " + std::to_string(task.task().refers_to());
  text += "), within " + of(Duration{task.task().due_us() - task.made_us()});
  if (!task.asked_by().empty()) text += ", asked by " + task.asked_by();
  return text;
}

template <typename Word>
static Word one_of(const std::map<std::string, Word>& words, const std::string& word) {
  const auto it = words.find(word);
  if (it == words.end()) check_failed(("no such word: " + word).c_str(), __FILE__, __LINE__);
  return it->second;
}

v1::ActKind act_kind(const std::string& word) {
  return one_of<v1::ActKind>({{"open", v1::ACT_KIND_OPEN},
                              {"acknowledge", v1::ACT_KIND_ACKNOWLEDGE},
                              {"action", v1::ACT_KIND_ACTION},
                              {"finish", v1::ACT_KIND_FINISH}},
                             word);
}
v1::CallResult call_result(const std::string& word) {
  return one_of<v1::CallResult>({{"reached", v1::CALL_RESULT_REACHED},
                                 {"left-message", v1::CALL_RESULT_LEFT_MESSAGE},
                                 {"no-answer", v1::CALL_RESULT_NO_ANSWER},
                                 {"wrong-number", v1::CALL_RESULT_WRONG_NUMBER}},
                                word);
}
v1::CorrectionNature nature(const std::string& word) {
  return one_of<v1::CorrectionNature>({{"void", v1::CORRECTION_NATURE_VOID},
                                       {"superseded", v1::CORRECTION_NATURE_SUPERSEDED},
                                       {"wrong-subject", v1::CORRECTION_NATURE_WRONG_SUBJECT}},
                                      word);
}
v1::IdentityChange identity_change(const std::string& word) {
  return one_of<v1::IdentityChange>({{"added", v1::IDENTITY_CHANGE_ADDED},
                                     {"updated", v1::IDENTITY_CHANGE_UPDATED},
                                     {"merged", v1::IDENTITY_CHANGE_MERGED},
                                     {"account-moved", v1::IDENTITY_CHANGE_ACCOUNT_MOVED},
                                     {"visit-moved", v1::IDENTITY_CHANGE_VISIT_MOVED},
                                     {"ids-changed", v1::IDENTITY_CHANGE_IDS_CHANGED},
                                     {"deleted", v1::IDENTITY_CHANGE_DELETED}},
                                    word);
}
v1::Urgency urgency(const std::string& word) {
  return one_of<v1::Urgency>({{"routine", v1::URGENCY_ROUTINE},
                              {"urgent", v1::URGENCY_URGENT},
                              {"immediate", v1::URGENCY_IMMEDIATE}},
                             word);
}
Duration duration(const std::string& text) {
  const int64_t unit = one_of<int64_t>({{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}},
                                       text.substr(text.size() - 1));
  return seconds(std::stoll(text) * unit);
}

}  // namespace switchboard::scenario
