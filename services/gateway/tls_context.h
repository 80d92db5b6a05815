// The certificate this server shows, and the rules of TLS it keeps.
//
// TLS 1.2 and later, forward secret ciphers with authentication only, HTTP/1.1 by ALPN, no session
// tickets: a key that lives as long as the process would open every recorded conversation. Read
// once. Thread: any after load. Fails: CODE_INVALID, naming the file.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "broker/base/result.h"

namespace switchboard::gateway {

using TlsContext = boost::asio::ssl::context;
Result<std::unique_ptr<TlsContext>> load_tls(const std::string& certificate_file,
                                             const std::string& key_file);

}  // namespace switchboard::gateway
