// What one team's browsers are sent as it happens, and what one that was away is sent first.
//
// Every entry of the team's inbox becomes one message, in order of its number, with the delivery it
// is about as it stands now. A browser that comes back names the last id it saw ("epoch-number");
// what came since is read from the hub, which decides anew what may be shown (P9), and then the
// stream goes on without a gap (P5). Too far behind, or of another epoch: it is told to read the
// list anew. P11: bounded waiting; a browser that does not read is cut by the server.
// Owns: the streams, the messages that wait for the hub's word. Thread: the server's. Fails: a
// question that the hub does not answer ends the streams; they come back.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/gateway/http_message.h"
#include "services/gateway/hub_thread.h"
#include "switchboard/v1/screen.pb.h"

namespace switchboard::gateway {

class Feed {
 public:
  using Ask = std::function<void(v1::Read, HubThread::OnPage)>;
  // May this browser still be shown something?
  using Still = std::function<bool()>;
  struct Place {
    uint64_t epoch = 0;
    uint64_t number = 0;
  };

  Feed(std::string team, Ask ask) : team_(std::move(team)), ask_(std::move(ask)) {}

  // `after`: the last it saw; nothing: it is to read the list first, and is told so.
  void join(std::shared_ptr<Stream> stream, std::optional<Place> after, Still still);
  void arrived(const HubThread::Arrived& arrived);
  // Something that this team sent has changed: the page reads it anew.
  void sent_changed();
  // In a new epoch numbers may stand for something else: everybody reads the list anew.
  void live(const v1::Live& live, uint64_t epoch);
  uint64_t epoch() const { return epoch_; }
  size_t browsers() const;

  static std::optional<Place> place_from(std::string_view id);  // "epoch-number"

 private:
  struct Browser {
    std::shared_ptr<Stream> stream;
    Still still;
    std::optional<Place> after;  // catching up: the last it was sent
  };
  // A message, and whether the hub has said all that is to be in it.
  struct Message {
    v1::Pushed pushed;
    bool ready = false;
  };
  void complete(const std::shared_ptr<Message>& message, std::function<void()> then);
  void send_ready();
  void catch_up(const std::shared_ptr<Browser>& browser);
  void caught(const std::shared_ptr<Browser>& browser, v1::Page page);
  void send_missed(const std::shared_ptr<Browser>& browser,
                   const std::shared_ptr<std::deque<v1::Entry>>& rest, uint64_t head);
  void go_on(const std::shared_ptr<Browser>& browser, uint64_t head);
  bool send(Browser& browser, const v1::Pushed& pushed, const std::string& json);
  void send_to_all(std::string_view event, const std::string& data);
  void tell_to_reload(Browser& browser);
  void tell_all_to_reload();
  void end_all();
  void drop_closed();

  const std::string team_;
  const Ask ask_;
  uint64_t epoch_ = 0;   // of the hub's session; 0: none yet
  uint64_t newest_ = 0;  // number that went to those who are live
  std::vector<std::shared_ptr<Browser>> live_;
  std::vector<std::shared_ptr<Browser>> behind_;  // catching up
  std::deque<std::shared_ptr<Message>> waiting_;  // in order of number
  std::string live_json_;
};

}  // namespace switchboard::gateway
