#include "services/gateway/api.h"

#include "broker/base/bytes.h"
#include "broker/runtime/clock.h"
#include "broker/runtime/log.h"
#include "services/gateway/alert.h"
#include "services/gateway/asked.h"
#include "services/gateway/screen_json.h"

namespace switchboard::gateway {

Api::Api(const Options& options, People& people)
    : options_(options), people_(people), sheets_(options.state_dir) {
  for (const auto& team : options_.teams) {
    feeds_[team] = std::make_unique<Feed>(team, [this](v1::Read read, HubThread::OnPage then) {
      hub_->ask(std::move(read), std::move(then));
    });
  }
}

int64_t Api::now_us() const { return Clock().read().now.us; }

void Api::add_to(Router& router, Gate& gate) {
  add_alerts(router, gate);
  add_pages(router, gate);
}

void Api::add_pages(Router& router, Gate& gate) {
  const auto seen = [&](const char* path, auto member) {
    router.add(
        Method::kGet, path,
        gate.of_team([this, member](const Visitor& who, const Request& request, ReplyPtr reply) {
          (this->*member)(who, request, reply);
        }));
  };
  const auto plain = [&](const char* path, auto member) {
    router.add(Method::kGet, path,
               gate.of_team([this, member](const Visitor&, const Request& request, ReplyPtr reply) {
                 (this->*member)(request, reply);
               }));
  };
  seen("/api/teams/{team}/alerts/{number}/journey", &Api::get_journey);
  seen("/api/teams/{team}/sent/{reference}/journey", &Api::get_journey);
  seen("/api/teams/{team}/children/{number}", &Api::get_child);
  seen("/api/teams/{team}/attendances", &Api::get_attendances);
  seen("/api/teams/{team}/tasks", &Api::get_tasks);
  plain("/api/teams/{team}/sent", &Api::get_sent);
  plain("/api/teams/{team}/directory", &Api::get_directory);
  plain("/api/teams/{team}", &Api::get_team);
  router.add(Method::kPost, "/api/teams/{team}/events",
             gate.of_team([this](const Visitor& who, const Request& request, ReplyPtr reply) {
               post_event(who, request, reply);
             }));
}

void Api::arrived(HubThread::Arrived arrived) {
  const auto feed = feeds_.find(arrived.team);
  if (feed == feeds_.end()) return;
  if (arrived.log == v1::LOG_KIND_SENT) return feed->second->sent_changed();
  feed->second->arrived(arrived);
}

void Api::live(const v1::Live& live, uint64_t epoch) {
  const bool back = live.live() && !live_.live();
  live_ = live;
  for (auto& [team, feed] : feeds_) feed->live(live, epoch);
  if (back) look_at_teams();
}

void Api::look_at_teams() {
  for (const auto& team : options_.teams) {
    v1::Read read;
    read.mutable_team()->set_team(team);
    hub_->ask(std::move(read), [this, team](Result<v1::Page> page) {
      if (page.ok()) return people_.put(page->team());
      if (page.error().code != v1::CODE_BUSY) {
        log::warn("a team cannot be looked at", {{"team", team}, {"why", page.error().text}});
      }
    });
  }
}

void Api::relay(v1::Read read, const ReplyPtr& reply, std::function<Response(v1::Page)> then) {
  hub_->ask(std::move(read), [reply, then = std::move(then)](Result<v1::Page> page) {
    reply->answer(page.ok() ? then(std::move(page).value()) : problem(page.error()));
  });
}

void Api::journey_of(const Visitor& who, const std::string& team, const std::string& event_id,
                     const ReplyPtr& reply) {
  v1::Read read;
  read.mutable_event()->set_event_id(event_id);
  *read.mutable_event()->mutable_viewer() = who.actor(team);
  relay(std::move(read), reply, [this](v1::Page page) {
    v1::ScreenJourney out;
    out.set_reference(reference(page.journey().event_id()));
    *out.mutable_journey() = std::move(*page.mutable_journey());
    out.set_as_of_us(now_us());
    return json_response(out);
  });
}

// By the number of a delivery, or by the reference of what the team sent.
void Api::get_journey(const Visitor& who, const Request& request, const ReplyPtr& reply) {
  const std::string team = request.places.at("team");
  if (const auto event = event_in(request, "reference")) {
    return journey_of(who, team, *event, reply);
  }
  const auto number = number_in(request, "number");
  if (!number) return reply->answer(problem(no_such_page()));
  hub_->ask(one_delivery(who, team, *number),
            [this, who, team, number, reply](Result<v1::Page> page) {
              if (!page.ok()) return reply->answer(problem(page.error()));
              const bool found = page->items_size() == 1 && page->items(0).number() == *number &&
                                 !page->items(0).notice().event_id().empty();
              if (!found) return reply->answer(problem(no_such_page()));
              journey_of(who, team, page->items(0).notice().event_id(), reply);
            });
}

void Api::get_child(const Visitor& who, const Request& request, const ReplyPtr& reply) {
  const auto number = number_in(request, "number");
  if (!number) return reply->answer(problem(no_such_page()));
  const std::string team = request.places.at("team");
  v1::Read read;
  auto& child = *read.mutable_child();
  child.set_team(team);
  child.set_number(*number);
  child.set_before_position(number_asked(request, "before"));
  *child.mutable_viewer() = who.actor(team);
  relay(std::move(read), reply, [this](v1::Page page) {
    v1::ScreenChild out;
    for (const auto& entry : page.items()) *out.add_alerts() = to_alert(entry);
    if (out.alerts_size() > 0) out.set_child(out.alerts(0).child());
    *out.mutable_view() = std::move(*page.mutable_child());
    out.set_as_of_us(now_us());
    return json_response(out);
  });
}

void Api::get_attendances(const Visitor& who, const Request& request, const ReplyPtr& reply) {
  const std::string team = request.places.at("team");
  v1::Read read;
  auto& asked = *read.mutable_attendances();
  asked.set_team(team);
  asked.set_before(number_asked(request, "before"));
  asked.set_from_us(static_cast<int64_t>(number_asked(request, "from")));
  asked.set_unreviewed_only(flag_asked(request, "unreviewed"));
  *asked.mutable_viewer() = who.actor(team);
  relay(std::move(read), reply, [this](v1::Page page) {
    v1::ScreenAttendances out;
    for (const auto& entry : page.items()) *out.add_alerts() = to_alert(entry);
    *out.mutable_view() = std::move(*page.mutable_attendances());
    out.set_as_of_us(now_us());
    return json_response(out);
  });
}

void Api::get_tasks(const Visitor& who, const Request& request, const ReplyPtr& reply) {
  const std::string team = request.places.at("team");
  v1::Read read;
  read.mutable_tasks()->set_team(team);
  read.mutable_tasks()->set_open_only(!flag_asked(request, "all"));
  *read.mutable_tasks()->mutable_viewer() = who.actor(team);
  relay(std::move(read), reply, [this](v1::Page page) {
    v1::ScreenTasks out;
    *out.mutable_tasks() = std::move(*page.mutable_tasks());
    out.set_as_of_us(now_us());
    return json_response(out);
  });
}

void Api::get_sent(const Request& request, const ReplyPtr& reply) {
  v1::Read read;
  read.mutable_sent()->set_team(request.places.at("team"));
  read.mutable_sent()->set_open_only(flag_asked(request, "open"));
  read.mutable_sent()->set_before_position(number_asked(request, "before"));
  relay(std::move(read), reply, [this](v1::Page page) {
    v1::ScreenSent out;
    *out.mutable_items() = std::move(*page.mutable_sent());
    out.set_next_before(page.next_after());
    out.set_as_of_us(now_us());
    return json_response(out);
  });
}

// While the hub is away the last copy is better than nothing: whom to ring.
void Api::get_directory(const Request& request, const ReplyPtr& reply) {
  const std::string team = request.places.at("team");
  v1::Read read;
  read.mutable_sheet()->set_team(team);
  hub_->ask(std::move(read), [this, team, reply](Result<v1::Page> page) {
    v1::ScreenDirectory out;
    *out.mutable_live() = live_;
    if (page.ok()) {
      sheets_.keep(team, page->sheet());
      *out.mutable_sheet() = std::move(*page->mutable_sheet());
      return reply->answer(json_response(out));
    }
    const auto* copy = sheets_.find(team);
    if (copy == nullptr || page.error().code == v1::CODE_NOT_ALLOWED) {
      return reply->answer(problem(page.error()));
    }
    *out.mutable_sheet() = *copy;
    reply->answer(json_response(out));
  });
}

void Api::get_team(const Request& request, const ReplyPtr& reply) {
  v1::Read read;
  read.mutable_team()->set_team(request.places.at("team"));
  relay(std::move(read), reply, [this](v1::Page page) {
    people_.put(page.team());
    v1::ScreenTeamView out;
    *out.mutable_team() = std::move(*page.mutable_team());
    out.set_as_of_us(now_us());
    return json_response(out);
  });
}

}  // namespace switchboard::gateway
