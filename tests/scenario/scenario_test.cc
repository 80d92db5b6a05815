// One test per script of this folder. SCENARIO_REWRITE=1 writes what came out into the scripts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenario/script.h"
#include "tests/scenario/stage.h"

namespace switchboard::scenario {
namespace {

std::filesystem::path folder() {
  return std::filesystem::path(SWITCHBOARD_SOURCE_DIR) / "tests" / "scenario";
}

std::vector<std::string> scripts() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder())) {
    const auto& path = file.path();
    if (path.extension() != ".txt" || path.stem() == "CMakeLists") continue;
    if (path.stem() != "README") names.push_back(path.stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, GoesAsWritten) {
  const auto path = folder() / (GetParam() + ".txt");
  Script script = parse_script(read(path));
  ASSERT_FALSE(script.blocks.empty());
  Stage stage;
  for (auto& block : script.blocks) {
    const std::string got = stage.run(parse_command(block.command));
    if (std::getenv("SCENARIO_REWRITE") != nullptr) {
      block.expected = got;
    }
    EXPECT_EQ(got, block.expected)
        << path.filename().string() << ":" << block.line << ": " << block.command;
  }
  if (std::getenv("SCENARIO_REWRITE") != nullptr) std::ofstream(path) << print_script(script);
}
INSTANTIATE_TEST_SUITE_P(Scripts, Scenario, testing::ValuesIn(scripts()), [](const auto& param) {
  std::string name = param.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Script, ComesBackAsItWasWritten) {
  for (const auto& name : scripts()) {
    const std::string text = read(folder() / (name + ".txt"));
    EXPECT_EQ(print_script(parse_script(text)), text) << name;
  }
}
TEST(Script, AnOutputThatDiffersIsSeen) {
  Stage stage;
  EXPECT_EQ(stage.run(parse_command("nonsense")), "no such command: nonsense\n");
  EXPECT_NE(stage.run(parse_command("publish kind=concern")), "duplicate\n");
}

}  // namespace
}  // namespace switchboard::scenario
