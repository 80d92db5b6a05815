// Lists of events, for event ls and the queues. Rows name no child.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "broker/base/result.h"
#include "broker/runtime/exit_codes.h"
#include "services/cli/table.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

class Call;
class Menu;

Table events_table(const v1::EventRows& rows);
// The list in the format asked for; `command` is what to type for the next page.
Exit print_events(Call& call, const v1::EventRows& rows, const std::string& command);

// What the hub said of an event that this command published.
Exit print_outcome(Call& call, const std::string& id, const v1::ItemOutcome& outcome);

// Shared by publish and route test: --event FILE, --nhs-number, and the file completed.
void add_event_file_options(Menu& menu, CLI::App& command);
Result<v1::Event> complete_event_file(Call& call, const std::string& agency,
                                      const std::string& system);

}  // namespace switchboard::cli
