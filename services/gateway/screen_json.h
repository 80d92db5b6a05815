// Messages of screen.proto as JSON and back, by protobuf's own mapping.
//
// Strict in what it takes: one object, no field that the message does not have, no more bytes than
// the path allows. Never says what it read: it may be a password. Pure. Thread: any. Fails:
// CODE_MALFORMED, CODE_OVERSIZE.
#pragma once

#include <google/protobuf/message.h>

#include "broker/base/result.h"
#include "services/gateway/http_message.h"

namespace switchboard::gateway {

inline constexpr size_t kSmallBodyBytesMax = 4 * 1024;  // of signing in, acts and the like

Status from_json(std::string_view body, google::protobuf::Message& message,
                 size_t bytes_max = kSmallBodyBytesMax);
// The same for a request's body, which must say that it is JSON: a form of another site cannot.
Status read_body(const Request& request, google::protobuf::Message& message,
                 size_t bytes_max = kSmallBodyBytesMax);
std::string to_json(const google::protobuf::Message& message);
Response json_response(const google::protobuf::Message& message, unsigned status = 200);

}  // namespace switchboard::gateway
