// What each stage costs beside the bare tree-sitter parse of the same text: reading the tree, expansion, building the
// program, the analysis without replay. The bare parse and the stage take turns, main file by main file, and processor
// time is counted, so that whatever else the machine does falls on both.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <tree_sitter/api.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <memory>
#include <string_view>
#include <system_error>

#include "bench/inputs.h"
#include "frontend/expand.h"
#include "frontend/frontend.h"
#include "frontend/tree.h"
#include "witness/check.h"

extern "C" const TSLanguage* tree_sitter_ksp(void);

namespace fermata::bench {
namespace {

namespace fs = std::filesystem;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void parse_bare(TSParser* parser, const MainFile& main) {
  for (const std::string& text : main.texts) {
    TSTree* tree = ts_parser_parse_string(parser, nullptr, text.data(), static_cast<uint32_t>(text.size()));
    benchmark::DoNotOptimize(tree);
    ts_tree_delete(tree);
  }
}

using Stage = void (*)(const MainFile&);

void parse(const MainFile& main) {
  for (const std::string& text : main.texts) benchmark::DoNotOptimize(SyntaxTree(text).errors().data());
}

void expand_only(const MainFile& main) {
  Program program;
  benchmark::DoNotOptimize(expand(main.path, {}, program).units.data());
}

void build(const MainFile& main) { benchmark::DoNotOptimize(load_program(main.path, {}).stmts.data()); }

void check_without_replay(const MainFile& main) {
  CheckOptions options;
  options.replay = false;
  benchmark::DoNotOptimize(check_program(load_program(main.path, {}), options).sites.data());
}

struct Cost {
  const MainFile* main = nullptr;
  double bare = 0, stage = 0;  // seconds, of all turns together
  double ratio() const { return stage / std::max(bare, 1e-9); }
};

// Fills `costs`, one for each main file. Counters: `ratio` of the sums, the `median` of the main files' ratios, and
// `twice`, the share of main files that take at most twice the bare parse.
void measure(benchmark::State& state, const Input& input, Stage stage, std::vector<Cost>& costs) {
  const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(), &ts_parser_delete);
  ts_parser_set_language(parser.get(), tree_sitter_ksp());
  costs.clear();
  for (const MainFile& main : input.mains) costs.push_back({&main});
  Cost sum;
  for (auto _ : state) {
    const double before = sum.stage;
    for (Cost& cost : costs) {
      const double start = processor_seconds();
      parse_bare(parser.get(), *cost.main);
      const double middle = processor_seconds();
      stage(*cost.main);
      const double end = processor_seconds();
      cost.bare += middle - start;
      cost.stage += end - middle;
      sum.bare += middle - start;
      sum.stage += end - middle;
    }
    state.SetIterationTime(sum.stage - before);
  }
  std::vector<double> ratios;
  for (const Cost& cost : costs) ratios.push_back(cost.ratio());
  std::ranges::sort(ratios);
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(input.bytes));
  state.counters["lines/s"] =
      benchmark::Counter(static_cast<double>(input.lines), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["ratio"] = sum.ratio();
  state.counters["median"] = ratios[ratios.size() / 2];
  state.counters["twice"] =
      static_cast<double>(std::ranges::upper_bound(ratios, 2.0) - ratios.begin()) / static_cast<double>(ratios.size());
}

void print_slowest(const std::string& name, std::vector<Cost> costs, std::size_t count) {
  std::ranges::sort(costs, std::ranges::greater(), &Cost::stage);
  double sum = 0;
  for (const Cost& cost : costs) sum += cost.stage;
  for (std::size_t i = 0; i < std::min(count, costs.size()); ++i) {
    fmt::print("{}: {:5.1f} % of the time, {:.0f} times the bare parse: {}\n", name, 100 * costs[i].stage / sum,
               costs[i].ratio(), costs[i].main->path.string());
  }
}

// A folder of our own that goes at the end.
struct WorkFolder {
  fs::path path = fs::temp_directory_path() / fmt::format("fermata-bench-{}", getpid());
  WorkFolder() { fs::create_directories(path); }
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
};

constexpr std::string_view kSlowest = "--slowest=";

int run(int argc, char** argv) {
  std::size_t slowest = 0;
  std::vector<Input> inputs;
  const WorkFolder work;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with(kSlowest)) {
      slowest = std::strtoul(argv[i] + kSlowest.size(), nullptr, 10);
    } else if (word.starts_with("-") || !fs::is_directory(word)) {
      fmt::print(stderr, "usage: fermata_bench [--slowest=N] [--benchmark_...] [FOLDER...]\n");
      return 2;
    } else {
      inputs.push_back(folder_input(word));
      if (!inputs.back().mains.empty()) continue;
      fmt::print(stderr, "{}: no scripts in this folder\n", word);
      return 2;
    }
  }
  if (inputs.empty()) inputs = bundled_inputs(work.path);
  const std::pair<const char*, Stage> stages[] = {
      {"parse", parse}, {"expand", expand_only}, {"build", build}, {"check_without_replay", check_without_replay}};
  std::vector<std::vector<Cost>> costs(inputs.size() * std::size(stages));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    for (std::size_t s = 0; s < std::size(stages); ++s) {
      const auto timed = [&input = inputs[i], stage = stages[s].second, &kept = costs[i * std::size(stages) + s]](
                             benchmark::State& state) { measure(state, input, stage, kept); };
      benchmark::RegisterBenchmark((inputs[i].name + "/" + stages[s].first).c_str(), timed)
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
  for (const Input& input : inputs)
    fmt::print("{}: {} main files, {} lines, {} bytes\n", input.name, input.mains.size(), input.lines, input.bytes);
  std::fflush(stdout);
  benchmark::RunSpecifiedBenchmarks();
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const char* stage = stages[i % std::size(stages)].first;
    print_slowest(inputs[i / std::size(stages)].name + "/" + stage, costs[i], slowest);
  }
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace fermata::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  return fermata::bench::run(argc, argv);
}
