#include "expand_support.h"

namespace fermata::expand_test {
namespace {

Strings main_files(const Folder& folder, std::vector<std::filesystem::path> paths,
                   std::vector<std::string>* errors = nullptr) {
  std::vector<std::string> said;
  Strings names;
  for (const auto& path : find_main_files(paths, said))
    names.push_back(path.lexically_relative(folder.path()).generic_string());
  if (errors != nullptr)
    *errors = said;
  else
    EXPECT_EQ(said, Strings{});
  return names;
}

TEST(MainFiles, AFileIsItself) {
  Folder folder;
  folder.write("a.anything", "");
  EXPECT_EQ(main_files(folder, {folder.path() / "a.anything", folder.path() / "./a.anything"}), Strings{"a.anything"});
}

TEST(MainFiles, WhatNobodyImportsIsAMainFile) {
  Folder folder;
  folder.write("main.ksp", "import \"lib/\"\nimport \"one.ksp\"\n");
  folder.write("one.ksp", "");
  folder.write("lib/x.ksp", "import \"../one.ksp\"\n");
  folder.write("other.ksp", "on init\nend on\n");
  folder.write("readme.txt", "on the way to the end\n");
  folder.write("old.txt", "on init\nend on\n");
  folder.write(".git/hidden.ksp", "");
  folder.write("ignored.ksp", "__IGNORE__\n");
  EXPECT_EQ(main_files(folder, {folder.path()}), (Strings{"main.ksp", "old.txt", "other.ksp"}));
}

TEST(MainFiles, ProductsCountEvenWhenImported) {
  Folder folder;
  folder.write("all.ksp", "import \"p/product.ksp\"\n");
  folder.write("p/product.ksp", "import \"nodes/hold.ksp\"\nimport \"_IVLS/builder.ksp\"\n");
  folder.write("p/nodes/hold.ksp", "import \"nodes/deep/x.ksp\"\n");
  folder.write("p/nodes/deep/x.ksp", "");
  folder.write("_IVLS/builder.ksp", "");
  EXPECT_EQ(main_files(folder, {folder.path()}), (Strings{"all.ksp", "p/product.ksp"}));
}

TEST(MainFiles, FilesThatImportEachOtherAreStillFound) {
  Folder folder;
  folder.write("a.ksp", "import \"b.ksp\"\n");
  folder.write("b.ksp", "import \"a.ksp\"\n");
  EXPECT_EQ(main_files(folder, {folder.path()}), Strings{"a.ksp"});
}

TEST(MainFiles, MissingPathsAreErrors) {
  Folder folder;
  std::vector<std::string> errors;
  EXPECT_EQ(main_files(folder, {folder.path() / "none"}, &errors), Strings{});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_NE(errors[0].find("none"), std::string::npos);
}

TEST(MainFiles, ProseThatQuotesAScriptIsNone) {
  Folder folder;
  const std::string script = "on init\nend on\n";
  folder.write("news.txt", "Version 2: new callbacks\n\n" + script);
  folder.write("manual.txt", "=== Manual ===\n" + script);
  folder.write("plain.txt", "{ Version 2: new callbacks }\n\n" + script);
  folder.write("macros.txt", "setup(1)\n" + script);
  folder.write("condition.txt", "SET_CONDITION(A)\n" + script);
  folder.write("declared.txt", "declare $a\n" + script);
  EXPECT_EQ(main_files(folder, {folder.path()}), (Strings{"condition.txt", "declared.txt", "macros.txt", "plain.txt"}));
}

}  // namespace
}  // namespace fermata::expand_test
