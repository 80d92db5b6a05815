// Reading the places and the query of a request: numbers, references; what is not one is not found.
//
// Pure. Thread: any.
#pragma once

#include <optional>
#include <string>

#include "broker/base/result.h"
#include "services/gateway/http_message.h"

namespace switchboard::gateway {

// A positive number in a place of the path.
std::optional<uint64_t> number_in(const Request& request, const std::string& place);
// The same in the query; 0 where it is not given or none.
uint64_t number_asked(const Request& request, const std::string& name);
bool flag_asked(const Request& request, const std::string& name);  // "1"
// 16 bytes of the event that a place names by its reference.
std::optional<std::string> event_in(const Request& request, const std::string& place);
Error no_such_page();

}  // namespace switchboard::gateway
