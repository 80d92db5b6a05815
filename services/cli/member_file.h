// A list of children as a CSV file: a header with nhs_number and, if wanted, birth_date, in any
// order; other columns are left alone.
//
// Takes what spreadsheets write: a byte order mark, CRLF, quotes, empty lines. Numbers are judged
// by the hub, which names them by line. Pure. Fails: CODE_INVALID with the line, never with a
// value.
#pragma once

#include <string_view>
#include <vector>

#include "broker/base/result.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

Result<std::vector<v1::Member>> read_member_file(std::string_view text);
// One child, by its number as people write it.
v1::Member member_of(std::string_view nhs_number);

}  // namespace switchboard::cli
