// Asks the hub's admin socket and collects the answer, which may come in several parts.
//
// Frames are bare AdminRequest and AdminReply. A request is sent once: were the connection lost on
// the way, an `apply` or a replay might be done twice, so that is said and left to the person.
// Thread: the one that made it. Blocks up to the given time.
// Fails: the hub's code and text; CODE_BUSY when no answer came in time; CODE_NOT_ALLOWED for a key
// the hub does not let in.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "broker/base/result.h"
#include "broker/runtime/clock.h"
#include "broker/wire/dealer.h"
#include "switchboard/v1/admin.pb.h"

namespace switchboard::sdk {

class AdminClient {
 public:
  using Part = std::function<Status(const v1::AdminReply&)>;

  static Result<std::unique_ptr<AdminClient>> open(wire::Context& context,
                                                   const wire::Dealer::Options& options);

  // Each part as it comes; an error of `part` ends it. `within` bounds the wait for each next part.
  Status ask(v1::AdminRequest request, std::chrono::milliseconds within, const Part& part);
  // All parts.
  Result<std::vector<v1::AdminReply>> ask(v1::AdminRequest request,
                                          std::chrono::milliseconds within);

 private:
  explicit AdminClient(std::unique_ptr<wire::Dealer> dealer) : dealer_(std::move(dealer)) {}
  // Deadlines are boot time: a step of the wall clock neither ends a wait nor prolongs it.
  int64_t deadline(std::chrono::milliseconds within);
  std::chrono::milliseconds left(int64_t deadline_us);
  Status send(const v1::AdminRequest& request, int64_t deadline_us);
  Result<v1::AdminReply> next_reply(uint64_t request, uint64_t connection, int64_t deadline_us);

  std::unique_ptr<wire::Dealer> dealer_;
  Clock clock_;
  uint64_t last_request_ = 0;
};

}  // namespace switchboard::sdk
