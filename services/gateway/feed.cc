#include "services/gateway/feed.h"

#include <algorithm>
#include <charconv>

#include "services/gateway/alert.h"
#include "services/gateway/screen_json.h"

namespace switchboard::gateway {
namespace {

constexpr size_t kWaitingMax = 1024;
constexpr uint64_t kBehindMax = 2000;  // further behind, the list is read faster than its history
constexpr uint32_t kPage = 100;

std::string id_of(const v1::Pushed& pushed) {
  return std::to_string(pushed.epoch()) + "-" + std::to_string(pushed.number());
}

v1::Read inbox_after(const std::string& team, uint64_t after, uint32_t limit) {
  v1::Read read;
  read.mutable_inbox()->set_team(team);
  read.mutable_inbox()->set_log(v1::LOG_KIND_INBOX);
  read.mutable_inbox()->set_after(after);
  read.mutable_inbox()->set_limit(limit);
  return read;
}

// The delivery an entry is about, if it is about another number of this log.
uint64_t about(const v1::Notice& notice) {
  if (notice.type() == v1::ENTRY_TYPE_TASK) return notice.task().refers_to();
  return notice.type() == v1::ENTRY_TYPE_CHANGE ? notice.refers_to() : 0;
}

bool number_from(std::string_view text, uint64_t& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

std::optional<Feed::Place> Feed::place_from(std::string_view id) {
  const size_t dash = id.find('-');
  Place place;
  if (dash == std::string_view::npos || !number_from(id.substr(0, dash), place.epoch) ||
      !number_from(id.substr(dash + 1), place.number)) {
    return std::nullopt;
  }
  return place;
}

size_t Feed::browsers() const { return live_.size() + behind_.size(); }

void Feed::join(std::shared_ptr<Stream> stream, std::optional<Place> after, Still still) {
  auto browser = std::make_shared<Browser>(Browser{std::move(stream), std::move(still), after});
  if (!live_json_.empty()) browser->stream->send("live", "", live_json_);
  if (!after || after->epoch != epoch_) {
    tell_to_reload(*browser);
    live_.push_back(std::move(browser));
    return;
  }
  behind_.push_back(browser);
  catch_up(browser);
}

void Feed::tell_to_reload(Browser& browser) {
  browser.after.reset();
  browser.stream->send("reload", "", "{}");
}

// Reads what it has missed, a page at a time, until it stands where the live ones stand.
void Feed::catch_up(const std::shared_ptr<Browser>& browser) {
  ask_(inbox_after(team_, browser->after->number, kPage), [this, browser](Result<v1::Page> page) {
    // It comes back with the last id it saw.
    if (!page.ok()) browser->stream->close();
    if (!browser->stream->open()) return drop_closed();
    caught(browser, std::move(page).value());
  });
}

void Feed::caught(const std::shared_ptr<Browser>& browser, v1::Page page) {
  if (browser->after &&
      (browser->after->number > page.head() || page.head() - browser->after->number > kBehindMax)) {
    tell_to_reload(*browser);
  }
  auto rest = std::make_shared<std::deque<v1::Entry>>(page.items().begin(), page.items().end());
  send_missed(browser, rest, page.head());
}

// One after the other, as each may have to be completed by the hub. It may be told to read the list
// anew meanwhile: then there is nothing to catch up with.
void Feed::send_missed(const std::shared_ptr<Browser>& browser,
                       const std::shared_ptr<std::deque<v1::Entry>>& rest, uint64_t head) {
  if (!browser->stream->open()) return drop_closed();
  if (rest->empty() || !browser->after) return go_on(browser, head);
  auto message = std::make_shared<Message>();
  message->pushed.set_epoch(browser->after->epoch);
  message->pushed.set_number(rest->front().number());
  *message->pushed.mutable_entry() = to_alert(rest->front());
  rest->pop_front();
  complete(message, [this, browser, message, rest, head] {
    if (!browser->after) return go_on(browser, head);
    if (!send(*browser, message->pushed, to_json(message->pushed))) return drop_closed();
    browser->after->number = message->pushed.number();
    send_missed(browser, rest, head);
  });
}

// P5: it joins the live ones only where it has all that they have.
void Feed::go_on(const std::shared_ptr<Browser>& browser, uint64_t head) {
  const bool has_all = !browser->after || browser->after->number >= std::max(head, newest_);
  if (!has_all) return catch_up(browser);
  std::erase(behind_, browser);
  live_.push_back(browser);
}

// Fills in the delivery that the entry is about, as it stands now, then goes on.
void Feed::complete(const std::shared_ptr<Message>& message, std::function<void()> then) {
  const uint64_t number = about(message->pushed.entry().notice());
  if (message->pushed.entry().notice().type() == v1::ENTRY_TYPE_DELIVERY || number == 0) {
    message->ready = true;
    return then();
  }
  ask_(inbox_after(team_, number - 1, 1),
       [message, number, then = std::move(then)](Result<v1::Page> page) {
         if (page.ok() && page->items_size() == 1 && page->items(0).number() == number) {
           *message->pushed.mutable_now() = to_alert(page->items(0));
         }
         message->ready = true;
         then();
       });
}

void Feed::arrived(const HubThread::Arrived& arrived) {
  auto message = std::make_shared<Message>();
  message->pushed.set_epoch(arrived.epoch);
  message->pushed.set_number(arrived.entry.number());
  message->pushed.set_ahead(arrived.turn == sdk::Endpoint::Turn::kAhead);
  *message->pushed.mutable_entry() = to_alert(arrived.entry);
  if (browsers() == 0) {  // nobody looks: only where the log stands is kept
    if (!message->pushed.ahead()) newest_ = arrived.entry.number();
    return;
  }
  if (waiting_.size() >= kWaitingMax) end_all();
  waiting_.push_back(message);
  complete(message, [this] { send_ready(); });
}

void Feed::send_ready() {
  while (!waiting_.empty() && waiting_.front()->ready) {
    const auto message = std::move(waiting_.front());
    waiting_.pop_front();
    const auto& pushed = message->pushed;
    if (!pushed.ahead()) newest_ = pushed.number();
    const std::string json = to_json(pushed);
    for (const auto& browser : live_) {
      // It has seen this while it caught up.
      if (browser->after && !pushed.ahead() && browser->after->epoch == pushed.epoch() &&
          pushed.number() <= browser->after->number) {
        continue;
      }
      send(*browser, pushed, json);
    }
  }
  drop_closed();
}

bool Feed::send(Browser& browser, const v1::Pushed& pushed, const std::string& json) {
  if (!browser.still()) {
    browser.stream->send("ended", "", "{}");
    browser.stream->close();
    return false;
  }
  return browser.stream->send("pushed", pushed.ahead() ? "" : id_of(pushed), json);
}

void Feed::send_to_all(std::string_view event, const std::string& data) {
  for (auto* all : {&live_, &behind_}) {
    for (const auto& browser : *all) {
      if (!browser->still()) {
        browser->stream->send("ended", "", "{}");
        browser->stream->close();
        continue;
      }
      browser->stream->send(event, "", data);
    }
  }
  drop_closed();
}

void Feed::sent_changed() { send_to_all("sent", "{}"); }

void Feed::tell_all_to_reload() {
  waiting_.clear();
  for (auto* all : {&live_, &behind_}) {
    for (const auto& browser : *all) tell_to_reload(*browser);
  }
}

void Feed::live(const v1::Live& live, uint64_t epoch) {
  if (epoch != epoch_) {
    epoch_ = epoch;
    newest_ = 0;
    tell_all_to_reload();
  }
  live_json_ = to_json(live);
  send_to_all("live", live_json_);
}

void Feed::end_all() {
  for (const auto& browser : live_) browser->stream->close();
  waiting_.clear();
  drop_closed();
}

void Feed::drop_closed() {
  const auto closed = [](const auto& browser) { return !browser->stream->open(); };
  std::erase_if(live_, closed);
  std::erase_if(behind_, closed);
}

}  // namespace switchboard::gateway
