// A TLS sender of the tests' own, blocking, with or without a certificate to show.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "tests/support/raw_sender.h"

namespace switchboard::test {

class TlsSender {
 public:
  struct Files {
    std::string ca, certificate, key;  // no certificate: shows none
  };
  TlsSender(uint16_t port, const Files& files)
      : tcp_(port), context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr) {
    CHECK(SSL_CTX_load_verify_file(context_.get(), files.ca.c_str()) == 1);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    if (!files.certificate.empty()) {
      const char* key = files.key.c_str();
      CHECK(SSL_CTX_use_certificate_chain_file(context_.get(), files.certificate.c_str()) == 1);
      CHECK(SSL_CTX_use_PrivateKey_file(context_.get(), key, SSL_FILETYPE_PEM) == 1);
    }
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), tcp_.fd());
    greeted_ = SSL_connect(ssl_.get()) == 1;
  }
  bool greeted() const { return greeted_; }
  // The MSA-1 code of the answer, or "none".
  std::string ask(std::string_view frame) {
    if (SSL_write(ssl_.get(), frame.data(), static_cast<int>(frame.size())) <= 0) return "none";
    std::string got;
    char bytes[4096];
    while (got.find("\x1c\r") == std::string::npos) {
      const int n = SSL_read(ssl_.get(), bytes, sizeof bytes);
      if (n <= 0) return "none";
      got.append(bytes, static_cast<size_t>(n));
    }
    const size_t at = got.find("\rMSA|");
    return at == std::string::npos ? "none" : got.substr(at + 5, 2);
  }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  RawSender tcp_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  bool greeted_ = false;
};

}  // namespace switchboard::test
