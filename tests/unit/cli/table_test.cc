#include "services/cli/table.h"

#include <gtest/gtest.h>

namespace switchboard::cli {
namespace {

Table people() {
  Table table({"TEAM", {"OPEN", Table::Align::kRight}, "NOTE"});
  table.add({"X26-ED", "3", "rung"});
  table.add({"X99-HEALTH-VISITING", "12", ""});
  return table;
}

TEST(Table, ColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(people().text({}),
            "TEAM                 OPEN  NOTE\n"
            "X26-ED                  3  rung\n"
            "X99-HEALTH-VISITING    12\n");
}

TEST(Table, AColumnWithoutAnyValueIsLeftOut) {
  Table table({"A", "MARKS", "B"});
  table.add({"1", "", "2"});
  EXPECT_EQ(table.text({}), "A  B\n1  2\n");
}

TEST(Table, WithoutRowsThereIsNothingToSay) { EXPECT_EQ(Table({"A"}).text({}), ""); }

TEST(Table, ANarrowTerminalCutsTheWidestCellsAndSaysSo) {
  Table table({"ID", "TEXT"});
  table.add({"42", "a long explanation of what happened"});
  EXPECT_EQ(table.text({.colour = false, .width = 20}),
            "ID  TEXT\n"
            "42  a long explanat…\n");
}

TEST(Table, WhatPeopleCopyIsNeverCut) {
  Table table({"TEXT", {"ID", Table::Align::kLeft, Table::Cut::kNever}});
  table.add({"a long explanation of what happened", "0123456789abcdef0123"});
  EXPECT_EQ(table.text({.colour = false, .width = 32}),
            "TEXT        ID\n"
            "a long ex…  0123456789abcdef0123\n");
}

TEST(Table, WidthsCountCharactersNotBytes) {
  Table table({"NAME", "N"});
  table.add({"Siân Llŷr", "1"});
  table.add({"Ruth", "2"});
  EXPECT_EQ(table.text({}), "NAME       N\nSiân Llŷr  1\nRuth       2\n");
}

TEST(Table, ATextOfOthersCannotDriveTheTerminalOrBreakARow) {
  Table table({"TEXT", "N"});
  table.add({"red\033[31m\nnew row\u009b2J", "1"});
  EXPECT_EQ(table.text({}), "TEXT                 N\nred?[31m new row?2J  1\n");
}

TEST(Table, ColourOnlyWhereItIsAskedFor) {
  Table table({"STATE"});
  table.add({{"overdue", Colour::kRed}});
  EXPECT_EQ(table.text({.colour = false}).find('\033'), std::string::npos);
  EXPECT_NE(table.text({.colour = true}).find("\033[1;31moverdue\033[0m"), std::string::npos);
}

}  // namespace
}  // namespace switchboard::cli
