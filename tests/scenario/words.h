// Records in the words of the design, for scripts: short, without positions or identities. Pure.
#pragma once

#include <string>

#include "broker/base/time.h"
#include "broker/store/entry.h"
#include "switchboard/v1/admin.pb.h"
#include "switchboard/v1/record.pb.h"

namespace switchboard::scenario {

// CODE_NOT_ALLOWED -> "not allowed", for any enum's name after its prefix.
std::string plain(const std::string& enum_name, size_t prefix);
std::string of(v1::Code code);
std::string of(v1::Disposition disposition);
std::string of(v1::DeliveryState state);
std::string of(Duration duration);  // "2h", "30m"
// One line of a digest.
std::string of(const v1::DigestLine& line, const std::string& message);
std::string of(const v1::Recipient& recipient);
// `message` is the source message id of the event it is about, `outcome` what a person said.
std::string of(const store::LogEntry& entry, const std::string& message,
               const std::string& outcome);

std::string of(const v1::TaskRecord& task, const std::string& message);

// The other way; CHECKs that the script says one of the words.
std::string spaced(std::string text);  // '_' reads as a space
v1::ActKind act_kind(const std::string& word);
v1::NotOurs not_ours(const std::string& word);
v1::CallResult call_result(const std::string& word);
v1::CorrectionNature nature(const std::string& word);
v1::IdentityChange identity_change(const std::string& word);
v1::Urgency urgency(const std::string& word);
v1::NudgeState nudge_state(const std::string& word);
Duration duration(const std::string& text);

}  // namespace switchboard::scenario
