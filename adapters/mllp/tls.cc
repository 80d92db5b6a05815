#include "adapters/mllp/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>

namespace switchboard::mllp {
namespace {

// OpenSSL's reason for the last failure; its queue must be empty before the next call.
std::string why() {
  const char* reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return reason ? reason : "unknown";
}

Error bad_file(const std::string& file, const char* what) {
  return error(v1::CODE_INVALID, file + ": not usable as " + what + ": " + why());
}

int as_length(size_t bytes) { return static_cast<int>(std::min<size_t>(bytes, INT_MAX)); }

}  // namespace

void TlsSession::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }
void Tls::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

Moved TlsSession::read(char* to, size_t bytes_max) {
  if (broken_) return {.state = Moved::State::kBroken};
  ERR_clear_error();
  return judge(SSL_read(ssl_.get(), to, as_length(bytes_max)), true);
}

Moved TlsSession::write(std::string_view bytes) {
  if (broken_) return {.state = Moved::State::kBroken};
  ERR_clear_error();
  return judge(SSL_write(ssl_.get(), bytes.data(), as_length(bytes.size())), false);
}

Moved TlsSession::judge(int result, bool reading) {
  if (result > 0) return {.state = Moved::State::kSome, .bytes = static_cast<size_t>(result)};
  const int kind = SSL_get_error(ssl_.get(), result);
  if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) return {};
  ERR_clear_error();
  if (kind == SSL_ERROR_ZERO_RETURN && reading) return {.state = Moved::State::kEnd};
  broken_ = true;
  return {.state = Moved::State::kBroken};
}

bool TlsSession::established() const { return SSL_is_init_finished(ssl_.get()); }

bool TlsSession::wants_write() const { return SSL_want_write(ssl_.get()); }

void TlsSession::say_goodbye() {
  if (broken_ || !established()) return;
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

Result<std::unique_ptr<Tls>> Tls::load(const Files& files) {
  std::unique_ptr<Tls> tls(new Tls(SSL_CTX_new(TLS_server_method())));
  SSL_CTX* context = tls->context_.get();
  if (!context) return error(v1::CODE_INTERNAL, "no TLS: " + why());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // What stands in our buffer may move between two attempts to write it.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return bad_file(files.certificate, "a certificate");
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return bad_file(files.key, "its key");
  }
  if (files.client_ca.empty()) return tls;
  if (SSL_CTX_load_verify_file(context, files.client_ca.c_str()) != 1) {
    return bad_file(files.client_ca, "a client CA");
  }
  // Needed beside peer verification: resumed sessions are bound to this listener.
  constexpr unsigned char kName[] = "switchboard-mllp";
  SSL_CTX_set_session_id_context(context, kName, sizeof kName - 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return tls;
}

Result<std::unique_ptr<TlsSession>> Tls::accept(int fd) {
  SSL* ssl = SSL_new(context_.get());
  if (!ssl) return error(v1::CODE_INTERNAL, "no TLS session: " + why());
  auto session = std::make_unique<TlsSession>(ssl);
  if (SSL_set_fd(ssl, fd) != 1) return error(v1::CODE_INTERNAL, "no TLS session: " + why());
  SSL_set_accept_state(ssl);
  return session;
}

}  // namespace switchboard::mllp
