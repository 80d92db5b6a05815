// What is sent, and when, while batches go to disk beside the loop: a real store whose syncs the
// test lets through or fails, a core, plain sockets.
#include "broker/server/commits.h"

#include <gmock/gmock.h>

#include <semaphore>

#include "broker/kv/rocks_kv.h"
#include "broker/store/records.h"
#include "broker/wire/dealer.h"
#include "tests/support/eventually.h"
#include "tests/support/hub_core.h"
#include "tests/support/temp_dir.h"

namespace switchboard::server {
namespace {

using support::Event;
using test::eventually;
using testing::ElementsAre;
using testing::IsEmpty;

// Each sync waits until the test lets it through; a failed one is never followed by a good one.
class Gate final : public kv::Kv {
 public:
  explicit Gate(kv::Kv& kv) : kv_(kv) {}
  Status write(const kv::Batch& batch) override {
    firsts_.push_back(batch.header().first);
    return kv_.write(batch);
  }
  Status sync() override {
    if (shut_) let_.acquire();
    if (broken_) return error(v1::CODE_INTERNAL, "planned failure of sync");
    return kv_.sync();
  }
  std::unique_ptr<kv::Reads> snapshot() const override { return kv_.snapshot(); }
  Result<std::optional<std::string>> get(kv::Family f, std::string_view key) const override {
    return kv_.get(f, key);
  }
  std::unique_ptr<kv::Scan> scan(kv::Family f, std::string_view from,
                                 std::string_view until) const override {
    return kv_.scan(f, from, until);
  }
  std::unique_ptr<kv::Scan> scan_back(kv::Family f, std::string_view from,
                                      std::string_view until) const override {
    return kv_.scan_back(f, from, until);
  }

  void shut() { shut_ = true; }  // only while nothing is on its way
  void let_one() { let_.release(); }
  void fail_one() {
    broken_ = true;
    let_.release();
  }
  const std::vector<uint64_t>& firsts() const { return firsts_; }

 private:
  kv::Kv& kv_;
  bool shut_ = false;
  std::atomic<bool> broken_{false};
  std::counting_semaphore<16> let_{0};
  std::vector<uint64_t> firsts_;  // read it while nothing is on its way
};

std::unique_ptr<kv::RocksKv> open_store(const TempDir& folder) {
  kv::RocksKv::Options options;
  options.dir = folder.file("store");
  options.create = true;
  return kv::RocksKv::open(options).value();
}

class CommitsTest : public testing::Test {
 protected:
  CommitsTest() {
    v1::Apply change;
    *change.mutable_directory() = support::small_world();
    v1::PrincipalRow admin;
    admin.set_id("admin");
    begin();
    core_->opened();
    CHECK(commits_.commit(now_, kNow).ok());
    begin();
    CHECK(core_->apply(admin, "ops", change).problems_size() == 0);
    CHECK(commits_.commit(now_, kNow).ok());
    EXPECT_TRUE(eventually([&] { return dealer_->send("hello"); }));
    wire::Sender from;
    wire::Frame frame;
    EXPECT_TRUE(eventually([&] { return clients_->receive(from, frame); }));
    address_ = from.address;
    gate_.shut();
  }
  ~CommitsTest() override {
    for (int i = 0; i < 4; ++i) gate_.let_one();  // whatever is on its way
  }

  static constexpr auto kNow = Commits::Disk::kNow;
  static constexpr auto kBeside = Commits::Disk::kBesideTheNextTurn;

  std::unique_ptr<core::Core> open_core() {
    return core::Core::open(journal_, support::test_master()).value();
  }
  std::unique_ptr<wire::Router> open_router() {
    return wire::Router::open(context_, {.bind = "tcp://127.0.0.1:0", .curve = false}).value();
  }
  void begin() { core_->begin(now_, hash("seed " + std::to_string(++turns_))); }
  const v1::PrincipalRow& publisher() { return *core_->directory()->principal("pas"); }
  // A turn's publish, with its answer waiting to be sent.
  core::Answer publish(const Event& event) {
    items_.push_back(event.item());
    const auto answer = core_->publish(publisher(), items_.back());
    outgoing_.to_client(address_).mutable_accepted()->set_through(++published_);
    return answer;
  }
  core::Answer publish(const std::string& id) { return publish(Event("concern", id)); }
  void attach() {
    v1::Attach request;
    request.set_team("X99-HV");
    request.set_log(v1::LOG_KIND_INBOX);
    request.set_endpoint("screen");
    request.set_credit_items(100);
    request.set_credit_bytes(1 << 20);
    delivery_.attach(address_, request, log(), 0);
  }
  store::LogId log() { return {core_->directory()->team("X99-HV")->handle(), store::Log::kInbox}; }
  // What has come to the client since the last look, in words.
  std::vector<std::string> came() {
    EXPECT_EQ(clients_->send(address_, std::string_view("end")), wire::Sent::kYes);
    std::vector<std::string> words;
    for (;;) {
      wire::Frame frame;
      EXPECT_TRUE(eventually([&] { return dealer_->receive(frame); }));
      if (frame.bytes() == "end") return words;
      v1::HubFrame parsed;
      EXPECT_TRUE(parsed.ParseFromString(std::string(frame.bytes())));
      if (parsed.has_accepted()) {
        promised_ = parsed.accepted().promise();
        words.push_back("accepted " + std::to_string(parsed.accepted().through()));
      }
      if (parsed.has_deliver()) delivered_ = parsed.deliver().promise();
      for (const auto& entry : parsed.deliver().items()) {
        words.push_back("delivered " + std::to_string(entry.number()));
      }
    }
  }

  TempDir folder_;
  std::unique_ptr<kv::RocksKv> store_ = open_store(folder_);
  Gate gate_{*store_};
  store::Journal journal_{gate_};
  std::unique_ptr<core::Core> core_ = open_core();
  wire::Context context_;
  std::unique_ptr<wire::Router> clients_ = open_router(), admins_ = open_router();
  std::unique_ptr<wire::Dealer> dealer_ =
      wire::Dealer::open(context_, {.connect = clients_->endpoint(), .curve = false}).value();
  Reader reader_{core_->secrets()};
  Outgoing outgoing_;
  Metrics metrics_;
  Gauges gauges_{metrics_};
  Delivery delivery_{{*core_, *clients_, reader_, [this] { return gate_.snapshot(); }}};
  Commits commits_{{*core_, journal_, gate_, delivery_, outgoing_, *clients_, *admins_, gauges_,
                    [] { return int64_t{0}; }, [] {}, [](const auto&) {}}};
  std::string address_;
  std::deque<v1::Item> items_;
  v1::Promise promised_;   // the last that came with an answer …
  v1::Promise delivered_;  // … and with entries
  Time now_ = support::kNoon;
  int turns_ = 0;
  uint64_t published_ = 0;
};

// P1
TEST_F(CommitsTest, NothingOfATurnIsSentBeforeItsOwnSync) {
  attach();
  begin();
  publish("1");
  ASSERT_TRUE(commits_.commit(now_, kBeside).ok());
  const uint64_t promised = core_->head().position;
  begin();
  publish("2");
  EXPECT_TRUE(commits_.settle_if_done().ok());
  EXPECT_TRUE(commits_.on_the_way());
  EXPECT_THAT(came(), IsEmpty());
  gate_.let_one();
  ASSERT_TRUE(commits_.settle().ok());
  EXPECT_THAT(came(), ElementsAre("accepted 1"));
  EXPECT_EQ(promised_.position(), promised) << "not what the turn after it will be";
  ASSERT_TRUE(commits_.commit(now_, kBeside).ok());
  EXPECT_THAT(came(), ElementsAre("delivered 1"));
  EXPECT_EQ(delivered_.position(), promised) << "not what the turn on its way will be";
  gate_.let_one();
  ASSERT_TRUE(commits_.settle().ok());
  EXPECT_TRUE(delivery_.pump(now_).empty());
  EXPECT_THAT(came(), ElementsAre("accepted 2", "delivered 2"));
  EXPECT_GT(promised_.position(), promised);
}

// P1: the turn before lands while the next is closed already, in its commit.
TEST_F(CommitsTest, EntriesThatLeaveInTheNextCommitCarryThePromiseOfTheirOwn) {
  attach();
  begin();
  publish("1");
  ASSERT_TRUE(commits_.commit(now_, kBeside).ok());
  const uint64_t promised = core_->head().position;
  begin();
  publish("2");
  gate_.let_one();
  ASSERT_TRUE(commits_.commit(now_, kBeside).ok());
  EXPECT_TRUE(commits_.on_the_way());
  EXPECT_THAT(came(), ElementsAre("accepted 1", "delivered 1"));
  EXPECT_EQ(promised_.position(), promised);
  EXPECT_EQ(delivered_.position(), promised);
  EXPECT_GT(core_->head().position, promised);
}

// P1
TEST_F(CommitsTest, AfterAFailedSyncNothingOfItsTurnNorOfALaterOneIsSent) {
  attach();
  begin();
  publish("1");
  ASSERT_TRUE(commits_.commit(now_, kBeside).ok());
  begin();
  publish("2");
  gate_.fail_one();
  EXPECT_FALSE(commits_.commit(now_, kBeside).ok());
  EXPECT_FALSE(commits_.on_the_way());
  EXPECT_FALSE(commits_.send_answers().ok()) << "for ever";
  EXPECT_FALSE(commits_.settle().ok());
  EXPECT_THAT(came(), IsEmpty());
  EXPECT_EQ(gate_.firsts().size(), 3u)
      << "the opening, the directory and the first; the second is not written";
}

TEST_F(CommitsTest, AnswersOfATurnThatChangedNothingWaitForTheBatchOnItsWay) {
  begin();
  publish("1");
  ASSERT_TRUE(commits_.commit(now_, kBeside).ok());
  begin();
  outgoing_.to_client(address_).mutable_accepted()->set_through(99);
  gate_.let_one();
  ASSERT_TRUE(commits_.send_answers().ok());
  EXPECT_THAT(came(), ElementsAre("accepted 1", "accepted 99"));
}

TEST_F(CommitsTest, BatchesAreWrittenInTheOrderOfTheirTurns) {
  for (int turn = 1; turn <= 4; ++turn) {
    begin();
    publish(std::to_string(turn));
    gate_.let_one();
    ASSERT_TRUE(commits_.commit(now_, turn % 2 ? kBeside : kNow).ok());
  }
  ASSERT_TRUE(commits_.settle().ok());
  EXPECT_TRUE(std::is_sorted(gate_.firsts().begin(), gate_.firsts().end()));
  EXPECT_THAT(came(), ElementsAre("accepted 1", "accepted 2", "accepted 3", "accepted 4"));
}

// P2
TEST_F(CommitsTest, ADuplicateOfAnEventOnItsWayIsOne) {
  begin();
  const auto first = publish("1");
  ASSERT_TRUE(commits_.commit(now_, kBeside).ok());
  begin();
  const auto again = publish("1");
  EXPECT_EQ(again.code, v1::CODE_DUPLICATE);
  EXPECT_EQ(again.position, first.position);
  gate_.let_one();
  EXPECT_TRUE(commits_.send_answers().ok());
}

// P7: its header is in a payload that no store has yet.
TEST_F(CommitsTest, ACorrectionOnItsWayIsReleasedByItsOriginal) {
  const v1::Thread visit = support::visit("visit 1");
  Event correction("correction", "2");
  auto& names = *correction.header.mutable_correction();
  *names.mutable_target_thread() = visit;
  names.set_target_kind("concern");
  names.set_nature(v1::CORRECTION_NATURE_VOID);
  begin();
  const auto held = publish(correction);
  ASSERT_EQ(held.code, v1::CODE_OK);
  ASSERT_TRUE(commits_.commit(now_, kBeside).ok());
  Event original("concern", "1");
  *original.header.add_threads() = visit;
  begin();
  ASSERT_EQ(publish(original).code, v1::CODE_OK);
  gate_.let_one();
  gate_.let_one();
  ASSERT_TRUE(commits_.commit(now_, kNow).ok());
  const auto told = store::read_recipients(*store_, held.position).value();
  EXPECT_TRUE(std::any_of(told.begin(), told.end(),
                          [](const auto& r) { return r.cause() == v1::CAUSE_CORRECTION; }));
}

}  // namespace
}  // namespace switchboard::server
