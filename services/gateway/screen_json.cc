#include "services/gateway/screen_json.h"

#include <google/protobuf/util/json_util.h>

#include "broker/base/check.h"

namespace switchboard::gateway {

Status from_json(std::string_view body, google::protobuf::Message& message, size_t bytes_max) {
  if (body.size() > bytes_max) {
    return error(v1::CODE_OVERSIZE,
                 "the request has more than " + std::to_string(bytes_max) + " bytes");
  }
  const size_t first = body.find_first_not_of(" \t\r\n");
  google::protobuf::util::JsonParseOptions strict;
  strict.ignore_unknown_fields = false;
  message.Clear();
  if (first != std::string_view::npos && body[first] == '{' &&
      google::protobuf::util::JsonStringToMessage({body.data(), body.size()}, &message, strict)
          .ok()) {
    return ok();
  }
  message.Clear();
  // Not the parser's own words: they quote what was sent.
  return error(v1::CODE_MALFORMED,
               "the request is not the JSON that this path takes: reload the page");
}

Status read_body(const Request& request, google::protobuf::Message& message, size_t bytes_max) {
  const std::string_view type = request.header("content-type");
  if (type.substr(0, type.find(';')) != "application/json") {
    return error(v1::CODE_MALFORMED, "the request must be of type application/json");
  }
  return from_json(request.body, message, bytes_max);
}

std::string to_json(const google::protobuf::Message& message) {
  std::string json;
  CHECK(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

Response json_response(const google::protobuf::Message& message, unsigned status) {
  return {.status = status, .body = to_json(message)};
}

}  // namespace switchboard::gateway
