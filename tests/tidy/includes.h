// Who may include what: levels (DESIGN §5), doors of third-party headers, what the core may not
// see.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/tidy/tree.h"

namespace switchboard::tidy {

// "broker/kv" for "broker/kv/rocks_kv.cc"; empty for what belongs to no module.
std::string module_of(std::string_view path);
// 0 base · 1 kv wire runtime · 2 store sdk · 3 core, adapters, services · 4 server.
std::optional<int> level_of(std::string_view module);

// Includes point down: to a lower level or to the module itself. Tests may include anything.
void check_levels(const File& file, Findings& findings);
// zmq, rocksdb, spdlog, sodium, Boost … each stay behind one door.
void check_doors(const File& file, Findings& findings);
// P12: the core includes no sockets, threads, clocks, randomness, logging, and reaches none of
// wire and runtime through the headers it includes.
void check_core(const Tree& tree, Findings& findings);
// Full path from the root, and the file exists.
void check_include_paths(const Tree& tree, Findings& findings);

}  // namespace switchboard::tidy
