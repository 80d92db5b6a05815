// TOML to any protobuf message, by reflection: keys are field names, tables are messages, arrays of
// tables are repeated messages. Enums are written as short names in any case: ATTENTION_ACT of
// Attention is "act". Every problem is found in one pass, each with file:line:column and the key.
//
// Not here: defaults, required fields, paths (config.h). The only door to toml++ is the .cc.
// No problem quotes a value: a directory file holds identifiers of children.
// Thread: any. Fails: problems as text; never throws.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/result.h"

namespace switchboard {

// Where a value came from, by path ("hub.connect", "listener[0].bind"; "hub" is its table):
// "default", "broker.toml:4", or "--set".
using Origins = std::map<std::string, std::string>;

struct TomlReading {
  Origins origins;
  std::vector<std::string> problems;
};

// One read, all problems in the error's text, one a line (CODE_INVALID).
Result<Origins> toml_to_message(std::string_view text, std::string_view file,
                                google::protobuf::Message& message);

// The steps of it, for a caller with more to check before it reports.
void read_toml(std::string_view text, std::string_view file, google::protobuf::Message& message,
               TomlReading& reading);
// "hub.connect=tcp://…" or "listener[0].bind=…": as the file would say it; quotes of a string may
// be left out. The table of an index must be there already.
void read_override(std::string_view assignment, google::protobuf::Message& message,
                   TomlReading& reading);
// All problems as one error, or ok.
Status verdict(const std::vector<std::string>& problems);

// "act" of ATTENTION_ACT; the full name where it does not begin with its type's name.
std::string enum_short_name(const google::protobuf::EnumValueDescriptor& value);

}  // namespace switchboard
