// The directory as rows, for those who keep it, and as the sheet of numbers, for everybody.
//
// Reads one directory version; a sheet is bounded in bytes (P11). Thread: the reader.
#pragma once

#include "broker/server/pages.h"

namespace switchboard::server {

// With the agencies come areas, practices and the postcode table; with the teams calendars and
// groups; with the people rotas.
v1::Directory directory_rows(const core::Directory& directory, const v1::DirectoryRequest& wanted);

// Of a team, or the public list; at its moment, else now. CODE_NOT_FOUND: no such team.
// CODE_OVERSIZE: more teams than one page holds.
Result<v1::DirectorySheet> directory_sheet(const View& view,
                                           const v1::DirectorySheetRequest& asked);
Result<v1::DirectorySheet> directory_sheet(const View& view, const v1::ReadSheet& asked);

}  // namespace switchboard::server
