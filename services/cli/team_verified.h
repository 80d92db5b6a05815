// `team verified`: somebody tried a team's numbers, and they were right.
#pragma once

#include <CLI/CLI.hpp>

namespace switchboard::cli {

class Menu;
void add_team_verified(Menu& menu, CLI::App& team);

}  // namespace switchboard::cli
