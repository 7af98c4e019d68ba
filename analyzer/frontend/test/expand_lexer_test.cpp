#include "expand_support.h"
#include "frontend/lexer.h"

namespace fermata::expand_test {
namespace {

std::vector<Strings> lines_of(const std::string& text) {
  std::vector<Strings> result;
  Lexer lexer;
  LogicalLine line;
  uint32_t end = 0;
  while (lexer.next_line(text, line)) {
    EXPECT_EQ(line.begin, end) << "lines touch";
    end = line.end;
    if (line.tokens.empty()) continue;
    Strings& words = result.emplace_back();
    for (const Token& token : line.tokens) words.push_back(text.substr(token.begin, token.end - token.begin));
  }
  EXPECT_EQ(end, text.size());
  return result;
}

using Lines = std::vector<Strings>;

TEST(Lexer, WordsKeepSigilsAndDots) {
  EXPECT_EQ(lines_of("$x := %a.b[2nd] .and. 1.5 + @s"),
            (Lines{{"$x", ":", "=", "%a.b", "[", "2nd", "]", ".", "and", ".", "1.5", "+", "@s"}}));
}

TEST(Lexer, CommentsOfAllStylesAreSkipped) {
  EXPECT_EQ(lines_of("a { b { c } d (* e *) f /* g */ h // i\nj"), (Lines{{"a", "d", "f", "h"}, {"j"}}));
  EXPECT_EQ(lines_of("a { one\ntwo } b\nc"), (Lines{{"a", "b"}, {"c"}})) << "a comment joins its lines";
  EXPECT_EQ(lines_of("{ it's } a"), (Lines{{"a"}}));
}

TEST(Lexer, AnOpenCommentIsOneCharacter) {
  EXPECT_EQ(lines_of("{ a\nb"), (Lines{{"{", "a"}, {"b"}}));
  EXPECT_EQ(lines_of("/* a\n(* b"), (Lines{{"/", "*", "a"}, {"(", "*", "b"}}));
}

TEST(Lexer, StringsEndWithTheirLine) {
  EXPECT_EQ(lines_of("a \"x { // \\\" y\" 'it''s' b"), (Lines{{"a", "\"x { // \\\" y\"", "'it'", "'s'", "b"}}));
  EXPECT_EQ(lines_of("\"open\nb"), (Lines{{"\"open"}, {"b"}}));
}

TEST(Lexer, DotsJoinLines) {
  EXPECT_EQ(lines_of("a ...\n b"), (Lines{{"a", "b"}}));
  EXPECT_EQ(lines_of("a and... { c } // d\n\n\n b\nc"), (Lines{{"a", "and", "b"}, {"c"}}));
  EXPECT_EQ(lines_of("a ... b"), (Lines{{"a", ".", ".", ".", "b"}}));
  EXPECT_EQ(lines_of("a ..."), (Lines{{"a"}}));
}

TEST(Lexer, FormattedStringsShowTheirExpressions) {
  EXPECT_EQ(lines_of("f'a <b -> c> d\\'' & 'x <y>'"),
            (Lines{{"f'a <", "b", "-", ">", "c", "> d\\''", "&", "'x <y>'"}}));
  EXPECT_EQ(lines_of("f'a \\<b' c"), (Lines{{"f'a \\<b'", "c"}}));
  EXPECT_EQ(lines_of("f'a <b\nc > d"), (Lines{{"f'a <", "b"}, {"c", ">", "d"}}));
}

TEST(Lexer, PythonIsOneToken) {
  EXPECT_EQ(lines_of("run <<\na '\n{>> b\nread<<x>>"), (Lines{{"run <<\na '\n{>>", "b"}, {"read<<x>>"}}));
  EXPECT_EQ(lines_of("declare read x\nrun << open"), (Lines{{"declare", "read", "x"}, {"run", "<", "<", "open"}}));
}

TEST(Lexer, ManyOpenersTakeLinearTime) {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "{ (* /* read<< ";
  EXPECT_EQ(lines_of(text).size(), 1u);
}

}  // namespace
}  // namespace fermata::expand_test
