// A program's settings: a TOML file, --set overrides and the defaults of config.proto, as one
// message that is checked once at start and const from then on.
//
// The schema is the message: the field options default_value, meaning and required decide, so the
// file, --print-config and the reference page cannot disagree. A [table] of single fields is always
// there (its required keys are required) unless the field is `optional`.
// Fails: CODE_INVALID with every problem, one a line; CODE_NOT_FOUND: the file cannot be read.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <vector>

#include "broker/base/result.h"
#include "broker/runtime/toml_message.h"

namespace switchboard {

template <typename T>
struct Config {
  T settings;
  Origins origins;
};

// The core of load_config. Fields named *_file, *_dir or dir resolve against the file's folder;
// those given by --set stay as typed, so they are relative to where the person stands.
Result<Origins> load_config_into(const std::string& path, const std::vector<std::string>& overrides,
                                 google::protobuf::Message& message);

template <typename T>
Result<Config<T>> load_config(const std::string& path,
                              const std::vector<std::string>& overrides = {}) {
  Config<T> config;
  TRY(config.origins, load_config_into(path, overrides, config.settings));
  return config;
}

// The effective settings as TOML that loads again: each key with its meaning and its origin.
std::string print_config(const google::protobuf::Message& message, const Origins& origins);

}  // namespace switchboard
