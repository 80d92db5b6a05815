#include "services/cli/hub_link.h"

#include <poll.h>

#include <algorithm>
#include <set>

#include "adapters/sdk/connection_file.h"

namespace switchboard::cli {

// It is applied in many turns of the hub.
static constexpr std::chrono::minutes kWholeListWithin{5};

Result<std::unique_ptr<HubLink>> HubLink::open(const Options& options) {
  std::unique_ptr<HubLink> link(new HubLink(options));
  TRY(link->file_, sdk::load_connection_file(options.connection_file));
  if (link->file_.connect().ends_with(":0")) {
    link->unreachable_ = true;
    return error(v1::CODE_BUSY,
                 "the sandbox of this connection file is not running; start it with "
                 "`switchboard sandbox run DIR` in another terminal");
  }
  return link;
}

sdk::Client::Wait HubLink::timeout() const {
  return std::chrono::milliseconds(options_.timeout.us / 1000);
}

Error HubLink::noticed(Error error) {
  unreachable_ = error.code == v1::CODE_BUSY;
  return error;
}

Result<v1::AdminReply> HubLink::ask(v1::AdminRequest request) {
  if (admin_ == nullptr) {
    TRY(const auto as, options_.identity.empty() ? sdk::identity_for_admin(file_)
                                                 : sdk::identity_of(file_, options_.identity));
    if (request.person().empty()) request.set_person(as.person());
    TRY(const auto dial, sdk::dial_admin(file_, as));
    TRY(admin_, sdk::AdminClient::open(context_, dial));
  }
  const auto within = request.members().last() ? sdk::Client::Wait(kWholeListWithin) : timeout();
  auto replies = admin_->ask(std::move(request), within);
  if (!replies.ok()) return noticed(std::move(replies).error());
  v1::AdminReply all;
  for (const auto& reply : *replies) all.MergeFrom(reply);
  return all;
}

Result<v1::ConnectionIdentity> HubLink::for_team(const std::string& team) const {
  if (!options_.identity.empty()) return sdk::identity_of(file_, options_.identity);
  auto found = sdk::identity_for_team(file_, team);
  if (found.ok()) return found;
  std::set<std::string> teams;
  for (const auto& identity : file_.identity()) {
    teams.insert(identity.teams().begin(), identity.teams().end());
  }
  std::string there;
  for (const auto& known : teams) there += (there.empty() ? "" : ", ") + known;
  return error(v1::CODE_NOT_FOUND, "the connection file speaks for no team '" + team +
                                       "', but for: " + (there.empty() ? "none" : there));
}

Result<sdk::Client*> HubLink::client(const v1::ConnectionIdentity& as) {
  auto& slot = clients_[as.principal()];
  if (slot == nullptr) {
    sdk::Client::Options options;
    options.program = "switchboard " SWITCHBOARD_VERSION;
    TRY(options.hub, sdk::dial_hub(file_, as));
    options.outbox = sdk::Outbox::Options{};
    options.acts = true;
    TRY(slot, sdk::Client::open(context_, options));
  }
  return slot.get();
}

Result<v1::Page> HubLink::request(const std::string& team, v1::Read read) {
  TRY(const auto as, for_team(team));
  return request_as(as, std::move(read));
}

Result<v1::Page> HubLink::request_as(const v1::ConnectionIdentity& as, v1::Read read) {
  TRY(sdk::Client * open, client(as));
  auto page = open->request(std::move(read), timeout());
  if (!page.ok()) return noticed(std::move(page).error());
  if (page->code() != v1::CODE_OK) return error(page->code(), page->text());
  return page;
}

Result<v1::Page> HubLink::read_inbox(const v1::ReadInbox& read) {
  v1::Read wanted;
  *wanted.mutable_inbox() = read;
  return request(read.team(), std::move(wanted));
}

Result<std::optional<v1::Entry>> HubLink::read_entry(const std::string& team, uint64_t number,
                                                     const std::string& person) {
  v1::ReadInbox read;
  read.set_team(team);
  read.set_log(v1::LOG_KIND_INBOX);
  read.set_after(number - 1);
  read.set_limit(1);
  read.mutable_viewer()->set_person(person);
  read.mutable_viewer()->set_team(team);
  TRY(auto page, read_inbox(read));
  if (page.items().empty() || page.items(0).number() != number) {
    return std::optional<v1::Entry>();
  }
  return std::optional(std::move(*page.mutable_items(0)));
}

Result<v1::Page> HubLink::read_sent(const v1::ReadSent& read) {
  v1::Read wanted;
  *wanted.mutable_sent() = read;
  return request(read.team(), std::move(wanted));
}

Result<v1::Page> HubLink::read_tasks(const v1::ReadTasks& read) {
  v1::Read wanted;
  *wanted.mutable_tasks() = read;
  return request(read.team(), std::move(wanted));
}

Result<v1::Journey> HubLink::read_event(const std::string& team, const v1::ReadEvent& read) {
  v1::Read wanted;
  *wanted.mutable_event() = read;
  TRY(auto page, request(team, std::move(wanted)));
  return std::move(*page.mutable_journey());
}

bool HubLink::as_operator() const {
  const auto as = options_.identity.empty() ? sdk::identity_for_admin(file_)
                                            : sdk::identity_of(file_, options_.identity);
  return as.ok() && as->admin();
}

bool HubLink::may_read_sheet(const std::string& team) const {
  if (as_operator()) return true;
  const auto as = for_team(team);
  return as.ok() && std::find(as->teams().begin(), as->teams().end(), team) != as->teams().end();
}

Result<v1::DirectorySheet> HubLink::read_sheet(const v1::ReadSheet& read) {
  if (as_operator()) {
    v1::AdminRequest request;
    request.mutable_sheet()->set_team(read.team());
    request.mutable_sheet()->set_at_us(read.at_us());
    TRY(auto reply, ask(std::move(request)));
    if (reply.code() != v1::CODE_OK) return error(reply.code(), reply.text());
    return std::move(*reply.mutable_sheet());
  }
  v1::Read wanted;
  *wanted.mutable_sheet() = read;
  const bool anyone = read.team().empty() && options_.identity.empty();
  if (anyone && file_.identity().empty()) {
    return error(v1::CODE_NOT_FOUND, "the connection file has no identity");
  }
  TRY(const auto as,
      anyone ? Result<v1::ConnectionIdentity>(file_.identity(0)) : for_team(read.team()));
  TRY(auto page, request_as(as, std::move(wanted)));
  return std::move(*page.mutable_sheet());
}

Result<v1::ActOutcome> HubLink::act(const v1::Act& act) {
  TRY(const auto as, for_team(act.team()));
  TRY(sdk::Client * open, client(as));
  auto outcome = open->act(act, timeout());
  if (!outcome.ok()) return noticed(std::move(outcome).error());
  v1::ActOutcome answer;
  answer.set_act_id(std::string(outcome->act_id.view()));
  answer.set_code(outcome->code);
  answer.set_position(outcome->position);
  answer.set_state(outcome->state);
  answer.set_text(outcome->text);
  const bool recorded = outcome->code == v1::CODE_OK || outcome->code == v1::CODE_DUPLICATE;
  if (!recorded) return error(outcome->code, outcome->text);
  return answer;
}

Result<v1::Page> HubLink::change_members(const v1::MembersChange& change,
                                         const std::string& person) {
  TRY(const auto as, for_team(change.team()));
  TRY(sdk::Client * open, client(as));
  v1::MembersRequest request;
  *request.mutable_change() = change;
  request.mutable_actor()->set_person(person.empty() ? as.person() : person);
  request.mutable_actor()->set_team(change.team());
  const bool whole = change.mode() == v1::MEMBERS_MODE_SNAPSHOT && change.last();
  auto page = open->change_members(std::move(request),
                                   whole ? sdk::Client::Wait(kWholeListWithin) : timeout());
  if (!page.ok()) return noticed(std::move(page).error());
  return page;
}

Result<HubLink::Publisher> HubLink::publisher(const std::string& agency,
                                              const std::string& system) const {
  v1::ConnectionIdentity as;
  if (!options_.identity.empty()) {
    TRY(as, sdk::identity_of(file_, options_.identity));
  } else if (!agency.empty()) {
    TRY(as, sdk::identity_for_source(file_, agency, system));
  } else {
    for (const auto& identity : file_.identity()) {
      if (!identity.system().empty() && as.principal().empty()) as = identity;
    }
  }
  if (as.system().empty()) {
    return error(v1::CODE_NOT_FOUND, "the connection file has no identity that publishes");
  }
  return Publisher{as.principal(), as.agency(), as.system(), as.person()};
}

Result<v1::Page> HubLink::read_quarantine(const Publisher& as, const v1::ReadQuarantine& read) {
  TRY(const auto identity, sdk::identity_of(file_, as.principal));
  TRY(sdk::Client * open, client(identity));
  v1::Read wanted;
  *wanted.mutable_quarantine() = read;
  auto page = open->request(std::move(wanted), timeout());
  if (!page.ok()) return noticed(std::move(page).error());
  return page;
}

Result<v1::Page> HubLink::clear_quarantined(const Publisher& as,
                                            const v1::ClearQuarantined& request) {
  TRY(const auto identity, sdk::identity_of(file_, as.principal));
  TRY(sdk::Client * open, client(identity));
  auto page = open->clear(request, timeout());
  if (!page.ok()) return noticed(std::move(page).error());
  return page;
}

Result<v1::ItemOutcome> HubLink::publish(const Publisher& as, const v1::Item& item) {
  TRY(const auto identity, sdk::identity_of(file_, as.principal));
  TRY(sdk::Client * open, client(identity));
  auto outcomes = open->publish(std::span(&item, 1), timeout());
  if (!outcomes.ok()) return noticed(std::move(outcomes).error());
  if (outcomes->empty()) return error(v1::CODE_INTERNAL, "the hub gave no outcome");
  const auto& first = outcomes->front();
  const bool held = first.code == v1::CODE_OK || first.code == v1::CODE_DUPLICATE ||
                    first.code == v1::CODE_QUARANTINED;
  if (!held) return error(first.code, first.text);
  v1::ItemOutcome answer;
  answer.set_sequence(first.sequence);
  answer.set_code(first.code);
  answer.set_position(first.position);
  answer.set_text(first.text);
  return answer;
}

bool HubLink::pause(Duration at_most) {
  // A signal that is to end the program ends the wait; the shell's default action does the rest.
  return poll(nullptr, 0, static_cast<int>(at_most.us / 1000)) == 0;
}

}  // namespace switchboard::cli
