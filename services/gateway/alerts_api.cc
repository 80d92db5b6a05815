#include "broker/base/bytes.h"
#include "broker/base/ids.h"
#include "services/gateway/alert.h"
#include "services/gateway/api.h"
#include "services/gateway/asked.h"
#include "services/gateway/screen_json.h"

namespace switchboard::gateway {

namespace {

constexpr size_t kAlertsMax = 5'000;  // P11: of one list

bool is_of_task(const v1::ScreenAct& act) { return !act.task_id().empty(); }

// 16 bytes from 32 hex digits; empty where there is nothing.
Status read_hex(const std::string& text, const char* field, std::string& into) {
  if (text.empty()) return ok();
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 16) {
    return error(v1::CODE_INVALID, std::string(field) + " must be 32 hex digits");
  }
  into = *bytes;
  return ok();
}

Result<v1::Act> to_act(const v1::ScreenAct& asked, const Visitor& who, const std::string& team,
                       uint64_t number) {
  v1::Act act;
  TRY_DO(read_hex(asked.act_id(), "actId", *act.mutable_act_id()));
  if (act.act_id().empty()) return error(v1::CODE_INVALID, "actId must be 32 hex digits");
  TRY_DO(read_hex(asked.undoes(), "undoes", *act.mutable_undoes()));
  TRY_DO(read_hex(asked.task_id(), "taskId", *act.mutable_task_id()));
  if (!asked.reference().empty()) {
    const auto event = id_from_string(asked.reference());
    if (!event) return error(v1::CODE_INVALID, "reference is not an event's");
    act.set_event_id(std::string(event->view()));
  }
  act.set_team(team);
  act.set_number(number);
  act.set_kind(asked.kind());
  *act.mutable_actor() = who.actor(team);
  act.set_outcome(asked.outcome());
  act.set_not_ours(asked.not_ours());
  act.set_to_team(asked.to_team());
  if (asked.has_call()) *act.mutable_call() = asked.call();
  act.set_no_change(asked.no_change());
  act.set_reply_by_us(asked.reply_by_us());
  return act;
}

// As the hub has it (PROTOCOL.md, undo), which decides: this only says whether to offer it.
bool can_be_undone(v1::ActKind kind) {
  switch (kind) {
    case v1::ACT_KIND_ACKNOWLEDGE:
    case v1::ACT_KIND_ACTION:
    case v1::ACT_KIND_FINISH:
    case v1::ACT_KIND_NOT_OURS:
    case v1::ACT_KIND_HAND_OVER:
    case v1::ACT_KIND_TAKE:
      return true;
    default:
      return false;
  }
}

}  // namespace

v1::Read Api::one_delivery(const Visitor& who, const std::string& team, uint64_t number) {
  v1::Read read;
  auto& inbox = *read.mutable_inbox();
  inbox.set_team(team);
  inbox.set_log(v1::LOG_KIND_INBOX);
  inbox.set_after(number - 1);
  inbox.set_limit(1);
  *inbox.mutable_viewer() = who.actor(team);
  return read;
}

struct Api::Listing {
  Visitor who;
  std::string team;
  ReplyPtr reply;
  v1::Alerts alerts;
  uint64_t after = 0;
};

// What one act needs until its answer: whose, on what.
struct Acting {
  Visitor who;
  std::string team;
  uint64_t number = 0;
  v1::ScreenAct asked;
  std::shared_ptr<Reply> reply;
};

void Api::add_alerts(Router& router, Gate& gate) {
  const auto on = [&](Method method, const char* path, auto member) {
    router.add(
        method, path,
        gate.of_team([this, member](const Visitor& who, const Request& request, ReplyPtr reply) {
          (this->*member)(who, request, reply);
        }));
  };
  on(Method::kGet, "/api/teams/{team}/alerts", &Api::get_alerts);
  on(Method::kGet, "/api/teams/{team}/alerts/{number}", &Api::get_alert);
  on(Method::kPost, "/api/teams/{team}/alerts/{number}/acts", &Api::post_act);
  on(Method::kPost, "/api/teams/{team}/tasks/{task}/acts", &Api::post_act);
  router.add(Method::kGet, "/api/teams/{team}/stream",
             gate.of_team([this, &gate](const Visitor&, const Request& request, ReplyPtr reply) {
               get_stream(gate, request, reply);
             }));
}

void Api::get_alerts(const Visitor& who, const Request& request, const ReplyPtr& reply) {
  auto listing = std::make_shared<Listing>(Listing{who, request.places.at("team"), reply, {}, 0});
  listing->alerts.set_team(listing->team);
  listing->alerts.set_epoch(feeds_.at(listing->team)->epoch());
  *listing->alerts.mutable_live() = live_;
  list_on(listing);
}

void Api::list_on(const std::shared_ptr<Listing>& listing) {
  v1::Read read;
  auto& inbox = *read.mutable_inbox();
  inbox.set_team(listing->team);
  inbox.set_log(v1::LOG_KIND_INBOX);
  inbox.set_after(listing->after);
  inbox.set_open_only(true);
  *inbox.mutable_viewer() = listing->who.actor(listing->team);
  hub_->ask(std::move(read), [this, listing](Result<v1::Page> page) {
    if (!page.ok()) return listing->reply->answer(problem(page.error()));
    v1::Alerts& alerts = listing->alerts;
    // The first page's: what came since is sent by the stream.
    if (listing->after == 0) alerts.set_head(page->head());
    for (const auto& entry : page->items()) {
      if (entry.notice().type() == v1::ENTRY_TYPE_DELIVERY) *alerts.add_alerts() = to_alert(entry);
    }
    listing->after = page->next_after();
    if (static_cast<size_t>(alerts.alerts_size()) >= kAlertsMax) {
      return listing->reply->answer(
          problem(error(v1::CODE_OVERSIZE,
                        "more than 5000 alerts are open: ring the help desk, and use the "
                        "switchboard command to work them off")));
    }
    if (listing->after != 0) return list_on(listing);
    list_tasks(listing);
  });
}

void Api::list_tasks(const std::shared_ptr<Listing>& listing) {
  v1::Read read;
  read.mutable_tasks()->set_team(listing->team);
  read.mutable_tasks()->set_open_only(true);
  *read.mutable_tasks()->mutable_viewer() = listing->who.actor(listing->team);
  hub_->ask(std::move(read), [this, listing](Result<v1::Page> page) {
    if (!page.ok()) return listing->reply->answer(problem(page.error()));
    *listing->alerts.mutable_tasks() = std::move(*page->mutable_tasks());
    listing->alerts.set_as_of_us(now_us());
    listing->reply->answer(json_response(listing->alerts));
  });
}

void Api::get_alert(const Visitor& who, const Request& request, const ReplyPtr& reply) {
  const auto number = number_in(request, "number");
  if (!number) return reply->answer(problem(no_such_page()));
  relay(one_delivery(who, request.places.at("team"), *number), reply, [number](v1::Page page) {
    if (page.items_size() != 1 || page.items(0).number() != *number) return problem(no_such_page());
    return json_response(to_alert(page.items(0)));
  });
}

// A browser that comes back says in a header where it was, one that begins in the query.
void Api::get_stream(Gate& gate, const Request& request, const ReplyPtr& reply) {
  const std::string team = request.places.at("team");
  std::string_view last = request.header("last-event-id");
  const auto asked = request.query.find("after");
  if (last.empty() && asked != request.query.end()) last = asked->second;
  auto stream = reply->stream();
  if (stream == nullptr) return;
  feeds_.at(team)->join(std::move(stream), Feed::place_from(last),
                        [&gate, request, team] { return gate.still(request, team); });
}

void Api::post_act(const Visitor& who, const Request& request, const ReplyPtr& reply) {
  auto acting = std::make_shared<Acting>();
  acting->who = who;
  acting->team = request.places.at("team");
  acting->reply = reply;
  if (const auto read = read_body(request, acting->asked); !read.ok()) {
    return reply->answer(problem(read.error()));
  }
  if (const auto task = request.places.find("task"); task != request.places.end()) {
    acting->asked.set_task_id(task->second);
  } else if (const auto number = number_in(request, "number")) {
    acting->number = *number;
  } else {
    return reply->answer(problem(no_such_page()));
  }
  auto act = to_act(acting->asked, who, acting->team, acting->number);
  if (!act.ok()) return reply->answer(problem(act.error()));
  hub_->act(std::move(act).value(), [this, acting](Result<v1::ActOutcome> outcome) {
    if (!outcome.ok()) return acting->reply->answer(problem(outcome.error()));
    answer_act(acting, *outcome);
  });
}

// What was done, with the delivery as it stands after it. The act is recorded whether or not that
// can be read at the moment.
void Api::answer_act(const std::shared_ptr<Acting>& acting, const v1::ActOutcome& outcome) {
  if (outcome.code() != v1::CODE_OK && outcome.code() != v1::CODE_DUPLICATE) {
    return acting->reply->answer(problem(error(outcome.code(), outcome.text())));
  }
  v1::ScreenActed acted;
  *acted.mutable_outcome() = outcome;
  const auto* team = people_.team(acting->team);
  if (team != nullptr && can_be_undone(acting->asked.kind())) {
    acted.set_undo_until_us(now_us() + seconds(team->undo_within_s()).us);
  }
  if (is_of_task(acting->asked) || acting->number == 0) {
    return acting->reply->answer(json_response(acted));
  }
  hub_->ask(one_delivery(acting->who, acting->team, acting->number),
            [acting, acted](Result<v1::Page> page) mutable {
              if (page.ok() && page->items_size() == 1)
                *acted.mutable_now() = to_alert(page->items(0));
              acting->reply->answer(json_response(acted));
            });
}

}  // namespace switchboard::gateway
