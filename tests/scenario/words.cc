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
  if (r.receive_by_us() > 0)
    text += ", received within " + of(Duration{r.receive_by_us() - r.added_us()});
  if (r.action_by_us() > 0) text += ", action within " + of(Duration{r.action_by_us()});
  if (!r.group().empty()) text += ", any of " + r.group();
  text += ", by " + r.route() + " (" + r.facts() + ")";
  if (r.limit() != v1::DISCLOSURE_UNSPECIFIED) {
    text += ", at most " + plain(v1::Disclosure_Name(r.limit()), 11);
  }
  return text;
}

std::string of(const v1::DigestLine& line, const std::string& message) {
  std::string text = plain(v1::Urgency_Name(line.urgency()), 8) + ", level " +
                     std::to_string(line.level()) + " in " + line.about_team() + " (" + message;
  if (line.number() > 0) text += ", number " + std::to_string(line.number());
  return text + (line.unavoidable() ? "), unavoidable" : ")");
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
  if (c.change() == v1::CHANGE_DIGEST) {
    return "digest of " + std::to_string(c.digest_size() + static_cast<int>(c.digest_more()));
  }
  if (c.clock() != v1::DUE_CLOCK_UNSPECIFIED) {
    text += " to " + plain(v1::DueClock_Name(c.clock()), 10);
  }
  if (c.overdue_level() > 0) text += " level " + std::to_string(c.overdue_level());
  if (c.corrected() != v1::CORRECTION_NATURE_UNSPECIFIED) {
    text += " as " + plain(v1::CorrectionNature_Name(c.corrected()), 18);
  }
  if (c.nudge() != v1::NUDGE_STATE_UNSPECIFIED) {
    text += " " + plain(v1::NudgeState_Name(c.nudge()), 12);
  }
  if (!c.actor().name().empty()) text += " by " + c.actor().name();
  if (!c.about_team().empty()) text += " in " + c.about_team();
  if (!c.to_team().empty() && c.to_team() != c.about_team()) text += " to " + c.to_team();
  if (c.not_ours() != v1::NOT_OURS_UNSPECIFIED && c.change() == v1::CHANGE_NOT_OURS) {
    text += ", " + plain(v1::NotOurs_Name(c.not_ours()), 9);
  }
  if (c.unavoidable()) text += ", unavoidable";
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

std::string spaced(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

v1::ActKind act_kind(const std::string& word) {
  return one_of<v1::ActKind>({{"open", v1::ACT_KIND_OPEN},
                              {"acknowledge", v1::ACT_KIND_ACKNOWLEDGE},
                              {"action", v1::ACT_KIND_ACTION},
                              {"finish", v1::ACT_KIND_FINISH},
                              {"not-ours", v1::ACT_KIND_NOT_OURS},
                              {"hand-over", v1::ACT_KIND_HAND_OVER},
                              {"take", v1::ACT_KIND_TAKE},
                              {"decline", v1::ACT_KIND_DECLINE},
                              {"undo", v1::ACT_KIND_UNDO}},
                             word);
}
v1::NotOurs not_ours(const std::string& word) {
  return one_of<v1::NotOurs>({{"", v1::NOT_OURS_UNSPECIFIED},
                              {"never", v1::NOT_OURS_NEVER},
                              {"no-longer", v1::NOT_OURS_NO_LONGER},
                              {"not-known", v1::NOT_OURS_NOT_KNOWN}},
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
v1::NudgeState nudge_state(const std::string& word) {
  return one_of<v1::NudgeState>({{"sent", v1::NUDGE_STATE_SENT},
                                 {"not-yet", v1::NUDGE_STATE_WAITING},
                                 {"failed", v1::NUDGE_STATE_FAILED}},
                                word);
}
Duration duration(const std::string& text) {
  const int64_t unit = one_of<int64_t>({{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}},
                                       text.substr(text.size() - 1));
  return seconds(std::stoll(text) * unit);
}

}  // namespace switchboard::scenario
