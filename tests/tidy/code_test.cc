#include "tests/tidy/code.h"

#include <gtest/gtest.h>

#include "tests/tidy/tree.h"

namespace switchboard::tidy {

std::vector<Function> functions_of(std::string_view text) { return functions(code_only(text)); }

TEST(Code, CommentsStringsAndPreprocessorLinesAreBlank) {
  EXPECT_EQ(code_only("a; // throw\nb"), "a;         \nb");
  EXPECT_EQ(code_only("a /* { */ b"), "a         b");
  EXPECT_EQ(code_only("x(\"{\\\"{\");"), "x(\"    \");");
  EXPECT_EQ(code_only("#define A { \\\n  {\nb"), "             \n   \nb");
  EXPECT_EQ(code_only("R\"x({\")\")x\" y"), "            y");
}

TEST(Code, DigitSeparatorsOpenNoCharacter) {
  EXPECT_EQ(code_only("int a = 1'000'000; // {"), "int a = 1'000'000;     ");
  EXPECT_EQ(code_only("char c = '{';"), "char c = ' ';");
}

TEST(Code, LinesStayWhereTheyAre) {
  const std::string text = "a /* 1\n2 */\n\"b\"\nR\"(\n)\"\n";
  EXPECT_EQ(split_lines(code_only(text)).size(), split_lines(text).size());
}

TEST(Code, AFunctionCountsFromItsSignatureToItsClosingBrace) {
  const auto found =
      functions_of("namespace a {\n\nint f(int b,\n      int c) {\n  if (b) {\n  }\n}\n}\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].name, "f");
  EXPECT_EQ(found[0].line, 3u);
  EXPECT_EQ(found[0].lines, 5u);
}

TEST(Code, MethodsInAClassAreFunctionsAndTheClassIsNot) {
  const auto found = functions_of(
      "template <typename T>\nclass [[nodiscard]] A : public B<T> {\n public:\n  A() {}\n"
      "  int f() const {\n    return 1;\n  }\n  int x_ = 0;\n};\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name, "A");
  EXPECT_EQ(found[1].name, "f");
  EXPECT_EQ(found[1].lines, 3u);
}

TEST(Code, InitialisersEnumsAndDeclarationsAreNoFunctions) {
  EXPECT_TRUE(functions_of("int a = 1;\nstd::array b = {1, 2};\nenum class C : int { kA };\n"
                           "int f(int);\nstruct D {\n  int e{};\n};\n")
                  .empty());
}

TEST(Code, ABracedMemberInitialiserDoesNotHideTheBody) {
  const auto found = functions_of("A::A() : a_{1}, b_(2) {\n  x();\n  y();\n  z();\n}\n");
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.back().lines, 5u);
}

TEST(Code, ATestBodyIsAFunction) {
  const auto found = functions_of("TEST(Suite, Rule) {\n  f([] { return 1; });\n}\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].lines, 3u);
}

}  // namespace switchboard::tidy
