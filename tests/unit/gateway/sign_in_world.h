// A gateway's signing in without sockets: a moved clock, a few people, requests as browsers and a
// proxy send them, and the passwords' thread made to wait for.
#pragma once

#include <gmock/gmock.h>

#include <filesystem>

#include "broker/kv/faulty_kv.h"
#include "broker/kv/mem_kv.h"
#include "services/gateway/screen_json.h"
#include "services/gateway/sign_in.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/gateway/posted.h"

namespace switchboard::gateway {

inline constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

class SignInWorld : public testing::Test {
 protected:
  static constexpr const char* kAnnas = "kettle moss";
  static constexpr const char* kBelas = "river tree";

  explicit SignInWorld(bool tls = true) {
    std::filesystem::permissions(dir_.path(), std::filesystem::perms(0700));
    put_team("ward", {"anna", "bela"});
    put_team("clinic", {"anna"});
    options_.teams = {"ward", "clinic"};
    options_.tls = tls;
    options_.place = "Northgate";
    options_.help.set_name("the service desk");
    options_.help.set_phone("0113 496 0000");
    options_.version = "1.2.3";
    start();
    give_password("anna", kAnnas);
    give_password("bela", kBelas);
  }

  // ---- the gateway
  // Anew, on a disk that fails as planned.
  void start(const kv::FaultyKv::Plan& plan = {}) {
    sign_in_.reset();
    presence_.reset();
    credentials_.emplace(Credentials::open(dir_.path()).value());
    disk_.emplace(kv_, plan);
    sessions_.emplace(Sessions::open(*disk_, limits_, now_).value());
    const auto now = [this] { return now_; };
    presence_ = std::make_unique<Presence>(
        options_, Presence::Parts{.people = people_,
                                  .credentials = *credentials_,
                                  .sessions = *sessions_,
                                  .now = now,
                                  .broken = [this](const Error& why) { broken_ = why.text; }});
    sign_in_ = SignIn::open({.presence = *presence_,
                             .people = people_,
                             .credentials = *credentials_,
                             .sessions = *sessions_,
                             .kv = *disk_,
                             .now = now,
                             .post = [this](auto work) { posted_.put(std::move(work)); },
                             .cost = kCheap})
                   .value();
  }
  void put_team(const std::string& id, std::initializer_list<const char*> ids) {
    v1::TeamView view;
    view.set_team(id);
    view.set_name("Team " + id);
    view.set_agency("RXX");
    view.set_environment(v1::ENVIRONMENT_LIVE);
    for (const char* one : ids) {
      v1::TeamPerson& person = *view.add_people();
      person.set_id(one);
      person.set_name(std::string(one) + " smith");
      person.set_role("midwife");
    }
    people_.put(view);
  }
  // As `switchboard-gateway people` does, beside the running gateway.
  void give_password(const std::string& person, const std::string& password, bool change = false,
                     const PasswordCost& cost = kCheap) {
    v1::GatewayPerson row;
    row.set_id(person);
    row.set_hash(hash_password(password, cost).value());
    row.set_must_change(change);
    row.set_set_us(now_.us + ++set_);
    ASSERT_TRUE(Credentials::open(dir_.path())->set(row).ok());
  }
  void wait(Duration d) { now_ = now_ + d; }

  // ---- a browser
  Request request(Method method, const std::string& path, const std::string& body = {}) const {
    Request out{.method = method, .path = path, .address = "192.0.2.7"};
    out.headers["host"] = "hub.example:8443";
    out.body = body;
    if (method != Method::kGet) {
      out.headers["origin"] = options_.tls ? "https://hub.example:8443" : "http://hub.example:8443";
      out.headers["sec-fetch-site"] = "same-origin";
      out.headers["content-type"] = "application/json";
    }
    return out;
  }
  // What a page of this session sends.
  Request of(const std::string& token, Method method, const std::string& path,
             const std::string& body = {}) const {
    Request out = request(method, path, body);
    out.headers["cookie"] = cookie_name() + "=" + token;
    out.headers["x-switchboard-csrf"] = Sessions::csrf(token);
    return out;
  }
  std::string cookie_name() const { return options_.tls ? "__Host-switchboard" : "switchboard"; }
  static std::string typed(const std::string& person, const std::string& password) {
    v1::SignIn body;
    body.set_person(person);
    body.set_password(password);
    return to_json(body);
  }
  static std::string changed(const std::string& from, const std::string& to) {
    v1::ChangePassword body;
    body.set_old_password(from);
    body.set_new_password(to);
    return to_json(body);
  }
  static void by_proxy(Request& request, const std::string& person) {
    request.door = Door::kProxy;
    if (!person.empty()) request.headers["x-switchboard-person"] = person;
    if (const auto at = request.headers.find("cookie"); at != request.headers.end()) {
      at->second.erase(0, at->second.find('='));
      at->second.insert(0, "switchboard");
    }
  }

  void ask(const Request& request, Told& told) {
    for (const auto& path : sign_in_->paths()) {
      if (path.method != request.method || path.pattern != request.path) continue;
      return path.answer(request, std::make_shared<TestReply>(told));
    }
    FAIL() << "no such path";
  }
  // Waits for the passwords' thread where there is something to wait for.
  Response ask(const Request& request) {
    Told told;
    ask(request, told);
    if (!told.response) posted_.run_one();
    EXPECT_TRUE(told.response);
    return told.response.value_or(Response{.status = 0});
  }
  Response try_sign_in(const std::string& person, const std::string& password,
                       const std::string& token = {}) {
    Request in = request(Method::kPost, "/api/session", typed(person, password));
    if (!token.empty()) in.headers["cookie"] = cookie_name() + "=" + token;
    return ask(in);
  }
  std::string sign_in(const std::string& person, const std::string& password) {
    return token_in(try_sign_in(person, password));
  }
  std::string anna() { return sign_in("anna", kAnnas); }
  std::string bela() { return sign_in("bela", kBelas); }

  // ---- what it answered
  static std::string set_cookie(const Response& response) {
    for (const auto& [name, value] : response.headers) {
      if (name == "Set-Cookie") return value;
    }
    return {};
  }
  static std::string token_in(const Response& response) {
    const std::string text = set_cookie(response);
    const size_t from = text.find('=') + 1;
    return text.substr(from, text.find(';') - from);
  }
  static v1::ScreenSession session_in(const Response& response) {
    v1::ScreenSession out;
    EXPECT_EQ(response.status, 200u) << response.body;
    EXPECT_TRUE(from_json(response.body, out, response.body.size()).ok()) << response.body;
    return out;
  }
  static v1::Problem problem_in(const Response& response) {
    v1::Problem out;
    EXPECT_TRUE(from_json(response.body, out, response.body.size()).ok()) << response.body;
    return out;
  }
  v1::ScreenSession look(const std::string& token) {
    return session_in(ask(of(token, Method::kGet, "/api/session")));
  }
  std::string who(const std::string& token) { return look(token).person(); }
  // The status behind the gate: 200, or why not.
  unsigned admits(Request request, const std::string& team = "ward") {
    request.places["team"] = team;
    Told told;
    presence_->of_team(
        [this](const Visitor& visitor, const Request&, std::shared_ptr<Reply> reply) {
          visitor_ = visitor;
          reply->answer({});
        })(request, std::make_shared<TestReply>(told));
    return told.response->status;
  }
  unsigned admits(const std::string& token, const std::string& team = "ward") {
    return admits(of(token, Method::kGet, "/api/teams/ward"), team);
  }

  TempDir dir_;
  kv::MemKv kv_;
  std::optional<kv::FaultyKv> disk_;
  People people_;
  Presence::Options options_;
  Sessions::Limits limits_;
  Time now_{1'000'000'000'000};
  Posted posted_;
  std::optional<Credentials> credentials_;
  std::optional<Sessions> sessions_;
  std::unique_ptr<Presence> presence_;
  std::unique_ptr<SignIn> sign_in_;
  Visitor visitor_;
  std::string broken_;
  int64_t set_ = 0;
};

}  // namespace switchboard::gateway
