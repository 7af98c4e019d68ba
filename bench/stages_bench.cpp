// What each stage costs on the same text: bare tree-sitter parse, expansion, building the program, the analysis without
// replay. Bytes and lines a second; `ratio` is the time against the bare parse of the same input.
#include <benchmark/benchmark.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "bench/generate.h"
#include "frontend/expand.h"
#include "frontend/frontend.h"
#include "witness/check.h"

extern "C" const TSLanguage* tree_sitter_ksp(void);

namespace fermata::bench {
namespace {

namespace fs = std::filesystem;

struct Input {
  std::string name;
  std::vector<std::pair<fs::path, std::string>> files;
  std::size_t bytes = 0, lines = 0;
  double parse_seconds = 0;  // of one bare parse of all files

  void add(fs::path path, std::string text) {
    bytes += text.size();
    lines += static_cast<std::size_t>(std::ranges::count(text, '\n'));
    files.emplace_back(std::move(path), std::move(text));
  }
};

void parse_all(const Input& input) {
  TSParser* parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_ksp());
  for (const auto& [path, text] : input.files) {
    TSTree* tree = ts_parser_parse_string(parser, nullptr, text.data(), static_cast<uint32_t>(text.size()));
    benchmark::DoNotOptimize(ts_tree_root_node(tree));
    ts_tree_delete(tree);
  }
  ts_parser_delete(parser);
}

FrontendOptions options_for(const Input& input) {
  FrontendOptions options;
  options.overlay = [&input](const fs::path& path) -> std::optional<std::string> {
    for (const auto& [name, text] : input.files) {
      if (name == path) return text;
    }
    return std::nullopt;
  };
  return options;
}

void expand_all(const Input& input) {
  const FrontendOptions options = options_for(input);
  for (const auto& [path, text] : input.files) {
    Program program;
    benchmark::DoNotOptimize(expand(path, options, program).units.data());
  }
}

void build_all(const Input& input) {
  const FrontendOptions options = options_for(input);
  for (const auto& [path, text] : input.files) benchmark::DoNotOptimize(load_program(path, options).stmts.data());
}

void check_all(const Input& input) {
  const FrontendOptions options = options_for(input);
  CheckOptions check;
  check.replay = false;
  for (const auto& [path, text] : input.files) {
    benchmark::DoNotOptimize(check_program(load_program(path, options), check).sites.data());
  }
}

void measure(benchmark::State& state, const Input& input, void (*stage)(const Input&)) {
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) stage(input);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(input.bytes));
  state.counters["lines/s"] =
      benchmark::Counter(static_cast<double>(input.lines), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["ratio"] = seconds / static_cast<double>(state.iterations()) / input.parse_seconds;
}

std::vector<Input> inputs() {
  std::vector<Input> all(3);
  all[0].name = "corpus";
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(FERMATA_SOURCE_DIR) / "test-corpus")) {
    if (entry.path().extension() == ".ksp") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (const fs::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    all[0].add(path, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
  }
  all[1].name = "plain_2000_lines";
  all[1].add("/bench/plain.ksp", plain_script(80));
  all[2].name = "product_50_nodes";
  all[2].add("/bench/product.ksp", product_script(50));
  for (Input& input : all) {
    parse_all(input);
    constexpr int kTurns = 20;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kTurns; ++i) parse_all(input);
    input.parse_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / kTurns;
  }
  return all;
}

}  // namespace
}  // namespace fermata::bench

int main(int argc, char** argv) {
  using namespace fermata::bench;
  const std::vector<Input> all = inputs();
  const std::pair<const char*, void (*)(const Input&)> stages[] = {
      {"parse", parse_all}, {"expand", expand_all}, {"build", build_all}, {"check_without_replay", check_all}};
  for (const Input& input : all) {
    for (const auto& [name, stage] : stages) {
      benchmark::RegisterBenchmark((input.name + "/" + name).c_str(), [&input, timed = stage](benchmark::State& state) {
        measure(state, input, timed);
      })->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
