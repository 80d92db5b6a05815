// A listener with TLS and a client CA: who gets in, and that waiting is told from stalling.
#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "tests/integration/mllp/adapter_process.h"
#include "tests/integration/mllp/certificates.h"
#include "tests/integration/mllp/messages.h"
#include "tests/integration/mllp/tls_sender.h"

namespace switchboard::test {
namespace {

class MllpTls : public testing::Test {
 protected:
  static std::string tls_settings() {
    return "frame_timeout_s = 1\nack_wait_ms = 20000\ntls_certificate_file = \"hub.pem\"\n"
           "tls_key_file = \"hub.key\"\ntls_client_ca_file = \"ca.pem\"\n";
  }
  MllpTls() : adapter_(world_, {.listeners = {{"pas", tls_settings()}}}) {
    make_certificates(adapter_.file(""), {"hub", "trust"});
    CHECK(adapter_.start());
  }
  TlsSender::Files trust() const { return files("trust"); }
  TlsSender::Files files(const std::string& name) const {
    return {adapter_.file("ca.pem"), adapter_.file(name + ".pem"), adapter_.file(name + ".key")};
  }
  // What a sender with this certificate is answered; nothing of it is read unless it is let in.
  std::string answer_to(const TlsSender::Files& shown) {
    TlsSender sender(adapter_.port(), shown);
    const auto answer = sender.ask(mllp::encode_frame(hl7({.control_id = "TLS9"})));
    EXPECT_EQ(adapter_.metric("switchboard_mllp_frames_read_total{listener=\"pas\"}"), 0);
    return answer;
  }
  HubWorld world_;
  AdapterProcess adapter_;
};

TEST_F(MllpTls, ASenderWithACertificateOfTheClientCaIsAnswered) {
  TlsSender sender(adapter_.port(), trust());
  ASSERT_TRUE(sender.greeted()) << adapter_.log();
  EXPECT_EQ(sender.ask(mllp::encode_frame(hl7({.control_id = "TLS1"}))), "AA");
  std::string large = hl7({.control_id = "TLS2", .more = "NTE|1||"});
  large.append(limits::kSourceBytesMax - large.size() - 1, 'x');
  EXPECT_EQ(sender.ask(mllp::encode_frame(large + "\r")), "AA");
}

TEST_F(MllpTls, ASenderWithoutACertificateGetsNothing) {
  auto files = trust();
  files.certificate.clear();
  TlsSender sender(adapter_.port(), files);
  EXPECT_EQ(sender.ask(mllp::encode_frame(hl7({.control_id = "TLS3"}))), "none");
  EXPECT_EQ(adapter_.metric("switchboard_mllp_frames_read_total{listener=\"pas\"}"), 0);
}

TEST_F(MllpTls, ACertificateOfAnotherCaIsNotLetIn) {
  make_certificates(adapter_.file(""), {"stranger"}, "other-ca");
  EXPECT_EQ(answer_to(files("stranger")), "none");
}

TEST_F(MllpTls, AnExpiredCertificateIsNotLetIn) {
  make_certificates(adapter_.file(""), {"expired"}, "ca", -1);
  EXPECT_EQ(answer_to(files("expired")), "none");
}

TEST_F(MllpTls, PlainBytesAreNotRead) {
  RawSender sender(adapter_.port());
  sender.send_message(hl7({.control_id = "TLS4"}));
  EXPECT_EQ(sender.code(), "none");
  EXPECT_EQ(adapter_.metric("switchboard_mllp_frames_read_total{listener=\"pas\"}"), 0);
}

TEST_F(MllpTls, AStalledHandshakeIsClosedAndAQuietSenderIsNot) {
  TlsSender quiet(adapter_.port(), trust());
  ASSERT_TRUE(quiet.greeted());
  RawSender stalled(adapter_.port());
  EXPECT_FALSE(stalled.answer().has_value());
  EXPECT_EQ(adapter_.metric("switchboard_mllp_timed_out_total{listener=\"pas\"}"), 1);
  EXPECT_EQ(quiet.ask(mllp::encode_frame(hl7({.control_id = "TLS5"}))), "AA");
}

}  // namespace
}  // namespace switchboard::test
