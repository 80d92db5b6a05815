// Frames no honest client sends: each is answered or dropped, and the hub serves the next client.
#include <gtest/gtest.h>

#include <set>

#include "broker/base/limits.h"
#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"
#include "tests/support/resident.h"

namespace switchboard::test {
namespace {

class HubHostile : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(world_.hub.running()) << world_.hub.log();
    RawClient honest(world_.context, world_.dial("x26-pas"));
    EXPECT_TRUE(honest.hello().has_welcome());
    EXPECT_EQ(honest.publish(1, {admission("honest")}).accepted().through(), 1u);
    world_.hub.stop();
    std::string said;
    EXPECT_EQ(world_.hub.verify(&said), 0) << said;
  }
  RawClient client(const std::string& principal = "x26-pas") {
    return RawClient(world_.context, world_.dial(principal));
  }
  HubWorld world_;
};

TEST_F(HubHostile, BytesThatAreNoFrameEndTheSession) {
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff"), std::string("{}"), std::string(1000, '\0')}) {
    auto c = client();
    ASSERT_TRUE(c.hello().has_welcome());
    ASSERT_TRUE(c.send_bytes(bytes));
    const auto said = c.next().value_or(v1::HubFrame{});
    EXPECT_EQ(said.refused().code(), v1::CODE_MALFORMED);
    EXPECT_TRUE(said.refused().session_ends());
    EXPECT_EQ(c.ping().refused().code(), v1::CODE_OUT_OF_TURN);
    EXPECT_TRUE(c.hello().has_welcome());
  }
}

TEST_F(HubHostile, NestingIsBounded) {
  // Groups in groups of a field nobody knows, closed again, and not.
  const std::string open = "\xc3\x3e", close = "\xc4\x3e";  // field 1000
  std::string whole, cut;
  for (int i = 0; i < 50'000; ++i) whole += open;
  cut = whole;
  for (int i = 0; i < 50'000; ++i) whole += close;
  for (const auto& bytes : {whole, cut}) {
    auto c = client();
    ASSERT_TRUE(c.hello().has_welcome());
    ASSERT_TRUE(c.send_bytes(bytes));
    EXPECT_EQ(c.next().value_or(v1::HubFrame{}).refused().code(), v1::CODE_MALFORMED);
  }
  // The same inside an item: its bytes are held, nobody reads them.
  auto c = client();
  ASSERT_TRUE(c.hello().has_welcome());
  v1::Item item = admission("1");
  item.set_header(item.header() + cut.substr(0, 8'000));
  const auto said = c.publish(1, {item}).accepted();
  ASSERT_EQ(said.exceptions_size(), 1);
  EXPECT_EQ(said.exceptions(0).code(), v1::CODE_QUARANTINED);
}

TEST_F(HubHostile, EachBeginningOfAFrameIsAnsweredOrRefused) {
  const auto whole = RawClient::publish_frame(1, {admission("1")}).SerializeAsString();
  auto c = client();
  for (size_t size = 0; size < whole.size(); size += 1 + size / 16) {
    ASSERT_TRUE(c.hello().has_welcome());
    ASSERT_TRUE(c.send_bytes(whole.substr(0, size)));
    const auto said = c.next().value_or(v1::HubFrame{});
    EXPECT_TRUE(said.has_refused() || said.has_accepted()) << size;
  }
  EXPECT_EQ(world_.status().events(), 0u);
}

TEST_F(HubHostile, UnknownFieldsAreIgnoredInFramesAndKeptInWhatIsForwarded) {
  auto screen = client("x99-screen");
  ASSERT_TRUE(screen.hello().has_welcome());
  ASSERT_TRUE(screen.ask(RawClient::attach_frame("X99-HV", 0, 10, 1 << 20)).has_attached());
  auto c = client();
  ASSERT_TRUE(c.hello().has_welcome());
  const std::string unknown("\xc2\x3e\x05later", 8);  // field 1000, five bytes
  v1::Item item = admission("1");
  item.set_header(item.header() + unknown);
  ASSERT_TRUE(c.send_bytes(RawClient::publish_frame(1, {item}).SerializeAsString() + unknown));
  const auto said = c.next().value_or(v1::HubFrame{});
  EXPECT_EQ(said.accepted().through(), 1u);
  EXPECT_EQ(said.accepted().exceptions_size(), 0);
  const auto got = screen.next().value_or(v1::HubFrame{});
  ASSERT_EQ(got.deliver().items_size(), 1);
  EXPECT_EQ(got.deliver().items(0).header(), item.header()) << "a publisher's bytes are its own";
}

TEST_F(HubHostile, AFrameOfZeroLengthIsNoFrame) {
  auto c = client();
  ASSERT_TRUE(c.hello().has_welcome());
  ASSERT_TRUE(c.send_bytes(""));
  EXPECT_EQ(c.next().value_or(v1::HubFrame{}).refused().code(), v1::CODE_MALFORMED);
}

TEST_F(HubHostile, AFrameOverTheLimitCutsTheConnection) {
  auto c = client();
  ASSERT_TRUE(c.hello().has_welcome());
  const uint64_t before = c.dealer().connections();
  ASSERT_TRUE(c.send_bytes(std::string(limits::kFrameBytesMax + 1, 'x')));
  EXPECT_TRUE(eventually([&] {
    c.dealer().wait(std::chrono::milliseconds(5));
    return c.dealer().connections() > before;
  }));
  EXPECT_EQ(c.ping().refused().code(), v1::CODE_OUT_OF_TURN) << "a new connection: say Hello";
}

TEST_F(HubHostile, AnythingBeforeHelloIsOutOfTurn) {
  auto c = client("x99-screen");
  for (const auto& frame :
       {RawClient::publish_frame(1, {admission("1")}), RawClient::attach_frame("X99-HV", 0, 1, 1),
        RawClient::received_frame("X99-HV", 1)}) {
    const auto said = c.ask(frame);
    EXPECT_EQ(said.refused().code(), v1::CODE_OUT_OF_TURN);
    EXPECT_TRUE(said.refused().session_ends());
  }
}

TEST_F(HubHostile, AProtocolThisHubDoesNotSpeakIsRefused) {
  auto c = client();
  const auto said = c.hello({}, 2);
  EXPECT_EQ(said.refused().code(), v1::CODE_UNSUPPORTED_VERSION);
  EXPECT_TRUE(said.refused().session_ends());
}

TEST_F(HubHostile, APublishWhoseEnvelopeIsWrongIsRefusedAndNothingIsTaken) {
  auto c = client();
  ASSERT_TRUE(c.hello().has_welcome());
  EXPECT_EQ(c.publish(0, {admission("1")}).refused().code(), v1::CODE_INVALID);
  EXPECT_EQ(c.publish(1, {admission("1")}, "short").refused().code(), v1::CODE_INVALID);
  EXPECT_EQ(c.publish(1, std::vector<v1::Item>(limits::kItemsPerFrameMax + 1)).refused().code(),
            v1::CODE_OVERSIZE);
  for (size_t i = 0; i < limits::kOutboxesMax; ++i) {
    EXPECT_TRUE(c.publish(1, {}, std::string(16, static_cast<char>('a' + i))).has_accepted());
  }
  EXPECT_EQ(c.publish(1, {admission("1")}, std::string(16, 'z')).refused().code(),
            v1::CODE_INVALID);
  EXPECT_EQ(world_.status().events(), 0u);
}

TEST_F(HubHostile, AFrameThatSkipsSequencesIsNotTaken) {
  auto c = client();
  ASSERT_TRUE(c.hello().has_welcome());
  EXPECT_EQ(c.publish(5, {admission("5")}).accepted().through(), 5u);
  const auto said = c.publish(7, {admission("7")}).accepted();
  EXPECT_EQ(said.through(), 5u);
  ASSERT_EQ(said.exceptions_size(), 1);
  EXPECT_EQ(said.exceptions(0).code(), v1::CODE_BUSY);
  EXPECT_EQ(said.exceptions(0).sequence(), 6u);
  EXPECT_EQ(c.publish(6, {admission("6"), admission("7")}).accepted().through(), 7u);
  EXPECT_EQ(world_.status().events(), 3u);
}

constexpr size_t kQuietKb = 160 * 1024 + kKeptBySanitizersKb;

// One key on many connections that never waits for an answer: a megabyte in each frame, the next
// one behind it, and Hello in between to begin anew.
struct Storm {
  Storm(HubWorld& world, size_t connections) {
    for (size_t i = 0; i < connections; ++i) {
      clients.push_back(std::make_unique<RawClient>(world.context, world.dial("x99-pas")));
      CHECK(clients.back()->hello().has_welcome());
    }
  }
  void blow() {
    for (auto& client : clients) {
      v1::ClientFrame hello;
      hello.mutable_hello()->set_protocol_min(1);
      hello.mutable_hello()->set_protocol_max(1);
      client->dealer().send(hello.SerializeAsString());
      for (uint64_t first = 1; first <= 48; first += 4) {
        std::vector<v1::Item> items;
        for (int i = 0; i < 4; ++i) {
          EventSpec spec{.agency = "X99", .message_id = "storm" + std::to_string(++sent)};
          spec.padding = 250'000;
          items.push_back(item_of(spec));
        }
        client->dealer().send(RawClient::publish_frame(first, items).SerializeAsString());
      }
    }
  }
  void listen() {
    wire::Frame bytes;
    for (auto& client : clients) {
      while (client->dealer().receive(bytes)) {
        v1::HubFrame frame;
        CHECK(frame.ParseFromString(std::string(bytes.bytes())));
        for (const auto& e : frame.accepted().exceptions()) busy += e.code() == v1::CODE_BUSY;
      }
    }
  }
  std::vector<std::unique_ptr<RawClient>> clients;
  uint64_t sent = 0;
  uint64_t busy = 0;
};

// P11. Confirm time is counted in what the hub accepted in between, not by the clock.
TEST_F(HubHostile, AClientThatIgnoresItsWindowIsToldToWaitAndDelaysNobodyElse) {
  constexpr size_t kConnections = 6;
  Storm storm(world_, kConnections);
  auto honest = client();
  ASSERT_TRUE(honest.hello().has_welcome());
  uint64_t before = honest.publish(1, {admission("first")}).accepted().promise().position();
  size_t most_kb = 0;
  for (uint64_t sequence = 2; sequence <= 7; ++sequence) {
    storm.blow();
    const auto said = honest.publish(sequence, {admission("h" + std::to_string(sequence))});
    ASSERT_EQ(said.accepted().through(), sequence);
    EXPECT_EQ(said.accepted().exceptions_size(), 0) << "it kept its window";
    const uint64_t position = said.accepted().promise().position();
    EXPECT_LE(position - before, 100u) << "two turns' worth of others, and what was queued before";
    most_kb = std::max(most_kb, resident_kb(world_.hub.pid()));
    storm.listen();
    before = honest.ping().pong().promise().position();
  }
  EXPECT_GT(storm.busy, 0u);
  EXPECT_LT(most_kb, kQuietKb + kConnections * limits::kConnectionBytesMax / 1024);
}

TEST_F(HubHostile, TooManyActsInOneFrameAreRefusedWhole) {
  auto c = client("x99-screen");
  ASSERT_TRUE(c.hello().has_welcome());
  v1::ClientFrame frame;
  for (size_t i = 0; i <= limits::kItemsPerFrameMax; ++i) frame.mutable_acts()->add_items();
  EXPECT_EQ(c.ask(frame).refused().code(), v1::CODE_OVERSIZE);
}

TEST_F(HubHostile, AThousandActsInOneFrameAreEachAnsweredOnce) {
  auto c = client("x99-screen");
  ASSERT_TRUE(c.hello().has_welcome());
  v1::ClientFrame frame;
  for (size_t i = 0; i < limits::kItemsPerFrameMax; ++i) {
    auto& act = *frame.mutable_acts()->add_items();
    act = act_on("X99-HV", i + 1, v1::ACT_KIND_FINISH, "rosa", std::string(1200, 'o'));
    act.set_act_id(std::string(8, 'a') + std::to_string(10'000'000 + i));
  }
  const auto said = c.ask(frame).acted();
  ASSERT_EQ(said.items_size(), static_cast<int>(limits::kItemsPerFrameMax));
  for (const auto& item : said.items()) EXPECT_EQ(item.code(), v1::CODE_NOT_FOUND);
}

TEST_F(HubHostile, WhoAsksForEverythingAtOnceIsToldToWaitAndGetsItsAnswersBack) {
  auto c = client("x99-screen");
  ASSERT_TRUE(c.hello().has_welcome());
  const uint64_t asked = 3 * limits::kReadsMax;
  for (uint64_t i = 1; i <= asked; ++i) {
    v1::ClientFrame frame;
    *frame.mutable_read() = read_inbox("X99-HV");
    frame.mutable_read()->set_request(i);
    ASSERT_TRUE(c.send(frame));
  }
  std::set<uint64_t> answered;
  while (answered.size() < asked) {
    const auto frame = c.next();
    ASSERT_TRUE(frame.has_value()) << answered.size();
    EXPECT_TRUE(frame->page().code() == v1::CODE_OK || frame->page().code() == v1::CODE_BUSY);
    EXPECT_TRUE(answered.insert(frame->page().request()).second);
  }
  v1::ClientFrame once_more;
  *once_more.mutable_read() = read_inbox("X99-HV");
  EXPECT_EQ(c.ask(once_more).page().code(), v1::CODE_OK);
}

TEST_F(HubHostile, AReceiptForWhatWasNotSentMovesNothing) {
  auto c = client("x99-screen");
  ASSERT_TRUE(c.hello().has_welcome());
  ASSERT_TRUE(c.ask(RawClient::attach_frame("X99-HV", 0, 10, 1 << 20)).has_attached());
  ASSERT_TRUE(c.send(RawClient::received_frame("X99-HV", 1'000'000)));
  auto publisher = client();
  ASSERT_TRUE(publisher.hello().has_welcome());
  ASSERT_EQ(publisher.publish(1, {admission("1")}).accepted().through(), 1u);
  EXPECT_EQ(c.next().value_or(v1::HubFrame{}).deliver().first(), 1u) << "it still reads";
  EXPECT_EQ(world_.team_status("X99-HV").received(), 0u);
}

TEST_F(HubHostile, AnAttachFarAboveTheLogIsAnotherHubsStore) {
  auto c = client("x99-screen");
  ASSERT_TRUE(c.hello().has_welcome());
  const auto said =
      c.ask(RawClient::attach_frame("X99-HV", limits::kLostNumbersMax + 1, 10, 1 << 20));
  EXPECT_EQ(said.refused().code(), v1::CODE_STALE_EPOCH);
  EXPECT_EQ(c.ask(RawClient::attach_frame("X99-HV", ~uint64_t{0}, 1, 1)).refused().code(),
            v1::CODE_STALE_EPOCH);
}

TEST_F(HubHostile, APromiseThisHubDidNotMakeIsIgnored) {
  auto c = client();
  v1::Promise forged;
  forged.set_epoch(~uint64_t{0} / 2);
  forged.set_position(1'000'000);
  forged.set_head(std::string(32, 'h'));
  forged.set_mac(std::string(32, 'm'));
  const auto said = c.hello(forged);
  ASSERT_TRUE(said.has_welcome());
  EXPECT_FALSE(said.welcome().recovering());
  EXPECT_LT(said.welcome().promise().epoch(), forged.epoch());
}

}  // namespace
}  // namespace switchboard::test
