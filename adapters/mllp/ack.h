// Acknowledgement messages: what goes back to the sender of a message.
//
// AA: we hold it (also in quarantine). AE: we do not, and resending it unchanged is useless. AR: we
// do not, keep it and resend. Original mode answers with one of these; enhanced mode (MSH-15 or
// MSH-16 valued) with CA, CE, CR and then AA, AE, AR, each where its field asks for it.
// Not here: when to answer (P1: only after what it promises is durable; that is the source's rule).
// Thread: any. Fails: never.
#pragma once

#include <string>
#include <vector>

#include "adapters/mllp/hl7_message.h"
#include "broker/base/time.h"

namespace switchboard::mllp {

enum class Verdict { kAccept, kError, kReject };

// HL7 table 0357, as ERR carries it.
struct AckError {
  int code = 207;        // e.g. 101 required field missing, 202 unsupported processing id
  std::string location;  // "PID" or "MSH-11"
};

struct AckContent {
  Verdict verdict = Verdict::kAccept;
  std::string control_id;  // of the acknowledgement itself, new for each
  Time now;
  std::string text;              // MSA-3: never anything about a person
  std::vector<AckError> errors;  // empty for an acceptance
};

// The MSA-1 codes that this message asks for, in the order they are sent; may be empty.
std::vector<std::string> ack_codes(const Message& request, Verdict verdict);

// One acknowledgement message with the given MSA-1 code; unframed.
std::string build_ack(const Message& request, const std::string& code, const AckContent& content);

// For bytes without a readable MSH: addresses nobody and names no message.
std::string build_bare_ack(const std::string& code, const AckContent& content);

// "20261122120000+0000", as our answers say when.
std::string hl7_time_stamp(Time now);

}  // namespace switchboard::mllp
