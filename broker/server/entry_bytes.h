// One Entry of a Deliver frame, encoded: made once per team, copied to each of its endpoints.
//
// The publisher's header and section bytes are forwarded, never re-serialised (DESIGN §6). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/directory.h"
#include "broker/core/turn.h"
#include "broker/store/delivery_scan.h"
#include "broker/store/entry.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::server {

// What was encoded last of an event: teams that are shown the same share the work, and its memory
// is used again for the next.
struct LiveContent {
  uint64_t position = 0;
  v1::Disclosure disclosure = v1::DISCLOSURE_UNSPECIFIED;
  std::string bytes;            // header and sections, as that disclosure shows them
  uint64_t noticed = 0;         // position of the event of …
  std::string before, between;  // … what the notices of all teams have in common
  std::string notice;
};
// A delivery of this turn, from memory.
std::string live_entry(const core::Directory& directory, const core::Secrets& secrets,
                       const core::LiveEvent& event, const v1::Recipient& recipient,
                       uint64_t number, LiveContent& last);
// Any entry, from the store: read, disclosed as of now, decrypted as far as it may be shown. What
// cannot be decrypted is shown as a pointer, what cannot be read at all as a placeholder (P5), and
// said on the log. `entry`: nothing if its own row cannot be read.
struct StoredLog {
  const store::Reads& reads;
  const core::Directory& directory;
  const core::Secrets& secrets;
  store::LogId log;
  uint64_t received_through = 0;  // by any endpoint: store::read_received_through()
  Time now = {};                  // whose numbers to ring are shown
  // Of these reads and this team, for entries whose numbers rise; null: each is looked up.
  store::DeliveryScan* states = nullptr;
};
v1::Entry stored_entry(const StoredLog& from, uint64_t number,
                       const std::optional<store::LogEntry>& entry);
// The same as bytes, sent once more or not (`replayed`).
std::string stored_entry_bytes(const StoredLog& from, uint64_t number,
                               const std::optional<store::LogEntry>& entry, bool replayed);

// A whole HubFrame holding one Deliver with these encoded entries.
std::string deliver_frame(const std::string& team, v1::LogKind log, const std::string& endpoint,
                          const v1::Promise& promise, uint64_t first, bool ahead,
                          const std::vector<std::string_view>& entries);

}  // namespace switchboard::server
