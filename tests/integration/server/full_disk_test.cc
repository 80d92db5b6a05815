// A hub that comes up on a disk with no room left: it reads and says why, takes nothing, and goes
// on once it is started with room again. What its ballast gives up stays given up until then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>

#include "broker/runtime/disk_space.h"
#include "tests/support/hub_world.h"
#include "tests/support/raw_client.h"

namespace switchboard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::chrono::seconds kAnswer{15};
constexpr uint64_t kMb = 1 << 20;
constexpr uint64_t kDisk = 64 * kMb, kBallast = 12 * kMb, kMark = 20 * kMb;

// A small file system of its own under the hub's folder, in a mount namespace of this process and
// the hubs it starts; what was in the folder is copied to it.
class SmallDisk {
 public:
  explicit SmallDisk(const HubProcess& hub) : dir_(hub.store_dir()) {
    static const bool apart = ::unshare(CLONE_NEWNS) == 0 &&
                              ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    const std::string copy = hub.dir().file("copy");
    fs::copy(dir_, copy, fs::copy_options::recursive);
    const std::string size = "mode=0700,size=" + std::to_string(kDisk);
    mounted_ = apart && ::mount("tmpfs", dir_.c_str(), "tmpfs", 0, size.c_str()) == 0;
    if (mounted_) fs::copy(copy, dir_, fs::copy_options::recursive);
  }
  ~SmallDisk() {
    if (mounted_) {
      EXPECT_EQ(::umount2(dir_.c_str(), MNT_DETACH), 0);
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

  // Somebody else's file takes what there is.
  void fill() {
    std::ofstream out(others(), std::ios::binary);
    const std::string block(4096, 'x');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
    EXPECT_EQ(free_bytes(dir_).value(), 0u);
  }
  void clear() { fs::remove(others()); }

 private:
  std::string others() const { return dir_ + "/somebody-elses"; }
  const std::string dir_;
  bool mounted_ = false;
};

class FullDiskHub : public testing::Test {
 protected:
  // Two events are there and a ballast, then no room at all.
  void SetUp() override {
    CHECK(world_.hub.stop() == 0);
    disk_.emplace(world_.hub);
    ASSERT_TRUE(disk_->mounted()) << "only root may mount; see CMakeLists.txt";
    ASSERT_TRUE(world_.hub.start(settings())) << world_.hub.log();
    ASSERT_TRUE(
        world_.publisher()->publish(std::vector{admission("1"), admission("2")}, kAnswer).ok());
    ASSERT_TRUE(fs::exists(ballast()));
    world_.hub.kill();
    disk_->fill();
  }
  // On the small disk, before it is taken away.
  void TearDown() override {
    if (!world_.hub.running()) return;
    EXPECT_EQ(world_.hub.stop(), 0) << world_.hub.log();
    std::string said;
    EXPECT_EQ(world_.hub.verify(&said), 0) << said;
  }
  static std::vector<std::string> settings() {
    return {"ballast_bytes=" + std::to_string(kBallast),
            "free_mark_bytes=" + std::to_string(kMark)};
  }
  // Without waiting for its note of where it listens, which it may be unable to write.
  void launch() {
    world_.hub.launch(settings());
    v1::AdminRequest request;
    request.mutable_status();
    ASSERT_TRUE(eventually([&] { return world_.ask(request).ok(); }, kAnswer)) << world_.hub.log();
  }
  std::string ballast() const { return world_.hub.store_dir() + "/ballast"; }
  std::map<std::string, uint64_t> files() const {
    std::map<std::string, uint64_t> sizes;
    for (const auto& file : fs::recursive_directory_iterator(world_.hub.store_dir())) {
      if (file.is_regular_file()) sizes[file.path()] = file.file_size();
    }
    return sizes;
  }

  HubWorld world_;
  std::optional<SmallDisk> disk_;
};

TEST_F(FullDiskHub, StartsToReadSaysWhyAndTouchesNothing) {
  const auto before = files();
  ASSERT_NO_FATAL_FAILURE(launch());
  const auto status = world_.status();
  EXPECT_EQ(status.mode(), "read-only");
  EXPECT_THAT(status.why(), HasSubstr("No space left on device"));
  EXPECT_THAT(status.why(), HasSubstr("runbook disk-full"));
  EXPECT_EQ(status.events(), 2u);

  RawClient source(world_.context, world_.dial("x26-pas"));
  ASSERT_TRUE(source.hello().has_welcome());
  const auto accepted = source.publish(1, {admission("3")}).accepted();
  EXPECT_EQ(accepted.through(), 0u) << "custody stays with the client";
  ASSERT_EQ(accepted.exceptions_size(), 1);
  EXPECT_EQ(accepted.exceptions(0).code(), v1::CODE_READ_ONLY);
  RawClient screen(world_.context, world_.dial("x99-screen"));
  ASSERT_TRUE(screen.hello().has_welcome());
  v1::ClientFrame read;
  *read.mutable_read() = read_inbox("X99-HV");
  EXPECT_EQ(screen.ask(read).page().items_size(), 2);

  EXPECT_EQ(world_.hub.stop(), 0) << world_.hub.log();
  EXPECT_EQ(files(), before) << "the ballast, too: it is the operators' to give up";
}

TEST_F(FullDiskHub, GoesOnWithWhatWasKeptForItOnceThereIsRoom) {
  ASSERT_NO_FATAL_FAILURE(launch());
  auto publisher = world_.publisher();
  const auto kept = std::vector{admission("3"), admission("4")};
  ASSERT_TRUE(publisher->publisher().append(kept, publisher->now()).ok());
  ASSERT_TRUE(run_until({publisher.get()},
                        [&] { return publisher->publisher().pausing() == v1::CODE_READ_ONLY; }));
  world_.hub.kill();
  disk_->clear();
  ASSERT_TRUE(world_.hub.start(settings())) << world_.hub.log();
  ASSERT_TRUE(run_until(
      {publisher.get()}, [&] { return publisher->publisher().idle(); }, std::chrono::seconds(40)));
  EXPECT_EQ(world_.status().mode(), "open");
  EXPECT_EQ(world_.status().events(), 4u);
}

TEST_F(FullDiskHub, WithTheRoomOfItsBallastTakesActsAndMakesItAnewOnlyBesideTheMark) {
  ASSERT_TRUE(fs::remove(ballast()));
  ASSERT_TRUE(world_.hub.start(settings())) << world_.hub.log();
  EXPECT_FALSE(fs::exists(ballast())) << "or the disk would be as full as before";
  EXPECT_THAT(world_.hub.log(), HasSubstr("no room for the ballast file"));
  RawClient source(world_.context, world_.dial("x26-pas"));
  ASSERT_TRUE(source.hello().has_welcome());
  const auto accepted = source.publish(1, {admission("3")}).accepted();
  ASSERT_EQ(accepted.exceptions_size(), 1);
  EXPECT_EQ(accepted.exceptions(0).code(), v1::CODE_DISK_LOW);
  auto screen = world_.endpoint();
  ASSERT_TRUE(
      run_until({screen.get()}, [&] { return screen->endpoint(0).store().through() == 2; }));
  const auto said = screen->act(act_on("X99-HV", 1, v1::ACT_KIND_ACKNOWLEDGE, "rosa"), kAnswer);
  ASSERT_TRUE(said.ok()) << said.error().text;
  EXPECT_EQ(said->code, v1::CODE_OK);

  disk_->clear();
  ASSERT_TRUE(world_.hub.start(settings())) << world_.hub.log();
  EXPECT_TRUE(fs::exists(ballast()));
  EXPECT_EQ(world_.status().mode(), "open");
}

}  // namespace
}  // namespace switchboard::test
