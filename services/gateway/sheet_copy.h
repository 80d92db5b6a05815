// The last sheet of numbers of each team, on this machine's disk: it can be read while the hub is
// away, also by a gateway that was started meanwhile.
//
// It names teams, numbers and who is on duty; no child. Thread: the server's. Fails: a copy that
// cannot be written is only logged; one that cannot be read is none.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {

class SheetCopy {
 public:
  explicit SheetCopy(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void keep(const std::string& team, const v1::DirectorySheet& sheet);
  // Null: there never was one.
  const v1::DirectorySheet* find(const std::string& team);

 private:
  std::filesystem::path file_of(const std::string& team) const;

  std::filesystem::path folder_;
  std::map<std::string, v1::DirectorySheet> sheets_;
};

}  // namespace switchboard::gateway
