// A listener's settings, checked: addresses parsed, files read, words turned into choices.
//
// Thread: any, const after reading. Fails: CODE_INVALID with every problem of every listener, one a
// line, each with the listener's name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/mllp/connection.h"
#include "adapters/mllp/exchange.h"
#include "adapters/mllp/map_message.h"
#include "adapters/mllp/peer_list.h"
#include "adapters/mllp/tls.h"
#include "broker/runtime/health.h"
#include "switchboard/v1/config.pb.h"

namespace switchboard::mllp {

enum class AckAfter {
  kAccepted,  // the hub's word, or own custody when it does not come in time
  kStored,    // own custody
};

struct ListenerSettings {
  std::string name;
  HostPort bind;
  ListenerIdentity identity;
  v1::LedgerBucket bucket = v1::LEDGER_BUCKET_LIVE;
  PeerList allowed;
  Mapping mapping;
  AckAfter ack_after = AckAfter::kAccepted;
  Duration ack_wait;
  Connection::Limits limits;
  size_t connections_max = 0;
  size_t connections_per_peer_max = 0;
  uint32_t park_after = 0;
  Answers::BatchReplies batch_replies = Answers::BatchReplies::kBatch;
  std::vector<std::string> probe_teams;
  Duration probe_every;
  std::optional<Tls::Files> tls;
};

Result<std::vector<ListenerSettings>> read_listeners(const v1::MllpConfig& config);
// Who speaks on the listener that uses this mapping file; nothing if none does.
std::optional<ListenerIdentity> identity_for_mapping(const v1::MllpConfig& config,
                                                     const std::string& mapping_file);

}  // namespace switchboard::mllp
