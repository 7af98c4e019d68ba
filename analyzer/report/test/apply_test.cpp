#include "report/apply.h"

#include <gtest/gtest.h>

namespace fermata {
namespace {

Edit edit(uint32_t line, uint32_t column, uint32_t end_column, std::string text) {
  return {{"f.ksp", line, column, line, end_column}, std::move(text)};
}

std::string applied(std::string_view bytes, std::vector<Edit> edits) {
  std::string reason;
  const auto out = apply_edits(bytes, std::move(edits), reason);
  return out ? *out : "(" + reason + ")";
}

TEST(Apply, KeepsLineEndsAndTakesTheUsualOneForNewLines) {
  const Edit insert = edit(2, 2, 2, "\nx");
  EXPECT_EQ(applied("a\nb\nc\n", {insert}), "a\nb\nx\nc\n");
  EXPECT_EQ(applied("a\r\nb\r\nc", {insert}), "a\r\nb\r\nx\r\nc");
  EXPECT_EQ(applied("a\rb\rc\r", {insert}), "a\rb\rx\rc\r");
  EXPECT_EQ(applied("a\r\r\nb\r\r\nc\n", {insert}), "a\r\r\nb\r\r\nx\r\r\nc\n");
  EXPECT_EQ(applied("a\r\rb", {edit(3, 1, 2, "y")}), "a\r\ry");
}

TEST(Apply, KeepsEncodings) {
  const std::vector<Edit> edits{edit(1, 2, 3, "z")};  // columns are code points
  EXPECT_EQ(applied("\u00e4b", edits), "\u00e4z");
  EXPECT_EQ(applied("\xEF\xBB\xBF\u00e4b", edits), "\xEF\xBB\xBF\u00e4z");
  EXPECT_EQ(applied("\xe4"
                    "b",
                    edits),
            "\xe4z");
  using namespace std::string_literals;
  EXPECT_EQ(applied("\xFF\xFE\xe4\0b\0"s, edits), "\xFF\xFE\xe4\0z\0"s);
  EXPECT_EQ(applied("\xFE\xFF\0\xe4\0b"s, edits), "\xFE\xFF\0\xe4\0z"s);
  EXPECT_EQ(applied("\xFF\xFE\x3d\xd8\x00\xde"
                    "b\0"s,
                    edits),
            "\xFF\xFE\x3d\xd8\x00\xdez\0"s);
  EXPECT_EQ(applied("\xe4"
                    "b",
                    {edit(1, 2, 3, "\u20ac")}),
            "(has an encoding that cannot hold the new text)");
}

TEST(Apply, SeveralEditsInAnyOrder) {
  EXPECT_EQ(applied("f(a, b)\n", {edit(1, 6, 7, "a"), edit(1, 3, 4, "b")}), "f(b, a)\n");
  EXPECT_EQ(applied("ab", {edit(1, 2, 2, "1"), edit(1, 2, 2, "2")}), "a12b");
  EXPECT_EQ(applied("abc", {edit(1, 1, 3, "x"), edit(1, 2, 4, "y")}), "(is not the text that was analysed)");
  EXPECT_EQ(applied("abc", {edit(1, 9, 9, "x")}), "(is not the text that was analysed)");
  EXPECT_EQ(applied("abc", {edit(2, 1, 1, "x")}), "(is not the text that was analysed)");
}

TEST(Apply, Overlaps) {
  EXPECT_TRUE(overlap(edit(1, 1, 3, ""), edit(1, 2, 4, "")));
  EXPECT_FALSE(overlap(edit(1, 1, 3, ""), edit(1, 3, 4, "")));
  EXPECT_TRUE(overlap(edit(1, 2, 2, "a"), edit(1, 2, 2, "b")));
  EXPECT_FALSE(overlap(edit(1, 1, 3, ""), edit(2, 1, 3, "")));
}

TEST(Diff, IsWhatPatchTakes) {
  EXPECT_EQ(unified_diff("f", "a\n", "a\n"), "");
  EXPECT_EQ(unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n"),
            "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  EXPECT_EQ(unified_diff("f", "", "a"), "--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n\\ No newline at end of file\n");
  const std::string two = unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n");
  EXPECT_EQ(two, "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n");
}

}  // namespace
}  // namespace fermata
