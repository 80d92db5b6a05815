// An HL7 batch in one frame: FHS, BHS, messages, BTS, FTS, and the answer that is a batch itself.
//
// Each message is cut out as the bytes it has, so it is the same event whether it comes in a batch,
// by itself, or again. Counts (BTS-1, FTS-1) are checked: what does not add up is said in `wrong`
// and takes nothing away. Not here: what a message leads to (exchange.h).
// Thread: any. Fails: never; bytes that do not begin with FHS or BHS are no batch.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/base/time.h"

namespace switchboard::mllp {

inline constexpr size_t kBatchMessagesMax = 2000;  // of one frame

struct Batch {
  struct Group {
    std::string header;  // BHS as it came; empty: messages without one
    size_t messages = 0;
  };
  std::string file_header;  // FHS as it came; empty if there is none
  std::vector<Group> groups;
  std::vector<std::string> wrong;  // in words; nothing about a person
};
struct BatchFrame {
  Batch batch;
  std::vector<std::string_view> messages;  // of all groups, in order; views into the frame
  bool too_many = false;                   // more than kBatchMessagesMax: the rest is not read
};

bool is_batch(std::string_view frame);
BatchFrame read_batch(std::string_view frame);

// One batch of the acknowledgements of each message (unframed, none where none was asked for),
// between headers that answer those of the request; empty if nothing is to be said.
struct BatchReply {
  const Batch& request;
  std::span<const std::vector<std::string>> acks;  // of each message
  std::string control_id;
  Time now;
};
std::string build_batch_reply(const BatchReply& reply);

}  // namespace switchboard::mllp
