// The one line of JSON that a fault program prints at its end, for the common table of
// tests/fault/run.
//
// Owns: which fields there are. Thread: the caller's.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/fault/world.h"

namespace switchboard::test {

using Json = nlohmann::ordered_json;

// Fields every line has; `where` is "hub", "adapter", "endpoint", "publisher", "all".
Json report_line(const std::string& fault, const std::string& where, uint64_t seed);
// What the judge said, added to what is there, so that several worlds make one line.
void add_verdict(Json& line, const FaultWorld::Verdict& verdict);
void add(Json& line, const std::string& field, uint64_t value);
// Prints it with the seconds since `began`; true if no promise was broken.
bool print_line(Json line, std::chrono::steady_clock::time_point began);

// A whole number of the environment, or `otherwise`.
uint64_t setting(const char* name, uint64_t otherwise);

}  // namespace switchboard::test
