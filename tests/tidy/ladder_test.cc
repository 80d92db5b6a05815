// The table of PROTOCOL.md is the ladder of the core: state x act.
#include "broker/core/ladder.h"

#include <gtest/gtest.h>

#include "tests/tidy/docs.h"

namespace switchboard {

constexpr v1::ActKind kActs[] = {v1::ACT_KIND_OPEN, v1::ACT_KIND_ACKNOWLEDGE, v1::ACT_KIND_ACTION,
                                 v1::ACT_KIND_FINISH};

std::string state_name(v1::DeliveryState state) {
  return v1::DeliveryState_Name(state).substr(std::string("DELIVERY_STATE_").size());
}
// What the cell says for a transition.
std::string cell(const core::Transition& transition) {
  switch (transition.step) {
    case core::Step::kMove:
      return state_name(transition.to);
    case core::Step::kRepeat:
      return "repeat";
    case core::Step::kNotYet:
      return "not yet";
    case core::Step::kEnded:
      return "ended";
  }
  return "?";
}

TEST(Ladder, TheTableOfTheProtocolIsTheCodes) {
  const tidy::Tree tree = tidy::read_tree(std::string(SWITCHBOARD_SOURCE_DIR) + "/proto");
  const tidy::File* doc = tree.find("PROTOCOL.md");
  ASSERT_NE(doc, nullptr);
  const auto rows = tidy::table(*doc, "State");
  ASSERT_EQ(rows.size(), 6u);
  for (const auto& row : rows) {
    ASSERT_EQ(row.cells.size(), 5u) << row.cells[0];
    // Received is read off the cursor: the ladder stands where it stood, at queued.
    const std::string name = row.cells[0] == "RECEIVED" ? "QUEUED" : row.cells[0];
    v1::DeliveryState state{};
    ASSERT_TRUE(v1::DeliveryState_Parse("DELIVERY_STATE_" + name, &state)) << name;
    for (size_t i = 0; i < std::size(kActs); ++i) {
      EXPECT_EQ(row.cells[i + 1], cell(core::transition(state, kActs[i])))
          << row.cells[0] << " x " << v1::ActKind_Name(kActs[i]);
    }
  }
}

}  // namespace switchboard
