#include "broker/core/duty.h"

#include <algorithm>
#include <optional>

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

// Moments at which somebody's duty can begin or end, in order, the two bounds among them.
std::vector<Time> turns_of(const v1::Rota& rota, Time from, Time to) {
  std::vector<Time> turns = {from, to};
  const auto add = [&](std::optional<Time> at) {
    if (at && from < *at && *at < to) turns.push_back(*at);
  };
  for (const auto& row : rota.overrides()) {
    add(time_from_words(row.from()));
    add(time_from_words(row.to()));
  }
  for (const auto& slot : rota.week()) {
    for (Day day = london_day(from) + -1; day <= london_day(to); day = day + 1) {
      for (const auto& clock : {slot.from(), slot.to()}) {
        if (const auto second = seconds_from_clock(clock)) add(from_london(day, *second));
      }
    }
  }
  std::sort(turns.begin(), turns.end());
  return turns;
}

bool is_exception(const v1::Rota& rota, Time at) {
  return std::any_of(rota.overrides().begin(), rota.overrides().end(),
                     [&](const auto& row) { return covers(row, at); });
}

}  // namespace

std::vector<v1::DutySpan> duty_spans(const Directory& directory, const v1::Team& team, Time from,
                                     Time to) {
  std::vector<v1::DutySpan> spans;
  const v1::Rota* rota = directory.rota(team.id());
  if (rota == nullptr) return spans;
  const auto turns = turns_of(*rota, from, to);
  for (size_t i = 0; i + 1 < turns.size(); ++i) {
    const v1::Person* person = on_duty(directory, team, turns[i]);
    if (person == nullptr || turns[i] == turns[i + 1]) continue;
    const bool exception = is_exception(*rota, turns[i]);
    const bool goes_on = !spans.empty() && spans.back().to_us() == turns[i].us &&
                         spans.back().person() == person->id() &&
                         spans.back().exception() == exception;
    v1::DutySpan& span = goes_on ? spans.back() : spans.emplace_back();
    if (!goes_on) span.set_from_us(turns[i].us);
    span.set_to_us(turns[i + 1].us);
    span.set_person(person->id());
    span.set_name(person->name());
    span.set_exception(exception);
  }
  return spans;
}

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
