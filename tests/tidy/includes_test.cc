#include "tests/tidy/includes.h"

#include <gtest/gtest.h>

namespace switchboard::tidy {

File including(std::string path, const std::string& header) {
  return make_file(std::move(path), "// x\n#include " + header + "\n");
}
size_t level_findings(std::string path, const std::string& header) {
  Findings findings;
  check_levels(including(std::move(path), header), findings);
  return findings.size();
}
size_t door_findings(std::string path, const std::string& header) {
  Findings findings;
  check_doors(including(std::move(path), header), findings);
  return findings.size();
}

TEST(Includes, PointDownOnly) {
  EXPECT_EQ(level_findings("broker/store/a.cc", "\"broker/kv/kv.h\""), 0u);
  EXPECT_EQ(level_findings("broker/kv/a.cc", "\"broker/store/a.h\""), 1u);
  EXPECT_EQ(level_findings("broker/kv/a.cc", "\"broker/wire/a.h\""), 1u);
  EXPECT_EQ(level_findings("broker/base/a.h", "\"broker/kv/kv.h\""), 1u);
  EXPECT_EQ(level_findings("broker/server/a.cc", "\"broker/core/core.h\""), 0u);
  EXPECT_EQ(level_findings("services/cli/a.cc", "\"adapters/mllp/a.h\""), 1u);
  EXPECT_EQ(level_findings("broker/kv/a.cc", "\"tests/support/a.h\""), 1u);
  EXPECT_EQ(level_findings("tests/unit/kv/a.cc", "\"broker/server/loop.h\""), 0u);
}

TEST(Includes, CoreSeesTablesAndNothingElseOfTheShell) {
  EXPECT_EQ(level_findings("broker/core/a.cc", "\"broker/store/tables.h\""), 0u);
  EXPECT_EQ(level_findings("broker/core/a.cc", "\"broker/kv/kv.h\""), 1u);
  EXPECT_EQ(level_findings("broker/core/a.cc", "\"broker/runtime/log.h\""), 1u);
}

TEST(Includes, AdaptersAndServicesHaveNoPrivateDoor) {
  for (const char* inside : {"store/a.h", "core/a.h", "server/a.h"}) {
    const std::string header = "\"broker/" + std::string(inside) + "\"";
    EXPECT_EQ(level_findings("adapters/mllp/a.cc", header), 1u) << inside;
    EXPECT_EQ(level_findings("services/cli/a.cc", header), 1u) << inside;
  }
  EXPECT_EQ(level_findings("adapters/mllp/a.cc", "\"adapters/sdk/outbox.h\""), 0u);
}

TEST(Includes, AModuleWithoutALevelIsFound) {
  EXPECT_EQ(level_findings("broker/extra/a.cc", "<string>"), 1u);
}

TEST(Includes, ThirdPartyHeadersStayBehindTheirDoor) {
  EXPECT_EQ(door_findings("broker/wire/router.cc", "<zmq.hpp>"), 0u);
  EXPECT_EQ(door_findings("broker/wire/router.h", "<zmq.h>"), 1u);
  EXPECT_EQ(door_findings("broker/core/a.cc", "<zmq.h>"), 1u);
  EXPECT_EQ(door_findings("broker/kv/rocks_kv.cc", "<rocksdb/db.h>"), 0u);
  EXPECT_EQ(door_findings("broker/store/a.cc", "<rocksdb/db.h>"), 1u);
  EXPECT_EQ(door_findings("broker/runtime/log.h", "<spdlog/spdlog.h>"), 0u);
  EXPECT_EQ(door_findings("broker/server/main.cc", "<spdlog/spdlog.h>"), 1u);
  EXPECT_EQ(door_findings("broker/base/seal.cc", "<sodium.h>"), 0u);
  EXPECT_EQ(door_findings("broker/core/a.cc", "<sodium.h>"), 1u);
  EXPECT_EQ(door_findings("broker/server/a.cc", "<boost/beast.hpp>"), 1u);
}

TEST(Includes, TheCoreHasNoThreadsClocksOrRandomness) {
  for (const char* header : {"<thread>", "<mutex>", "<chrono>", "<random>", "<sys/socket.h>"}) {
    Findings findings;
    check_core(make_tree({including("broker/core/a.cc", header)}), findings);
    EXPECT_EQ(findings.size(), 1u) << header;
  }
}

TEST(Includes, TheCoreDoesNotReachTheShellThroughAHeader) {
  Findings findings;
  check_core(make_tree({including("broker/core/a.cc", "\"broker/store/t.h\""),
                        including("broker/store/t.h", "\"broker/runtime/log.h\""),
                        make_file("broker/runtime/log.h", "// x\n")}),
             findings);
  EXPECT_EQ(findings.size(), 1u);
}

TEST(Includes, AQuotedIncludeIsAPathFromTheRoot) {
  Findings findings;
  check_include_paths(make_tree({including("broker/kv/a.cc", "\"kv.h\""),
                                 including("broker/kv/b.cc", "\"broker/kv/kv.h\""),
                                 make_file("broker/kv/kv.h", "// x\n")}),
                      findings);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "broker/kv/a.cc");
}

}  // namespace switchboard::tidy
