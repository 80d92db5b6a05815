#include "broker/core/duty.h"

namespace switchboard::core {
namespace {

bool covers(const v1::RotaOverride& row, Time at) {
  const auto from = time_from_words(row.from()), to = time_from_words(row.to());
  return from && to && *from <= at && at < *to;
}

// A slot is like a team's hours with one person in it, bank holidays included.
bool covers(const v1::RotaSlot& slot, Time at) {
  v1::Team shift;
  v1::Hours& hours = *shift.add_hours();
  *hours.mutable_days() = slot.days();
  hours.set_from(slot.from());
  hours.set_to(slot.to());
  const Staffing staffing(shift, nullptr);
  return !staffing.always() && staffing.staffed(at);
}

const v1::Person* enrolled(const Directory& directory, const std::string& id) {
  const v1::Person* person = directory.person(id);
  return person == nullptr || person->disabled() ? nullptr : person;
}

}  // namespace

const v1::Person* on_duty(const Directory& directory, const v1::Team& team, Time at) {
  const v1::Rota* rota = directory.rota(team.id());
  if (rota == nullptr) return nullptr;
  for (const auto& row : rota->overrides()) {
    if (covers(row, at)) return enrolled(directory, row.person());
  }
  for (const auto& slot : rota->week()) {
    if (covers(slot, at)) return enrolled(directory, slot.person());
  }
  return nullptr;
}

}  // namespace switchboard::core
