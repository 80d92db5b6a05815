// Tasks of a team as a page: the open ones by their clock, then those that have ended, newest
// first.
//
// Pure reads of durable rows; bounded (P11). What people wrote is for the teams concerned, never
// for operators. Thread: the reader.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

// Of a team of the asker's. CODE_NOT_FOUND: no such team.
Result<v1::Page> task_page(const View& view, const v1::ReadTasks& wanted);
// For operators: of one team, or of all.
Result<v1::TaskRows> task_list(const View& view, const v1::TaskList& wanted);
// What of the tasks of a journey these teams and this agency may know: rows that are theirs, or of
// the agency's event; words only where the team asked or did it.
struct Asker {
  const std::string& agency;
  const std::vector<std::string>& teams;
};
void narrow_tasks(const Asker& asker, v1::Journey& journey);

}  // namespace switchboard::server
