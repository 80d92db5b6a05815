#include "services/cli/sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace switchboard::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> kinds(const std::string& path, Status* status = nullptr) {
  std::vector<std::string> kinds;
  EventDefaults defaults;
  defaults.now = {1'772'452'800'000'000};
  defaults.agency = "X26";
  defaults.system = "PAS";
  defaults.environment = v1::ENVIRONMENT_LIVE;
  const Status read = read_sample(path, defaults, [&](v1::Item&& item) {
    v1::EventHeader header;
    EXPECT_TRUE(header.ParseFromString(item.header()));
    kinds.push_back(header.kind() + " of " + header.agency());
    return ok();
  });
  if (status != nullptr) *status = read;
  EXPECT_TRUE(status != nullptr || read.ok());
  return kinds;
}

TEST(Sample, OneEventALineOfJson) {
  const TempDir dir;
  EXPECT_THAT(kinds(dir.write("events.jsonl", R"({"header":{"kind":"admission","agency":"X26"}})"
                                              "\n\n"
                                              R"({"header":{"kind":"discharge","agency":"X99"}})"
                                              "\n")),
              ElementsAre("admission of X26", "discharge of X99"));
}

TEST(Sample, AnEventFileIsCompletedAsRouteTestDoes) {
  const TempDir dir;
  EXPECT_THAT(kinds(dir.write("concern.toml", "[header]\nkind = \"concern\"\n")),
              ElementsAre("concern of X26"));
}

TEST(Sample, AFoldersFilesInTheOrderOfTheirNames) {
  const TempDir dir;
  dir.write("b.jsonl", "{\"header\":{\"kind\":\"b\"}}");
  const std::string path = dir.write("a.toml", "[header]\nkind = \"a\"\n");
  EXPECT_THAT(kinds(path.substr(0, path.rfind('/'))), ElementsAre("a of X26", "b of "));
}

TEST(Sample, WhatIsWrongIsNamedByLineAndNotQuoted) {
  const TempDir dir;
  Status status = ok();
  kinds(dir.write("events.jsonl", "{\"header\":{\"kind\":\"a\"}}\n{\"identity\": Harrow\n"),
        &status);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, v1::CODE_INVALID);
  EXPECT_THAT(status.error().text, HasSubstr("events.jsonl:2"));
  EXPECT_THAT(status.error().text, Not(HasSubstr("Harrow")));
  kinds(dir.file("absent"), &status);
  EXPECT_EQ(status.error().code, v1::CODE_NOT_FOUND);
}

}  // namespace
}  // namespace switchboard::cli
