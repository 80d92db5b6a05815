// Does a request that changes something come from our own page?
//
// Three marks, all without state: Origin, which browsers send with every writing request, must name
// our own scheme and host (Host: a proxy must keep it); Sec-Fetch-Site, where it is sent, must be
// same-origin; and X-Switchboard-Csrf must be the session's own. Before the sign-in there is no
// session, and so no token: one of the first two must then be there, as they are what keeps another
// site from signing somebody in under a name of its choice. Pure. Thread: any. Fails:
// CODE_NOT_ALLOWED.
#pragma once

#include <string>
#include <string_view>

#include "services/gateway/http_message.h"

namespace switchboard::gateway {

// Where they are there, Origin and Sec-Fetch-Site are right. `scheme`: empty where nobody knows.
Status check_origin(const Request& request, std::string_view scheme);
// … and one of them is there.
Status check_known_origin(const Request& request, std::string_view scheme);
// check_origin, and the token of this session.
Status check_csrf(const Request& request, std::string_view scheme, std::string_view csrf);
// A page of another site may not make a browser ask us this: for reads that begin something.
bool asked_by_other_site(const Request& request);

// The peer, or at the proxy's door the one that the proxy itself saw: its entry is the last one.
std::string address_of(const Request& request);

}  // namespace switchboard::gateway
