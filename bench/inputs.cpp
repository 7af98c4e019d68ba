#include "bench/inputs.h"

#include <algorithm>
#include <fstream>

#include "bench/generate.h"
#include "frontend/frontend.h"

namespace fermata::bench {

namespace fs = std::filesystem;

namespace {

void add_main(Input& input, const fs::path& path) {
  MainFile main{path, {}};
  for (const SourceFile& file : load_program(path, {}).files) {
    if (file.library) continue;
    input.bytes += file.text.size();
    input.lines += file.line_starts.size();
    main.texts.push_back(file.text);
  }
  input.mains.push_back(std::move(main));
}

Input written(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  Input input{path.stem().string(), {}};
  add_main(input, path);
  return input;
}

}  // namespace

Input folder_input(const fs::path& folder) {
  Input input{folder.lexically_normal().string(), {}};
  std::vector<std::string> errors;
  for (const fs::path& path : find_main_files({folder}, errors)) add_main(input, path);
  return input;
}

std::vector<Input> bundled_inputs(const fs::path& work) {
  Input corpus = folder_input(fs::path(FERMATA_SOURCE_DIR) / "test-corpus");
  corpus.name = "corpus";
  Input rules = folder_input(fs::path(FERMATA_SOURCE_DIR) / "rules");
  corpus.bytes += rules.bytes;
  corpus.lines += rules.lines;
  std::ranges::move(rules.mains, std::back_inserter(corpus.mains));
  std::vector<Input> all;
  all.push_back(std::move(corpus));
  all.push_back(written(work / "plain_2000_lines.ksp", plain_script(80)));
  all.push_back(written(work / "product_50_nodes.ksp", product_script(50)));
  return all;
}

}  // namespace fermata::bench
