#include "services/cli/render_policy.h"

#include <vector>

#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

std::string spaced(std::string text) {
  for (char& c : text) c = c == '_' ? ' ' : c;
  return text;
}

// "4 hours", "15 minutes", "10 days", with the clock it is counted by.
std::string time_words(uint32_t within_s, v1::ClockKind clock) {
  if (within_s == 0) return "";
  std::string words;
  if (within_s % 86'400 == 0 && within_s > 86'400) {
    words = count(within_s / 86'400, "day", "days");
  } else if (within_s % 3'600 == 0) {
    words = count(within_s / 3'600, "hour", "hours");
  } else {
    words = count(within_s / 60, "minute", "minutes");
  }
  return clock == v1::CLOCK_KIND_WORKING ? words + " of working time" : words;
}

std::string list(const auto& items, auto words, const char* between = ", ") {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : between) + words(item);
  return out;
}

std::string cause_words(int cause) { return spaced(name_of(static_cast<v1::Cause>(cause))); }

std::string context_words(int context) {
  switch (context) {
    case v1::CONTEXT_OPEN_PLAN:
      return "a plan is open";
    case v1::CONTEXT_UNDER_1:
      return "under 1 year";
    case v1::CONTEXT_UNBORN:
      return "not yet born";
    case v1::CONTEXT_PROVISIONAL:
      return "identity not verified";
    case v1::CONTEXT_OUT_OF_HOURS:
      return "the team is closed";
    default:
      return name_of(static_cast<v1::Context>(context));
  }
}

std::string told_words(int to) {
  switch (to) {
    case v1::ESCALATION_TO_DEPUTY:
      return "its deputy team";
    case v1::ESCALATION_TO_SPOC:
      return "its single point of contact";
    case v1::ESCALATION_TO_EDT:
      return "the emergency duty team";
    case v1::ESCALATION_TO_SAFETY_NET:
      return "the safety-net team";
    case v1::ESCALATION_TO_SENDER:
      return "the sender";
    case v1::ESCALATION_TO_CALL_SENDER:
      return "a call task for the sender: ring the team";
    case v1::ESCALATION_TO_CALL_TEAM:
      return "a call task for the next in charge: ring the sender";
    default:
      return name_of(static_cast<v1::EscalationTo>(to));
  }
}

std::string levels_words(const v1::PolicyRow& row) {
  if (row.attention() != v1::ATTENTION_ACT) return "";
  if (row.levels().empty())
    return "1. at the deadline: its deputy team or the safety-net team, the sender";
  std::string out;
  int level = 0;
  for (const auto& l : row.levels()) {
    ++level;
    out += (out.empty() ? "" : "; ") + std::to_string(level) + ". ";
    out += level == 1 ? "at the deadline" : time_words(l.after_s(), l.clock()) + " later";
    bool sender = false;
    for (const int to : l.tell()) sender = sender || to == v1::ESCALATION_TO_SENDER;
    out += ": " + list(l.tell(), told_words);
    if (level == 1 && !sender) out += ", the sender";  // always
  }
  return out;
}

std::string name_of_row(const v1::PolicyRow& row, int number) {
  return row.id().empty() ? "row " + std::to_string(number) : row.id();
}

std::string about_words(const v1::PolicyRow& row) {
  std::string words = list(row.kinds(), [](const std::string& kind) { return spaced(kind); });
  if (words.empty()) words = "everything";
  if (row.least_urgency() == v1::URGENCY_UNSPECIFIED) return words;
  return words + "; " + name_of(row.least_urgency()) +
         (row.least_urgency() == v1::URGENCY_IMMEDIATE ? "" : " or more");
}

std::string team_words(const v1::PolicyRow& row) {
  std::string words = list(row.team_kinds(), [](const std::string& kind) { return spaced(kind); });
  if (!row.causes().empty()) {
    words += (words.empty() ? "" : "; ") + ("told by " + list(row.causes(), cause_words));
  }
  return words.empty() ? "any team" : words;
}

std::string when_words(const v1::PolicyRow& row) {
  std::string words = list(row.contexts(), context_words, " and ");
  if (row.events_in_30_days() == 0) return words;
  return words + (words.empty() ? "" : " and ") + "at least " +
         std::to_string(row.events_in_30_days()) + " events in 30 days";
}

std::vector<std::string> row_cells(const v1::PolicyRow& row, int number) {
  return {name_of_row(row, number),
          about_words(row),
          team_words(row),
          when_words(row),
          name_of(row.attention()),
          time_words(row.receive_within_s(), v1::CLOCK_KIND_ELAPSED),
          time_words(row.acknowledge_within_s(), row.clock()),
          time_words(row.action_within_s(), row.clock()),
          levels_words(row)};
}

std::string line(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const auto& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

std::string heading(const std::vector<std::string>& cells) {
  return line(cells) + line(std::vector<std::string>(cells.size(), "---"));
}

std::string rows_markdown(const v1::Policy& policy) {
  std::string out = heading({"", "About", "Told team", "Only when", "Asked"});
  std::string clocks = heading({"", "Reaches the team's system within", "Picked up within",
                                "Acted on within", "If nobody has picked up"});
  int number = 0;
  for (const auto& row : policy.rows()) {
    const auto c = row_cells(row, ++number);
    out += line({c[0], c[1], c[2], c[3], "**" + c[4] + "**"});
    if (row.attention() == v1::ATTENTION_ACT) clocks += line({c[0], c[5], c[6], c[7], c[8]});
  }
  return out + "\n### The clocks of what must be acted on\n\n" + clocks;
}

std::string steps_markdown(const v1::Policy& policy) {
  std::string out;
  if (!policy.key_events().empty()) {
    out += "\n### Events after which everybody involved says what changed\n\n";
    out += heading({"After", "Each team with an open item answers within"});
    for (const auto& e : policy.key_events()) {
      out += line({spaced(e.kind()), time_words(e.review_within_s(), e.clock())});
    }
  }
  if (!policy.disagreement().empty()) {
    out += "\n### When professionals disagree\n\n" + heading({"Step", "Who owns it", "Within"});
    int number = 0;
    for (const auto& step : policy.disagreement()) {
      out += line({std::to_string(++number) + ". " + step.name(), step.owner(),
                   time_words(step.within_s(), step.clock())});
    }
  }
  if (policy.handover_prompts().empty()) return out;
  out += "\n### Asked of the sender before a discharge\n\n";
  for (const auto& prompt : policy.handover_prompts()) out += "- " + prompt + "\n";
  return out;
}

// What people are asked when they send, as their form has it.
std::string prompts_markdown(const v1::Policy& policy) {
  if (policy.send_prompts().empty()) return {};
  std::string out = "\n### Asked of people who send\n\n";
  out += heading({"Question", "When sending", "Of", "An answer"});
  const auto words = [](const std::string& name) { return spaced(name); };
  for (const auto& p : policy.send_prompts()) {
    out += line({p.question(), p.kinds().empty() ? "anything" : list(p.kinds(), words),
                 p.team_kinds().empty() ? "any team" : list(p.team_kinds(), words),
                 p.mandatory() ? "is needed" : "may be left out"});
  }
  return out;
}

std::string or_default(uint32_t value, uint32_t otherwise) {
  return std::to_string(value == 0 ? otherwise : value);
}

std::string numbers_markdown(const v1::Policy& p) {
  const auto within = [](uint32_t value, uint32_t otherwise) {
    return time_words(value == 0 ? otherwise : value, v1::CLOCK_KIND_ELAPSED);
  };
  std::string out = "\n### Other numbers\n\n" + heading({"What", "Now"});
  out += line({"must reach somebody, else the sender's safety-net team is told with a clock",
               list(p.must_reach_kinds(), [](const std::string& kind) { return spaced(kind); })});
  out += line({"telephone numbers show as stale when not tried for",
               or_default(p.stale_contact_days(), 90) + " days"});
  out += line(
      {"a caseload list shows as stale after", or_default(p.stale_caseload_days(), 35) + " days"});
  out += line({"what was done by mistake can be undone within", within(p.undo_within_s(), 300)});
  out += line({"a team that joins is brought what happened in the last",
               or_default(p.join_days(), 90) + " days"});
  out +=
      line({"a referrer can challenge an outcome within", within(p.challenge_within_s(), 432'000)});
  out += line(
      {"told late is what comes later after it happened than", within(p.late_after_s(), 3'600)});
  out += line({"a birth is looked for after its expected date by",
               within(p.expected_birth_grace_s(), 1'209'600)});
  return out;
}

}  // namespace

std::string sign_off_words(const v1::Policy& policy) {
  if (policy.signed_off_by().empty()) {
    return "EXAMPLE: needs local sign-off. Nobody has signed this policy.";
  }
  return "signed off by " + policy.signed_off_by() +
         (policy.signed_off_on().empty() ? "" : " on " + policy.signed_off_on());
}

Table policy_table(const v1::Policy& policy) {
  Table table({"ROW", "ABOUT", "TOLD TEAM", "ONLY WHEN", "ASKED", "RECEIVED", "PICKED UP",
               "ACTED ON", "IF NOBODY PICKS UP"});
  int number = 0;
  for (const auto& row : policy.rows()) {
    const auto cells = row_cells(row, ++number);
    table.add({cells.begin(), cells.end()});
  }
  return table;
}

std::string policy_markdown(const v1::Policy& policy) {
  return "**" + sign_off_words(policy) + "**\n\n" + "The first row that fits decides.\n\n" +
         rows_markdown(policy) + steps_markdown(policy) + prompts_markdown(policy) +
         numbers_markdown(policy);
}

}  // namespace switchboard::cli
