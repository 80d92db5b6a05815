// What browsers ask for, from path to the hub and back (openapi.yaml has every path).
//
// Each answer is the hub's own word at that moment: nothing about a child is kept between two
// requests, so that disclosure is decided anew each time (P9), and each look is recorded with the
// person who looked (P10). Owns one Feed per team and the last sheet of numbers. Thread: the
// server's. Fails: a refusal of the hub is passed on with its code and text.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/gateway/feed.h"
#include "services/gateway/hub_thread.h"
#include "services/gateway/people.h"
#include "services/gateway/router.h"
#include "services/gateway/sheet_copy.h"
#include "services/gateway/visitor.h"

namespace switchboard::gateway {

class Api {
 public:
  struct Options {
    std::vector<std::string> teams;
    std::string publish_agency;  // empty: nobody sends from here
    std::string publish_system;
    std::filesystem::path state_dir;
  };
  Api(const Options& options, People& people);

  // Before the first request; the hub outlives this.
  void connect(HubThread& hub) { hub_ = &hub; }
  void add_to(Router& router, Gate& gate);

  // What the hub's thread says.
  void arrived(HubThread::Arrived arrived);
  void live(const v1::Live& live, uint64_t epoch);
  // Renews what is known of the teams; asked again and again.
  void look_at_teams();
  bool is_live() const { return live_.live(); }

 private:
  using ReplyPtr = std::shared_ptr<Reply>;
  void add_alerts(Router& router, Gate& gate);
  void add_pages(Router& router, Gate& gate);
  void get_alerts(const Visitor& who, const Request& request, const ReplyPtr& reply);
  void get_alert(const Visitor& who, const Request& request, const ReplyPtr& reply);
  void get_stream(Gate& gate, const Request& request, const ReplyPtr& reply);
  void post_act(const Visitor& who, const Request& request, const ReplyPtr& reply);
  void get_journey(const Visitor& who, const Request& request, const ReplyPtr& reply);
  void get_child(const Visitor& who, const Request& request, const ReplyPtr& reply);
  void get_attendances(const Visitor& who, const Request& request, const ReplyPtr& reply);
  void get_tasks(const Visitor& who, const Request& request, const ReplyPtr& reply);
  void get_sent(const Request& request, const ReplyPtr& reply);
  void get_directory(const Request& request, const ReplyPtr& reply);
  void get_team(const Request& request, const ReplyPtr& reply);
  void post_event(const Visitor& who, const Request& request, const ReplyPtr& reply);

  // The delivery under this number, as it may be shown now.
  static v1::Read one_delivery(const Visitor& who, const std::string& team, uint64_t number);
  // The open list is read page by page, then the open tasks.
  struct Listing;
  void list_on(const std::shared_ptr<Listing>& listing);
  void list_tasks(const std::shared_ptr<Listing>& listing);
  void answer_act(const std::shared_ptr<struct Acting>& acting, const v1::ActOutcome& outcome);
  void journey_of(const Visitor& who, const std::string& team, const std::string& event_id,
                  const ReplyPtr& reply);
  // Asks the hub; a refusal is answered at once, else `then` makes the answer.
  void relay(v1::Read read, const ReplyPtr& reply, std::function<Response(v1::Page)> then);
  int64_t now_us() const;

  const Options options_;
  People& people_;
  HubThread* hub_ = nullptr;
  std::map<std::string, std::unique_ptr<Feed>> feeds_;
  SheetCopy sheets_;
  v1::Live live_;
};

}  // namespace switchboard::gateway
