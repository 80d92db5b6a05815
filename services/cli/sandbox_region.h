// The texts of the sandbox's directory file: who there is, who is told of what, what is asked.
//
// Nothing in them is real: ODS codes begin with X, numbers are Ofcom's reserved ones, mail
// addresses end in .example, postcodes begin with X. The bank holidays are those of
// deploy/config/bank-holidays-england.toml (a test holds them to it). Pure.
#pragma once

#include <string_view>

namespace switchboard::cli {

std::string_view sandbox_region();  // agencies, teams, groups, areas, postcodes, practices
std::string_view sandbox_people();  // people, rotas, bank holidays
std::string_view sandbox_routes();
std::string_view sandbox_policy();  // policy and disclosure

}  // namespace switchboard::cli
