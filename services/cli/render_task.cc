#include "services/cli/render_task.h"

#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

bool open(const v1::Task& task) { return task.state() <= v1::TASK_STATE_OPEN; }

std::string line(std::string label, const std::string& value) {
  if (value.empty()) return {};
  label.resize(std::max<size_t>(label.size(), 14), ' ');
  return label + ' ' + value + '\n';
}

std::string who(const v1::Actor& actor) {
  return plain(actor.name().empty() ? actor.person() : actor.name());
}

std::string call_words(const v1::TaskDone& step) {
  std::string words = " rang: " + name_of(step.call().result());
  if (!step.call().spoke_to().empty()) words += " " + plain(step.call().spoke_to());
  if (!step.call().number().empty()) words += " on " + plain(step.call().number());
  return words;
}

}  // namespace

std::string contact_line(const v1::Contact& contact) {
  std::string words = plain(contact.phone());
  if (!contact.name().empty()) words += "  " + plain(contact.name());
  if (!contact.hours().empty()) words += " (" + plain(contact.hours()) + ")";
  return words;
}

std::string task_words(const v1::Task& task) {
  std::string words = name_of(task.kind()) + ": " + plain(task.title());
  if (task.has_number_now()) words += ", " + plain(task.number_now().phone());
  return words;
}

std::string task_state(const v1::Task& task) { return open(task) ? "open" : name_of(task.state()); }

Cell task_due(const v1::Task& task, Time now) {
  if (task.due_us() == 0 || !open(task)) return "";
  const bool late = Time{task.due_us()} < now;
  const std::string left = span(Time{task.due_us()} - now);
  return late ? Cell("overdue " + left, Colour::kRed) : Cell("in " + left, Colour::kYellow);
}

std::string task_lines(const v1::Task& task, const std::string& asked, Time now) {
  std::string out = line("task", task_state(task));
  out += line("due", task.due_us() == 0 ? "" : at(task.due_us()) + ", " + task_due(task, now).text);
  out += line("asked", asked);
  if (task.refers_to() != 0) out += line("your item", "#" + std::to_string(task.refers_to()));
  out += line("ring now", contact_line(task.number_now()));
  for (const auto& next : task.fallback()) out += line("else", contact_line(next));
  for (const auto& words : task.script()) out += line("script", plain(words));
  return out;
}

std::string task_step_words(const v1::TaskDone& step) {
  const std::string by = who(step.actor());
  std::string words = by.empty() ? std::string("the hub") : by;
  if (step.kind() == v1::ACT_KIND_LOG_CALL) {
    words += call_words(step);
  } else if (step.no_change()) {
    words += ": no change";
  } else if (step.kind() != v1::ACT_KIND_UNSPECIFIED) {
    words += ": " + name_of(step.kind());
  }
  if (!step.outcome().empty()) words += ": " + plain(step.outcome());
  return words;
}

}  // namespace switchboard::cli
