#include "differ/mutate.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "differ/harvest.h"

namespace fermata::differ {

namespace {

bool is_transfer(const std::string& text) {
  static const std::array<std::string_view, 12> calls{"note_off(",
                                                      "fade_out(",
                                                      "release_voice(",
                                                      "release_runtime(",
                                                      "add_voice_to_runtime(",
                                                      "reparent_voice(",
                                                      "ivls.play.oneshot(",
                                                      "ivls.play(",
                                                      "restore_parent(",
                                                      "set_event_mark(",
                                                      "reparent_voice_to_voice(",
                                                      "release_voice_children("};
  return std::ranges::any_of(calls, [&](std::string_view call) { return has(text, call); });
}

// `x := play_note(...)` kept nowhere.
std::string discarded(const std::string& text) {
  const size_t at = text.find(":= play_note(");
  return at == std::string::npos ? "" : text.substr(at + 3);
}

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

// Each word of the text through `change`; strings are left alone.
template <typename Change>
std::string words_changed(const std::string& text, const Change& change) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '"' || text[i] == '\'') {
      const size_t end = std::min(text.find(text[i], i + 1), text.size() - 1);
      out += text.substr(i, end + 1 - i);
      i = end + 1;
    } else if (is_name(text[i])) {
      size_t end = i;
      while (end < text.size() && is_name(text[end])) ++end;
      out += change(text.substr(i, end - i));
      i = end;
    } else {
      out += text[i++];
    }
  }
  return out;
}

template <typename Visit>
void each(Piece& piece, const Visit& visit) {
  visit(piece);
  for (Piece& inner : piece.body) each(inner, visit);
}

bool is_statement(const Piece& piece) {
  return piece.slot == Slot::inherit && !piece.branch && !piece.fixed && !piece.open.starts_with("declare") &&
         !piece.open.starts_with("vo_field") && !has(piece.open, "USE_CODE") && !has(piece.open, "SET_CONDITION");
}

// The statements of callbacks: where, and in which region.
std::vector<std::pair<Path, Slot>> statements(const Piece& program) {
  std::vector<std::pair<Path, Slot>> out;
  Piece copy = program;
  for (const Body& body : bodies(program)) {
    const Piece& block = *at(copy, body.path);
    if (block.open.starts_with("select")) continue;
    for (size_t i = 0; i < block.body.size(); ++i) {
      if (!is_statement(block.body[i])) continue;
      out.emplace_back(body.path, body.slot);
      out.back().first.push_back(i);
    }
  }
  return out;
}

bool uses_sigils(const Piece& program) { return has(to_text(program), "$EVENT_"); }

std::string condition_of(Slot slot, bool sigils) {
  switch (region_of(slot)) {
    case Region::event:
      return sigils ? "($EVENT_VELOCITY > 64)" : "EVENT_VELOCITY > 64";
    case Region::voice:
      return "Voice[self].vel > 64";
    default:
      return sigils ? "(%CC[1] > 10)" : "CC[1] > 10";
  }
}

bool rename(Piece& program) {
  const std::string all = to_text(program);
  for (const char* prefixed : {"family ", "struct ", "const ", "list ", "macro "}) {
    if (has(all, std::string("\n") + prefixed) || has(all, std::string("  ") + prefixed)) return false;
  }
  std::set<std::string> names;
  each(program, [&](const Piece& piece) {
    const std::string& text = piece.open;
    if (!text.starts_with("declare ") || has(text, "#") || has(text, "&")) return;
    std::string last;
    for (size_t i = 8; i <= text.size() && (i == text.size() || (text[i] != '[' && text[i] != '(' && text[i] != ':'));
         ++i) {
      if (i < text.size() && is_name(text[i]))
        last += text[i];
      else if (i < text.size() && text[i] != ' ')
        last.clear();
      else if (i + 1 < text.size() && (is_name(text[i + 1]) || text[i + 1] == '$' || text[i + 1] == '%'))
        last.clear();
    }
    if (last.size() > 1) names.insert(last);
  });
  each(program, [&](Piece& piece) {
    piece.open = words_changed(piece.open,
                               [&](const std::string& word) { return names.contains(word) ? word + "_other" : word; });
  });
  return !names.empty();
}

void parenthesise(Piece& program) {
  each(program, [](Piece& piece) {
    const size_t assign = piece.open.find(" := ");
    const bool plain = piece.close.empty() && !piece.open.starts_with("declare") && !piece.open.starts_with("define");
    if (assign != std::string::npos && plain && !has(piece.open, "play_note") && piece.open.back() != ')')
      piece.open = piece.open.substr(0, assign + 4) + "(" + piece.open.substr(assign + 4) + ")";
    for (const std::string word : {"if ", "while "}) {
      if (piece.open.starts_with(word) && !piece.close.empty())
        piece.open = word + "(" + piece.open.substr(word.size()) + ")";
    }
  });
}

// The first statement that keeps something alive or ends it, in `region`.
const std::pair<Path, Slot>* transfer(const std::vector<std::pair<Path, Slot>>& all, Piece& program) {
  const auto found = std::ranges::find_if(all, [&](const auto& one) {
    const Piece& piece = *at(program, one.first);
    return piece.close.empty() && is_transfer(piece.open) && region_of(one.second) != Region::none;
  });
  return found == all.end() ? nullptr : &*found;
}

std::set<std::string> words_of(const std::string& text) {
  std::set<std::string> out;
  words_changed(text, [&](const std::string& word) {
    if (std::isdigit(static_cast<unsigned char>(word[0])) == 0) out.insert(word);
    return word;
  });
  return out;
}

// The names declared in the callback around `path` that its statement uses: what a function has to be given.
std::string locals_of(const Piece& program, const Path& path) {
  Piece copy = program;
  const std::set<std::string> used = words_of(to_text(block("", {*at(copy, path)}, "")));
  std::string out;
  for (size_t depth = 1; depth < path.size(); ++depth) {
    const Piece& around = *at(copy, Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth)));
    for (const Piece& one : around.body) {
      if (!one.open.starts_with("declare ")) continue;
      for (const std::string& word : words_of(one.open)) {
        if (word != "declare" && used.contains(word)) out += (out.empty() ? "" : ", ") + word;
      }
    }
  }
  return out;
}

bool into_function(Piece& program, bool macro) {
  const auto all = statements(program);
  const auto* where = transfer(all, program);
  if (where == nullptr) return false;
  const bool node = region_of(where->second) == Region::voice || where->second == Slot::cc;
  const bool plain = !node && !macro && uses_sigils(program);
  const std::string word = macro ? "macro" : "function";
  const std::string given = macro ? "" : locals_of(program, where->first);
  if (plain && !given.empty()) return false;
  Piece& piece = *at(program, where->first);
  const std::string call = "lift_off" + (plain ? "" : "(" + given + ")");
  Piece made = block(word + " " + call, {piece}, "end " + word, Slot::none);
  piece = line((plain ? "call " : "") + call);
  program.body.insert(program.body.begin(), std::move(made));
  return true;
}

// A line that would be a site of its own wherever it stands.
bool is_site(const std::string& text) {
  return std::ranges::any_of(std::array{"get_src_vo", "new_", "clone_", "pass()", "unparent", "restore_parent",
                                        "auto_release", "play_note", "create_runtime", "reparent", "found("},
                             [&](std::string_view word) { return has(text, word); });
}

bool dead_branch(Piece& program) {
  const auto all = statements(program);
  const auto* where = transfer(all, program);
  if (where == nullptr || is_site(at(program, where->first)->open)) return false;
  Path block_path = where->first;
  const size_t index = block_path.back();
  block_path.pop_back();
  std::vector<Piece>& in = at(program, block_path)->body;
  Piece dead = block("if (1 = 2)", {in[index]}, "end if");
  in.insert(in.begin() + static_cast<std::ptrdiff_t>(index), std::move(dead));
  return true;
}

// Callbacks in another order: on init stays first, what others call stays before them.
bool other_order(Piece& program) {
  std::vector<size_t> places;
  for (size_t i = 0; i < program.body.size(); ++i) {
    if (program.body[i].open.starts_with("on ") && program.body[i].open != "on init") places.push_back(i);
  }
  bool changed = places.size() > 1;
  for (size_t i = 0; i < places.size() / 2; ++i)
    std::swap(program.body[places[i]], program.body[places[places.size() - 1 - i]]);
  for (Piece& node : program.body) {
    if (!node.open.starts_with("node ")) continue;
    const auto first = std::ranges::find_if(node.body, [](const Piece& cb) { return cb.open.starts_with("cb NoteO"); });
    if (node.body.end() - first < 2) continue;
    std::reverse(first, node.body.end());
    changed = true;
  }
  return changed;
}

bool is_simple(const Piece& piece) {
  return piece.close.empty() && is_statement(piece) && has(piece.open, " := ") && !has(piece.open, "(") &&
         !has(piece.open, "[");
}

// Two assignments side by side that share no word.
bool swap_independent(Piece& program) {
  bool changed = false;
  each(program, [&](Piece& piece) {
    for (size_t i = 0; i + 1 < piece.body.size(); ++i) {
      if (!is_simple(piece.body[i]) || !is_simple(piece.body[i + 1])) continue;
      const std::set<std::string> here = words_of(piece.body[i].open);
      if (std::ranges::any_of(words_of(piece.body[i + 1].open), [&](const auto& word) { return here.contains(word); }))
        continue;
      std::swap(piece.body[i], piece.body[i + 1]);
      changed = true;
      ++i;
    }
  });
  return changed;
}

}  // namespace

std::vector<Mutant> without_transfers(const Piece& program) {
  std::vector<Mutant> out;
  const bool sigils = uses_sigils(program);
  for (const auto& [path, slot] : statements(program)) {
    Piece copy = program;
    Piece& piece = *at(copy, path);
    if (!piece.close.empty()) continue;
    const std::string text = piece.open;
    if (const std::string bare = discarded(text); !bare.empty()) {
      piece.open = bare;
      out.push_back({"discarded " + text, std::move(copy)});
      continue;
    }
    if (!is_transfer(text)) continue;
    Mutant guarded{"guarded " + text, program};
    Piece& inner = *at(guarded.program, path);
    inner = block("if " + condition_of(slot, sigils), {inner}, "end if");
    Path around = path;
    around.pop_back();
    std::vector<Piece>& in = at(copy, around)->body;
    in.erase(in.begin() + static_cast<std::ptrdiff_t>(path.back()));
    out.push_back({"without " + text, std::move(copy)});
    out.push_back(std::move(guarded));
  }
  return out;
}

std::vector<Mutant> written_otherwise(const Piece& program) {
  std::vector<Mutant> out;
  const auto add = [&](const char* what, const auto& change) {
    Mutant mutant{what, program};
    if (change(mutant.program)) out.push_back(std::move(mutant));
  };
  add("renamed", rename);
  add("in parentheses", [](Piece& piece) { return parenthesise(piece), true; });
  add("in a function", [](Piece& piece) { return into_function(piece, false); });
  add("in a macro", [](Piece& piece) { return into_function(piece, true); });
  add("dead branch", [](Piece& piece) { return dead_branch(piece); });
  add("other order", [](Piece& piece) { return other_order(piece); });
  add("swapped lines", [](Piece& piece) { return swap_independent(piece); });
  return out;
}

}  // namespace fermata::differ
