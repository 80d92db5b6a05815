// What every answer tells the browser not to do.
//
// Pure. The policy allows our own scripts, styles, fonts and connections, and nothing else: no
// inline script, no frame, no other site. Thread: any. Fails: not at all.
#pragma once

#include <string_view>

#include "services/gateway/http_message.h"

namespace switchboard::gateway {

// Adds them to the answer for this path; what it says itself of caching stays, but below /api,
// where nothing may be kept. Over TLS the browser is told to come back by TLS only.
void add_security_headers(Response& response, std::string_view path, bool tls);

}  // namespace switchboard::gateway
