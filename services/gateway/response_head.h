// The first lines of an answer, as HTTP/1.1 writes them.
//
// Pure. No header can end early and begin another (response splitting): one with a line end or
// another control character makes the answer unsendable. Length and connection are the server's
// own; an answer that sets them is not asked. Thread: any. Fails: CODE_INTERNAL.
#pragma once

#include <optional>

#include "services/gateway/http_message.h"

namespace switchboard::gateway {

struct HeadFacts {
  std::optional<size_t> length;  // nothing: until the connection ends
  bool keep_alive = false;
};
Result<std::string> response_head(const Response& response, const HeadFacts& facts);

}  // namespace switchboard::gateway
