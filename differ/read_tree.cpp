// Lines to tree. The shape of a block is known by its first word alone.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "differ/tree.h"

namespace fermata::differ {

namespace {

std::string trimmed(std::string_view text) {
  const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

// Without comments: braces, (* *), /* */ and //, none of them nested; strings are left alone.
std::string without_comments(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kinds{
      {{"{", "}"}, {"(*", "*)"}, {"/*", "*/"}, {"//", "\n"}}};
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    const size_t end = c == '"' || c == '\'' ? text.find_first_of(std::string{c, '\n'}, i + 1) : std::string_view::npos;
    if (end != std::string_view::npos && text[end] == c) {
      out += text.substr(i, end + 1 - i);
      i = end + 1;
      continue;
    }
    const auto kind = std::ranges::find_if(kinds, [&](const auto& k) { return text.substr(i).starts_with(k.first); });
    if (kind == kinds.end()) {
      out += c;
      ++i;
      continue;
    }
    const size_t close = text.find(kind->second, i + kind->first.size());
    if (close == std::string_view::npos) break;
    i = close + (kind->second == "\n" ? 0 : kind->second.size());
  }
  return out;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  const std::string bare = without_comments(text);
  bool joined = false;
  for (size_t from = 0; from < bare.size();) {
    const size_t to = std::min(bare.find_first_of("\r\n", from), bare.size());
    std::string one = trimmed(std::string_view(bare).substr(from, to - from));
    from = to + 1;
    const bool goes_on = one.ends_with("...");
    if (goes_on) one = trimmed(std::string_view(one).substr(0, one.size() - 3));
    if (joined && !out.empty())
      out.back() += " " + one;
    else if (!one.empty())
      out.push_back(std::move(one));
    joined = goes_on || (joined && one.empty());
  }
  return out;
}

std::string first_word(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
  return std::string(text.substr(0, end));
}

Slot slot_of(std::string_view open) {
  static const std::pair<std::string_view, Slot> slots[] = {
      {"on note", Slot::note},          {"on release", Slot::release},   {"on controller", Slot::controller},
      {"on ui_control", Slot::control}, {"on listener", Slot::listener}, {"on midi_in", Slot::midi},
      {"cb NoteOn:", Slot::note_on},    {"cb NoteOff:", Slot::note_off}, {"cb CC:", Slot::cc}};
  for (const auto& [text, slot] : slots) {
    if (open.starts_with(text)) return slot;
  }
  return Slot::none;
}

bool opens(const std::string& word, std::string_view text) {
  static const std::array<std::string_view, 16> words{"on",    "if",     "while",    "for",    "select", "function",
                                                      "macro", "family", "taskfunc", "struct", "node",   "cb",
                                                      "const", "list",   "property", "literal"};
  if (std::ranges::find(words, word) == words.end()) return false;
  if (word == "on" || word == "node" || word == "cb" || word == "const" || word == "list" || word == "family")
    return text.size() > word.size() && text[word.size()] == ' ' && text.find(":=") == std::string_view::npos;
  return word == "if" || word == "while" || word == "for" || word == "select"
             ? text.find(":=") == std::string_view::npos || word == "for"
             : true;
}

class Reader {
 public:
  Piece read(std::string_view text) {
    open_.emplace_back();
    open_.back().slot = Slot::none;
    for (std::string& one : lines_of(text)) add(std::move(one));
    while (open_.size() > 1) close("");
    return std::move(open_.front());
  }

 private:
  void add(std::string text) {
    const std::string word = first_word(text);
    if (word == "end" || text.starts_with("end_for_each_child")) return end(std::move(text));
    if (word == "else" || word == "case") {
      if (open_.size() > 1 && open_.back().branch) close("");
      open_.push_back(block(std::move(text), {}, ""));
      open_.back().branch = open_.back().fixed = true;
      return;
    }
    if (word == "cb" && open_.size() > 1 && open_.back().open.starts_with("cb ")) close("");
    if (!opens(word, text) && word != "for_each_child") return open_.back().body.push_back(line(std::move(text)));
    const bool statement = word == "if" || word == "while" || word == "for" || word == "select" || word[0] == 'f';
    const bool top = word == "on" || word == "cb" || word == "node" || word == "function" || word == "macro";
    const Slot slot = top || !statement ? slot_of(text) : Slot::inherit;
    open_.push_back(block(std::move(text), {}, "", slot));
  }

  void end(std::string text) {
    if (open_.size() > 1 && open_.back().branch) close("");
    if (text.starts_with("end node") && open_.back().open.starts_with("cb ")) close("");
    if (open_.size() > 1)
      close(std::move(text));
    else
      open_.back().body.push_back(line(std::move(text)));
  }

  void close(std::string text) {
    Piece done = std::move(open_.back());
    open_.pop_back();
    done.close = std::move(text);
    open_.back().body.push_back(std::move(done));
  }

  std::vector<Piece> open_;  // from the root inwards
};

}  // namespace

Piece read_tree(std::string_view text) { return Reader().read(text); }

}  // namespace fermata::differ
