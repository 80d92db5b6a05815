#include "services/gateway/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace switchboard::gateway {
namespace {

Error bad_file(const std::string& file, const char* what) {
  const char* reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return error(v1::CODE_INVALID,
               file + ": not usable as " + what + ": " + (reason ? reason : "unknown"));
}

// Browsers offer h2 as well; whoever offers names and not ours would not understand our answers.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_bytes,
                    const unsigned char* offered, unsigned offered_bytes, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_bytes, kOurs, sizeof kOurs - 1, offered, offered_bytes);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool set_rules(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  // Buffers of an idle page's connection are given back: hundreds of them stay open all day.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1 &&
         SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
}

}  // namespace

Result<std::unique_ptr<TlsContext>> load_tls(const std::string& certificate_file,
                                             const std::string& key_file) {
  auto out = std::make_unique<TlsContext>(TlsContext::tls_server);
  SSL_CTX* context = out->native_handle();
  ERR_clear_error();
  if (!set_rules(context)) return bad_file("certificate_file", "TLS of this machine's OpenSSL");
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
    return bad_file(certificate_file, "certificate_file");
  }
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return bad_file(key_file, "key_file");
  }
  return out;
}

}  // namespace switchboard::gateway
