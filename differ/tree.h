// A generated program as a tree of lines, so that parts can be taken out, wrapped and moved without breaking it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fermata::differ {

// Where a statement stands: it decides what may be written there.
enum class Slot : uint8_t { none, inherit, note, release, controller, control, listener, midi, note_on, note_off, cc };

// A line, or a block of lines: `open`, the body, `close`. A block without a `close` ends where its body ends.
struct Piece {
  std::string open;
  std::vector<Piece> body;
  std::string close;
  Slot slot = Slot::inherit;  // of the body
  bool fixed = false;         // never wrapped, moved or doubled; it can still be taken out
  bool branch = false;        // else, case: part of the block around it
};

Piece line(std::string text);
Piece block(std::string open, std::vector<Piece> body, std::string close, Slot slot = Slot::inherit);

// Reads a script into its tree: one line, one piece; comments go, continued lines are joined. What is no block that the
// reader knows stays a line, so any text can be read and written again.
Piece read_tree(std::string_view text);

// The program's lines, indented. The root's own `open` and `close` are not written.
std::string to_text(const Piece& root);

// Whether the text holds this part.
inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// The path of a piece: the index at each level below the root.
using Path = std::vector<size_t>;
Piece* at(Piece& root, const Path& path);
std::vector<Path> paths(const Piece& root);  // of all pieces, in the order of the text

// A block into which statements may be written, with the slot that it stands in.
struct Body {
  Path path;
  Slot slot;
};
std::vector<Body> bodies(const Piece& root);

}  // namespace fermata::differ
