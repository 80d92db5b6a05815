// Signing in and out, locking and unlocking, and changing one's password: /api/session*,
// /api/password.
//
// Owns the lockout and the worker that checks passwords. Whoever is wrong learns nothing from the
// answer or its time: a person nobody has, one without a password, one who is locked and one with a
// wrong password are answered alike. Signing in where somebody is signed in ends that session and
// begins another (a shared PC). At the proxy's door there is no password: GET /api/session begins a
// session for whom the proxy names; unlocking there needs the same name again.
// Each failure, lock, sign-in and sign-out is logged with the person's id and the reason; an id
// that nobody has is not, as it may be a password. Thread: the server's; stop() the owner's, before
// the server's end. Fails: as presence.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/gateway/lockout.h"
#include "services/gateway/password_worker.h"
#include "services/gateway/presence.h"

namespace switchboard::gateway {

class SignIn {
 public:
  struct Parts {
    Presence& presence;
    const People& people;
    Credentials& credentials;
    Sessions& sessions;
    kv::Kv& kv;
    std::function<Time()> now;
    PasswordWorker::Post post;  // HttpServer::post
    PasswordCost cost;
  };
  struct Path {
    Method method;
    const char* pattern;
    Responder answer;
  };

  static Result<std::unique_ptr<SignIn>> open(const Parts& parts);
  SignIn(const SignIn&) = delete;
  SignIn& operator=(const SignIn&) = delete;

  // For Router::add.
  std::vector<Path> paths();
  // No more passwords are checked; `post` is not called afterwards.
  void stop() { worker_.stop(); }

 private:
  using Answering = std::shared_ptr<Reply>;
  // What is kept of a request while its password is checked.
  struct Try {
    Door door = Door::kBrowser;
    std::string token;  // of the cookie it came with
    std::string network;
    std::string person;  // empty: an id that nobody has
    std::string hash;    // of the password that was looked at; empty: none
    int64_t set_us = 0;
    const char* why = "wrong password";  // what is logged when it fails
    bool locks = false;
  };
  SignIn(const Parts& parts, Lockout lockout);

  void sign_in(const Request& request, Answering reply);
  void show(const Request& request, Answering reply);
  void sign_out(const Request& request, Answering reply);
  void lock(const Request& request, Answering reply);
  void unlock(const Request& request, Answering reply);
  void change_password(const Request& request, Answering reply);

  // The refusal of a network that waits, or of a full queue; nothing: go on.
  std::optional<Response> busy(const std::string& network) const;
  // Counts it as failed until it has succeeded.
  Result<Try> begin_try(const Request& request, const std::string& person);
  void check(Try attempt, std::string password, std::string new_password, Answering reply,
             void (SignIn::*then)(const Try&, const PasswordWorker::Answer&, Reply&));
  void finish_sign_in(const Try& attempt, const PasswordWorker::Answer& answer, Reply& reply);
  void finish_unlock(const Try& attempt, const PasswordWorker::Answer& answer, Reply& reply);
  void finish_change(const Try& attempt, const PasswordWorker::Answer& answer, Reply& reply);
  void log_failure(const Try& attempt) const;
  // The person may still sign in, and the password is still the one that was looked at.
  bool unchanged(const Try& attempt) const;
  Status forgive(const Try& attempt);
  void rehash(const Try& attempt, const PasswordWorker::Answer& answer);
  Response begin_session(Door door, v1::GatewaySession session, const std::string& old_token);
  Response federated(const Request& request);
  Response wrong(unsigned status, const std::string& field) const;

  const Parts parts_;
  Lockout lockout_;
  PasswordWorker worker_;
};

}  // namespace switchboard::gateway
