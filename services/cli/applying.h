// Rows of the directory as commands ask for them and change them: one question, one answer.
#pragma once

#include <string>

#include "broker/base/result.h"
#include "broker/runtime/exit_codes.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {

class Call;

// At --at-position, else in force. With agencies come areas, practices and the postcode table, with
// teams calendars and groups, with people rotas.
Result<v1::Directory> ask_directory(Call& call, void (*want)(v1::DirectoryRequest&));

// Sends the rows, says what changed or what is wrong; `again` is what to type after a dry run.
Exit apply_rows(Call& call, const v1::Directory& rows, const std::string& again);

}  // namespace switchboard::cli
