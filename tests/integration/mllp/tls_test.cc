// A listener with TLS and a client CA: who gets in, and that waiting is told from stalling.
#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "tests/integration/mllp/adapter_process.h"
#include "tests/integration/mllp/command.h"
#include "tests/integration/mllp/messages.h"
#include "tests/integration/mllp/tls_sender.h"

namespace switchboard::test {
namespace {

// Makes a certificate authority, and a certificate of it for each name.
void make_certificates(const std::string& dir, const std::vector<std::string>& names) {
  const std::string in = "cd " + dir + " && openssl ";
  const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ";
  const auto run = [](const std::string& command) {
    const auto result = run_command(command);
    CHECK(result.exit == 0);
  };
  run(in + "req -x509 -days 2 -subj /CN=ca" + key + "ca.key -out ca.pem");
  for (const auto& name : names) {
    run(in + "req -subj /CN=" + name + key + name + ".key -out " + name + ".csr");
    run(in + "x509 -req -days 2 -in " + name +
        ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -out " + name + ".pem");
  }
}

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
  TlsSender::Files trust() const {
    return {adapter_.file("ca.pem"), adapter_.file("trust.pem"), adapter_.file("trust.key")};
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
