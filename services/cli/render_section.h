// A section as indented "field: value" lines, by reflection: a field added to the contract is shown
// without a change here. Only for sections the hub disclosed. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "services/cli/table.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

std::string render_section(const v1::Section& section, const Table::Style& style);
// The set fields of any message; enums by short name, `_us` fields as times, NHS numbers as 3-3-4.
std::string render_fields(const google::protobuf::Message& message, size_t indent);

}  // namespace switchboard::cli
