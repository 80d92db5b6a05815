#include "services/cli/render_rota.h"

#include <algorithm>

#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

std::string name_in(const v1::Directory& people, const std::string& id) {
  for (const auto& person : people.people()) {
    if (person.id() == id) {
      return person.name() + (person.disabled() ? " (no longer enrolled)" : "");
    }
  }
  return id;
}

std::string days_of(const v1::RotaSlot& slot) {
  std::string words;
  for (const int day : slot.days()) {
    words += (words.empty() ? "" : ", ") + name_of(static_cast<v1::Weekday>(day)).substr(0, 3);
  }
  return words;
}

}  // namespace

Table duty_table(const v1::DirectorySheet& sheet) {
  Table table({{"TEAM", Table::Align::kLeft, Table::Cut::kNever},
               "NAME",
               "ON DUTY",
               "NOW",
               {"RING NOW", Table::Align::kLeft, Table::Cut::kNever},
               "WHO ANSWERS"});
  for (const auto& e : sheet.entries()) {
    table.add({e.team(),
               e.name(),
               {e.on_duty().empty() ? "nobody named" : e.on_duty(),
                e.on_duty().empty() ? Colour::kDim : Colour::kGreen},
               e.open_now() ? "open" : "closed now",
               {e.ring_now().phone(), Colour::kBold},
               e.ring_now().name()});
  }
  return table;
}

Table rota_table(const v1::Rota& rota, const v1::Directory& people) {
  Table table({"TEAM", "WHEN", "FROM", "TO", "ON DUTY"});
  for (const auto& slot : rota.week()) {
    table.add({rota.id(), days_of(slot), slot.from(), slot.to(), name_in(people, slot.person())});
  }
  for (const auto& instead : rota.overrides()) {
    table.add(
        {rota.id(), "instead", instead.from(), instead.to(), name_in(people, instead.person())});
  }
  return table;
}

}  // namespace switchboard::cli
