#include "expand_support.h"

namespace fermata::expand_test {
namespace {

TEST(Imports, FilesStandWhereTheyAreImported) {
  Result result =
      expand_files({{"main.ksp", "function a\nend function\nimport \"lib/b.ksp\"\nfunction c\nend function\n"},
                    {"lib/b.ksp", "function b\nend function\n"}});
  EXPECT_EQ(result.text(), "function a\nend function\nfunction b\nend function\nfunction c\nend function\n");
  ASSERT_EQ(result.expanded.units.size(), 3u);
  EXPECT_EQ(result.expanded.units[0].file, 0u);
  EXPECT_EQ(result.expanded.units[1].file, 1u);
  EXPECT_EQ(result.expanded.units[2].file, 0u);
  for (const ExpandedUnit& unit : result.expanded.units) EXPECT_TRUE(unit.untouched);
  EXPECT_EQ(result.source(result.origin_of("function c")), "function c");
}

TEST(Imports, PathsAreRelativeToTheFileThenToTheMainFile) {
  Result result = expand_files({{"main.ksp", "import \"lib/a.ksp\"\n"},
                                {"lib/a.ksp", "import 'b.ksp'\nimport \"top.ksp\"\nimport \"lib\\\\c.ksp\"\n"},
                                {"lib/b.ksp", "function b\nend function"},
                                {"top.ksp", "function top\nend function"}});
  EXPECT_EQ(result.text(), "function b\nend function\nfunction top\nend function\n");
  EXPECT_EQ(result.diagnostics(), Strings{"import-not-found:3"});
}

TEST(Imports, EachFileCountsOnce) {
  Result result = expand_files({{"main.ksp", "import \"a.ksp\"\nimport \"./a.ksp\"\nimport \"b.ksp\"\n"},
                                {"a.ksp", "function a\nend function\n"},
                                {"b.ksp", "import \"a.ksp\"\n"}});
  EXPECT_EQ(result.text(), "function a\nend function\n");
  EXPECT_EQ(result.diagnostics(), Strings{});
}

TEST(Imports, FoldersGiveAllScriptsBelowInOrder) {
  Folder folder;
  folder.write("main.ksp", "import \"nodes/\"\n");
  folder.write("nodes/b.ksp", "function b\nend function\n");
  folder.write("nodes/a/z.ksp", "function z\nend function\n");
  folder.write("nodes/note.txt", "not a script\n");
  Result result = folder.expand("main.ksp");
  EXPECT_EQ(result.text(), "function z\nend function\nfunction b\nend function\n");
  EXPECT_EQ(result.diagnostics(), Strings{});
}

TEST(Imports, AFolderMayHoldItsImporter) {
  Folder folder;
  folder.write("main.ksp", "import \"./\"\nfunction m\nend function\n");
  folder.write("a.ksp", "function a\nend function\n");
  Result result = folder.expand("main.ksp");
  EXPECT_EQ(result.text(), "function a\nend function\nfunction m\nend function\n");
  EXPECT_EQ(result.diagnostics(), Strings{});
}

TEST(Imports, NamesGetTheirPrefix) {
  Result result = expand_files({{"main.ksp", "import \"a.ksp\" as one\n"},
                                {"a.ksp", "import \"b.ksp\" as two\nfunction a\nend function\n"},
                                {"b.ksp", "function b\nend function\n"}});
  ASSERT_EQ(result.expanded.units.size(), 2u);
  EXPECT_EQ(result.expanded.units[0].import_prefix, "one.two.");
  EXPECT_EQ(result.expanded.units[1].import_prefix, "one.");
}

TEST(Imports, InsideABlockTheTextStandsInPlace) {
  Result result =
      expand_files({{"main.ksp", "on init\nimport \"a.ksp\"\ndeclare b\nend on\n"}, {"a.ksp", "declare a\n"}});
  ASSERT_EQ(result.expanded.units.size(), 1u);
  EXPECT_EQ(result.text(), "on init\ndeclare a\ndeclare b\nend on\n");
  EXPECT_EQ(result.origin_of("declare a").file, 1u);
  EXPECT_EQ(result.origin_of("declare b").file, 0u);
}

TEST(Imports, InsideABlockAPrefixIsAFamily) {
  Result result = expand_files({{"main.ksp", "on init\nimport \"a.ksp\" as ns\nend on\n"}, {"a.ksp", "declare a\n"}});
  EXPECT_EQ(result.text(), "on init\nfamily ns\ndeclare a\nend family\nend on\n");
}

TEST(Imports, AMissingEndInOneFileLeavesTheOthersAlone) {
  Result result = expand_files({{"main.ksp", "import \"a.ksp\"\nimport \"b.ksp\"\n"},
                                {"a.ksp", "on init\n"},
                                {"b.ksp", "function b\nend function\n"}});
  EXPECT_EQ(result.expanded.units.size(), 2u);
}

TEST(Imports, TheFrameworkNeedNotBeThere) {
  Result result = expand_text("import \"_IVLS/builder.ksp\"\n");
  EXPECT_TRUE(result.expanded.imports_builder);
  EXPECT_EQ(result.diagnostics(), Strings{});
  EXPECT_TRUE(expand_text("import \"_IVLS/ivls.ksp\"\n").expanded.imports_builder);
  EXPECT_FALSE(expand_text("on init\nend on\n").expanded.imports_builder);
}

TEST(Imports, TheFrameworkOnDiskIsRead) {
  Result result = expand_files(
      {{"main.ksp", "import \"_IVLS/builder.ksp\"\n"}, {"_IVLS/builder.ksp", "function sdk\nend function\n"}});
  EXPECT_EQ(result.text(), "function sdk\nend function\n");
  EXPECT_TRUE(result.expanded.imports_builder);
}

TEST(Imports, MissingFileNamesTheRemedy) {
  Result result = expand_text("\nimport \"gone.ksp\"\n");
  ASSERT_EQ(result.diagnostics(), Strings{"import-not-found:2"});
  EXPECT_NE(result.program.diagnostics[0].message.find("correct the path"), std::string::npos);
  EXPECT_EQ(result.source(result.program.diagnostics[0].span), "\"gone.ksp\"");
}

TEST(Imports, MissingFileInOtherLettersIsNamed) {
  Folder folder;
  folder.write("main.ksp", "import \"Lib.ksp\"\n");
  folder.write("lib.ksp", "");
  Result result = folder.expand("main.ksp");
  ASSERT_EQ(result.diagnostics(), Strings{"import-not-found:1"});
  EXPECT_NE(result.program.diagnostics[0].message.find("lib.ksp' meant?"), std::string::npos);
}

TEST(Imports, CyclesNameTheirChain) {
  Result result = expand_files({{"main.ksp", "import \"a.ksp\"\n"},
                                {"a.ksp", "import \"b.ksp\"\nfunction a\nend function\n"},
                                {"b.ksp", "import \"a.ksp\"\nfunction b\nend function\n"}});
  ASSERT_EQ(result.diagnostics(), Strings{"import-cycle:1"});
  const FrontendDiagnostic& cycle = result.program.diagnostics[0];
  EXPECT_EQ(cycle.span.file, 2u);
  ASSERT_EQ(cycle.related.size(), 1u);
  EXPECT_EQ(cycle.related[0].first.file, 1u);
  EXPECT_EQ(result.text(), "function b\nend function\nfunction a\nend function\n");
}

TEST(Imports, AFileThatImportsItselfIsACycle) {
  EXPECT_EQ(expand_text("import \"main.ksp\"\n").diagnostics(), Strings{"import-cycle:1"});
}

TEST(Imports, NothingIsReadOutsideTheRoot) {
  Folder folder;
  folder.write("secret.ksp", "function secret\nend function\n");
  folder.write("in/main.ksp", "import \"../secret.ksp\"\nimport \"link.ksp\"\nimport \"nodes/\"\n");
  folder.write("in/nodes/a.ksp", "function a\nend function\n");
  std::filesystem::create_symlink(folder.path() / "secret.ksp", folder.path() / "in/link.ksp");
  std::filesystem::create_symlink(folder.path() / "secret.ksp", folder.path() / "in/nodes/link.ksp");
  Result result = folder.expand("in/main.ksp");
  EXPECT_EQ(result.diagnostics(), (Strings{"import-outside-root:1", "import-outside-root:2"}));
  EXPECT_EQ(result.text(), "function a\nend function\n");

  FrontendOptions options;
  options.root = folder.path();
  EXPECT_EQ(folder.expand("in/main.ksp", options).diagnostics(), Strings{});
}

TEST(Imports, AbsolutePathsOutsideTheRootAreRefused) {
  EXPECT_EQ(expand_text("import \"/etc/passwd\"\n").diagnostics(), Strings{"import-outside-root:1"});
}

TEST(Imports, AddressesAreNeverFetched) {
  Result result = expand_text("import \"https://example.com/x.ksp\"\n");
  ASSERT_EQ(result.program.diagnostics.size(), 1u);
  EXPECT_EQ(result.program.diagnostics[0].level, "note");
}

TEST(Imports, MalformedImportIsASyntaxError) {
  EXPECT_EQ(expand_text("import lib.ksp\n").diagnostics(), Strings{"syntax-error:1"});
  EXPECT_EQ(expand_text("import \"a\" as\n").diagnostics(), Strings{"syntax-error:1"});
}

TEST(Imports, IgnoredFilesVanishWithWhatTheyImport) {
  Result result = expand_files({{"main.ksp", "function m\nend function\nimport \"a.ksp\"\nfunction n\nend function\n"},
                                {"a.ksp", "import \"b.ksp\"\n__IGNORE__\nfunction a\nend function\n"},
                                {"b.ksp", "function b\nend function\n"}});
  EXPECT_EQ(result.text(), "function m\nend function\nfunction n\nend function\n");
  EXPECT_EQ(expand_text("__IGNORE__\non init\nend on\n").text(), "on init\nend on\n") << "asked for by name";
}

TEST(Imports, TheirNumberIsLimited) {
  FrontendOptions options;
  options.max_imports = 1;
  Result result = expand_files({{"main.ksp", "import \"a.ksp\"\nimport \"b.ksp\"\nimport \"c.ksp\"\n"},
                                {"a.ksp", "function a\nend function\n"},
                                {"b.ksp", "function b\nend function\n"},
                                {"c.ksp", "function c\nend function\n"}},
                               options);
  EXPECT_EQ(result.text(), "function a\nend function\n");
  EXPECT_EQ(result.diagnostics(), Strings{"limit-reached:2"});
}

TEST(Imports, UnreadableImportsAreNamed) {
  Result result =
      expand_files({{"main.ksp", "import \"a.ksp\"\non init\nend on\n"}, {"a.ksp", std::string("a\0b", 3)}});
  EXPECT_EQ(result.diagnostics(), Strings{"syntax-error:1"});
  EXPECT_EQ(result.text(), "on init\nend on\n");
}

TEST(Imports, ControlPanelsAreLeftAlone) {
  Result result = expand_text("on init\nimport_nckp(\"panel.nckp\")\nend on\n");
  EXPECT_EQ(result.diagnostics(), Strings{});
  EXPECT_TRUE(result.expanded.units[0].untouched);
}

TEST(Imports, OfAMacroGiveTheMacroTheirLines) {
  Result result = expand_files(
      {{"main.ksp", "macro setup(#n#)\n  import \"a.ksp\"\n  declare y#n#\nend macro\non init\n  setup(1)\nend on\n"},
       {"a.ksp", "{ common }\ndeclare x#n#\n"}});
  EXPECT_EQ(result.text(), "{ common }\non init\ndeclare x1\ndeclare y1\nend on\n");
  EXPECT_EQ(result.diagnostics(), Strings{});
  result = expand_files({{"main.ksp", "macro setup\n  import \"a.ksp\" as b\nend macro\n"}, {"a.ksp", "declare x\n"}});
  EXPECT_EQ(result.diagnostics(), Strings{"expansion-failed:2"});
}

TEST(Imports, HaveALimitForAllFilesTogether) {
  FrontendOptions options;
  options.max_program_bytes = 60;
  Result result = expand_files({{"main.ksp", "import \"a.ksp\"\nimport \"b.ksp\"\n"},
                                {"a.ksp", "function a\nend function\n"},
                                {"b.ksp", "function b\nend function\n"}},
                               options);
  EXPECT_EQ(result.text(), "function a\nend function\n");
  EXPECT_EQ(result.diagnostics(), Strings{"limit-reached:2"});
  EXPECT_NE(result.program.diagnostics[0].message.find("--max-program-bytes (60)"), std::string::npos);
}

TEST(Imports, MayReachTheFolderOfTheRepositoryOrTheConfiguration) {
  Folder folder;
  folder.write("a/b/main.ksp", "");
  EXPECT_EQ(find_root(folder.path() / "a/b/main.ksp"), folder.path() / "a/b");
  EXPECT_EQ(find_root(folder.path() / "a/b/main.ksp", folder.path() / "a"), folder.path() / "a");
  EXPECT_EQ(find_root(folder.path() / "a/b/main.ksp", folder.path() / "a/b/c"), folder.path() / "a/b");
  folder.write("a/fermata.toml", "");
  EXPECT_EQ(find_root(folder.path() / "a/b/main.ksp"), folder.path() / "a");
  folder.write(".git/config", "");
  EXPECT_EQ(find_root(folder.path() / "a/b/main.ksp"), folder.path());
  EXPECT_EQ(find_root(folder.path() / "a/b/main.ksp", folder.path() / "a"), folder.path());
}

}  // namespace
}  // namespace fermata::expand_test
