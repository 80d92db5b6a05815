#include "services/gateway/credentials.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/temp_dir.h"

namespace switchboard::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

class CredentialsFile : public testing::Test {
 protected:
  CredentialsFile() { std::filesystem::permissions(dir_.path(), std::filesystem::perms(0700)); }
  Credentials open() { return Credentials::open(dir_.path()).value(); }
  std::string problem() {
    const auto opened = Credentials::open(dir_.path());
    return opened.ok() ? std::string() : opened.error().text;
  }
  static v1::GatewayPerson person(const std::string& id, const std::string& hash = "$hash",
                                  int64_t set_us = 1) {
    v1::GatewayPerson out;
    out.set_id(id);
    out.set_hash(hash);
    out.set_set_us(set_us);
    return out;
  }
  std::string file() const { return dir_.file("people.json"); }
  std::string text() const {
    std::stringstream out;
    out << std::ifstream(file()).rdbuf();
    return out.str();
  }
  mode_t mode() const {
    struct stat st {};
    EXPECT_EQ(stat(file().c_str(), &st), 0);
    return st.st_mode & 0777;
  }
  void damage(const std::string& bytes, mode_t mode = 0600) {
    dir_.write("people.json", bytes);
    ASSERT_EQ(chmod(file().c_str(), mode), 0);
  }
  TempDir dir_;
};

TEST_F(CredentialsFile, NoFileIsNobody) {
  EXPECT_EQ(open().find("anna"), nullptr);
  EXPECT_FALSE(std::filesystem::exists(file()));
}
TEST_F(CredentialsFile, WhatIsSetIsFoundAfterwardsAndByTheNextProgram) {
  Credentials people = open();
  ASSERT_TRUE(people.set(person("anna", "$a", 7)).ok());
  ASSERT_TRUE(people.set(person("bela", "$b")).ok());
  ASSERT_TRUE(people.set(person("anna", "$c", 8)).ok());
  EXPECT_EQ(people.find("anna")->hash(), "$c");
  const Credentials next = open();
  EXPECT_EQ(next.find("anna")->set_us(), 8);
  EXPECT_EQ(next.find("bela")->hash(), "$b");
  EXPECT_EQ(next.all().people_size(), 2);
}
TEST_F(CredentialsFile, TheFileIsForItsOwnerOnlyWhateverTheUmask) {
  const mode_t before = umask(0);
  ASSERT_TRUE(open().set(person("anna")).ok());
  umask(before);
  EXPECT_EQ(mode(), 0600u);
}
TEST_F(CredentialsFile, OneThatOthersCanReadIsRefusedAndItsContentNotShown) {
  ASSERT_TRUE(open().set(person("anna", "$secret")).ok());
  for (const mode_t mode : {0640u, 0604u, 0660u, 0644u}) {
    ASSERT_EQ(chmod(file().c_str(), mode), 0);
    EXPECT_THAT(problem(), HasSubstr("chmod 600")) << mode;
    EXPECT_THAT(problem(), Not(HasSubstr("$secret")));
  }
}
TEST_F(CredentialsFile, AFolderThatOthersCanWriteInIsRefused) {
  std::filesystem::permissions(dir_.path(), std::filesystem::perms(0770));
  EXPECT_THAT(problem(), HasSubstr("chmod 700"));
  std::filesystem::permissions(dir_.path(), std::filesystem::perms(0700));
  EXPECT_EQ(problem(), "");
}
TEST_F(CredentialsFile, ALinkIsNotFollowed) {
  dir_.write("elsewhere", "{}");
  ASSERT_EQ(chmod(dir_.file("elsewhere").c_str(), 0600), 0);
  std::filesystem::create_symlink(dir_.file("elsewhere"), file());
  EXPECT_THAT(problem(), HasSubstr("not a plain file"));
}
TEST_F(CredentialsFile, AHalfWrittenFileIsRefusedAndItsContentNotShown) {
  ASSERT_TRUE(open().set(person("anna", "$secret")).ok());
  const std::string whole = text();
  for (const size_t keep : {size_t{0}, size_t{1}, whole.size() / 2, whole.size() - 3}) {
    damage(whole.substr(0, keep));
    EXPECT_THAT(problem(), HasSubstr("damaged")) << keep;
    EXPECT_THAT(problem(), Not(HasSubstr("$secret")));
  }
  damage("{\"people\":[{\"id\":\"anna\",\"hush\":\"x\"}]}");
  EXPECT_THAT(problem(), HasSubstr("damaged"));
}
TEST_F(CredentialsFile, OneThatTurnsBadWhileWeRunIsNotTakenAndWhatWasReadStands) {
  Credentials people = open();
  ASSERT_TRUE(people.set(person("anna")).ok());
  const std::string whole = text();
  damage(whole.substr(0, 10));
  EXPECT_FALSE(people.refresh().ok());
  EXPECT_NE(people.find("anna"), nullptr);
  damage(whole, 0644);
  EXPECT_FALSE(people.refresh().ok());
  EXPECT_NE(people.find("anna"), nullptr);
  EXPECT_FALSE(people.set(person("bela")).ok()) << "nor overwritten";
  EXPECT_EQ(people.find("bela"), nullptr);
}
TEST_F(CredentialsFile, OneThatHasGoneLetsNobodyIn) {
  Credentials people = open();
  ASSERT_TRUE(people.set(person("anna")).ok());
  std::filesystem::remove(file());
  ASSERT_TRUE(people.refresh().ok());
  EXPECT_EQ(people.find("anna"), nullptr);
}
TEST_F(CredentialsFile, WhatAnotherProgramWroteIsReadAgainAndNotLost) {
  Credentials gateway = open(), command = open();
  ASSERT_TRUE(command.set(person("anna")).ok());
  EXPECT_EQ(gateway.find("anna"), nullptr);
  ASSERT_TRUE(gateway.refresh().ok());
  EXPECT_NE(gateway.find("anna"), nullptr);
  ASSERT_TRUE(command.set(person("bela")).ok());
  ASSERT_TRUE(gateway.set(person("cora")).ok()) << "without having looked in between";
  ASSERT_TRUE(command.remove("anna").ok());
  const Credentials next = open();
  EXPECT_EQ(next.find("anna"), nullptr);
  EXPECT_NE(next.find("bela"), nullptr);
  EXPECT_NE(next.find("cora"), nullptr);
}
TEST_F(CredentialsFile, WhileAnotherProgramWritesNothingIsChanged) {
  Credentials people = open();
  ASSERT_TRUE(people.set(person("anna")).ok());
  const std::string before = text();
  const int other = ::open((file() + ".lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  EXPECT_EQ(people.set(person("bela")).error().code, v1::CODE_BUSY);
  EXPECT_EQ(people.remove("anna").error().code, v1::CODE_BUSY);
  EXPECT_EQ(text(), before);
  EXPECT_EQ(people.find("bela"), nullptr);
  close(other);
  EXPECT_TRUE(people.set(person("bela")).ok());
}
TEST_F(CredentialsFile, WhatAKilledWriterLeftIsNoHindrance) {
  ASSERT_TRUE(open().set(person("anna")).ok());
  dir_.write("people.json.new", "{\"people\":[{\"id\":\"mal");
  EXPECT_NE(open().find("anna"), nullptr);
  ASSERT_TRUE(open().set(person("bela")).ok());
  EXPECT_FALSE(std::filesystem::exists(file() + ".new"));
  EXPECT_EQ(open().all().people_size(), 2);
}
TEST_F(CredentialsFile, AWriteThatFailsChangesNothing) {
  Credentials people = open();
  ASSERT_TRUE(people.set(person("anna")).ok());
  const std::string before = text();
  std::filesystem::create_directory(file() + ".new");  // cannot be created
  EXPECT_FALSE(people.set(person("bela")).ok());
  EXPECT_EQ(text(), before);
  EXPECT_EQ(people.find("bela"), nullptr);
}
TEST_F(CredentialsFile, ANewCostIsTakenOnlyForThePasswordThatWasLookedAt) {
  Credentials people = open();
  ASSERT_TRUE(people.set(person("anna", "$old", 5)).ok());
  ASSERT_TRUE(people.rehash("anna", "$old", "$new").ok());
  EXPECT_EQ(people.find("anna")->hash(), "$new");
  EXPECT_EQ(people.find("anna")->set_us(), 5);
  ASSERT_TRUE(people.rehash("anna", "$old", "$newer").ok());
  EXPECT_EQ(people.find("anna")->hash(), "$new");
}
TEST_F(CredentialsFile, WhoHasNoneCannotBeRemoved) {
  EXPECT_EQ(open().remove("anna").error().code, v1::CODE_NOT_FOUND);
}

}  // namespace
}  // namespace switchboard::gateway
