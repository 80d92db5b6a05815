#include "services/cli/terminal.h"

#include <gtest/gtest.h>

#include <sstream>

#include "switchboard/v1/admin.pb.h"

namespace switchboard::cli {
namespace {

struct Screen {
  explicit Screen(Format format) : terminal(out, err, {}) { terminal.set_format(format); }
  bool show(const v1::ParkedRows& rows) {
    Table table({"ENDPOINT"});
    for (const auto& row : rows.rows()) table.add({row.endpoint()});
    return terminal.print_list(rows, "rows", table, "nothing is parked");
  }
  std::ostringstream out, err;
  Terminal terminal;
};

v1::ParkedRows of_desk() {
  v1::ParkedRows rows;
  rows.add_rows()->set_endpoint("desk");
  return rows;
}

TEST(TerminalList, IsATableForAPersonWhoMayThenBeToldWhatToDoNext) {
  Screen screen(Format::kTable);
  EXPECT_TRUE(screen.show(of_desk()));
  EXPECT_EQ(screen.out.str(), "ENDPOINT\ndesk\n");
  EXPECT_EQ(screen.err.str(), "");
}

TEST(TerminalList, WithoutRowsIsANoteForAPersonAndNoTable) {
  Screen screen(Format::kTable);
  EXPECT_FALSE(screen.show({}));
  EXPECT_EQ(screen.out.str(), "");
  EXPECT_EQ(screen.err.str(), "nothing is parked\n");
}

TEST(TerminalList, IsALineForEachRowForAProgramAndNotAWordMore) {
  Screen screen(Format::kJsonl);
  EXPECT_FALSE(screen.show(of_desk()));
  EXPECT_EQ(screen.out.str(), "{\"endpoint\":\"desk\"}\n");
  EXPECT_EQ(screen.err.str(), "");
  Screen empty(Format::kJsonl);
  EXPECT_FALSE(empty.show({}));
  EXPECT_EQ(empty.out.str() + empty.err.str(), "");
}

}  // namespace
}  // namespace switchboard::cli
