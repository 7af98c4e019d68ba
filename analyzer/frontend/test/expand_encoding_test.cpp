#include "expand_support.h"
#include "frontend/encoding.h"

namespace fermata::expand_test {
namespace {

using std::string_literals::operator""s;

TEST(Encoding, Utf8IsKeptAndItsMarkDropped) {
  EXPECT_EQ(decode_text("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(decode_text("\xEF\xBB\xBFon init"), "on init");
  EXPECT_EQ(decode_text(""), "");
}

TEST(Encoding, InvalidUtf8IsLatin1) {
  EXPECT_EQ(decode_text("gr\xFC\xDF"), "gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(decode_text("\xC0\x80"), "\xC3\x80\xC2\x80") << "an overlong form is not UTF-8";
  EXPECT_EQ(decode_text("\xED\xA0\x80"), "\xC3\xAD\xC2\xA0\xC2\x80") << "nor is a surrogate";
}

TEST(Encoding, Utf16ByItsMark) {
  EXPECT_EQ(decode_text("\xFF\xFE"
                        "o\0n\0\xE9\0"s),
            "on\xC3\xA9");
  EXPECT_EQ(decode_text("\xFE\xFF\0o\0n"s), "on");
  EXPECT_EQ(decode_text("\xFE\xFF\xD8\x3D\xDE\x00"s), "\xF0\x9F\x98\x80");
  EXPECT_EQ(decode_text("\xFE\xFF\xD8\x3D\0o"s), "\xEF\xBF\xBDo") << "half a pair";
}

TEST(Encoding, NulBytesAreNoText) { EXPECT_EQ(decode_text("on\0init"s), std::nullopt); }

TEST(Encoding, LineEndsAreCountedAsAnEditorCountsThem) {
  EXPECT_EQ(normalize_line_ends("a\nb"), "a\nb");
  EXPECT_EQ(normalize_line_ends("a\r\nb\r\n"), "a\nb\n");
  EXPECT_EQ(normalize_line_ends("a\rb\r"), "a\nb\n");
  EXPECT_EQ(normalize_line_ends("a\r\r\nb"), "a\nb");
  EXPECT_EQ(normalize_line_ends("a\r\rb"), "a\n\nb");
}

TEST(SourceFile, ColumnsCountCodePoints) {
  SourceFile file;
  file.text = "a\n\xC3\xBC\xF0\x9F\x98\x80z\n";
  file.line_starts = find_line_starts(file.text);
  EXPECT_EQ(file.position(0), (LineColumn{1, 1}));
  EXPECT_EQ(file.position(2), (LineColumn{2, 1}));
  EXPECT_EQ(file.position(8), (LineColumn{2, 3}));
  EXPECT_EQ(file.position(9999), (LineColumn{3, 1}));
  EXPECT_EQ(file.line_text(1), "a");
  EXPECT_EQ(file.line_text(2), "\xC3\xBC\xF0\x9F\x98\x80z");
  EXPECT_EQ(file.line_text(3), "");
  EXPECT_EQ(file.line_text(0), "");
  EXPECT_EQ(file.line_text(99), "");
}

TEST(SourceFile, LastLineMayBeBlankOrWithoutItsEnd) {
  SourceFile file;
  file.text = "a\n\nb";
  file.line_starts = find_line_starts(file.text);
  EXPECT_EQ(file.line_text(2), "");
  EXPECT_EQ(file.line_text(3), "b");
}

TEST(Reading, AnEmptyFileIsAnEmptyProgram) {
  Result result = expand_text("");
  EXPECT_EQ(result.text(), "");
  EXPECT_EQ(result.diagnostics(), Strings{});
  ASSERT_EQ(result.program.files.size(), 1u);
}

TEST(Reading, AFileThatIsNotTextIsNamed) {
  Result result = expand_text("on\0init"s);
  ASSERT_EQ(result.diagnostics(), Strings{"syntax-error:1"});
  EXPECT_NE(result.program.diagnostics[0].message.find("not text"), std::string::npos);
}

TEST(Reading, AMissingMainFileIsOneError) {
  Result result;
  result.expanded = expand("/fermata-test-nowhere/none.ksp", {}, result.program);
  EXPECT_EQ(result.diagnostics(), Strings{"import-not-found:1"});
  EXPECT_TRUE(result.expanded.units.empty());
}

TEST(Reading, AFileBeyondTheLimitIsNotRead) {
  FrontendOptions options;
  options.max_file_bytes = 10;
  Result result = expand_text("on init\nend on\n", options);
  ASSERT_EQ(result.diagnostics(), Strings{"limit-reached:1"});
  EXPECT_NE(result.program.diagnostics[0].message.find("--max-file-bytes"), std::string::npos);
}

TEST(Reading, PositionsFollowOddLineEnds) {
  Result result = expand_text("on init\r\r\n  EN\r\r\nend on\r\r\n");
  EXPECT_EQ(result.program.files[0].position(result.origin_of("EN").begin), (LineColumn{2, 3}));
}

}  // namespace
}  // namespace fermata::expand_test
