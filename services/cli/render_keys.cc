#include "services/cli/render_keys.h"

#include "broker/base/london.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

std::string days_to(const std::string& last_day, Time now) {
  const auto last = day_from_string(last_day);
  if (!last) return "no date";
  const int days = last->number - london_day(now).number;
  if (days == 0) return "today";
  return "in " + count(static_cast<uint64_t>(days), "day", "days");
}

std::string joined(const auto& list, const auto& words) {
  std::string all;
  for (const auto& item : list) all += (all.empty() ? "" : ", ") + words(item);
  return all;
}

Cell state_of(const v1::PrincipalRow& key, Time now) {
  if (key.revoked()) return {"revoked", Colour::kDim};
  if (key.expires().empty()) return "";
  const auto last = day_from_string(key.expires());
  if (!last || *last < london_day(now)) return {"expired", Colour::kRed};
  return {days_to(key.expires(), now), Colour::kNone};
}

}  // namespace

std::string expiring_line(const v1::ExpiringKey& key, Time now) {
  const std::string who = "key " + plain(key.principal());
  const std::string day = plain(key.expires());
  if (key.expired()) {
    return who + " has expired, its last day was " + day + ": it is not taken; renew or revoke it";
  }
  return who + " expires: its last day is " + day + ", " + days_to(key.expires(), now) +
         "; renew it";
}

Table keys_table(const v1::Directory& directory, Time now) {
  Table table({{"KEY", Table::Align::kLeft, Table::Cut::kNever},
               "AGENCY",
               "SYSTEM",
               "TEAMS",
               "ROLES",
               "LAST DAY",
               "STATE"});
  for (const auto& key : directory.principals()) {
    table.add({key.id(), key.agency(), key.system(),
               joined(key.teams(), [](const std::string& team) { return team; }),
               joined(key.roles(), [](int role) { return name_of(static_cast<v1::Role>(role)); }),
               key.expires().empty() && !key.revoked() ? "none" : key.expires(),
               state_of(key, now)});
  }
  return table;
}

}  // namespace switchboard::cli
