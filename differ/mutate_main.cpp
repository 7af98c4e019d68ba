// fermata-mutate FOLDER...: every script of the corpus, broken on purpose and written otherwise. A good script that
// lost an owner and hangs on the runtime must not be called proved; one that means the same must keep its verdicts.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "config/config.h"
#include "differ/child.h"
#include "differ/judge.h"
#include "differ/mutate.h"
#include "frontend/frontend.h"

namespace {

using namespace fermata;
using namespace fermata::differ;
namespace fs = std::filesystem;

constexpr unsigned kSecondsEach = 120;
constexpr size_t kJobs = 2;

struct Options {
  std::vector<fs::path> folders;
  fs::path known;        // mutants that are known not to be found, or to lose their verdicts; one a line
  bool verbose = false;  // also what is unknown
};

struct Script {
  fs::path main;  // what is analysed
  fs::path file;  // what is changed: the main file, or a part of a product
};

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void collect(const fs::path& folder, std::vector<Script>& out) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".ksp") continue;
    fs::path product = path.parent_path();
    while (product != folder && !fs::exists(product / "product.ksp")) product = product.parent_path();
    const bool part = fs::exists(product / "product.ksp");
    out.push_back({part ? product / "product.ksp" : path, path});
  }
  std::ranges::sort(out, {}, &Script::file);
}

bool is_good(const fs::path& path) { return path.string().find("good") != std::string::npos; }

// The case with another text in its file.
Program load(const Script& one, const std::string& text) {
  FrontendOptions options;
  options.overlay = [&](const fs::path& path) {
    std::error_code error;
    return fs::equivalent(path, one.file, error) ? std::optional<std::string>(text) : std::nullopt;
  };
  return load_program(one.main, options);
}

Assume assume_for(const fs::path& main) {
  const fs::path path = find_config(main);
  return path.empty() ? Assume{} : read_config(path).config.assume;
}

// What is said of all sites, whatever their lines: kind, verdict and rule.
std::multiset<std::string> verdicts(const Judgement& said) {
  std::multiset<std::string> out;
  for (const SiteOutcome& site : said.sites) {
    const bool reason = site.verdict != Verdict::unknown;
    out.insert(site.kind + " " + std::string(verdict_name(site.verdict)) + (reason ? " " + site.said : ""));
  }
  return out;
}

struct Totals {
  size_t mutants = 0, hang = 0, found = 0, unknown = 0, missed = 0, rewritten = 0, changed = 0, unread = 0;
};

std::string joined(const std::multiset<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : "; ") + word;
  return out;
}

class Trial {
 public:
  Trial(const Options& options, const Script& one) : options_(options), case_(one), assume_(assume_for(one.main)) {}

  std::string run() {
    const Piece program = read_tree(read_file(case_.file));
    Budget budget;
    const Judgement plain = judged(read_file(case_.file), budget);
    const Judgement before = judged(to_text(program), budget);
    if (!before.error.empty() || verdicts(plain) != verdicts(before)) {
      ++totals_.unread;
      if (options_.verbose) tell("not read as it is meant: " + before.error);
      return answer();
    }
    for (const Mutant& mutant : written_otherwise(program)) same(mutant, before);
    if (is_good(case_.file)) {
      for (const Mutant& mutant : without_transfers(program)) broken(mutant);
    }
    return answer();
  }

 private:
  Judgement judged(const std::string& text, const Budget& budget) const {
    Random random(1);
    return judge(load(case_, text), assume_, budget, random);
  }

  void tell(const std::string& text) { told_ << case_.file.string() << ": " << text << '\n'; }

  void same(const Mutant& mutant, const Judgement& before) {
    Budget budget;
    budget.random_runs = 0;
    const Judgement after = judged(to_text(mutant.program), budget);
    if (!after.error.empty()) {
      if (options_.verbose) tell(mutant.what + ": not judged: " + after.error);
      return;
    }
    ++totals_.rewritten;
    if (verdicts(before) == verdicts(after)) return;
    ++totals_.changed;
    tell(mutant.what + ": other verdicts: " + joined(verdicts(before)) + " -> " + joined(verdicts(after)));
  }

  void broken(const Mutant& mutant) {
    Budget budget;
    budget.known_runs = 200;
    budget.random_runs = 50;
    budget.first_only = true;
    const Judgement said = judged(to_text(mutant.program), budget);
    if (!said.error.empty()) return;
    ++totals_.mutants;
    const bool named = std::ranges::any_of(
        said.sites, [](const SiteOutcome& site) { return site.hung && site.verdict == Verdict::hung; });
    const bool doubted = std::ranges::any_of(
        said.sites, [](const SiteOutcome& site) { return site.hung && site.verdict == Verdict::unknown; });
    if (!named && !doubted && said.misses.empty()) return;  // nothing hung
    ++totals_.hang;
    if (!said.misses.empty()) {
      ++totals_.missed;
      const Miss& miss = said.misses.front();
      tell(mutant.what + ": missed: " + miss.loss + " at line " + std::to_string(miss.at.line) +
           (miss.proved.empty() ? ", no site" : ", called proved"));
    } else if (named) {
      ++totals_.found;
    } else {
      ++totals_.unknown;
      if (options_.verbose) tell(mutant.what + ": unknown");
    }
  }

  std::string answer() const {
    std::ostringstream out;
    out << totals_.mutants << ' ' << totals_.hang << ' ' << totals_.found << ' ' << totals_.unknown << ' '
        << totals_.missed << ' ' << totals_.rewritten << ' ' << totals_.changed << ' ' << totals_.unread << '\n'
        << told_.str();
    return out.str();
  }

  const Options& options_;
  const Script& case_;
  Assume assume_;
  Totals totals_;
  std::ostringstream told_;
};

}  // namespace

int main(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--verbose")
      options.verbose = true;
    else if (word == "--known" && i + 1 < count)
      options.known = words[++i];
    else
      options.folders.emplace_back(word);
  }
  std::vector<Script> scripts;
  for (const fs::path& folder : options.folders) collect(folder, scripts);
  if (scripts.empty()) {
    std::fputs("usage: fermata-mutate [--verbose] [--known FILE] FOLDER...\n", stderr);
    return 2;
  }
  Totals all;
  std::deque<std::pair<const Script*, Child>> running;
  for (size_t next = 0; next < scripts.size() || !running.empty();) {
    for (; next < scripts.size() && running.size() < kJobs; ++next) {
      std::fflush(stdout);
      const Script& one = scripts[next];
      running.emplace_back(&one, start_child(kSecondsEach, [&] { return Trial(options, one).run(); }));
    }
    std::string ended;
    const std::string text = finish_child(running.front().second, ended);
    if (!ended.empty()) std::printf("%s: %s\n", running.front().first->file.c_str(), ended.c_str());
    running.pop_front();
    std::istringstream in(text);
    Totals t;
    in >> t.mutants >> t.hang >> t.found >> t.unknown >> t.missed >> t.rewritten >> t.changed >> t.unread;
    all.mutants += t.mutants, all.hang += t.hang, all.found += t.found, all.unknown += t.unknown;
    all.missed += t.missed, all.rewritten += t.rewritten, all.changed += t.changed, all.unread += t.unread;
    std::fputs(text.c_str() + std::min(text.find('\n') + 1, text.size()), stdout);
  }
  std::printf(
      "scripts %zu (%zu not read), mutants %zu, of which hang %zu, found %zu, unknown %zu, missed %zu; written "
      "otherwise %zu, changed %zu\n",
      scripts.size(), all.unread, all.mutants, all.hang, all.found, all.unknown, all.missed, all.rewritten,
      all.changed);
  return all.missed > 0 || all.changed > 0 ? 1 : 0;
}
