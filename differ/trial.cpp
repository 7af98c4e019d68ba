#include "differ/trial.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "frontend/frontend.h"
#include "witness/search.h"

namespace fermata::differ {

Program load_text(const std::string& text) {
  FrontendOptions options;
  options.root = "/generated";
  options.overlay = [&](const std::filesystem::path& path) {
    return path.filename() == "product.ksp" ? std::optional<std::string>(text) : std::nullopt;
  };
  return load_program("/generated/product.ksp", options);
}

namespace {

bool broken(const Program& program) {
  return std::ranges::any_of(program.diagnostics, [](const auto& one) { return one.level == "error"; });
}

// Where the piece stands among its like, or nothing when the path leads nowhere any more.
std::vector<Piece>* siblings(Piece& root, const Path& path) {
  Piece* piece = &root;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    if (path[i] >= piece->body.size()) return nullptr;
    piece = &piece->body[path[i]];
  }
  return path.back() < piece->body.size() ? &piece->body : nullptr;
}

// The name that this line declares, without its sigil, or "".
std::string declared(const std::string& text) {
  if (!text.starts_with("declare") && !text.starts_with("vo_field")) return "";
  const size_t end = std::min(text.find_first_of("[(:="), text.size());
  const size_t last = text.find_last_not_of(' ', end - 1);
  const size_t first = text.find_last_of(" $%", last) + 1;
  return text.substr(first, last + 1 - first);
}

void declared_in(const Piece& piece, std::vector<std::string>& names) {
  if (std::string name = declared(piece.open); !name.empty()) names.push_back(std::move(name));
  for (const Piece& inner : piece.body) declared_in(inner, names);
}

bool has_word(std::string_view text, std::string_view word) {
  const auto inside = [&](size_t i) {
    return i < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_' || text[i] == '.');
  };
  for (size_t i = text.find(word); i != std::string_view::npos; i = text.find(word, i + 1)) {
    if ((i == 0 || !inside(i - 1)) && !inside(i + word.size())) return true;
  }
  return false;
}

// No declaration goes while its name is still in use.
bool take_out(Piece& program, const Path& path) {
  std::vector<Piece>* in = siblings(program, path);
  if (in == nullptr) return false;
  std::vector<std::string> names;
  declared_in((*in)[path.back()], names);
  in->erase(in->begin() + static_cast<std::ptrdiff_t>(path.back()));
  const std::string text = to_text(program);
  return std::ranges::none_of(names, [&](const std::string& name) { return has_word(text, name); });
}

bool unwrap(Piece& program, const Path& path) {
  std::vector<Piece>* in = siblings(program, path);
  if (in == nullptr) return false;
  Piece& piece = (*in)[path.back()];
  if (piece.close.empty() || piece.slot != Slot::inherit) return false;
  std::vector<Piece> inner = std::move(piece.body);
  std::erase_if(inner, [](const Piece& one) { return one.branch; });
  const auto place = in->erase(in->begin() + static_cast<std::ptrdiff_t>(path.back()));
  in->insert(place, std::make_move_iterator(inner.begin()), std::make_move_iterator(inner.end()));
  return true;
}

}  // namespace

Piece smaller_program(Piece program, size_t tries, const std::function<bool(const Piece&)>& holds) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (const auto change : {take_out, unwrap}) {
      std::vector<Path> all = paths(program);
      if (change == unwrap) std::ranges::reverse(all);
      // From the end, so that the paths of those to come stay what they are; whole blocks before their parts.
      if (change == take_out)
        std::ranges::sort(
            all, [](const Path& a, const Path& b) { return a.size() != b.size() ? a.size() < b.size() : a > b; });
      for (const Path& path : all) {
        Piece fewer = program;
        if (!change(fewer, path)) continue;
        if (tries-- == 0) return program;
        if (!holds(fewer)) continue;
        program = std::move(fewer);
        smaller = true;
      }
    }
  }
  return program;
}

Counterexample minimise(Counterexample found, const Assume& assume, const Budget& budget) {
  const bool product = load_text(to_text(found.program)).product;
  const auto still_lost = [&](const Piece& piece, const runtime::Scenario& scenario) {
    const Program program = load_text(to_text(piece));
    if (broken(program) || program.product != product) return false;
    const runtime::Machine machine(program, assume);
    runtime::Bounds bounds;
    bounds.steps = budget.steps_per_run;
    const runtime::Report report = machine.run(scenario, bounds, false);
    if (!report.ran || report.hung.empty() || !report.unknown_calls.empty()) return false;
    const ownership::Ownership said = ownership::analyse(program, assume);
    for (const Miss& miss : misses_of(program, said, machine, scenario, budget)) {
      if (miss.proved.empty() != found.miss.proved.empty() || miss.loss != found.miss.loss) continue;
      found.miss = miss;
      return true;
    }
    return false;
  };
  for (size_t before = SIZE_MAX; to_text(found.program).size() + found.scenario.events.size() < before;) {
    before = to_text(found.program).size() + found.scenario.events.size();
    found.program = smaller_program(std::move(found.program), 500,
                                    [&](const Piece& piece) { return still_lost(piece, found.scenario); });
    found.scenario = witness::shrink(found.scenario,
                                     [&](const runtime::Scenario& fewer) { return still_lost(found.program, fewer); });
  }
  return found;
}

Piece minimise_doubt(const Piece& program, const SiteOutcome& doubt, const Assume& assume) {
  const bool product = load_text(to_text(program)).product;
  return smaller_program(program, 400, [&](const Piece& piece) {
    Random random(1);
    const Program loaded = load_text(to_text(piece));
    if (broken(loaded) || loaded.product != product) return false;
    Budget budget;
    budget.random_runs = 150;
    const Judgement said = judge(loaded, assume, budget, random);
    return said.error.empty() && std::ranges::any_of(said.sites, [&](const SiteOutcome& site) {
             return site.verdict == doubt.verdict && site.said == doubt.said && site.kind == doubt.kind && !site.hung;
           });
  });
}

}  // namespace fermata::differ
