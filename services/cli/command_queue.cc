#include <charconv>

#include "broker/base/limits.h"
#include "services/cli/call.h"
#include "services/cli/event_rows.h"
#include "services/cli/menu.h"
#include "services/cli/render_journey.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

Exit list(Call& call, const std::string& queue) {
  const Arguments& a = call.arguments();
  v1::EventRows all;
  uint64_t before = a.before;
  do {
    v1::AdminRequest request;
    request.mutable_queue()->set_queue(queue);
    request.mutable_queue()->set_before_position(before);
    request.mutable_queue()->set_limit(
        std::min(a.limit - static_cast<uint32_t>(all.rows_size()), limits::kPageItemsMax));
    const auto reply = call.ask(std::move(request));
    if (!reply.ok()) return call.fail(reply.error());
    all.mutable_rows()->MergeFrom(reply->queue().rows());
    before = reply->queue().next_before();
  } while (before != 0 && all.rows_size() < static_cast<int>(a.limit));
  all.set_next_before(before);
  return print_events(call, all, queue == "cleared" ? "quarantine ls --cleared" : queue + " ls");
}

Exit show(Call& call) {
  const Arguments& a = call.arguments();
  v1::AdminRequest request;
  uint64_t position = 0;
  const auto [end, failed] = std::from_chars(a.id.data(), a.id.data() + a.id.size(), position);
  if (failed == std::errc() && end == a.id.data() + a.id.size() && a.id.size() < 20) {
    request.mutable_event()->set_position(position);
  } else if (const auto id = read_event_id(a.id)) {
    request.mutable_event()->set_event_id(std::string(id->view()));
  } else {
    return call.misused("'" + plain(a.id) + "' is no event id and no position");
  }
  const auto reply = call.ask(std::move(request));
  if (!reply.ok()) return call.fail(reply.error());
  if (!call.terminal().tables()) {
    call.terminal().print(reply->journey());
  } else {
    call.terminal().print(render_journey(reply->journey(), call.now(), call.terminal().style()));
  }
  return Exit::kOk;
}

Exit quarantine(Call& call) {
  return list(call, call.arguments().cleared ? "cleared" : "quarantine");
}
Exit unrouted(Call& call) { return list(call, "unrouted"); }
Exit held(Call& call) { return list(call, "held"); }
Exit match(Call& call) { return list(call, "match"); }

CLI::App& add_queue(Menu& menu, const std::string& name, const std::string& meaning, Run run) {
  CLI::App& queue =
      menu.add({.name = name, .meaning = meaning, .examples = "switchboard " + name + " ls"});
  CLI::App& rows = menu.add(queue, {.name = "ls",
                                    .meaning = meaning + ", newest first",
                                    .examples = "switchboard " + name + " ls",
                                    .run = run});
  menu.page(rows);
  rows.add_option("--before", menu.arguments().before, "positions before this one")
      ->type_name("POSITION");
  CLI::App& one = menu.add(queue, {.name = "show",
                                   .meaning = "one of them: from whom, when, why",
                                   .examples = "switchboard " + name + " show 4711",
                                   .run = show});
  menu.event(one);
  return rows;
}

}  // namespace

void add_queues(Menu& menu) {
  CLI::App& quarantined =
      add_queue(menu, "quarantine", "events the hub holds but could not accept as they are",
                quarantine);
  quarantined.add_flag("--cleared", menu.arguments().cleared,
                       "those that their senders have dealt with, by whom and why");
  add_queue(menu, "unrouted", "events that had to reach somebody and matched no route", unrouted);
  add_queue(menu, "held", "corrections that came before what they correct", held);
  add_queue(menu, "match", "events whose identifiers point to two children: a person must look",
            match);
}

}  // namespace switchboard::cli
