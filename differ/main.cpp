// fermata-differ: generated programs, analysed and then played. A voice or an event that hangs at a site called proved
// is a counterexample.
#include <chrono>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "differ/child.h"
#include "differ/generate.h"
#include "differ/options.h"
#include "differ/trial.h"

namespace {

using namespace fermata;
using namespace fermata::differ;

struct Totals {
  size_t programs = 0, counterexamples = 0, unreplayed = 0, unknown = 0, sites = 0;
};

std::string text_of(const SiteOutcome& site) {
  return std::to_string(site.place.line) + " " + site.kind + " " + std::string(verdict_name(site.verdict)) +
         (site.hung ? " (hangs)" : "") + (site.said.empty() ? "" : ": " + site.said);
}

void write_counterexample(const Options& options, const std::string& name, const Counterexample& found) {
  std::error_code error;
  std::filesystem::create_directories(options.output, error);
  const std::string stem = (std::filesystem::path(options.output) / name).string();
  const std::string text = to_text(found.program);
  std::ofstream(stem + ".ksp") << "{ case: " << found.miss.loss << " at line " << found.miss.at.line + 1 << " }\n"
                               << text;
  const Program program = load_text(text);
  const runtime::Report report = runtime::Machine(program, Assume{}).run(found.scenario, {}, false);
  std::string scenario = runtime::scenario_to_json(found.scenario);
  scenario.insert(1, "\"expect\": {\"hung\": " + std::to_string(report.hung.size()) + "},\n ");
  std::ofstream(stem + ".scenario.json") << scenario;
}

// The first line gives the numbers, the others are for people.
class Trial {
 public:
  Trial(const Options& options, size_t number) : options_(options), number_(number) {}

  std::string run() {
    Random random(options_.seed * 0x2545f4914f6cdd1du + number_);
    const Piece piece = generate(random, options_.without);
    const std::string text = to_text(piece);
    if (options_.print) {  // at once, for those that are never told of otherwise
      std::printf("---- program %zu\n%s", number_, text.c_str());
      std::fflush(stdout);
    }
    const Judgement said = judge(load_text(text), {}, {}, random);
    if (!said.error.empty()) {
      if (options_.verbose) tell("not well-formed: " + said.error);
    } else {
      totals_.programs = 1;
      for (const SiteOutcome& site : said.sites) count(site);
      if (options_.doubts) doubts(piece, said);
      if (!said.misses.empty()) lost(piece, said.misses.front());
    }
    std::ostringstream out;
    out << totals_.programs << ' ' << totals_.counterexamples << ' ' << totals_.unreplayed << ' ' << totals_.unknown
        << ' ' << totals_.sites << '\n'
        << told_.str();
    return out.str();
  }

 private:
  void tell(const std::string& text) { told_ << number_ << ": " << text << '\n'; }

  void count(const SiteOutcome& site) {
    const bool unknown = site.verdict == Verdict::unknown;
    const bool unreplayed = site.verdict == Verdict::hung && !site.hung;
    totals_.sites += 1;
    totals_.unknown += unknown;
    totals_.unreplayed += unreplayed;
    if (options_.print || (options_.verbose && (unknown || unreplayed)))
      tell((unreplayed ? "unreplayed " : "") + text_of(site));
  }

  void doubts(const Piece& piece, const Judgement& said) {
    for (const SiteOutcome& site : said.sites) {
      if (site.hung || site.verdict == Verdict::proved) continue;
      const Piece small = minimise_doubt(piece, site, {});
      tell("doubt, " + text_of(site) + "\n" + to_text(small));
      return;
    }
  }

  void lost(const Piece& piece, const Miss& miss) {
    totals_.counterexamples = 1;
    const std::string name = "seed" + std::to_string(options_.seed) + "_" + std::to_string(number_) + "_bad";
    write_counterexample(options_, name, {piece, miss.scenario, miss});  // should making it small take too long
    const Counterexample small = minimise({piece, miss.scenario, miss}, {}, {});
    write_counterexample(options_, name, small);
    tell("counterexample " + name + ": " + small.miss.loss + ", line " + std::to_string(small.miss.at.line + 1) +
         (small.miss.proved.empty() ? ", no site" : ", called proved"));
  }

  const Options& options_;
  size_t number_;
  Totals totals_;
  std::ostringstream told_;
};

class Run {
 public:
  explicit Run(const Options& options) : options_(options) {}

  int go() {
    const auto start = std::chrono::steady_clock::now();
    std::printf("seed %llu, from program %zu\n", static_cast<unsigned long long>(options_.seed), options_.from);
    std::deque<std::pair<size_t, Child>> running;
    for (size_t i = options_.from; totals_.programs + running.size() < options_.programs || !running.empty();) {
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
      const bool over = options_.minutes > 0 && spent.count() > options_.minutes * 60;
      while (!over && running.size() < options_.jobs && totals_.programs + running.size() < options_.programs) {
        std::fflush(stdout);
        running.emplace_back(i, start_child(options_.seconds_each, [this, i] { return Trial(options_, i).run(); }));
        ++i;
      }
      if (running.empty()) break;
      finish(running.front().first, running.front().second);
      running.pop_front();
    }
    std::printf("programs %zu, counterexamples %zu, unreplayed %zu, unknown sites %zu of %zu\n", totals_.programs,
                totals_.counterexamples, totals_.unreplayed, totals_.unknown, totals_.sites);
    return totals_.counterexamples > 0 || stopped_ ? 1 : 0;
  }

 private:
  void finish(size_t number, const Child& child) {
    std::string ended;
    const std::string answer = finish_child(child, ended);
    if (!ended.empty()) {  // a program all the same: a run of nothing but these comes to its end
      std::printf("%zu: %s\n", number, ended.c_str());
      ++totals_.programs;
      stopped_ = stopped_ || ended != "took too long";
      return;
    }
    std::istringstream in(answer);
    Totals one;
    in >> one.programs >> one.counterexamples >> one.unreplayed >> one.unknown >> one.sites;
    totals_.programs += one.programs;
    totals_.counterexamples += one.counterexamples;
    totals_.unreplayed += one.unreplayed;
    totals_.unknown += one.unknown;
    totals_.sites += one.sites;
    std::fputs(answer.c_str() + std::min(answer.find('\n') + 1, answer.size()), stdout);
    std::fflush(stdout);
  }

  const Options& options_;
  Totals totals_;
  bool stopped_ = false;  // the analysis or the runtime brought a process down
};

}  // namespace

int main(int count, char** words) {
  const std::optional<Options> options = read_options(count, words);
  if (!options) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  return Run(*options).go();
}
