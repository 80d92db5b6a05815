#include "tests/fault/world.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/fault/workload.h"
#include "tests/support/raw_sender.h"

namespace switchboard::test {
namespace {

const std::string kBin = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/";
const std::string kMapping =
    std::string(SWITCHBOARD_SOURCE_DIR) + "/deploy/config/mapping-example.toml";

void replace(std::string& text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
}

// An address of this world's own, so that a port it leaves for a moment is nobody else's.
std::string own_loopback() {
  const auto pid = static_cast<unsigned>(::getpid());
  return "127." + std::to_string(64 + (pid >> 16) % 64) + "." + std::to_string((pid >> 8) & 255) +
         "." + std::to_string(pid & 255);
}

std::string tail(const std::string& file, size_t bytes) {
  const std::string text = read_file(file);
  return text.size() <= bytes ? text : text.substr(text.size() - bytes);
}

}  // namespace

FaultWorld::FaultWorld(Options options)
    : world(options.hub_settings), options_(std::move(options)) {
  enrol();
  if (options_.proxied) proxy_ = std::make_unique<TcpProxy>(world.hub.client_endpoint());
  if (options_.alone) return;
  add_publisher("X99");
  add_publisher("X31");
  add_feed();
  add_endpoint("x99-screen", "X99-HV", "rosa");
  add_endpoint("hv-second", "X99-HV", "omar");
  add_endpoint("x26-screen", "X26-MID", "mina");
}

void FaultWorld::enrol() {
  v1::Directory more;
  auto& agency = *more.add_agencies();
  agency.set_id("X31");
  agency.set_name("Agency X31");
  agency.set_safety_net_team("X31-NET");
  *more.add_teams() = team_row("X31-NET", "X31", "safeguarding");
  *more.add_routes() = area_route("mid-area", "X26-MID", kArea);
  *more.add_principals() = world.principal("hv-second", "X99", {v1::ROLE_ENDPOINT}, {"X99-HV"});
  *more.add_principals() = world.principal("x31-pas", "X31", {v1::ROLE_PUBLISHER});
  auto& disclosure = *more.mutable_disclosure();
  disclosure.set_id("default");
  *disclosure.add_rows() = disclosure_row("admission", v1::DISCLOSURE_FULL);
  *disclosure.add_rows() = disclosure_row("correction", v1::DISCLOSURE_FULL);
  const auto applied = world.apply(more);
  if (!applied.ok()) trouble("directory: " + applied.error().text);
}

std::string FaultWorld::address() const {
  return proxy_ ? proxy_->endpoint() : world.hub.client_endpoint();
}

std::string FaultWorld::key_file(const std::string& principal) {
  const std::string file = dir(principal + ".key");
  if (!std::filesystem::exists(file)) {
    CHECK(wire::save_secret_key(file, world.keys(principal).secret_key).ok());
  }
  return file;
}

Member& FaultWorld::add(Member::Options options) {
  options.dir = dir(options.name);
  options.log = dir("members.log");
  std::filesystem::create_directories(options.dir);
  members_.push_back(std::make_unique<Member>(std::move(options)));
  return *members_.back();
}

Member& FaultWorld::add_publisher(const std::string& agency, const std::string& role,
                                  const std::string& last) {
  const std::string principal = agency == "X99" ? "x99-pas" : "x31-pas";
  const std::string name = "pub-" + agency;
  return add({.name = name,
              .role = Role::kPublisher,
              .dir = {},
              .log = {},
              .arguments = {kBin + "kill_loop_client", role, address(), world.hub.public_key(),
                            key_file(principal), dir(name), agency,
                            last.empty() ? std::to_string(options_.pace_ms) : last},
              .agency = agency,
              .team = {},
              .person = {}});
}

Member& FaultWorld::add_endpoint(const std::string& principal, const std::string& team,
                                 const std::string& person) {
  return add({.name = person,
              .role = Role::kEndpoint,
              .dir = {},
              .log = {},
              .arguments = {kBin + "kill_loop_client", "read", address(), world.hub.public_key(),
                            key_file(principal), dir(person), team, person},
              .agency = {},
              .team = team,
              .person = person});
}

void FaultWorld::add_feed() {
  std::string mapping = read_file(kMapping);
  replace(mapping, "\"xa1-safety-net\"", "\"X26-NET\"");
  replace(mapping, "\"E06009902\"", "\"" + std::string(kArea) + "\"");
  const std::string at = dir("adapter");
  std::filesystem::create_directories(at);
  std::ofstream(at + "/mapping.toml") << mapping;
  std::ofstream(at + "/mllp.toml")
      << "metrics_listen = \"127.0.0.1:0\"\n[hub]\nconnect = \"" << address()
      << "\"\nhub_public_key = '" << world.hub.public_key() << "'\nsecret_key_file = \""
      << key_file("x26-pas") << "\"\n[outbox]\ndir = \"outbox\"\n"
      << "[[listener]]\nname = \"pas\"\nbind = \"" << own_loopback() << ":0\"\n"
      << "mapping_file = \"mapping.toml\"\nsystem = \"PAS\"\nagency = \"X26\"\n"
      << "environment = \"test\"\nack_wait_ms = 50\n";
  add({.name = "adapter",
       .role = Role::kAdapter,
       .dir = {},
       .log = {},
       .arguments = {kBin + "switchboard-mllp", "--config", at + "/mllp.toml"},
       .agency = {},
       .team = {},
       .person = {}});
  add({.name = "feed",
       .role = Role::kFeed,
       .dir = {},
       .log = {},
       .arguments = {kBin + "kill_loop_client", "feed", at + "/outbox/endpoints.json", dir("feed"),
                     std::to_string(options_.pace_ms)},
       .agency = kFeedAgency,
       .team = {},
       .person = {}});
}

Member& FaultWorld::member(const std::string& name) {
  const auto it = std::find_if(members_.begin(), members_.end(),
                               [&](const auto& m) { return m->name() == name; });
  CHECK(it != members_.end());
  return **it;
}

void FaultWorld::start() {
  for (auto& m : members_) m->start();
}

uint64_t FaultWorld::progress() const {
  uint64_t all = 0;
  for (const auto& m : members_) {
    if (m->role() == Role::kEndpoint) all += m->through();
  }
  return all;
}

bool FaultWorld::moves_on(uint64_t by, std::chrono::seconds at_most) {
  const uint64_t far = progress() + by;
  if (eventually([&] { return progress() >= far; }, at_most)) return true;
  trouble("nothing moves\n" + logs());
  return false;
}

uint64_t FaultWorld::done(const Member& member) const {
  if (member.role() == Role::kEndpoint) return member.through();
  const std::string who = member.role() == Role::kAdapter ? "feed" : member.name();
  std::error_code absent;
  const auto size = std::filesystem::file_size(dir(who) + "/ledger", absent);
  return absent ? 0 : size;
}

bool FaultWorld::works(const Member& member, std::chrono::seconds at_most) {
  const uint64_t before = done(member);
  if (eventually([&] { return done(member) > before; }, at_most)) return true;
  trouble(member.name() + " does nothing\n" + logs());
  return false;
}

void FaultWorld::check_receipts(const Member& endpoint) {
  const auto counted = world.team_status(endpoint.options().team).received();
  const auto held = endpoint.read_log([](const v1::Entry&) {});
  if (counted > held) {
    trouble(endpoint.name() + " would find " + std::to_string(held) + ", the hub counts " +
            std::to_string(counted) + " as received");
  }
}

// What the feed was answered AA for on the adapter's own custody is at the hub as well.
bool FaultWorld::adapter_is_done() const {
  const auto it = std::find_if(members_.begin(), members_.end(),
                               [](const auto& m) { return m->role() == Role::kAdapter; });
  if (it == members_.end()) return true;
  const auto note =
      nlohmann::json::parse(read_file((*it)->file("outbox/endpoints.json")), nullptr, false);
  if (!note.is_object()) return false;
  RawSender http(note.value("health_port", uint16_t{0}));
  http.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return http.read_to_end().find("\nswitchboard_mllp_outbox_items 0\n") != std::string::npos;
}

bool FaultWorld::all_read() {
  // Not all the time: the hub looks through its inboxes for each answer.
  constexpr std::chrono::milliseconds kBetween{200};
  if (std::chrono::steady_clock::now() < asked_ + kBetween) return false;
  const v1::Status now = world.status();
  for (const auto& m : members_) {
    if (m->role() != Role::kEndpoint) continue;
    const uint64_t through = m->through();
    for (const auto& row : now.teams()) {
      if (row.team() == m->options().team && (row.head() != through || row.received() != through)) {
        return false;
      }
    }
  }
  return true;
}

// A slow machine may take its time as long as anything goes on.
bool FaultWorld::while_moving(const std::function<bool()>& met,
                              std::chrono::seconds at_most) const {
  uint64_t last = 0;
  auto since = std::chrono::steady_clock::now();
  bool yes = false;
  eventually(
      [&] {
        uint64_t all = 0;
        for (const auto& m : members_) all += done(*m);
        const auto now = std::chrono::steady_clock::now();
        if (all != last) since = now;
        last = all;
        yes = met();
        return yes || now - since > at_most;
      },
      std::chrono::hours(4));
  return yes;
}

bool FaultWorld::let_end(std::chrono::seconds at_most) {
  for (auto& m : members_) {
    if (m->publishes()) m->ask_to_finish();
  }
  const auto ended = [&] {
    return std::all_of(members_.begin(), members_.end(),
                       [](auto& m) { return !m->publishes() || !m->child().running(); });
  };
  if (!while_moving(ended, at_most)) {
    trouble("publishers did not get everything answered\n" + logs());
    return false;
  }
  if (!while_moving([&] { return adapter_is_done(); }, at_most)) {
    trouble("the adapter keeps events to itself\n" + logs());
    return false;
  }
  if (!while_moving([&] { return all_read(); }, at_most)) {
    trouble("endpoints do not read to the end\n" + world.status().ShortDebugString() + logs());
    return false;
  }
  return true;
}

FaultWorld::Verdict FaultWorld::finish(std::chrono::seconds at_most) {
  Verdict verdict;
  const bool ended = let_end(at_most);
  for (auto& m : members_) m->child().kill();
  if (world.hub.stop() != 0) trouble("the hub did not stop as asked");
  std::string said;
  if (world.hub.verify(&said) != 0) trouble("the hub's store does not verify: " + said);
  if (ended) judge_all(verdict);
  verdict.troubles = troubles_;
  return verdict;
}

void FaultWorld::judge_all(Verdict& verdict) {
  std::map<std::string, uint64_t> published;
  for (const auto& m : members_) {
    if (!m->publishes()) continue;
    published[m->options().agency] = m->count();
    verdict.events += m->count();
    verdict.promises += m->promises(troubles_);
  }
  for (const auto& m : members_) {
    if (m->role() != Role::kEndpoint) continue;
    Judge judge(published);
    std::vector<v1::Entry> changes;
    m->read_log([&](const v1::Entry& entry) {
      judge.add(entry);
      if (entry.notice().type() == v1::ENTRY_TYPE_CHANGE) changes.push_back(entry);
    });
    Findings found = judge.end();
    judge_acts(m->act_answers(), changes, found);
    if (!found.clean()) trouble(m->name() + ": " + found.text());
    verdict.found += found;
  }
}

std::string FaultWorld::Verdict::text() const {
  std::string out;
  for (const auto& one : troubles) out += one + "\n";
  return out;
}

std::string FaultWorld::logs() const {
  return tail(dir("members.log"), 4000) + tail(dir("hub.log"), 4000);
}

}  // namespace switchboard::test
