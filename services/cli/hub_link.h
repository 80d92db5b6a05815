// The hub as a command sees it: one question, one answer, with the key that fits the question.
//
// Owns: the connection file, the choice of identity (--as, else by team, agency or admin), and what
// is kept in memory while a person waits (the person is told the outcome).
// Thread: main's; blocks up to the timeout. Fails: with the hub's code; CODE_BUSY when it does not
// answer; see unreachable().
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/sdk/admin_client.h"
#include "adapters/sdk/client.h"
#include "broker/base/result.h"
#include "broker/base/time.h"
#include "broker/wire/context.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::cli {

class HubLink {
 public:
  struct Options {
    std::string connection_file;
    std::string identity;  // empty: the one that fits
    Duration timeout = seconds(10);
  };
  struct Publisher {
    std::string principal;
    std::string agency;
    std::string system;
    std::string person;  // whose acts the identity brings, if it says so
  };

  static Result<std::unique_ptr<HubLink>> open(const Options& options);

  Result<v1::AdminReply> ask(v1::AdminRequest request);
  Result<v1::Page> read_inbox(const v1::ReadInbox& read);
  // The entry under this number of the team's inbox as it stands now, or nothing.
  Result<std::optional<v1::Entry>> read_entry(const std::string& team, uint64_t number,
                                              const std::string& person);
  Result<v1::Journey> read_event(const std::string& team, const v1::ReadEvent& read);
  Result<v1::Page> read_sent(const v1::ReadSent& read);
  Result<v1::Page> read_tasks(const v1::ReadTasks& read);
  // As an operator where the connection file has one, else as the team; public where none is named.
  Result<v1::DirectorySheet> read_sheet(const v1::ReadSheet& read);
  bool may_read_sheet(const std::string& team) const;
  Result<v1::ActOutcome> act(const v1::Act& act);
  // By the team's own key; a list that is long may take its time.
  Result<v1::Page> change_members(const v1::MembersChange& change, const std::string& person);
  bool speaks_for(const std::string& team) const { return for_team(team).ok(); }
  // Agency and system may be empty: the first identity that publishes.
  Result<Publisher> publisher(const std::string& agency, const std::string& system) const;
  Result<v1::Page> read_quarantine(const Publisher& as, const v1::ReadQuarantine& read);
  Result<v1::Page> clear_quarantined(const Publisher& as, const v1::ClearQuarantined& request);
  Result<v1::ItemOutcome> publish(const Publisher& as, const v1::Item& item);

  // For a command that looks again: false when it was interrupted.
  bool pause(Duration at_most);
  // The last failure was that nobody answered.
  bool unreachable() const { return unreachable_; }
  const v1::ConnectionFile& connection() const { return file_; }
  wire::Context& context() { return context_; }

 private:
  explicit HubLink(const Options& options) : options_(options) {}
  bool as_operator() const;
  Result<v1::ConnectionIdentity> for_team(const std::string& team) const;
  // The client of a principal, opened once.
  Result<sdk::Client*> client(const v1::ConnectionIdentity& as);
  Result<v1::Page> request(const std::string& team, v1::Read read);
  Result<v1::Page> request_as(const v1::ConnectionIdentity& as, v1::Read read);
  sdk::Client::Wait timeout() const;
  Error noticed(Error error);

  Options options_;
  v1::ConnectionFile file_;
  wire::Context context_;
  std::unique_ptr<sdk::AdminClient> admin_;
  std::map<std::string, std::unique_ptr<sdk::Client>> clients_;
  bool unreachable_ = false;
};

}  // namespace switchboard::cli
