// What is measured: sets of main files, each with all text that is read for it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace fermata::bench {

struct MainFile {
  std::filesystem::path path;
  std::vector<std::string> texts;  // its own and those of all files that it imports, without the bundled library
};

struct Input {
  std::string name;
  std::vector<MainFile> mains;
  std::size_t bytes = 0, lines = 0;  // of all texts
};

// The scripts of the corpus and of the rules, and two that are generated and written below `work`: a plain script of
// about 2,000 lines and a product with 50 nodes.
std::vector<Input> bundled_inputs(const std::filesystem::path& work);

// All main files below a folder, as `fermata check FOLDER` finds them. Empty when there is none.
Input folder_input(const std::filesystem::path& folder);

}  // namespace fermata::bench
