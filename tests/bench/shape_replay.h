// Reads a team's inbox from disk for an endpoint that is behind: inbox rows, sealed keys and sealed
// sections side by side, as all three are in order of position.
// Thread: the hub's (the product has a reader thread for this).
#pragma once

#include <memory>
#include <string>

#include "tests/bench/shape.h"

namespace switchboard::bench {

class ShapeReplay {
 public:
  explicit ShapeReplay(Shape& shape) : shape_(shape) {}
  // Appends Entry `number` of the team (header, sections; without number and notice) to `event`.
  // False if it is not there.
  bool read(int team, uint64_t number, LiveEvent& event);
  // Releases files; call when nobody is behind.
  void close();

 private:
  // A row of a family, in a page or on its own.
  struct Place {
    std::unique_ptr<rocksdb::Iterator> at;
    std::string_view rest;  // of the page
    std::string_view key, value;
  };
  bool seek(Place& place, kv::Family family, const std::string& key);
  bool look(Place& place, kv::Family family, const std::string& key);
  bool next(Place& place, kv::Family family);
  Shape& shape_;
  Place inbox_, key_, payload_;
};

}  // namespace switchboard::bench
