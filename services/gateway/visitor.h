// Who makes this request: the one question every responder behind the sign-in asks first.
//
// Thread: the server's. Fails: CODE_NOT_ALLOWED with what to do (401 nobody is signed in, 423 the
// screen is locked, 403 not of this team, or the request does not come from our own page).
#pragma once

#include <functional>

#include "services/gateway/http_message.h"
#include "services/gateway/people.h"

namespace switchboard::gateway {

struct Visitor {
  Person person;
  v1::Assurance assurance = v1::ASSURANCE_UNSPECIFIED;
  v1::Actor actor(std::string_view team) const;  // as acts and reads name them to the hub
};
using SignedInResponder =
    std::function<void(const Visitor&, const Request&, std::shared_ptr<Reply>)>;

// Lets `responder` be called by people who are signed in, unlocked, and whose request is our own
// page's (CSRF) only.
class Gate {
 public:
  virtual ~Gate() = default;
  virtual Responder signed_in(SignedInResponder responder) = 0;
  // … and who belong to the team in the place {team}.
  virtual Responder of_team(SignedInResponder responder) = 0;
  // … and who may see how the hub is: the operators' page.
  virtual Responder operating(SignedInResponder responder) = 0;
  // Whoever made this request is still signed in, unlocked and of that team: asked before each
  // push of a stream.
  virtual bool still(const Request& request, std::string_view team) = 0;
};

}  // namespace switchboard::gateway
