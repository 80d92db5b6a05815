// Who is behind a request, now: the session of its cookie, if the person may still be here.
//
// A session counts only at the door it began at, while the hub's directory has the person, while
// the password it began with is the person's, and on the proxy's door while the proxy names the
// same person. What no longer counts is ended when it is met. Activity, which keeps a screen from
// locking itself, is a request with the header "X-Switchboard-Active: 1", which the page sends
// after a key, a touch or a click (on GET /api/session, if there is nothing else to ask): streams
// and polls go on by themselves and prove nobody. Borrows people, credentials and sessions. Thread:
// the server's. Fails: as visitor.h says; 503 until the hub has told who there is; a Kv that fails
// is told to `broken`, and the answer is 500.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "services/gateway/credentials.h"
#include "services/gateway/sessions.h"
#include "services/gateway/visitor.h"

namespace switchboard::gateway {

struct Present {
  std::string token;
  Person person;
  v1::GatewaySession session;
  bool must_change = false;
};

class Presence final : public Gate {
 public:
  struct Options {
    std::vector<std::string> teams;
    bool tls = true;  // of the browsers' own door: decides the cookie's name
    std::string proxy_identity_header = "X-Switchboard-Person";
    Duration lock_after = seconds(900);
    Duration lock_warning = seconds(120);
    std::string place;
    v1::Contact help;
    std::string version;
    bool may_send = false;
    std::vector<std::string> operators;  // people who may see the operators' page
  };
  struct Parts {
    const People& people;
    Credentials& credentials;
    Sessions& sessions;
    std::function<Time()> now;
    std::function<void(const Error&)> broken;  // nothing can be promised any more: end the program
  };
  Presence(const Options& options, const Parts& parts);

  Responder signed_in(SignedInResponder then) override;
  Responder of_team(SignedInResponder then) override;
  Responder operating(SignedInResponder then) override;
  bool still(const Request& request, std::string_view team) override;

  // Whoever is signed in here, locked or not; a refusal: nobody (401), or not known yet (503).
  std::variant<Present, Response> find(const Request& request);
  // … whose request is also our own page's, where it writes.
  std::variant<Present, Response> find_own(const Request& request);
  // Whom the proxy names; empty: nobody, or another door, where the header means nothing.
  std::string named_by_proxy(const Request& request) const;
  bool ready() const { return parts_.people.complete(options_.teams); }
  // Keeps the session unlocked if the request says that a person did something.
  Status note_activity(const Request& request, const std::string& token);
  // Reads people.json if it has changed.
  void refresh_credentials();
  std::string scheme(const Request& request) const;
  std::string token_of(const Request& request) const;

  // GET /api/session's answer. `token`: of the session; with `fresh` it goes into the cookie.
  Response answer(Door door, const std::string& token, bool fresh);
  Response nobody(Door door, bool forget_cookie) const;
  Response failed(const Error& why);  // tells `broken`
  const Options& options() const { return options_; }

 private:
  std::string cookie_name(Door door) const;
  bool operates(const std::string& person) const;
  std::string cookie(Door door, const std::string& token) const;
  bool counts(const Request& request, const std::string& token, const v1::GatewaySession& session);
  void end(const std::string& token, const v1::GatewaySession& session, const char* why, bool all);
  std::variant<Present, Response> admit(const Request& request);
  v1::ScreenSession base() const;
  void fill(const std::string& token, const v1::GatewaySession& session, v1::ScreenSession& out);

  const Options options_;
  const Parts parts_;
  const std::string identity_header_;  // in lower case
  bool file_bad_ = false;
};

}  // namespace switchboard::gateway
