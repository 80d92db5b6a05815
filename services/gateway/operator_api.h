// What the operators' page asks for: GET /api/operator.
//
// Read only: nothing here changes the hub. However many pages are open, the hub has one look at a
// time (operator_link.h), and each answer serves everybody who asks within two seconds of it; so
// the hub is told the name of the one whose page asked first. Masks what could name a person.
// Thread: the server's.
// Fails: 403 for people who do not operate the hub (visitor.h); a look's own refusal; CODE_BUSY
// when too many wait.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "services/gateway/operator_link.h"
#include "services/gateway/router.h"
#include "services/gateway/visitor.h"

namespace switchboard::gateway {

class OperatorApi {
 public:
  using Look = std::function<void(const std::string& person, OperatorLink::OnLooked then)>;
  static constexpr Duration kKeptFor = seconds(2);
  static constexpr size_t kWaitingMax = 256;

  // `boot_us`: time that does not step.
  explicit OperatorApi(std::function<int64_t()> boot_us) : boot_us_(std::move(boot_us)) {}

  // Before the first request of somebody who operates the hub.
  void connect(Look look) { look_ = std::move(look); }
  void add_to(Router& router, Gate& gate);

 private:
  void get(const Visitor& who, const std::shared_ptr<Reply>& reply);
  void looked(Result<v1::ScreenOperator> seen);

  const std::function<int64_t()> boot_us_;
  Look look_;
  std::vector<std::shared_ptr<Reply>> waiting_;  // for the look that is under way
  std::optional<Response> kept_;
  int64_t kept_at_us_ = 0;
};

}  // namespace switchboard::gateway
