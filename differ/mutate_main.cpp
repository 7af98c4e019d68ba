// fermata-mutate: every script of the corpus, broken on purpose and written otherwise. A good script that lost an owner
// and hangs on the runtime must not be called proved; one that means the same must keep its verdicts.
#include <algorithm>
#include <array>
#include <cstdio>
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

constexpr unsigned kSecondsEach = 120;  // of processor time, for all mutants of a script
constexpr size_t kJobs = 2;

constexpr const char* kUsage =
    "usage: fermata-mutate [--known FILE] [--without NAME]... [--verbose] FOLDER...\n"
    "  --known FILE    failures that are known, one a line as they are printed up to \" -- \"\n"
    "  --without NAME  scripts whose path holds this are left out; can be repeated\n"
    "  --verbose       also what is unknown, and what could not be judged\n";

struct Options {
  std::vector<fs::path> folders;
  std::set<std::string> known;
  std::vector<std::string> without;
  bool verbose = false;
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
}

bool is_good(const fs::path& path) { return path.string().find("good") != std::string::npos; }

// The script with another text in its file.
Program load(const Script& script, const std::string& text) {
  FrontendOptions options;
  options.overlay = [&](const fs::path& path) {
    std::error_code error;
    return fs::equivalent(path, script.file, error) ? std::optional<std::string>(text) : std::nullopt;
  };
  return load_program(script.main, options);
}

Assume assume_for(const fs::path& main) {
  const fs::path path = find_config(main);
  return path.empty() ? Assume{} : read_config(path).config.assume;
}

// What is said of all sites, whatever their lines: kind, verdict and rule.
std::multiset<std::string> verdicts(const Judgement& said) {
  std::multiset<std::string> out;
  for (const SiteOutcome& site : said.sites) {
    const bool rule = site.verdict == Verdict::hung;
    out.insert(site.kind + " " + std::string(verdict_name(site.verdict)) + (rule ? " " + site.said : ""));
  }
  return out;
}

std::string joined(const std::multiset<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : "; ") + word;
  return out;
}

enum Count : size_t { mutants, hang, found, unknown, missed, rewritten, changed, unread, listed, counts };
using Totals = std::array<size_t, counts>;

// The first line of the answer gives the numbers, the others are for people.
class Trial {
 public:
  Trial(const Options& options, const Script& script)
      : options_(options), script_(script), assume_(assume_for(script.main)) {}

  std::string run() {
    const Piece program = read_tree(read_file(script_.file));
    const Judgement plain = judged(read_file(script_.file), {});
    const Judgement before = judged(to_text(program), {});
    if (!before.error.empty() || verdicts(plain) != verdicts(before)) {
      ++totals_[unread];
      if (options_.verbose) told_ << name("not read as it is meant") << ' ' << before.error << '\n';
      return answer();
    }
    for (const Mutant& mutant : written_otherwise(program)) same(mutant, before);
    if (is_good(script_.file)) {
      for (const Mutant& mutant : without_transfers(program)) broken(mutant);
    }
    return answer();
  }

 private:
  Judgement judged(const std::string& text, const Budget& budget) const {
    Random random(1);
    return judge(load(script_, text), assume_, budget, random);
  }

  std::string name(const std::string& what) const { return script_.file.generic_string() + ": " + what; }

  void fail(Count kind, const std::string& what, const std::string& said) {
    const bool is_known = options_.known.contains(name(what));
    ++totals_[is_known ? listed : kind];
    if (!is_known || options_.verbose) told_ << name(what) << " -- " << said << '\n';
  }

  void same(const Mutant& mutant, const Judgement& before) {
    Budget budget;
    budget.random_runs = 0;
    const Judgement after = judged(to_text(mutant.program), budget);
    if (!after.error.empty()) {
      if (options_.verbose) told_ << name(mutant.what) << ": not judged: " << after.error << '\n';
      return;
    }
    ++totals_[rewritten];
    if (verdicts(before) == verdicts(after)) return;
    fail(changed, mutant.what, joined(verdicts(before)) + " became " + joined(verdicts(after)));
  }

  void broken(const Mutant& mutant) {
    Budget budget;
    budget.known_runs = 200;
    budget.random_runs = 50;
    budget.first_only = true;
    const Judgement said = judged(to_text(mutant.program), budget);
    if (!said.error.empty()) return;
    ++totals_[mutants];
    const auto told = [&](Verdict verdict) {
      return std::ranges::any_of(said.sites,
                                 [&](const SiteOutcome& site) { return site.hung && site.verdict == verdict; });
    };
    if (!said.misses.empty()) {
      const Miss& miss = said.misses.front();
      ++totals_[hang];
      fail(missed, mutant.what,
           miss.loss + " at line " + std::to_string(miss.at.line) + (miss.proved.empty() ? ", no site" : ", proved"));
    } else if (told(Verdict::hung)) {
      ++totals_[hang];
      ++totals_[found];
    } else if (told(Verdict::unknown)) {
      ++totals_[hang];
      ++totals_[unknown];
      if (options_.verbose) told_ << name(mutant.what) << ": unknown\n";
    }
  }

  std::string answer() const {
    std::ostringstream out;
    for (const size_t total : totals_) out << total << ' ';
    out << '\n' << told_.str();
    return out.str();
  }

  const Options& options_;
  const Script& script_;
  Assume assume_;
  Totals totals_{};
  std::ostringstream told_;
};

Options read_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--verbose") {
      options.verbose = true;
    } else if (word == "--known" && i + 1 < count) {
      std::istringstream lines(read_file(words[++i]));
      for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line[0] != '#') options.known.insert(line.substr(0, line.find(" -- ")));
      }
    } else if (word == "--without" && i + 1 < count) {
      options.without.emplace_back(words[++i]);
    } else {
      options.folders.emplace_back(word);
    }
  }
  return options;
}

Totals run_all(const Options& options, const std::vector<Script>& scripts) {
  Totals all{};
  std::deque<std::pair<const Script*, Child>> running;
  for (size_t next = 0; next < scripts.size() || !running.empty();) {
    for (; next < scripts.size() && running.size() < kJobs; ++next) {
      std::fflush(stdout);
      const Script& script = scripts[next];
      running.emplace_back(&script, start_child(kSecondsEach, [&] { return Trial(options, script).run(); }));
    }
    std::string ended;
    std::istringstream in(finish_child(running.front().second, ended));
    if (!ended.empty()) std::printf("%s: %s\n", running.front().first->file.c_str(), ended.c_str());
    running.pop_front();
    for (size_t& total : all) {
      size_t one = 0;
      if (in >> one) total += one;
    }
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) std::printf("%s\n", line.c_str());
  }
  return all;
}

}  // namespace

int main(int count, char** words) {
  const Options options = read_options(count, words);
  std::vector<Script> scripts;
  for (const fs::path& folder : options.folders) {
    std::error_code error;
    if (fs::is_directory(folder, error)) collect(folder, scripts);
  }
  std::erase_if(scripts, [&](const Script& script) {
    const std::string path = script.file.generic_string();
    return std::ranges::any_of(options.without,
                               [&](const std::string& name) { return path.find(name) != std::string::npos; });
  });
  if (scripts.empty()) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  std::ranges::sort(scripts, {}, &Script::file);
  const Totals all = run_all(options, scripts);
  std::printf(
      "scripts %zu, not read %zu, mutants %zu, of which hang %zu, found %zu, unknown %zu, missed %zu; written "
      "otherwise "
      "%zu, verdicts changed %zu; known failures %zu\n",
      scripts.size(), all[unread], all[mutants], all[hang], all[found], all[unknown], all[missed], all[rewritten],
      all[changed], all[listed]);
  return all[missed] > 0 || all[changed] > 0 ? 1 : 0;
}
