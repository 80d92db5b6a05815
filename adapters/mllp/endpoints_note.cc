#include "adapters/mllp/endpoints_note.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

namespace switchboard::mllp {

EndpointsNote::~EndpointsNote() {
  if (written_) ::unlink(path_.c_str());
}

Status EndpointsNote::write(const std::vector<Listener>& listeners, uint16_t health_port) {
  nlohmann::json note = {
      {"pid", ::getpid()}, {"health_port", health_port}, {"listeners", nlohmann::json::array()}};
  for (const auto& listener : listeners) {
    note["listeners"].push_back(
        {{"name", listener.settings().name}, {"address", listener.address()}});
  }
  const std::string fresh = path_ + ".new";
  std::ofstream out(fresh);
  out << note.dump(2) << "\n";
  out.close();
  if (!out || std::rename(fresh.c_str(), path_.c_str()) != 0) {
    return error(v1::CODE_INTERNAL, "cannot write " + path_ + ": " + std::strerror(errno));
  }
  written_ = true;
  return ok();
}

}  // namespace switchboard::mllp
