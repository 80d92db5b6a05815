// What is asked of teams, in words: a policy as a table for the terminal, and as the pages of the
// guide for safeguarding leads. Pure.
#pragma once

#include <string>

#include "services/cli/table.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

// "signed off by … on …", or that it is an example that needs local sign-off.
std::string sign_off_words(const v1::Policy& policy);
Table policy_table(const v1::Policy& policy);
// The same and all else that a policy says, as Markdown tables.
std::string policy_markdown(const v1::Policy& policy);

}  // namespace switchboard::cli
