#include "services/cli/render_inbox.h"

#include "services/cli/render_section.h"
#include "services/cli/render_task.h"
#include "services/cli/words.h"
#include "switchboard/v1/event.pb.h"

namespace switchboard::cli {
namespace {

// The kind is the publisher's word; at pointer and below there is no header to read it from.
std::string kind_of(const v1::Entry& entry) {
  v1::EventHeader header;
  if (entry.header().empty() || !header.ParseFromString(entry.header())) return "(not shown)";
  return plain(header.kind()) + (entry.notice().unknown_kind() ? " (unknown kind)" : "");
}

// The hub never shows where such a child is; whoever looks is told why there is nothing.
std::string protected_words(const v1::Entry& entry) {
  v1::EventHeader header;
  const bool is = header.ParseFromString(entry.header()) && header.protected_address();
  return is ? "protected: not shown here; ask the sender if you must know" : "";
}

std::string who(const v1::Actor& actor) {
  return plain(actor.name().empty() ? actor.person() : actor.name());
}

bool picked_up(const v1::Notice& n) { return n.state() >= v1::DELIVERY_STATE_ACKNOWLEDGED; }

std::string overdue_words(const v1::Notice& notice) {
  std::string words = "overdue, level " + std::to_string(notice.overdue_level());
  if (notice.clock() == v1::DUE_CLOCK_RECEIVE) words = "no system has it";
  if (notice.clock() == v1::DUE_CLOCK_ACTION) words = "action " + words;
  return notice.unavoidable() ? words + " (nobody could have met it)" : words;
}

// One line for many levels: how many, and what the most urgent of them is.
std::string digest_words(const v1::Notice& notice) {
  const auto all = static_cast<uint64_t>(notice.digest_size()) + notice.digest_more();
  std::string words = count(all, "item is", "items are") + " overdue";
  if (notice.digest().empty()) return words;
  const auto& first = notice.digest(0);
  words += ", the most urgent " + name_of(first.urgency());
  if (first.number() != 0) words += " (#" + std::to_string(first.number()) + ")";
  return words + " at " + plain(first.about_team());
}

std::string change_words(const v1::Notice& notice) {
  std::string words;
  switch (notice.change()) {
    case v1::CHANGE_OVERDUE:
      words = overdue_words(notice);
      break;
    case v1::CHANGE_DIGEST:
      return digest_words(notice);
    case v1::CHANGE_GROUP_PICKED_UP:
      words = "picked up by the group:";
      break;
    case v1::CHANGE_ACKNOWLEDGED:
      words = "picked up";
      break;
    case v1::CHANGE_HANDED_OVER:
      words = "handed over to " + plain(notice.handed_to());
      break;
    case v1::CHANGE_NOT_OURS:
      words = not_ours_words(notice.not_ours());
      break;
    case v1::CHANGE_CORRECTED:
      words = "corrected: " + name_of(notice.corrected());
      break;
    case v1::CHANGE_NUDGED:
      words = "nudge " + name_of(notice.nudge());
      break;
    default:
      words = name_of(notice.change());
      break;
  }
  if (!notice.about_team().empty()) words += " at " + plain(notice.about_team());
  if (const std::string by = who(notice.actor()); !by.empty()) words += " by " + by;
  if (!notice.outcome().empty()) words += ": " + plain(notice.outcome());
  if (notice.refers_to() != 0) words = "#" + std::to_string(notice.refers_to()) + " " + words;
  return words;
}

std::string marks(const v1::Notice& n) {
  std::string words;
  const auto add = [&](bool set, std::string_view word) {
    if (set) words += (words.empty() ? "" : ", ") + std::string(word);
  };
  add(n.test(), "test");
  add(n.unverified_identity(), "identity unverified");
  add(n.type() == v1::ENTRY_TYPE_DELIVERY && !n.handed_to().empty(),
      "offered to " + plain(n.handed_to()));
  add(n.type() == v1::ENTRY_TYPE_DELIVERY && n.cause() == v1::CAUSE_HANDOVER && !picked_up(n),
      "offered: take or decline");
  add(n.type() == v1::ENTRY_TYPE_DELIVERY && n.not_ours() != v1::NOT_OURS_UNSPECIFIED,
      not_ours_words(n.not_ours()));
  add(n.replayed(), "replayed");
  add(n.told_late(), "told late");
  add(n.reused_source_id(), "reused message id");
  const bool nudged = n.type() == v1::ENTRY_TYPE_DELIVERY && n.nudge() != 0;
  add(nudged, "nudge " + name_of(n.nudge()));
  add(n.corrected() != v1::CORRECTION_NATURE_UNSPECIFIED, name_of(n.corrected()));
  return words;
}

Colour urgency_colour(v1::Urgency urgency) {
  if (urgency == v1::URGENCY_IMMEDIATE) return Colour::kRed;
  return urgency == v1::URGENCY_URGENT ? Colour::kYellow : Colour::kNone;
}

Cell due(const v1::Notice& n, Time now) {
  if (n.acknowledge_by_us() == 0 || picked_up(n)) return "";
  const bool late = Time{n.acknowledge_by_us()} < now;
  const std::string left = span(Time{n.acknowledge_by_us()} - now);
  return late ? Cell("overdue " + left, Colour::kRed) : Cell("in " + left, Colour::kYellow);
}

std::string pick_up_by(const v1::Notice& n, Time now) {
  if (n.acknowledge_by_us() == 0) return "";
  const std::string left = due(n, now).text;
  return at(n.acknowledge_by_us()) + (left.empty() ? "" : ", " + left);
}

std::string about(const v1::Entry& entry) {
  const v1::Notice& n = entry.notice();
  switch (n.type()) {
    case v1::ENTRY_TYPE_CHANGE:
      return change_words(n);
    case v1::ENTRY_TYPE_TASK:
      return task_words(n.task());
    case v1::ENTRY_TYPE_PLACEHOLDER:
      return "placeholder: " + name_of(n.placeholder());
    default:
      break;
  }
  std::string words = kind_of(entry);
  if (n.disclosure() == v1::DISCLOSURE_POINTER) words += ", pointer only: ring the sender";
  return words;
}

std::string contact_words(const v1::Contact& contact) {
  std::string words = plain(contact.phone());
  if (!contact.name().empty()) words += "  " + plain(contact.name());
  if (!contact.hours().empty()) words += " (" + plain(contact.hours()) + ")";
  return words;
}

}  // namespace

Table inbox_table() {
  return Table({{"NUMBER", Table::Align::kRight},
                "WHAT",
                "URGENCY",
                "ATTENTION",
                "STATE",
                "PICK UP",
                "ACCEPTED",
                "MARKS",
                {"EVENT", Table::Align::kLeft, Table::Cut::kNever}});
}

void add_entry(Table& table, const v1::Entry& entry, Time now) {
  const v1::Notice& n = entry.notice();
  const bool delivery = n.type() == v1::ENTRY_TYPE_DELIVERY;
  const bool task = n.type() == v1::ENTRY_TYPE_TASK;
  table.add({std::to_string(entry.number()),
             about(entry),
             {delivery ? name_of(n.urgency()) : "", urgency_colour(n.urgency())},
             delivery ? name_of(n.attention()) : "",
             {delivery ? state_words(n.state()) : (task ? task_state(n.task()) : ""),
              picked_up(n) ? Colour::kGreen : Colour::kNone},
             task ? task_due(n.task(), now) : (delivery ? due(n, now) : Cell("")),
             at(n.accepted_us()),
             marks(n),
             event_id(n.event_id())});
}

std::string entry_line(const v1::Entry& entry, Time now) {
  const v1::Notice& n = entry.notice();
  std::string line = "#" + std::to_string(entry.number()) + "  " + about(entry);
  if (n.type() == v1::ENTRY_TYPE_DELIVERY) {
    line += "  " + name_of(n.urgency()) + "  " + name_of(n.attention());
    if (n.acknowledge_by_us() != 0) {
      line += "  pick up " + from_now(n.acknowledge_by_us(), now);
    }
  }
  if (n.type() == v1::ENTRY_TYPE_TASK) line += "  " + task_due(n.task(), now).text;
  if (const std::string m = marks(n); !m.empty()) line += "  [" + m + "]";
  if (const std::string id = event_id(n.event_id()); !id.empty()) line += "  " + id;
  return line;
}

std::string render_entry(const v1::Entry& entry, Time now, const Table::Style& style) {
  const v1::Notice& n = entry.notice();
  const auto paint = [&](const std::string& text, Colour colour) {
    return style.colour ? painted(text, colour) : text;
  };
  std::string out;
  const auto line = [&](std::string label, const std::string& value) {
    if (value.empty()) return;
    label.resize(std::max<size_t>(label.size(), 14), ' ');
    out += paint(label, Colour::kDim) + ' ' + value + '\n';
  };
  out += paint("#" + std::to_string(entry.number()) + "  " + about(entry), Colour::kBold) + '\n';
  line("event", event_id(n.event_id()));
  line("urgency", paint(name_of(n.urgency()), urgency_colour(n.urgency())));
  line("attention", name_of(n.attention()));
  line("state", state_words(n.state()));
  line("pick up by", pick_up_by(n, now));
  line("why you", name_of(n.cause()) + (n.route().empty() ? "" : " " + plain(n.route())));
  line("occurred", at(n.occurred_us()));
  line("accepted", at(n.accepted_us()));
  line("marks", marks(n));
  if (n.type() == v1::ENTRY_TYPE_DELIVERY) line("because", plain(n.outcome()));
  if (n.type() == v1::ENTRY_TYPE_TASK) out += task_lines(n.task(), plain(n.outcome()), now);
  line("ring", contact_words(n.call_back()));
  line("out of hours", contact_words(n.out_of_hours()));
  line("disclosed", name_of(n.disclosure()));
  line("address", protected_words(entry));
  for (const auto& section : entry.sections()) out += '\n' + render_section(section, style);
  return out;
}

}  // namespace switchboard::cli
