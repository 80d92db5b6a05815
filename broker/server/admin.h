// Operators' requests on their own socket: changes go through the core, questions to the reader.
//
// Roles (P9): operators look, replay, release and say that a team's numbers were tried;
// administrators also apply the directory. While the directory has no administrator, the key of
// first_admin_key_file is one. Every change needs a reason. Thread: the loop.
#pragma once

#include <functional>
#include <string>

#include "broker/core/core.h"
#include "broker/server/delivery.h"
#include "broker/server/membership.h"
#include "broker/server/outgoing.h"
#include "broker/server/reader.h"
#include "broker/wire/frame.h"

namespace switchboard::server {

class Admin {
 public:
  struct Parts {
    core::Core& core;
    Delivery& delivery;
    Outgoing& outgoing;
    Reader& reader;
    Membership& membership;
    std::function<std::unique_ptr<store::Reads>()> snapshot;
    std::function<void()> flush;
    std::function<v1::Status()> live_status;
    std::function<core::Presence()> presence;
    std::function<void()> accept_clock;
    std::string first_admin_key;  // Z85, or empty
    bool curve = true;
  };
  explicit Admin(Parts parts) : parts_(std::move(parts)) {}

  void take(const wire::Sender& from, std::string_view bytes, Time now, bool writable);

 private:
  const v1::PrincipalRow* who(const wire::Sender& from);
  std::string why_not(const wire::Sender& from) const;
  void apply(const wire::Sender& from, const v1::PrincipalRow& who,
             const v1::AdminRequest& request);
  void replay(const wire::Sender& from, const v1::PrincipalRow& who,
              const v1::AdminRequest& request);
  void release(const wire::Sender& from, const v1::AdminRequest& request);
  void accept_clock(const wire::Sender& from, const v1::PrincipalRow& who,
                    const v1::AdminRequest& request);
  void ask_reader(const wire::Sender& from, v1::AdminRequest&& request, Time now);
  void refuse(const wire::Sender& from, const v1::AdminRequest& request, v1::Code code,
              std::string text);
  Parts parts_;
  v1::PrincipalRow first_admin_;
  Time now_;
};

}  // namespace switchboard::server
