// What routes would ask of teams: the hub tries a sample, or what it accepted, and changes nothing.
//
// Owns: cutting a sample into requests the hub takes, and putting its replies together.
#pragma once

#include <CLI/CLI.hpp>

#include "broker/base/result.h"
#include "broker/base/time.h"
#include "services/cli/told_rows.h"

namespace switchboard::cli {

class Call;
class Menu;

// Of what the hub accepted since, with these rows laid over the directory in force.
Result<v1::EstimateReport> estimate_since(Call& call, Time since, const v1::Directory& with);
// `route estimate`
void add_estimate(Menu& menu, CLI::App& route);

// For `apply`: the last seven days under the rows that are to be applied. Says so on the terminal
// where a team would be asked for more than it states; a hub that cannot say is no error.
void warn_of_capacity(Call& call, const v1::Directory& rows);

}  // namespace switchboard::cli
