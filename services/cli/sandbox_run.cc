#include "services/cli/sandbox_run.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "broker/runtime/toml_message.h"
#include "services/cli/hub_link.h"
#include "services/cli/sandbox_directory.h"
#include "services/cli/sandbox_files.h"
#include "services/cli/sandbox_mapping.h"
#include "services/cli/sandbox_screens.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

namespace fs = std::filesystem;

constexpr Duration kLook = milliseconds(50);
constexpr Duration kComesUpWithin = seconds(60);
constexpr Duration kStopsWithin = seconds(20);
constexpr Duration kYoung = seconds(5);  // who dies younger is started again later and later
constexpr Duration kPatienceMost = seconds(10);

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string sample_of(const std::string& agency) {
  return agency == "X26" ? "x26_adt_a04_ed.hl7" : "x99_adt_a04_ed_elsewhere.hl7";
}

std::string first_line_of(const fs::path& file) {
  const std::string text = text_of(file);
  return text.substr(0, text.find('\n'));
}

}  // namespace

SandboxRun::SandboxRun(const Options& options, Signals& signals, Terminal& terminal)
    : folder_(fs::absolute(options.folder).lexically_normal()),
      programs_(options.programs),
      pages_(options.pages.empty() ? fs::path() : fs::absolute(options.pages)),
      signals_(signals),
      terminal_(terminal) {
  addresses_.pid = getpid();
  addresses_.connect_file = in("connect.toml").string();
}

SandboxRun::~SandboxRun() {
  if (lock_ >= 0) close(lock_);
}

Status SandboxRun::run() {
  if (!fs::exists(in("broker.toml"))) {
    return error(v1::CODE_NOT_FOUND, folder_.string() +
                                         " is no sandbox; make one with "
                                         "`switchboard sandbox init DIR`");
  }
  TRY_DO(take_folder());
  auto started = start_all();
  if (started.ok()) {
    say_what_to_try();
    while (!asked_to_stop(kLook)) look_after();
  }
  const bool asked = stopping_;
  stop_all();
  return asked ? ok() : started;
}

std::string SandboxRun::say_screens() const {
  if (addresses_.screens.empty())
    return "no screens: their pages are not built, or not asked for\n";
  std::string text = "Screens (pass phrase of everybody: ";
  text +=
      first_line_of(in(kPassPhraseFile)) + "; who there is: " + in(kSignInsFile).string() + ")\n";
  for (const auto& screen : addresses_.screens) {
    const auto people = sandbox_people_of(screen.agency);
    text += "  http://" + screen.address + "/   sign in as";
    for (const SandboxPerson& person : people) {
      text += (&person == people.data() ? " " : ", ") + std::string(person.id) + " (" +
              std::string(person.role) + ")";
    }
    text += "\n";
  }
  for (size_t i = 0; i < addresses_.screens.size(); ++i) {
    const SandboxGateway& gateway = sandbox_gateways()[i];
    if (gateway.operator_person.empty()) continue;
    text += "  http://" + addresses_.screens[i].address + "/operator   how the hub is, for " +
            std::string(gateway.operator_person) + "\n";
  }
  return text;
}

void SandboxRun::say_what_to_try() {
  std::string text = "\nrunning. Addresses: " + in("endpoints.json").string() + "\n\n";
  text += say_screens() + "\n";
  text += "Try, in another terminal:\n";
  text += "  export SWITCHBOARD_CONNECT=" + addresses_.connect_file + "\n";
  for (const auto& listener : addresses_.mllp) {
    const size_t colon = listener.address.rfind(':');
    text += "  mllp_send --loose --file " + in("hl7/" + sample_of(listener.agency)).string() +
            " --port " + listener.address.substr(colon + 1) + " " +
            listener.address.substr(0, colon) + "\n";
  }
  text +=
      "  switchboard inbox ls --team X99-HEALTH-VISITING\n"
      "  switchboard ack --team X99-HEALTH-VISITING 1 --person chloe.ng\n"
      "  switchboard event publish --event " +
      in("concern.toml").string() +
      "\n"
      "  switchboard event ls\n"
      "  switchboard event journey ID\n"
      "  kill -9 " +
      std::to_string(members_.front()->program.pid()) +
      "      # the hub: nothing that was accepted is lost\n"
      "  switchboard audit verify\n\n"
      "Ctrl-C stops everything.";
  terminal_.note(text);
}

Status SandboxRun::start_all() {
  TRY_DO(start_hub());
  TRY_DO(write_connection(true));
  TRY_DO(apply_directory());
  TRY_DO(start_adapters());
  TRY_DO(start_endpoints());
  if (!pages_.empty()) TRY_DO(start_screens());
  return write_addresses();
}

ChildProgram::Plan SandboxRun::plan(const std::string& name, const std::string& program,
                                    std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), (programs_ / program).string());
  return {name, std::move(arguments), in("logs/" + name + ".log").string()};
}

Status SandboxRun::start(ChildProgram::Plan plan) {
  const std::string name = plan.name;
  TRY(auto program, ChildProgram::start(std::move(plan)));
  terminal_.note("started " + name + " (pid " + std::to_string(program.pid()) + ")");
  members_.push_back(std::make_unique<Member>(Member{std::move(program), boot_us(), 0, kLook}));
  return ok();
}

template <typename There>
Status SandboxRun::wait_for(Member& member, There there) {
  const int64_t until = boot_us() + kComesUpWithin.us;
  const std::string& name = member.program.plan().name;
  while (!there()) {
    if (const auto how = member.program.ended()) {
      return error(v1::CODE_INTERNAL,
                   name + " ended at once (" + *how + "); see " + member.program.plan().log_file);
    }
    if (asked_to_stop(kLook)) return error(v1::CODE_DRAINING, "stopped while " + name + " started");
    if (boot_us() > until) {
      return error(v1::CODE_INTERNAL, name + " did not come up within " + span(kComesUpWithin) +
                                          "; see " + member.program.plan().log_file);
    }
  }
  return ok();
}

// Two of them in one folder would write over each other's addresses.
Status SandboxRun::take_folder() {
  lock_ = open(in("run.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ >= 0 && flock(lock_, LOCK_EX | LOCK_NB) == 0) return ok();
  return error(v1::CODE_CONFLICT, folder_.string() + " is running already; its addresses are in " +
                                      in("endpoints.json").string());
}

Status SandboxRun::start_hub() {
  const fs::path written = in("hub/endpoints.json");
  std::error_code ignored;
  fs::remove(written, ignored);
  TRY_DO(start(plan("hub", "switchboard-broker", {"--config", in("broker.toml").string()})));
  Member& hub = *members_.back();
  return wait_for(hub, [&] {
    const auto found = read_hub_addresses(written, hub.program.pid());
    if (found) addresses_.hub = *found;
    return found.has_value();
  });
}

Status SandboxRun::write_connection(bool running) {
  return write_file(
      in("connect.toml"),
      sandbox_connection(first_line_of(in("keys/hub.pub")), running ? addresses_.hub.client : "",
                         running ? addresses_.hub.admin : ""),
      fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
          fs::perms::others_read);
}

Status SandboxRun::apply_directory() {
  const fs::path file = in("directory.toml");
  v1::AdminRequest request;
  request.set_reason("sandbox");
  TRY([[maybe_unused]] const auto origins,
      toml_to_message(text_of(file), file.string(), *request.mutable_apply()->mutable_directory()));
  TRY(const auto link, HubLink::open({.connection_file = addresses_.connect_file,
                                      .identity = "operator",
                                      .timeout = seconds(30)}));
  TRY(const auto reply, link->ask(std::move(request)));
  if (reply.code() != v1::CODE_OK) return error(reply.code(), reply.text());
  std::string problems;
  for (const auto& problem : reply.applied().problems()) problems += "\n  " + plain(problem);
  if (!problems.empty()) return error(v1::CODE_INVALID, "directory.toml:" + problems);
  terminal_.note("directory: " +
                 count(static_cast<uint64_t>(reply.applied().changed_size()), "change", "changes"));
  return ok();
}

Status SandboxRun::start_adapters() {
  for (const SandboxSource& source : sandbox_sources()) {
    const std::string name(source.principal);
    const fs::path written = in(name + "-outbox/endpoints.json");
    std::error_code ignored;
    fs::remove(written, ignored);
    TRY_DO(start(plan(name, "switchboard-mllp",
                      {"--config", in(std::string(source.config_file)).string(), "--set",
                       "hub.connect=" + addresses_.hub.client})));
    std::string address;
    TRY_DO(wait_for(*members_.back(), [&] {
      const auto listeners = read_listeners(written);
      if (listeners && listeners->contains(name)) address = listeners->at(name);
      return !address.empty();
    }));
    addresses_.mllp.push_back({name, std::string(source.agency), address, 0});
  }
  return ok();
}

Status SandboxRun::start_endpoints() {
  for (const SandboxTeam& team : sandbox_teams()) {
    const std::string id(team.id);
    const std::string store = in("endpoints/" + id).string();
    std::error_code failed;
    fs::create_directories(in("endpoints"), failed);
    TRY_DO(start(plan("endpoint-" + id, "switchboard",
                      {"endpoint", "--connect", addresses_.connect_file, "--team", id, "--as",
                       std::string(team.endpoint), "--name", "team-system", "--store", store})));
    addresses_.endpoints.push_back({id, store, 0});
  }
  return ok();
}

// Once in a sandbox's life, when its screens are first shown: hashing takes a moment each.
Status SandboxRun::enrol_people() {
  const fs::path done = in("logs/people.enrolled");
  if (fs::exists(done)) return ok();
  terminal_.note("giving the people of the sandbox their pass phrase");
  for (const SandboxGateway& gateway : sandbox_gateways()) {
    for (const SandboxPerson& person : sandbox_people_of(gateway.agency)) {
      auto enrol = plan("people", "switchboard-gateway",
                        {"people", "set-password", std::string(person.id), "--keep", "--config",
                         in(std::string(gateway.config_file)).string()});
      enrol.input_file = in(kPassPhraseFile).string();
      TRY(auto program, ChildProgram::start(std::move(enrol)));
      std::optional<std::string> how;
      while (!(how = program.ended())) {
        if (asked_to_stop(milliseconds(5))) return error(v1::CODE_DRAINING, "stopped");
      }
      if (*how != "exit 0") {
        return error(v1::CODE_INTERNAL, std::string(person.id) + " could not be enrolled (" + *how +
                                            "); see " + in("logs/people.log").string());
      }
    }
  }
  return write_file(done, "", fs::perms::owner_read | fs::perms::owner_write);
}

Status SandboxRun::start_screens() {
  TRY_DO(enrol_people());
  for (const SandboxGateway& gateway : sandbox_gateways()) {
    const std::string name(gateway.principal);
    const fs::path written = in(name + "/endpoints.json");
    std::error_code ignored;
    fs::remove(written, ignored);
    std::vector<std::string> given{"--config", in(std::string(gateway.config_file)).string(),
                                   "--set",    "hub.connect=" + addresses_.hub.client,
                                   "--set",    "web_dir=" + pages_.string()};
    if (!gateway.operator_person.empty()) {
      given.insert(given.end(), {"--set", "operator_connect=" + addresses_.hub.admin});
    }
    TRY_DO(start(plan(name, "switchboard-gateway", std::move(given))));
    std::string address;
    TRY_DO(wait_for(*members_.back(), [&] {
      const auto listeners = read_listeners(written);
      if (listeners && listeners->contains("screen")) address = listeners->at("screen");
      return !address.empty();
    }));
    addresses_.screens.push_back({name, std::string(gateway.agency), address, 0});
  }
  return ok();
}

void SandboxRun::revise_addresses() {
  for (const auto& member : members_) {
    const std::string& name = member->program.plan().name;
    const pid_t pid = member->program.pid();
    if (name == "hub") addresses_.hub_pid = pid;
    for (auto& listener : addresses_.mllp) {
      if (name == listener.name) listener.pid = pid;
    }
    for (auto& screen : addresses_.screens) {
      if (name == screen.name) screen.pid = pid;
    }
    for (auto& endpoint : addresses_.endpoints) {
      if (name == "endpoint-" + endpoint.team) endpoint.pid = pid;
    }
  }
}

Status SandboxRun::write_addresses() {
  revise_addresses();
  return write_file(in("endpoints.json"), to_json(addresses_),
                    fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
                        fs::perms::others_read);
}

void SandboxRun::look_after() {
  for (const auto& member : members_) {
    if (const auto how = member->program.ended()) {
      const Duration lived{boot_us() - member->started_us};
      member->patience =
          lived < kYoung ? std::min(Duration{member->patience.us * 2}, kPatienceMost) : kLook;
      member->again_us = boot_us() + member->patience.us;
      terminal_.note(member->program.plan().name + " died: " + *how + "; it is started again in " +
                     span(member->patience));
    }
    if (member->again_us != 0 && boot_us() >= member->again_us) restart(*member);
  }
}

// With the addresses it had before: those who talk to it come back to where it was.
void SandboxRun::restart(Member& member) {
  ChildProgram::Plan again = member.program.plan();
  const std::string name = again.name;
  const bool fixed =
      std::any_of(again.command.begin(), again.command.end(), [](const std::string& word) {
        return word.starts_with("listen=") || word.starts_with("listener[0].bind=");
      });
  if (name == "hub" && !fixed) {
    again.command.insert(again.command.end(), {"--set", "listen=" + addresses_.hub.client, "--set",
                                               "admin_listen=" + addresses_.hub.admin});
  }
  for (const auto& listener : addresses_.mllp) {
    if (name == listener.name && !fixed) {
      again.command.insert(again.command.end(), {"--set", "listener[0].bind=" + listener.address});
    }
  }
  for (const auto& screen : addresses_.screens) {
    if (name == screen.name && !fixed) {
      again.command.insert(again.command.end(), {"--set", "listen=" + screen.address});
    }
  }
  auto program = ChildProgram::start(std::move(again));
  member.started_us = boot_us();
  if (!program.ok()) {
    member.again_us = boot_us() + kPatienceMost.us;
    terminal_.complain(program.error().text);
    return;
  }
  member.program = std::move(*program);
  member.again_us = 0;
  terminal_.note("started " + name + " again (pid " + std::to_string(member.program.pid()) + ")");
  if (const auto written = write_addresses(); !written.ok()) {
    terminal_.complain(written.error().text);
  }
}

bool SandboxRun::asked_to_stop(Duration at_most) {
  pollfd waiting{signals_.fd(), POLLIN, 0};
  if (!stopping_) poll(&waiting, 1, static_cast<int>(at_most.us / 1000));
  while (const auto ask = signals_.next()) {
    stopping_ = stopping_ || *ask == Signals::Ask::kStop;
  }
  return stopping_;
}

// Sources first, the hub last: what they hand over on their way out is still taken.
void SandboxRun::stop_all() {
  if (members_.empty()) return;
  terminal_.note("stopping");
  for (const SandboxSource& source : sandbox_sources()) stop(std::string(source.principal));
  for (const SandboxGateway& gateway : sandbox_gateways()) stop(std::string(gateway.principal));
  stop("endpoint-");
  stop("hub");
  members_.clear();
  std::error_code ignored;
  fs::remove(in("endpoints.json"), ignored);
  if (const auto written = write_connection(false); !written.ok()) {
    terminal_.complain(written.error().text);
  }
  terminal_.note("stopped; what was accepted is kept in " + folder_.string());
}

void SandboxRun::stop(const std::string& prefix) {
  std::vector<Member*> going;
  for (const auto& member : members_) {
    const bool named = member->program.plan().name.starts_with(prefix);
    if (named && member->program.running()) going.push_back(member.get());
  }
  for (Member* member : going) member->program.ask_to_stop();
  const int64_t until = boot_us() + kStopsWithin.us;
  while (!going.empty() && boot_us() < until) {
    std::erase_if(going, [](Member* member) { return member->program.ended().has_value(); });
    if (!going.empty()) poll(nullptr, 0, 20);
  }
  for (Member* member : going) {
    terminal_.complain(member->program.plan().name + " did not stop within " + span(kStopsWithin) +
                       " and was killed");
    member->program.kill();
  }
}

}  // namespace switchboard::cli
