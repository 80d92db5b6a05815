// Tables of PROTOCOL.md against those of the core: the ladder, and what each kind must hold.
#include <gtest/gtest.h>

#include "broker/core/admission.h"
#include "broker/core/ladder.h"
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

std::vector<tidy::Row> rows_of(const std::string& heading) {
  const tidy::Tree tree = tidy::read_tree(std::string(SWITCHBOARD_SOURCE_DIR "/proto"));
  const tidy::File* doc = tree.find("PROTOCOL.md");
  return doc == nullptr ? std::vector<tidy::Row>{} : tidy::table(*doc, heading);
}

TEST(Protocol, EachKindNeedsWhatTheTableSays) {
  const auto rows = rows_of("Kind");
  ASSERT_FALSE(rows.empty());
  size_t known = 0;
  for (const auto& row : rows) {
    const core::KindRule* rule = core::kind_rule(row.cells[0]);
    if (rule == nullptr) continue;
    ++known;
    const auto* field = v1::Detail::descriptor()->FindFieldByNumber(rule->detail);
    EXPECT_EQ(row.cells[1] == "yes", rule->subject_needed) << row.cells[0];
    EXPECT_EQ(row.cells[2], field == nullptr ? "–" : field->name()) << row.cells[0];
    EXPECT_EQ(row.cells[3] != "–", rule->authored) << row.cells[0];
  }
  // All but "unreadable" and "any other".
  EXPECT_EQ(known + 2, rows.size());
}

TEST(Protocol, TheLadderTableIsTheCores) {
  const auto rows = rows_of("State");
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
