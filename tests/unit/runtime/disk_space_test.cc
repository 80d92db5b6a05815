#include "broker/runtime/disk_space.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.h"
#include "tests/support/wrong_bytes.h"

namespace switchboard {
namespace {

uint64_t allocated_bytes(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? static_cast<uint64_t>(found.st_blocks) * 512 : 0;
}

TEST(DiskSpace, AFoldersFreeSpaceIsKnown) {
  const TempDir dir;
  const auto free = free_bytes(dir.path());
  ASSERT_TRUE(free.ok());
  EXPECT_GT(*free, 0u);
}

TEST(DiskSpace, AFolderThatIsNotThereIsAnErrorThatNamesIt) {
  const TempDir dir;
  const auto free = free_bytes(dir.file("none"));
  ASSERT_FALSE(free.ok());
  EXPECT_NE(free.error().text.find("none"), std::string::npos);
}

TEST(DiskSpace, TheBallastIsAllocatedAndGivenBack) {
  const TempDir dir;
  const std::string path = dir.file("ballast");
  ASSERT_TRUE(create_ballast(path, 1 << 20).ok());
  EXPECT_GE(allocated_bytes(path), 1u << 20);
  ASSERT_TRUE(create_ballast(path, 1 << 20).ok());
  ASSERT_TRUE(release_ballast(path).ok());
  EXPECT_EQ(allocated_bytes(path), 0u);
  EXPECT_TRUE(release_ballast(path).ok());
}

TEST(DiskSpace, AnEmptyOrSparseFileIsNoBallastAndIsFilled) {
  const TempDir dir;
  const std::string path = dir.write("ballast", "");
  std::filesystem::resize_file(path, 1 << 20);
  ASSERT_TRUE(create_ballast(path, 1 << 20).ok());
  EXPECT_GE(allocated_bytes(path), 1u << 20);
}

// Nobody reads it: what it holds is of no meaning, how much of it there is.
TEST(DiskSpace, WrongBytesInTheBallastAreHarmlessAndAShortOneIsMadeAnew) {
  const TempDir dir;
  const std::string path = dir.file("ballast");
  ASSERT_TRUE(create_ballast(path, 1 << 20).ok());
  for (size_t at = 0; at < 1 << 20; at += 4093) {
    test::put_byte(path, at, static_cast<char>(1 + at % 255));
    ASSERT_TRUE(create_ballast(path, 1 << 20).ok());
    ASSERT_GE(allocated_bytes(path), 1u << 20);
  }
  std::ifstream in(path, std::ios::binary);
  EXPECT_EQ(in.get(), 1) << "it was kept, not written again at each start";
  for (const uint64_t size : {0, 1, 4096, (1 << 20) - 1, (1 << 20) + 1}) {
    std::filesystem::resize_file(path, size);
    ASSERT_TRUE(create_ballast(path, 1 << 20).ok());
    EXPECT_EQ(std::filesystem::file_size(path), 1u << 20);
    EXPECT_GE(allocated_bytes(path), 1u << 20);
  }
  EXPECT_TRUE(release_ballast(path).ok());
}

TEST(DiskSpace, ABallastLeavesTheRoomThatMustStayBesideIt) {
  const TempDir dir;
  const std::string path = dir.file("ballast");
  const auto made = create_ballast(path, 1 << 20, uint64_t{1} << 60);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, v1::CODE_DISK_LOW);
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE(create_ballast(path, 1 << 20).ok());
  EXPECT_TRUE(create_ballast(path, 1 << 20, uint64_t{1} << 60).ok()) << "it is there already";
}

TEST(DiskSpace, ABallastLargerThanTheDiskLeavesNothingBehind) {
  const TempDir dir;
  const std::string path = dir.file("ballast");
  const auto made = create_ballast(path, uint64_t{1} << 60);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, v1::CODE_DISK_LOW);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace switchboard
