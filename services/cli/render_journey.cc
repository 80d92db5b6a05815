#include "services/cli/render_journey.h"

#include <algorithm>
#include <vector>

#include "services/cli/render_task.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

class Writer {
 public:
  Writer(const v1::Journey& journey, Time now, const Table::Style& style)
      : journey_(journey), now_(now), style_(style) {}

  std::string text() {
    head();
    if (journey_.recipients().empty()) line("", "nobody was told");
    for (const auto& recipient : journey_.recipients()) this->recipient(recipient);
    for (const auto& recipient : journey_.shadow()) on_trial(recipient);
    for (const auto& task : journey_.tasks()) this->task(task);
    return std::move(out_);
  }

 private:
  std::string paint(const std::string& text, Colour colour) const {
    return style_.colour ? painted(text, colour) : text;
  }
  void line(std::string_view label, const std::string& value) {
    std::string padded(label);
    padded.resize(std::max<size_t>(padded.size(), 11), ' ');
    out_ += paint(padded, Colour::kDim) + ' ' + value + '\n';
  }
  // A step at a time, with how long after acceptance it came.
  void step(int64_t at_us, const std::string& words) {
    const Duration after = Time{at_us} - Time{journey_.accepted_us()};
    const std::string since = at_us == 0 ? "" : (after.us < 0 ? "-" : "+") + span(after);
    std::string left = "    " + clock_time(at_us) + "  ";
    left.resize(std::max<size_t>(left.size(), 19), ' ');
    std::string column = since;
    column.resize(std::max<size_t>(column.size(), 9), ' ');
    out_ += left + paint(column, Colour::kDim) + "  " + words + '\n';
  }

  void head();
  void recipient(const v1::JourneyRecipient& recipient);
  void on_trial(const v1::JourneyRecipient& recipient);
  void task(const v1::TaskRow& row);
  void decision(const v1::JourneyRecipient& recipient);
  void steps(const v1::JourneyRecipient& recipient);
  std::string deadline(const v1::JourneyRecipient& recipient) const;

  const v1::Journey& journey_;
  Time now_;
  Table::Style style_;
  std::string out_;
};

std::string who(const v1::Actor& actor) {
  std::string words = plain(actor.name().empty() ? actor.person() : actor.name());
  if (words.empty()) words = plain(actor.principal());
  if (!actor.role().empty()) words += " (" + plain(actor.role()) + ")";
  return words;
}

std::string told_late(const v1::Journey& journey) {
  const Duration late = Time{journey.accepted_us()} - Time{journey.occurred_us()};
  if (journey.occurred_us() == 0 || late.us < 3600LL * 1'000'000) return "";
  return "  (told late: happened " + span(late) + " before)";
}

void Writer::head() {
  const std::string kind = plain(journey_.kind());
  const std::string urgency = name_of(journey_.urgency());
  out_ += paint(kind + (urgency.empty() ? "" : ", " + urgency),
                journey_.urgency() == v1::URGENCY_IMMEDIATE ? Colour::kRed : Colour::kBold) +
          "  " + event_id(journey_.event_id()) + '\n';
  std::string from = plain(journey_.agency());
  if (!journey_.system().empty()) from += " / " + plain(journey_.system());
  if (!journey_.source_message_id().empty()) {
    from += ", message " + plain(journey_.source_message_id());
  }
  if (!journey_.trigger().empty()) from += ", " + plain(journey_.trigger());
  line("from", from);
  if (journey_.occurred_us() != 0) line("occurred", at(journey_.occurred_us()));
  line("accepted", at(journey_.accepted_us()) + ", position " +
                       std::to_string(journey_.position()) + told_late(journey_));
  std::string disposition = plain(journey_.disposition());
  v1::Code code = v1::CODE_OK;
  if (v1::Code_Parse(journey_.code(), &code)) {
    if (code != v1::CODE_QUARANTINED) disposition += ": " + name_of(code);
  } else if (!journey_.code().empty()) {
    disposition += ": " + plain(journey_.code());
  }
  if (journey_.held_until_us() != 0) disposition += ", until " + at(journey_.held_until_us());
  line("result", disposition);
  if (const auto change = name_of(journey_.identity_change()); !change.empty()) {
    line("change", change);
  }
  if (journey_.unverified_identity()) line("identity", "unverified: show as provisional");
  if (!journey_.corrects_event_id().empty()) {
    line("corrects", event_id(journey_.corrects_event_id()));
  }
  if (!journey_.correction_reason().empty()) line("because", plain(journey_.correction_reason()));
  for (const auto& id : journey_.corrected_by()) line("corrected by", event_id(id));
}

std::string Writer::deadline(const v1::JourneyRecipient& r) const {
  if (r.attention() != v1::ATTENTION_ACT || r.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED) return "";
  const std::string nobody = ", nobody has picked it up yet";
  if (r.acknowledge_by_us() == 0) return nobody;
  const bool late = Time{r.acknowledge_by_us()} < now_;
  const std::string left = span(Time{r.acknowledge_by_us()} - now_);
  return nobody + "; " +
         (late ? paint("overdue by " + left, Colour::kRed)
               : paint("due in " + left, Colour::kYellow));
}

// Why this team, and what is asked of it.
void Writer::decision(const v1::JourneyRecipient& r) {
  std::string why = name_of(r.cause());
  if (!r.route().empty() && r.route() != why) why += " " + plain(r.route());
  if (r.rule_version() != 0) why += " (version " + std::to_string(r.rule_version()) + ")";
  if (!r.facts().empty()) why += ": " + plain(r.facts());
  line("  why", why);
  std::string attention = name_of(r.attention());
  if (r.acknowledge_by_us() != 0) attention += ", by " + at(r.acknowledge_by_us());
  if (!r.policy_row().empty()) attention += " (policy: " + plain(r.policy_row()) + ")";
  if (!r.group().empty()) attention += ", any of group " + plain(r.group());
  line("  attention", attention);
}

std::string title(const v1::JourneyRecipient& r) {
  return plain(r.team()) + (r.team_name().empty() ? "" : "  " + plain(r.team_name()));
}

void Writer::recipient(const v1::JourneyRecipient& r) {
  out_ += '\n' + paint(title(r), Colour::kBold) + "  #" + std::to_string(r.number()) + '\n';
  decision(r);
  line("  now", state_words(r.state()) + deadline(r));
  steps(r);
}

void Writer::task(const v1::TaskRow& row) {
  out_ += '\n' + paint(plain(row.team()) + "  task: " + plain(row.task().title()), Colour::kBold) +
          "  #" + std::to_string(row.number()) + '\n';
  if (!row.asked_by().empty()) line("  asked by", plain(row.asked_by()));
  const std::string due = task_due(row.task(), now_).text;
  line("  now", task_state(row.task()) + (due.empty() ? "" : ", " + due));
  for (const auto& done : row.steps()) step(done.at_us(), task_step_words(done));
}

void Writer::on_trial(const v1::JourneyRecipient& r) {
  out_ += "\n" + paint(title(r), Colour::kBold) + "  would have been told\n";
  decision(r);
}

// What a step says: what was done, where that is not just the state it led to.
std::string act_words(const v1::JourneyStep& s) {
  switch (s.act()) {
    case v1::ACT_KIND_NOT_OURS:
      return not_ours_words(s.not_ours()) +
             (s.to_team().empty() ? "" : ", to " + plain(s.to_team()));
    case v1::ACT_KIND_HAND_OVER:
      return s.to_team().empty() ? "offer withdrawn" : "offered to " + plain(s.to_team());
    case v1::ACT_KIND_TAKE:
      return "taken for " + plain(s.to_team());
    case v1::ACT_KIND_DECLINE:
      return "declined";
    case v1::ACT_KIND_UNDO:
      return "undone";
    default:
      return state_words(s.state());
  }
}

std::string overdue(const v1::JourneyStep& s) {
  std::string words = "overdue, level " + std::to_string(s.overdue_level());
  if (s.clock() == v1::DUE_CLOCK_RECEIVE) words = "no system of the team had it in time";
  if (s.clock() == v1::DUE_CLOCK_ACTION) words = "action " + words;
  return s.unavoidable() ? words + "; nobody could have met it" : words;
}

// Its clock rests while another team has it; empty: it is no such step.
std::string elsewhere(const v1::JourneyStep& s) {
  if (s.overdue_level() != 0 || s.to_team().empty()) return "";
  if (s.act() == v1::ACT_KIND_UNDO) return "given back by " + plain(s.to_team());
  if (s.act() != v1::ACT_KIND_ACKNOWLEDGE) return "";
  return "picked up by " + who(s.actor()) + " in " + plain(s.to_team()) + ": the clock stops here";
}

void Writer::steps(const v1::JourneyRecipient& r) {
  if (r.added_us() != 0) {
    step(r.added_us(), r.cause() == v1::CAUSE_ROUTE ? "routed" : "added: " + name_of(r.cause()));
  }
  // A receipt is recorded with the next commit and may come behind an act: people read by the
  // clock.
  std::vector<v1::JourneyStep> by_time(r.steps().begin(), r.steps().end());
  std::stable_sort(by_time.begin(), by_time.end(),
                   [](const auto& a, const auto& b) { return a.at_us() < b.at_us(); });
  for (const auto& s : by_time) {
    if (s.nudge() != v1::NUDGE_STATE_UNSPECIFIED) {
      line("  nudge", name_of(s.nudge()));
      continue;
    }
    if (s.act() == v1::ACT_KIND_LOG_CALL && s.state() == v1::DELIVERY_STATE_UNSPECIFIED) {
      step(s.at_us(), who(s.actor()) + ": " + plain(s.outcome()));
      continue;
    }
    if (!elsewhere(s).empty()) {
      step(s.at_us(), elsewhere(s));
      continue;
    }
    if (s.state() == v1::DELIVERY_STATE_UNSPECIFIED && s.act() == v1::ACT_KIND_UNSPECIFIED) {
      step(s.at_us(), paint(overdue(s), Colour::kRed));
      continue;
    }
    std::string words = act_words(s);
    if (!s.endpoint().empty()) words += " by endpoint " + plain(s.endpoint());
    if (const std::string by = who(s.actor()); !by.empty()) words += " by " + by;
    if (!s.outcome().empty()) words += ": " + plain(s.outcome());
    step(s.at_us(),
         s.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED ? paint(words, Colour::kGreen) : words);
  }
}

}  // namespace

std::string render_journey(const v1::Journey& journey, Time now, const Table::Style& style) {
  return Writer(journey, now, style).text();
}

}  // namespace switchboard::cli
