#include "services/gateway/presence.h"

#include <algorithm>
#include <cctype>

#include "broker/runtime/log.h"
#include "services/gateway/own_page.h"
#include "services/gateway/screen_json.h"

namespace switchboard::gateway {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Response refusal(unsigned status, const char* text) {
  Response response = problem(error(v1::CODE_NOT_ALLOWED, text));
  response.status = status;
  return response;
}
Response nobody_here() { return refusal(401, "nobody is signed in here: sign in"); }
Response not_known_yet() {
  return problem(
      error(v1::CODE_RECOVERING,
            "the hub has not told this screen yet who works here: try again in a moment, "
            "and ring if it stays so"),
      {}, 5);
}

}  // namespace

Presence::Presence(const Options& options, const Parts& parts)
    : options_(options), parts_(parts), identity_header_(lower(options.proxy_identity_header)) {}

// "__Host-": only an https page of exactly this host can have set it. A browser takes that name
// over TLS only, so plain loopback and the proxy's socket, whose TLS we do not see, have another
// one.
std::string Presence::cookie_name(Door door) const {
  return options_.tls && door == Door::kBrowser ? "__Host-switchboard" : "switchboard";
}
std::string Presence::cookie(Door door, const std::string& token) const {
  std::string text = cookie_name(door) + "=" + token + "; Path=/; HttpOnly; SameSite=Strict";
  if (options_.tls && door == Door::kBrowser) text += "; Secure";
  if (token.empty()) text += "; Max-Age=0";
  return text;
}
std::string Presence::token_of(const Request& request) const {
  return std::string(request.cookie(cookie_name(request.door)));
}
std::string Presence::scheme(const Request& request) const {
  if (request.door == Door::kProxy) return std::string(request.header("x-forwarded-proto"));
  return options_.tls ? "https" : "http";
}
std::string Presence::named_by_proxy(const Request& request) const {
  if (request.door != Door::kProxy) return {};
  return std::string(request.header(identity_header_));
}

void Presence::refresh_credentials() {
  const auto read = parts_.credentials.refresh();
  // Once, not with each request; what was read before stands.
  if (!read.ok() && !file_bad_) log::error("people.json not taken", {{"why", read.error().text}});
  file_bad_ = !read.ok();
}

void Presence::end(const std::string& token, const v1::GatewaySession& session, const char* why,
                   bool all) {
  const std::string person = session.person();  // the session goes
  log::info("session ended", {{"person", person}, {"why", why}});
  const auto ended = all ? parts_.sessions.end_all(person) : parts_.sessions.end(token);
  if (!ended.ok()) failed(ended.error());
}

bool Presence::counts(const Request& request, const std::string& token,
                      const v1::GatewaySession& session) {
  if (request.door != Door::kProxy && session.proxy()) return false;
  if (request.door == Door::kProxy) {
    const std::string named = named_by_proxy(request);
    if (named.empty()) return false;
    if (!session.proxy() || named != session.person()) {
      end(token, session, "the proxy names somebody else", false);
      return false;
    }
  }
  if (!parts_.people.find(session.person())) {
    end(token, session, "no longer in the directory", true);
    return false;
  }
  if (session.proxy()) return true;
  const v1::GatewayPerson* password = parts_.credentials.find(session.person());
  if (password == nullptr) {
    end(token, session, "the password was removed", true);
  } else if (password->set_us() != session.password_set_us()) {
    end(token, session, "the password was changed", false);
  } else {
    return true;
  }
  return false;
}

std::variant<Present, Response> Presence::find(const Request& request) {
  std::string token = token_of(request);
  const auto* session = parts_.sessions.find(token, parts_.now());
  if (session == nullptr) return nobody_here();
  if (!ready()) return not_known_yet();
  refresh_credentials();
  if (!counts(request, token, *session)) return nobody_here();
  Present present{.token = std::move(token),
                  .person = *parts_.people.find(session->person()),
                  .session = *session};
  if (!session->proxy()) {
    present.must_change = parts_.credentials.find(session->person())->must_change();
  }
  return present;
}

std::variant<Present, Response> Presence::find_own(const Request& request) {
  auto found = find(request);
  const auto* present = std::get_if<Present>(&found);
  if (present == nullptr || request.method == Method::kGet) return found;
  const auto own = check_csrf(request, scheme(request), Sessions::csrf(present->token));
  if (!own.ok()) return problem(own.error());
  return found;
}

std::variant<Present, Response> Presence::admit(const Request& request) {
  auto found = find_own(request);
  const auto* present = std::get_if<Present>(&found);
  if (present == nullptr) return found;
  if (present->session.locked()) {
    return refusal(423, "this screen is locked: give your password again");
  }
  if (present->must_change) return refusal(403, "choose a password of your own first");
  if (const auto noted = note_activity(request, present->token); !noted.ok()) {
    return failed(noted.error());
  }
  return found;
}

Status Presence::note_activity(const Request& request, const std::string& token) {
  if (request.header("x-switchboard-active") != "1") return ok();
  return parts_.sessions.touch(token, parts_.now());
}

Responder Presence::signed_in(SignedInResponder then) {
  return [this, then = std::move(then)](const Request& request, std::shared_ptr<Reply> reply) {
    auto found = admit(request);
    if (auto* refused = std::get_if<Response>(&found)) return reply->answer(std::move(*refused));
    auto& present = std::get<Present>(found);
    then({.person = std::move(present.person), .assurance = present.session.assurance()}, request,
         std::move(reply));
  };
}

Responder Presence::of_team(SignedInResponder then) {
  return signed_in([then = std::move(then)](const Visitor& visitor, const Request& request,
                                            std::shared_ptr<Reply> reply) {
    const auto team = request.places.find("team");
    if (team == request.places.end() || !visitor.person.of(team->second)) {
      return reply->answer(refusal(403, "you are not in this team: choose one of your own"));
    }
    then(visitor, request, std::move(reply));
  });
}

bool Presence::operates(const std::string& person) const {
  const auto& all = options_.operators;
  return std::find(all.begin(), all.end(), person) != all.end();
}

Responder Presence::operating(SignedInResponder then) {
  return signed_in([this, then = std::move(then)](const Visitor& visitor, const Request& request,
                                                  std::shared_ptr<Reply> reply) {
    if (!operates(visitor.person.id)) {
      return reply->answer(
          refusal(403, "this page is for those who look after the hub: ask your administrator"));
    }
    then(visitor, request, std::move(reply));
  });
}

bool Presence::still(const Request& request, std::string_view team) {
  const auto found = find(request);
  const auto* present = std::get_if<Present>(&found);
  return present != nullptr && !present->session.locked() && !present->must_change &&
         present->person.of(team);
}

v1::ScreenSession Presence::base() const {
  v1::ScreenSession out;
  out.set_lock_after_s(static_cast<uint32_t>(options_.lock_after.us / 1'000'000));
  out.set_lock_warning_s(static_cast<uint32_t>(options_.lock_warning.us / 1'000'000));
  out.set_place(options_.place);
  *out.mutable_help() = options_.help;
  out.set_now_us(parts_.now().us);
  out.set_version(options_.version);
  for (const std::string& id : options_.teams) {
    const v1::TeamView* view = parts_.people.team(id);
    // One team of a test makes the whole page a page of tests, never the other way round.
    if (view != nullptr && out.environment() != v1::ENVIRONMENT_TEST) {
      out.set_environment(view->environment());
    }
  }
  return out;
}

void Presence::fill(const std::string& token, const v1::GatewaySession& session,
                    v1::ScreenSession& out) {
  const auto person = parts_.people.find(session.person());
  if (!person) return;
  out.set_person(person->id);
  out.set_name(person->name);
  out.set_role(person->role);
  out.set_assurance(session.assurance());
  out.set_csrf(Sessions::csrf(token));
  out.set_signed_in_us(session.signed_in_us());
  out.set_ends_us(parts_.sessions.ends(session).us);
  out.set_locked(session.locked());
  out.set_proxy(session.proxy());
  out.set_operates(operates(person->id));
  const auto* password = parts_.credentials.find(person->id);
  out.set_must_change_password(!session.proxy() && password != nullptr && password->must_change());
  for (const std::string& id : person->teams) {
    const v1::TeamView& view = *parts_.people.team(id);
    v1::ScreenTeam& team = *out.add_teams();
    team.set_id(view.team());
    team.set_name(view.name());
    team.set_agency(view.agency());
    team.set_kind(view.kind());
    team.set_may_send(options_.may_send);
    team.set_reviews_attendances(view.reviews_attendances());
  }
}

Response Presence::answer(Door door, const std::string& token, bool fresh) {
  v1::ScreenSession out = base();
  if (const auto* session = parts_.sessions.find(token, parts_.now())) fill(token, *session, out);
  Response response = json_response(out);
  if (fresh) response.headers.emplace_back("Set-Cookie", cookie(door, token));
  return response;
}

Response Presence::nobody(Door door, bool forget_cookie) const {
  v1::ScreenSession out = base();
  out.set_proxy(door == Door::kProxy);
  Response response = json_response(out);
  if (forget_cookie) response.headers.emplace_back("Set-Cookie", cookie(door, {}));
  return response;
}

Response Presence::failed(const Error& why) {
  log::error("sessions cannot be kept", {{"why", why.text}});
  parts_.broken(why);
  return problem(error(v1::CODE_INTERNAL, "this screen cannot keep who is signed in: ring"));
}

}  // namespace switchboard::gateway
