#include "services/cli/render_sheet.h"

#include <algorithm>
#include <array>
#include <vector>

#include "broker/base/london.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr std::array kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                              "Friday", "Saturday", "Sunday"};

std::string open_words(const v1::DirectoryEntry& e) {
  if (e.agency().empty()) return "";  // an authority's hours are not known
  return e.open_now() ? "open" : "closed now";
}

std::string reach_words(const v1::DirectoryEntry& e) {
  return e.on_hub() ? "on the hub" : "by phone only";
}

std::string fallback_words(const v1::DirectoryEntry& e) {
  std::string words;
  for (const auto& contact : e.fallback()) {
    words += (words.empty() ? "" : "; then ") + contact_words(contact);
  }
  return words;
}

// Quoted. A cell that a spreadsheet would calculate is made text.
std::string csv_cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    text.insert(text.begin(), '\'');
  }
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : plain(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

constexpr std::string_view kPageStyle = R"(
@page { size: A4; margin: 14mm }
body { font: 11pt/1.35 Arial, sans-serif; color: #000; background: #fff; margin: 1em }
h1 { font-size: 18pt; margin: 0 0 .2em } h2 { font-size: 13pt; margin: 1em 0 .3em }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #555; padding: .25em .4em; text-align: left; vertical-align: top }
thead { display: table-header-group } tr { break-inside: avoid }
.ring { font-size: 13pt; font-weight: bold; white-space: nowrap }
.stale { border: 2px solid #000; font-weight: bold; padding: 0 .2em }
)";

std::string ring_cell(const v1::DirectoryEntry& e) {
  const auto& ring = e.ring_now();
  std::string out = "<td><span class=\"ring\">" + escaped(ring.phone()) + "</span>";
  if (!ring.name().empty()) out += "<br>" + escaped(ring.name());
  return out + "</td>";
}

std::string page_row(const v1::DirectoryEntry& e) {
  std::string out = "<tr><th scope=\"row\">" + escaped(e.name());
  out += "<br><small>" + escaped(e.kind()) + ", " + reach_words(e) + "</small></th>";
  out += ring_cell(e) + "<td>" + escaped(open_words(e));
  if (!e.on_duty().empty()) out += "<br>on duty: " + escaped(e.on_duty());
  out += "</td><td>" + escaped(fallback_words(e)) + "</td><td>" + escaped(e.hours());
  out += "<br><small>office " + escaped(e.office().phone());
  if (!e.out_of_hours().phone().empty()) {
    out += ", out of hours " + escaped(e.out_of_hours().phone());
  }
  out += "</small></td><td>";
  out += e.stale() ? "<span class=\"stale\">" + escaped(tried_words(e)) + "</span>"
                   : escaped(tried_words(e));
  return out + "</td></tr>\n";
}

std::string page_table(const std::string& heading,
                       const std::vector<const v1::DirectoryEntry*>& entries) {
  std::string out = "<h2>" + escaped(heading) + "</h2>\n<table><thead><tr>";
  for (const char* name :
       {"Team", "Ring now", "Now", "If nobody answers", "Hours and numbers", "Numbers tried"}) {
    out += std::string("<th scope=\"col\">") + name + "</th>";
  }
  out += "</tr></thead><tbody>\n";
  for (const auto* entry : entries) out += page_row(*entry);
  return out + "</tbody></table>\n";
}

// As they stand: by agency; authorities without a team are of none.
std::string page_tables(const v1::DirectorySheet& sheet, const std::string& team) {
  std::string out;
  std::vector<const v1::DirectoryEntry*> group;
  std::string heading;
  const auto close = [&] {
    if (!group.empty()) out += page_table(heading, group);
    group.clear();
  };
  for (const auto& e : sheet.entries()) {
    if (!team.empty() && e.team() == team)
      out += page_table("Your own numbers: are they right?", {&e});
  }
  for (const auto& e : sheet.entries()) {
    const std::string of =
        e.agency_name().empty() ? "Local authorities that are not on the hub" : e.agency_name();
    if (of != heading) close();
    heading = of;
    group.push_back(&e);
  }
  close();
  return out;
}

}  // namespace

std::string contact_words(const v1::Contact& contact) {
  if (contact.phone().empty()) return "";
  return contact.name().empty() ? contact.phone() : contact.phone() + " (" + contact.name() + ")";
}

std::string tried_words(const v1::DirectoryEntry& e) {
  if (e.agency().empty()) return "not recorded";
  if (!e.stale()) return e.last_verified();
  return e.last_verified().empty() ? "STALE: never tried" : "STALE: tried on " + e.last_verified();
}

std::string sheet_heading(const v1::DirectorySheet& sheet) {
  const Time at{sheet.at_us()};
  const auto day = static_cast<size_t>(weekday(to_london(at).day));
  return std::string("numbers right at ") + kDays[day] + " " + london_words(at) + " (London)";
}

Table sheet_table(const v1::DirectorySheet& sheet) {
  Table table({{"TEAM", Table::Align::kLeft, Table::Cut::kNever},
               "NAME",
               {"RING NOW", Table::Align::kLeft, Table::Cut::kNever},
               "WHO ANSWERS",
               "NOW",
               "ON DUTY",
               "IF NOBODY ANSWERS",
               "HOURS",
               "NUMBERS TRIED"});
  for (const auto& e : sheet.entries()) {
    table.add({e.team(),
               e.name(),
               {e.ring_now().phone(), Colour::kBold},
               e.ring_now().name(),
               open_words(e),
               e.on_duty(),
               fallback_words(e),
               e.hours(),
               {tried_words(e), e.stale() ? Colour::kYellow : Colour::kNone}});
  }
  return table;
}

std::string sheet_csv(const v1::DirectorySheet& sheet) {
  std::string out =
      "right_at,agency,team,name,kind,reach,ring_now,who_answers,open_now,on_duty,office,"
      "out_of_hours,if_nobody_answers,hours,last_tried,stale\r\n";
  const std::string at = london_words(Time{sheet.at_us()});
  for (const auto& e : sheet.entries()) {
    std::string row;
    for (const std::string& cell :
         {at, e.agency_name(), e.team(), e.name(), e.kind(), reach_words(e), e.ring_now().phone(),
          e.ring_now().name(), open_words(e), e.on_duty(), e.office().phone(),
          e.out_of_hours().phone(), fallback_words(e), e.hours(), e.last_verified(),
          std::string(e.stale() ? "STALE" : "")}) {
      row += (row.empty() ? "" : ",") + csv_cell(cell);
    }
    out += row + "\r\n";
  }
  return out;
}

std::string sheet_html(const v1::DirectorySheet& sheet, const std::string& team) {
  const std::string whose = team.empty() ? "public list" : "sheet of " + team;
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n";
  out += "<title>Numbers to ring: " + escaped(whose) + "</title>\n<style>";
  out += kPageStyle;
  out +=
      "</style></head><body><main>\n<h1>Numbers to ring: " + escaped(whose) +
      "</h1>\n<p>These "
      "are the <strong>" +
      escaped(sheet_heading(sheet)) +
      "</strong>. At another time another number may be right: print a new sheet. "
      "<strong>STALE</strong> means that nobody has said lately that the numbers were tried.</p>\n";
  return out + page_tables(sheet, team) + "</main></body></html>\n";
}

std::string render_contact(const v1::DirectoryEntry& e) {
  const std::vector<std::pair<const char*, std::string>> lines = {
      {"team", e.team() + "  " + e.name()},
      {"agency", e.agency_name()},
      {"kind", e.kind() + ", " + reach_words(e)},
      {"ring now", contact_words(e.ring_now())},
      {"now", open_words(e)},
      {"on duty", e.on_duty()},
      {"then", fallback_words(e)},
      {"office", contact_words(e.office())},
      {"out of hours", contact_words(e.out_of_hours())},
      {"hours", e.hours()},
      {"numbers tried", tried_words(e)},
      {"safety net", e.safety_net()},
  };
  std::string out;
  for (const auto& [name, text] : lines) {
    if (text.empty()) continue;
    out += std::string(name) + std::string(15 - std::string_view(name).size(), ' ') + plain(text);
    out += '\n';
  }
  return out;
}

}  // namespace switchboard::cli
