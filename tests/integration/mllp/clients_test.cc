// Senders that nobody here wrote, against the real adapter and hub: Debian's mllp_send, and two
// clients of the npm registry, pinned in npm/package-lock.json and installed by the test's setup.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "adapters/mllp/mllp_frame.h"
#include "tests/integration/mllp/adapter_process.h"
#include "tests/integration/mllp/certificates.h"
#include "tests/integration/mllp/command.h"
#include "tests/integration/mllp/messages.h"

namespace switchboard::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSubsetOf;

std::vector<v1::EventRow> events(HubWorld& world) {
  v1::AdminRequest request;
  request.mutable_events()->set_limit(200);
  const auto reply = world.ask(std::move(request)).value();
  return {reply.events().rows().rbegin(), reply.events().rows().rend()};
}
std::vector<std::string> ids(HubWorld& world) {
  std::vector<std::string> out;
  for (const auto& row : events(world)) out.push_back(row.source_message_id());
  return out;
}

std::string answered(const std::vector<std::string>& control_ids) {
  std::string out;
  for (const auto& id : control_ids) out += "{\"code\":\"AA\",\"id\":\"" + id + "\"}\n";
  return out;
}

class MllpClients : public testing::Test {
 protected:
  void start(const std::string& settings) {
    adapter_ = std::make_unique<AdapterProcess>(
        world_,
        AdapterProcess::Options{.listeners = {{"pas", "ack_wait_ms = 20000\n" + settings}}});
    make_certificates(adapter_->file(""), {"hub", "trust"});
    ASSERT_TRUE(adapter_->start()) << adapter_->log();
  }
  CommandResult node(const std::string& library, const std::string& options = "") {
    return run_command("cd " SWITCHBOARD_BINARY_DIR "/npm && node send.js " + library + " " +
                       std::to_string(adapter_->port()) + " " + options);
  }
  // Of what the npm feed holds, those whose trigger is mapped; the others are answered all the
  // same.
  void expect_feed_at_hub() {
    EXPECT_THAT(ids(world_), testing::IsSupersetOf({"N-ADT", "N-REF"}));
    EXPECT_THAT(ids(world_), IsSubsetOf({"N-ADT", "N-REF", "N-SIU"}));
  }
  HubWorld world_;
  std::unique_ptr<AdapterProcess> adapter_;
};

TEST_F(MllpClients, DebiansMllpSendSendsMessagesOneByOne) {
  start("");
  const std::string file = adapter_->file("feed.hl7");
  std::ofstream(file) << hl7({.control_id = "D1"}) << hl7({.control_id = "D2"});
  const auto sent = run_command("/usr/bin/mllp_send --loose -f " + file + " -p " +
                                std::to_string(adapter_->port()) + " 127.0.0.1");
  EXPECT_EQ(sent.exit, 0) << sent.output;
  EXPECT_THAT(sent.output, HasSubstr("MSA|AA|D1"));
  EXPECT_THAT(ids(world_), ElementsAre("D1", "D2"));
}

TEST_F(MllpClients, DebiansMllpSendSendsABatchAndReadsOneBatch) {
  start("");
  const std::string file = adapter_->file("batch.hl7");
  std::ofstream(file) << mllp::encode_frame("FHS|^~\\&|PAS|XB2\rBHS|^~\\&|PAS|XB2\r" +
                                            hl7({.control_id = "D1"}) + hl7({.control_id = "D2"}) +
                                            "BTS|2\rFTS|1\r");
  const auto sent = run_command("/usr/bin/mllp_send -f " + file + " -p " +
                                std::to_string(adapter_->port()) + " 127.0.0.1");
  EXPECT_EQ(sent.exit, 0) << sent.output;
  for (const char* part : {"FHS|", "BHS|", "MSA|AA|D1", "MSA|AA|D2", "BTS|2", "FTS|1"}) {
    EXPECT_THAT(sent.output, HasSubstr(part));
  }
  EXPECT_THAT(ids(world_), ElementsAre("D1", "D2"));
}

TEST_F(MllpClients, NodeHl7ClientSendsAnAdmissionAReferralAndAnAppointment) {
  start("");
  const auto sent = node("node-hl7-client");
  EXPECT_EQ(sent.exit, 0) << adapter_->log();
  EXPECT_EQ(sent.output, answered({"N-ADT", "N-REF", "N-SIU"}));
  expect_feed_at_hub();
}

// It reads single acknowledgements only, and ends at an answer that begins with BHS.
TEST_F(MllpClients, NodeHl7ClientSendsABatchAndReadsOneAnswerForEachMessage) {
  start("batch_reply = \"messages\"\n");
  const auto sent = node("node-hl7-client", "--batch");
  EXPECT_EQ(sent.exit, 0) << adapter_->log();
  EXPECT_EQ(sent.output, answered({"N-ADT", "N-REF", "N-SIU"}));
  expect_feed_at_hub();
}

TEST_F(MllpClients, NodeHl7ClientShowsItsCertificate) {
  start(
      "tls_certificate_file = \"hub.pem\"\ntls_key_file = \"hub.key\"\n"
      "tls_client_ca_file = \"ca.pem\"\n");
  const auto sent = node("node-hl7-client", "--ca " + adapter_->file("ca.pem") + " --cert " +
                                                adapter_->file("trust.pem") + " --key " +
                                                adapter_->file("trust.key"));
  EXPECT_EQ(sent.exit, 0) << adapter_->log();
  EXPECT_EQ(sent.output, answered({"N-ADT", "N-REF", "N-SIU"}));
  expect_feed_at_hub();
}

TEST_F(MllpClients, SimpleHl7SendsAnAdmissionAndADischarge) {
  start("");
  const auto sent = node("simple-hl7");
  EXPECT_EQ(sent.exit, 0) << sent.output << adapter_->log();
  EXPECT_EQ(sent.output, answered({"S-1", "S-2"}));
  EXPECT_THAT(ids(world_), ElementsAre("S-1", "S-2"));
}

}  // namespace
}  // namespace switchboard::test
