// A hub that comes up on a disk it cannot write: it reads, says so everywhere, and changes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>

#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"

namespace switchboard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::chrono::seconds kAnswer{15};

// The folder as a file system that is mounted read-only shows it, in a mount namespace of this
// process and the hubs it starts. Where that may not be had, something in the way of the file by
// which the hub finds out.
class Unwritable {
 public:
  explicit Unwritable(const std::string& dir) : dir_(dir) {
    static const bool apart = ::unshare(CLONE_NEWNS) == 0 &&
                              ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    const char* at = dir.c_str();
    mounted_ = apart && ::mount(at, at, nullptr, MS_BIND, nullptr) == 0 &&
               ::mount(nullptr, at, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    if (!mounted_) fs::create_directory(in_the_way());
  }
  ~Unwritable() {
    if (mounted_) {
      EXPECT_EQ(::umount2(dir_.c_str(), MNT_DETACH), 0);
    } else {
      fs::remove(in_the_way());
    }
  }
  // What the system says of it.
  const char* why() const { return mounted_ ? "Read-only file system" : "Is a directory"; }
  Unwritable(const Unwritable&) = delete;
  Unwritable& operator=(const Unwritable&) = delete;

 private:
  std::string in_the_way() const { return dir_ + "/store/writable.new"; }
  const std::string dir_;
  bool mounted_ = false;
};

// Names, sizes and times of all that lies in the hub's folder.
std::string inventory(const std::string& dir) {
  std::map<std::string, std::string> files;
  for (const auto& file : fs::recursive_directory_iterator(dir)) {
    if (!file.is_regular_file()) continue;
    files[file.path()] = std::to_string(file.file_size()) + " " +
                         std::to_string(file.last_write_time().time_since_epoch().count());
  }
  std::string all;
  for (const auto& [path, words] : files) all += path + " " + words + "\n";
  return all;
}

v1::AdminRequest status_request() {
  v1::AdminRequest request;
  request.mutable_status();
  return request;
}

class ReadOnlyHub : public testing::Test {
 protected:
  // Two events are there; one more is in the log of the store only, as after a kill.
  ReadOnlyHub() {
    CHECK(world_.publisher()->publish(std::vector{admission("1"), admission("2")}, kAnswer).ok());
    world_.hub.kill();
    before_ = inventory(world_.hub.store_dir());
    disk_.emplace(world_.hub.store_dir());
    world_.hub.launch({"metrics_listen=127.0.0.1:0"});
    CHECK(eventually([&] { return world_.ask(status_request()).ok(); }, kAnswer));
  }
  v1::Refused refused(const v1::ClientFrame& frame, RawClient& client) {
    return client.ask(frame).refused();
  }

  HubWorld world_;
  std::string before_;
  std::optional<Unwritable> disk_;
};

TEST_F(ReadOnlyHub, SaysThatItOnlyReadsAndWhy) {
  const auto status = world_.status();
  EXPECT_EQ(status.mode(), "read-only");
  EXPECT_THAT(status.why(), HasSubstr("cannot write to its disk"));
  EXPECT_THAT(status.why(), HasSubstr(disk_->why()));
  EXPECT_THAT(status.why(), HasSubstr("runbook disk-full"));
  EXPECT_EQ(status.events(), 2u);
  EXPECT_THAT(world_.hub.log(), HasSubstr("alarm: the hub only reads"));
}

TEST_F(ReadOnlyHub, DeliversWhatThereIsAndAnswersReads) {
  RawClient screen(world_.context, world_.dial("x99-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  ASSERT_TRUE(screen.ask(RawClient::attach_frame("X99-HV", 0, 1, 1 << 20)).has_attached());
  EXPECT_EQ(screen.next_of(v1::HubFrame::kDeliver).deliver().first(), 1u);
  ASSERT_TRUE(screen.send(RawClient::received_frame("X99-HV", 1)));
  EXPECT_EQ(screen.next_of(v1::HubFrame::kDeliver).deliver().first(), 2u)
      << "a receipt that is not kept is still credit";
  v1::ClientFrame read;
  *read.mutable_read() = read_inbox("X99-HV");
  const auto page = screen.ask(read).page();
  EXPECT_EQ(page.code(), v1::CODE_OK);
  EXPECT_EQ(page.items_size(), 2);
  EXPECT_EQ(world_.team_status("X99-HV").received(), 0u);
}

TEST_F(ReadOnlyHub, RefusesWhatWouldWriteAndTheSessionGoesOn) {
  RawClient source(world_.context, world_.dial("x26-pas"));
  ASSERT_TRUE(source.hello().has_welcome());
  const auto accepted = source.publish(1, {admission("3")}).accepted();
  EXPECT_EQ(accepted.through(), 0u) << "custody stays with the client";
  ASSERT_EQ(accepted.exceptions_size(), 1);
  EXPECT_EQ(accepted.exceptions(0).code(), v1::CODE_READ_ONLY);
  EXPECT_THAT(accepted.exceptions(0).text(), HasSubstr("runbook disk-full"));

  v1::ClientFrame ledgers;
  ledgers.mutable_ledgers()->set_request(5);
  EXPECT_EQ(source.ask(ledgers).page().code(), v1::CODE_READ_ONLY);
  v1::ClientFrame clear;
  clear.mutable_clear()->set_request(6);
  EXPECT_EQ(source.ask(clear).page().code(), v1::CODE_READ_ONLY);

  RawClient screen(world_.context, world_.dial("x99-screen"));
  v1::Promise ahead = world_.status().promise();  // of another history, which it cannot record
  ahead.set_position(ahead.position() + 100);
  ASSERT_TRUE(screen.hello(ahead).has_welcome());
  v1::ClientFrame acts;
  *acts.mutable_acts()->add_items() = act_on("X99-HV", 1, v1::ACT_KIND_OPEN, "rosa");
  acts.mutable_acts()->mutable_items(0)->set_act_id(std::string(16, 'a'));
  EXPECT_EQ(screen.ask(acts).acted().items(0).code(), v1::CODE_READ_ONLY);
  v1::ClientFrame members;
  members.mutable_members()->mutable_change()->set_team("X99-HV");
  members.mutable_members()->mutable_change()->set_mode(v1::MEMBERS_MODE_ADD);
  EXPECT_EQ(screen.ask(members).page().code(), v1::CODE_READ_ONLY);
  EXPECT_EQ(refused(RawClient::attach_frame("X99-HV", 9, 1, 1 << 20), screen).code(),
            v1::CODE_READ_ONLY);
  EXPECT_TRUE(screen.ping().has_pong());

  const auto change = world_.apply(world_.directory());
  ASSERT_FALSE(change.ok());
  EXPECT_EQ(change.error().code, v1::CODE_READ_ONLY);
}

// A loss that it could only record by writing: the client is let in all the same.
TEST_F(ReadOnlyHub, TakesNoNoticeOfALossThatItCannotRecord) {
  world_.hub.kill();
  disk_.reset();
  const auto store = world_.hub.store_dir() + "/store";
  const auto copy = world_.hub.dir().file("copy");
  fs::copy(store, copy, fs::copy_options::recursive);
  ASSERT_TRUE(world_.hub.start());
  ASSERT_TRUE(world_.publisher()->publish(std::vector{admission("3")}, kAnswer).ok());
  const auto promised = world_.status().promise();
  world_.hub.kill();
  fs::remove_all(store);
  fs::rename(copy, store);
  disk_.emplace(world_.hub.store_dir());
  world_.hub.launch();
  ASSERT_TRUE(eventually([&] { return world_.ask(status_request()).ok(); }, kAnswer));
  RawClient screen(world_.context, world_.dial("x99-screen"));
  ASSERT_TRUE(screen.hello(promised).has_welcome()) << world_.hub.log();
  EXPECT_TRUE(screen.ping().has_pong());
  EXPECT_EQ(world_.status().events(), 2u);
}

TEST_F(ReadOnlyHub, TouchesNothingEndsWhenAskedAndGoesOnOnceItsDiskIsMended) {
  RawClient screen(world_.context, world_.dial("x99-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  ASSERT_TRUE(screen.ask(RawClient::attach_frame("X99-HV", 0, 1, 1 << 20)).has_attached());
  EXPECT_EQ(world_.hub.run_second(), 65) << "another hub keeps out";
  EXPECT_EQ(world_.hub.stop(), 0) << world_.hub.log();
  disk_.reset();
  EXPECT_EQ(inventory(world_.hub.store_dir()), before_);
  ASSERT_TRUE(world_.hub.start());
  EXPECT_EQ(world_.status().mode(), "open");
  EXPECT_TRUE(world_.publisher()->publish(std::vector{admission("3")}, kAnswer).ok());
}

TEST_F(ReadOnlyHub, DoesNotStartOnADamagedStore) {
  world_.hub.kill();
  disk_.reset();
  const auto current = world_.hub.store_dir() + "/store/CURRENT";
  std::ofstream(current) << "nothing that RocksDB knows";
  disk_.emplace(world_.hub.store_dir());
  world_.hub.launch();
  EXPECT_TRUE(eventually([&] { return !world_.hub.running(); }, kAnswer));
  EXPECT_THAT(world_.hub.log(), HasSubstr("the hub cannot start"));
}

}  // namespace
}  // namespace switchboard::test
