#include "services/gateway/sign_in.h"

#include "broker/runtime/log.h"
#include "services/gateway/own_page.h"
#include "services/gateway/password_rules.h"
#include "services/gateway/screen_json.h"

namespace switchboard::gateway {
namespace {

constexpr unsigned kRetryAfterS = 2;  // a full queue of 16 is worked off in about that time

Response refused(const Error& why, const char* field = "") { return problem(why, field); }

Response no_password_here() {
  return refused(
      error(v1::CODE_NOT_ALLOWED,
            "here your organisation's own sign-in says who you are: there is no password "
            "of Switchboard"));
}

}  // namespace

SignIn::SignIn(const Parts& parts, Lockout lockout)
    : parts_(parts), lockout_(std::move(lockout)), worker_(parts.post, parts.cost) {}

Result<std::unique_ptr<SignIn>> SignIn::open(const Parts& parts) {
  TRY(Lockout lockout, Lockout::load(parts.kv));
  return std::unique_ptr<SignIn>(new SignIn(parts, std::move(lockout)));
}

std::vector<SignIn::Path> SignIn::paths() {
  const auto to = [this](void (SignIn::*member)(const Request&, Answering)) -> Responder {
    return [this, member](const Request& request, Answering reply) {
      (this->*member)(request, std::move(reply));
    };
  };
  return {{Method::kPost, "/api/session", to(&SignIn::sign_in)},
          {Method::kGet, "/api/session", to(&SignIn::show)},
          {Method::kDelete, "/api/session", to(&SignIn::sign_out)},
          {Method::kPost, "/api/session/lock", to(&SignIn::lock)},
          {Method::kPost, "/api/session/unlock", to(&SignIn::unlock)},
          {Method::kPut, "/api/password", to(&SignIn::change_password)}};
}

// ---- without a password -------------------------------------------------------------------------

void SignIn::show(const Request& request, Answering reply) {
  const auto found = parts_.presence.find(request);
  if (const auto* present = std::get_if<Present>(&found)) {
    const auto noted = parts_.presence.note_activity(request, present->token);
    if (!noted.ok()) return reply->answer(parts_.presence.failed(noted.error()));
    return reply->answer(parts_.presence.answer(request.door, present->token, false));
  }
  if (const auto& refusal = std::get<Response>(found); refusal.status != 401) {
    return reply->answer(refusal);
  }
  reply->answer(federated(request));
}

Response SignIn::federated(const Request& request) {
  const std::string named = parts_.presence.named_by_proxy(request);
  const bool stale_cookie = !parts_.presence.token_of(request).empty();
  if (named.empty() || asked_by_other_site(request)) {
    return parts_.presence.nobody(request.door, stale_cookie);
  }
  if (!parts_.presence.ready()) {
    return problem(error(v1::CODE_RECOVERING, "the hub has not told yet who works here: wait"), {},
                   5);
  }
  if (!parts_.people.find(named)) {
    log::warn("sign-in refused", {{"why", "the proxy names nobody of these teams"}});
    return parts_.presence.nobody(request.door, stale_cookie);
  }
  v1::GatewaySession session;
  session.set_person(named);
  session.set_assurance(v1::ASSURANCE_FEDERATED);
  session.set_proxy(true);
  session.set_network(network_of(address_of(request)));
  return begin_session(request.door, std::move(session), {});
}

void SignIn::sign_out(const Request& request, Answering reply) {
  const auto found = parts_.presence.find_own(request);
  if (const auto* refusal = std::get_if<Response>(&found)) {
    // Whoever is not signed in is signed out already.
    const bool nobody = refusal->status == 401;
    return reply->answer(nobody ? parts_.presence.nobody(request.door, true) : *refusal);
  }
  const auto& present = std::get<Present>(found);
  if (const auto ended = parts_.sessions.end(present.token); !ended.ok()) {
    return reply->answer(parts_.presence.failed(ended.error()));
  }
  log::info("signed out", {{"person", present.person.id}});
  reply->answer(parts_.presence.nobody(request.door, true));
}

void SignIn::lock(const Request& request, Answering reply) {
  auto found = parts_.presence.find_own(request);
  if (auto* refusal = std::get_if<Response>(&found)) return reply->answer(std::move(*refusal));
  const auto& present = std::get<Present>(found);
  if (const auto locked = parts_.sessions.lock(present.token); !locked.ok()) {
    return reply->answer(parts_.presence.failed(locked.error()));
  }
  reply->answer(parts_.presence.answer(request.door, present.token, false));
}

// ---- with one -----------------------------------------------------------------------------------

std::optional<Response> SignIn::busy(const std::string& network) const {
  if (const Duration wait = lockout_.wait(network, parts_.now()); wait.us > 0) {
    const auto left = static_cast<unsigned>(wait.us / 1'000'000 + 1);
    Response response = problem(
        error(v1::CODE_BUSY, "too many wrong passwords from this place: wait " +
                                 std::to_string((left + 59) / 60) + " minutes and try again"),
        {}, left);
    response.status = 429;
    return response;
  }
  if (worker_.full()) {
    return problem(error(v1::CODE_BUSY, "many people sign in at this moment: try again"), {},
                   kRetryAfterS);
  }
  return std::nullopt;
}

Result<SignIn::Try> SignIn::begin_try(const Request& request, const std::string& person) {
  const Time now = parts_.now();
  const auto known = parts_.people.find(person);
  const v1::GatewayPerson* password = known ? parts_.credentials.find(person) : nullptr;
  Try attempt{.door = request.door,
              .token = parts_.presence.token_of(request),
              .network = network_of(address_of(request))};
  kv::Batch rows;
  if (known) attempt.person = person;
  if (password == nullptr) {
    attempt.why = known ? "has no password" : "no such person";
  } else {
    attempt.set_us = password->set_us();
    lockout_.password_set({person, Time{attempt.set_us}}, rows);
    if (lockout_.locked(person, now)) {
      attempt.why = "locked";
    } else {
      attempt.hash = password->hash();
    }
  }
  const std::string counted = password != nullptr ? person : std::string();
  attempt.locks = lockout_.attempt({counted, Time{attempt.set_us}}, attempt.network, now, rows);
  TRY_DO(parts_.kv.write_synced(rows));
  return attempt;
}

void SignIn::check(Try attempt, std::string password, std::string new_password, Answering reply,
                   void (SignIn::*then)(const Try&, const PasswordWorker::Answer&, Reply&)) {
  PasswordWorker::Job job{.hash = attempt.hash,
                          .password = std::move(password),
                          .new_password = std::move(new_password)};
  job.done = [this, attempt = std::move(attempt), reply, then](PasswordWorker::Answer answer) {
    (this->*then)(attempt, answer, *reply);
  };
  // There is room, or it is stopping: then the reply goes unanswered, as the server does.
  worker_.submit(std::move(job));
}

Response SignIn::wrong(unsigned status, const std::string& field) const {
  const v1::Contact& help = parts_.presence.options().help;
  std::string whom = help.name().empty() ? "whoever runs Switchboard here" : help.name();
  if (!help.phone().empty()) whom += " (" + help.phone() + ")";
  Response response = problem(
      error(
          v1::CODE_NOT_ALLOWED,
          "The name or the password is not right. After 5 wrong tries signing in is closed for 15 "
          "minutes, then longer: wait 15 minutes, or ask " +
              whom + " for a new password."),
      field);
  response.status = status;
  return response;
}

void SignIn::log_failure(const Try& attempt) const {
  if (attempt.person.empty()) {
    log::warn("sign-in failed", {{"why", attempt.why}});
    return;
  }
  log::warn("sign-in failed", {{"person", attempt.person}, {"why", attempt.why}});
  if (attempt.locks) log::warn("person locked", {{"person", attempt.person}});
}

bool SignIn::unchanged(const Try& attempt) const {
  const v1::GatewayPerson* password = parts_.credentials.find(attempt.person);
  return parts_.people.find(attempt.person) && password != nullptr &&
         password->set_us() == attempt.set_us;
}

Status SignIn::forgive(const Try& attempt) {
  kv::Batch rows;
  lockout_.succeeded(attempt.person, attempt.network, rows);
  return rows.empty() ? ok() : parts_.kv.write_synced(rows);
}

void SignIn::rehash(const Try& attempt, const PasswordWorker::Answer& answer) {
  if (answer.fresh_hash.empty()) return;
  const auto kept = parts_.credentials.rehash(attempt.person, attempt.hash, answer.fresh_hash);
  // The old one still does: the next sign-in tries again.
  if (!kept.ok()) log::warn("password not hashed anew", {{"why", kept.error().text}});
}

Response SignIn::begin_session(Door door, v1::GatewaySession session,
                               const std::string& old_token) {
  const std::string person = session.person();
  const Time now = parts_.now();
  if (const auto* old = parts_.sessions.find(old_token, now)) {
    log::info("signed out", {{"person", old->person()}, {"why", "somebody signed in here"}});
    if (const auto ended = parts_.sessions.end(old_token); !ended.ok()) {
      return parts_.presence.failed(ended.error());
    }
  }
  const char* by = session.proxy() ? "proxy" : "password";
  auto token = parts_.sessions.begin(std::move(session), now);
  if (!token.ok()) return parts_.presence.failed(token.error());
  log::info("signed in", {{"person", person}, {"by", by}});
  return parts_.presence.answer(door, *token, true);
}

void SignIn::sign_in(const Request& request, Answering reply) {
  if (const auto own = check_known_origin(request, parts_.presence.scheme(request)); !own.ok()) {
    return reply->answer(refused(own.error()));
  }
  if (request.door == Door::kProxy) return reply->answer(no_password_here());
  v1::SignIn typed;
  if (const auto read = read_body(request, typed); !read.ok()) {
    return reply->answer(refused(read.error()));
  }
  if (!parts_.presence.ready()) {
    return reply->answer(problem(
        error(v1::CODE_RECOVERING, "the hub has not told yet who works here: wait"), {}, 5));
  }
  if (auto refusal = busy(network_of(address_of(request)))) return reply->answer(*refusal);
  parts_.presence.refresh_credentials();
  auto attempt = begin_try(request, typed.person());
  if (!attempt.ok()) return reply->answer(parts_.presence.failed(attempt.error()));
  check(std::move(attempt).value(), std::move(*typed.mutable_password()), {}, std::move(reply),
        &SignIn::finish_sign_in);
}

void SignIn::finish_sign_in(const Try& attempt, const PasswordWorker::Answer& answer,
                            Reply& reply) {
  if (!answer.right || !unchanged(attempt)) {
    log_failure(attempt);
    return reply.answer(wrong(401, {}));
  }
  if (const auto forgiven = forgive(attempt); !forgiven.ok()) {
    return reply.answer(parts_.presence.failed(forgiven.error()));
  }
  rehash(attempt, answer);
  v1::GatewaySession session;
  session.set_person(attempt.person);
  session.set_assurance(v1::ASSURANCE_LOCAL_SIGN_IN);
  session.set_network(attempt.network);
  session.set_password_set_us(attempt.set_us);
  reply.answer(begin_session(attempt.door, std::move(session), attempt.token));
}

void SignIn::unlock(const Request& request, Answering reply) {
  auto found = parts_.presence.find_own(request);
  if (auto* refusal = std::get_if<Response>(&found)) return reply->answer(std::move(*refusal));
  const auto& present = std::get<Present>(found);
  if (present.session.proxy()) {
    return finish_unlock(
        {.door = request.door, .token = present.token, .person = present.person.id},
        {.right = true}, *reply);
  }
  v1::SignIn typed;
  if (const auto read = read_body(request, typed); !read.ok()) {
    return reply->answer(refused(read.error()));
  }
  if (!typed.person().empty() && typed.person() != present.person.id) {
    return reply->answer(refused(
        error(v1::CODE_CONFLICT, "somebody else is signed in here: sign in instead"), "person"));
  }
  if (auto refusal = busy(network_of(address_of(request)))) return reply->answer(*refusal);
  auto attempt = begin_try(request, present.person.id);
  if (!attempt.ok()) return reply->answer(parts_.presence.failed(attempt.error()));
  check(std::move(attempt).value(), std::move(*typed.mutable_password()), {}, std::move(reply),
        &SignIn::finish_unlock);
}

void SignIn::finish_unlock(const Try& attempt, const PasswordWorker::Answer& answer, Reply& reply) {
  if (!answer.right) {
    log_failure(attempt);
    return reply.answer(wrong(403, "password"));
  }
  const auto* session = parts_.sessions.find(attempt.token, parts_.now());
  const bool here = session != nullptr && session->person() == attempt.person;
  if (!here || (!session->proxy() && !unchanged(attempt))) {
    return reply.answer(wrong(401, {}));  // ended while the password was looked at
  }
  auto forgiven = forgive(attempt);
  if (!forgiven.ok()) return reply.answer(parts_.presence.failed(forgiven.error()));
  rehash(attempt, answer);
  const auto token = parts_.sessions.unlock(attempt.token, parts_.now());
  if (!token.ok()) return reply.answer(parts_.presence.failed(token.error()));
  log::info("unlocked", {{"person", attempt.person}});
  reply.answer(parts_.presence.answer(attempt.door, *token, true));
}

void SignIn::change_password(const Request& request, Answering reply) {
  auto found = parts_.presence.find_own(request);
  if (auto* refusal = std::get_if<Response>(&found)) return reply->answer(std::move(*refusal));
  const auto& present = std::get<Present>(found);
  if (present.session.proxy()) return reply->answer(no_password_here());
  if (present.session.locked()) {
    Response locked =
        refused(error(v1::CODE_NOT_ALLOWED, "this screen is locked: unlock it first"));
    locked.status = 423;
    return reply->answer(std::move(locked));
  }
  v1::ChangePassword typed;
  if (const auto read = read_body(request, typed); !read.ok()) {
    return reply->answer(refused(read.error()));
  }
  auto good = check_new_password(typed.new_password(), present.person.id, present.person.name);
  if (good.ok() && typed.new_password() == typed.old_password()) {
    good = error(v1::CODE_INVALID, "this is the password you have: choose another one");
  }
  if (!good.ok()) return reply->answer(refused(good.error(), "newPassword"));
  if (auto refusal = busy(network_of(address_of(request)))) return reply->answer(*refusal);
  auto attempt = begin_try(request, present.person.id);
  if (!attempt.ok()) return reply->answer(parts_.presence.failed(attempt.error()));
  check(std::move(attempt).value(), std::move(*typed.mutable_old_password()),
        std::move(*typed.mutable_new_password()), std::move(reply), &SignIn::finish_change);
}

void SignIn::finish_change(const Try& attempt, const PasswordWorker::Answer& answer, Reply& reply) {
  if (!answer.right) {
    log_failure(attempt);
    return reply.answer(wrong(403, "oldPassword"));
  }
  const auto* session = parts_.sessions.find(attempt.token, parts_.now());
  if (session == nullptr || session->person() != attempt.person || session->locked() ||
      !unchanged(attempt)) {
    return reply.answer(wrong(401, {}));
  }
  if (answer.fresh_hash.empty()) {
    return reply.answer(problem(error(v1::CODE_BUSY, "no memory for it now: try again"), {}, 5));
  }
  v1::GatewayPerson person;
  person.set_id(attempt.person);
  person.set_hash(answer.fresh_hash);
  // Another time than before, also within one tick of the clock: it is what ends sessions.
  person.set_set_us(std::max(parts_.now().us, attempt.set_us + 1));
  v1::GatewaySession fresh = *session;
  fresh.set_password_set_us(person.set_us());
  if (const auto kept = parts_.credentials.set(person); !kept.ok()) {
    return reply.answer(refused(kept.error()));
  }
  log::info("password changed", {{"person", attempt.person}});
  auto done = forgive(attempt);
  if (done.ok()) done = parts_.sessions.end_all(attempt.person);
  if (!done.ok()) return reply.answer(parts_.presence.failed(done.error()));
  reply.answer(begin_session(attempt.door, std::move(fresh), {}));
}

}  // namespace switchboard::gateway
