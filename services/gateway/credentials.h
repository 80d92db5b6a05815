// The file state_dir/people.json: who has a password here, as a hash.
//
// Owns a copy of the file; reads it again when it has changed (`switchboard-gateway people …`
// writes it beside a running gateway). Replaced as a whole, synced, under a lock: a power cut
// leaves the old or the new file. A file that others can read is refused; one that turns bad while
// we run is not taken, and what was read before stands. One that has gone lets nobody in. Thread:
// one. Fails: open and refresh CODE_INVALID naming the file and what to do; the writers also
// CODE_BUSY, when another program writes at this moment, with nothing changed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "broker/base/result.h"
#include "broker/base/time.h"
#include "switchboard/v1/gateway_state.pb.h"

namespace switchboard::gateway {

class Credentials {
 public:
  static constexpr size_t kPeopleMax = 10'000;
  static constexpr size_t kFileBytesMax = 8 * 1024 * 1024;

  static Result<Credentials> open(const std::string& state_dir);

  // Reads the file if it is another one than last time. One stat() when it is not.
  Status refresh();
  // Valid until the next refresh or change; null: has no password.
  const v1::GatewayPerson* find(std::string_view person) const;
  const v1::GatewayPeople& all() const { return people_; }

  // Adds the person or replaces what they have.
  Status set(const v1::GatewayPerson& person);
  // The same password at a new cost; not if another has been set since. Ends no session.
  Status rehash(std::string_view person, const std::string& old_hash, const std::string& hash);
  // CODE_NOT_FOUND if they have none.
  Status remove(std::string_view person);

 private:
  struct Mark {
    int64_t changed_ns = 0;
    uint64_t inode = 0;
    int64_t bytes = -1;  // no file
    bool operator==(const Mark&) const = default;
  };
  explicit Credentials(const std::string& state_dir);
  Result<Mark> look() const;
  Status read(const Mark& mark);
  // Under the lock, on the newest file: the change, then the whole file anew.
  template <typename Change>
  Status change(Change&& apply);
  Status write(const v1::GatewayPeople& people);
  v1::GatewayPerson* find_mutable(std::string_view person);

  std::string dir_;
  std::string file_;
  Mark mark_;
  v1::GatewayPeople people_;
};

}  // namespace switchboard::gateway
