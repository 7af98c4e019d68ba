#include "expand_support.h"
#include "frontend/expand_text.h"

namespace fermata::expand_test {
namespace {

TEST(Origins, UntouchedTextIsItsOwn) {
  Result result = expand_text("{ note }\non note\n  play_note(60, 1, 0, 0)\nend on\n");
  EXPECT_TRUE(result.expanded.units[0].untouched);
  EXPECT_EQ(result.source(result.origin_of("play_note(60")), "play_note(60");
}

TEST(Origins, TextBesideAReplacementIsExact) {
  Result result = expand_text("define N := 127\nx := N + last\n");
  EXPECT_EQ(result.source(result.origin_of("x := ")), "x := ");
  EXPECT_EQ(result.source(result.origin_of("last")), "last");
  EXPECT_EQ(result.source(result.origin_of("x := 127 + last")), "x := N + last") << "both ends are in the file";
}

TEST(Origins, DefinesNameTheirPlaceAndTheirUse) {
  Result result = expand_text("define N := 127\nx := N\n");
  Span span = result.origin_of("127");
  EXPECT_EQ(span.begin, 12u);
  EXPECT_EQ(result.source(span), "127");
  ASSERT_LT(span.expansion, result.program.expansions.size());
  EXPECT_EQ(result.program.expansions[span.expansion].name, "N");
  EXPECT_EQ(result.program.expansions[span.expansion].call.begin, 21u);
  EXPECT_EQ(result.program.user_span(span).begin, 21u);
}

TEST(Origins, FoldedValuesStandForTheWholeDefinition) {
  Result result = expand_text("define N := 100 + 27\nx := N\n");
  EXPECT_EQ(result.source(result.origin_of("127")), "100 + 27");
}

TEST(Origins, MacrosAreChainsUpToTheUsersLine) {
  Result result = expand_text(
      "define V := 5\nmacro inner(p)\nset(V, p)\nend macro\nmacro outer\ninner(mine)\nend macro\non init\n  outer\nend "
      "on\n");
  Span value = result.origin_of("5");
  std::vector<std::string> chain;
  for (ExpansionId id = value.expansion; id != kNone; id = result.program.expansions[id].call.expansion) {
    chain.push_back(result.program.expansions[id].name);
  }
  EXPECT_EQ(chain, (Strings{"V", "inner", "outer"}));
  EXPECT_EQ(result.source(result.program.user_span(value)), "outer");
  EXPECT_EQ(result.program.files[0].position(result.program.user_span(value).begin), (LineColumn{9, 3}));
  Span argument = result.origin_of("mine");
  EXPECT_EQ(result.source(argument), "mine");
  EXPECT_EQ(result.program.expansions[argument.expansion].name, "outer")
      << "an argument belongs to the line of the call";
}

TEST(Origins, LoopsKeepTheirLine) {
  Result result = expand_text("on init\niterate_macro(call_me(#n#)) := 7 to 8\nend on\n");
  EXPECT_EQ(result.source(result.origin_of("call_me(")), "call_me(");
  EXPECT_EQ(result.source(result.origin_of("8")), "iterate_macro(call_me(#n#)) := 7 to 8");
}

TEST(Origins, EveryByteOfEveryUnitComesFromSomewhere) {
  Result result = expand_files(
      {{"main.ksp",
        "define L += a, b\nimport \"b.ksp\"\nSTART_INC(K, 0, 1)\nliterate_macro(m(#l#)) on L\nEND_INC\nx := L.SIZE"},
       {"b.ksp", "macro m(#x#)\n#x#_K := K { kept }\nend macro\nfunction f\ny := L.SIZE // end\nend function"}});
  EXPECT_EQ(result.diagnostics(), Strings{});
  for (const ExpandedUnit& unit : result.expanded.units) {
    for (uint32_t i = 0; i < unit.text.size(); ++i) {
      Span span = unit.origin(i, i + 1);
      ASSERT_LT(span.file, result.program.files.size());
      ASSERT_LE(span.begin, span.end);
      ASSERT_LE(span.end, result.program.files[span.file].text.size());
    }
  }
}

TEST(Origins, ExactSegmentsHoldTheSameBytes) {
  Result result =
      expand_text("define N := some.name\nmacro m(#a#)\n  N.x := #a#_y(N) // c\nend macro\n  m(ab)  \nz := N\n");
  for (const ExpandedUnit& unit : result.expanded.units) {
    for (size_t i = 0; i < unit.segments.size(); ++i) {
      const OriginSegment& segment = unit.segments[i];
      size_t end = i + 1 < unit.segments.size() ? unit.segments[i + 1].at : unit.text.size();
      if (!segment.exact) continue;
      EXPECT_EQ(unit.text.substr(segment.at, end - segment.at), result.source(segment.origin));
    }
  }
}

TEST(Origins, LibraryCodeIsBlamedOnItself) {
  Program program;
  program.files.resize(2);
  program.files[1].library = true;
  program.expansions = {{"m", {0, 5, 6, kNone}}, {"n", {1, 7, 8, 0}}, {"lib", {1, 1, 2, kNone}}};
  EXPECT_EQ(program.user_span({1, 3, 4, 1}), (Span{0, 5, 6, kNone}));
  EXPECT_EQ(program.user_span({1, 3, 4, 2}), (Span{1, 3, 4, 2}));
  EXPECT_EQ(program.user_span({0, 3, 4, kNone}), (Span{0, 3, 4, kNone}));
}

TEST(TracedText, TruncationCutsTheLastOrigin) {
  TracedText text;
  text.append_source("abcdef", {0, 0, 6});
  text.append_made("xyz", {0, 1, 2});
  text.truncate(4);
  EXPECT_EQ(text.text, "abcd");
  ASSERT_EQ(text.segments.size(), 1u);
  EXPECT_EQ(text.segments[0].origin.end, 4u);
  text.append_source("abcdef", {0, 4, 6});
  EXPECT_EQ(text.segments.size(), 1u) << "goes on where it was cut";
}

TEST(Program, InternsFromTheEmptyName) {
  Program program;
  EXPECT_EQ(program.intern(""), 0u);
  NameId a = program.intern("a");
  EXPECT_EQ(program.intern("a"), a);
  EXPECT_EQ(program.name(a), "a");
  EXPECT_TRUE(program.statements(kNone).empty());
  EXPECT_TRUE(program.children_of(kNone).empty());
  EXPECT_EQ(program.find_node("x"), kNone);
  EXPECT_EQ(program.find_callback(kNone, "Init"), nullptr);
}

}  // namespace
}  // namespace fermata::expand_test
