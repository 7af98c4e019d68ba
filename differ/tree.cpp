#include "differ/tree.h"

namespace fermata::differ {

Piece line(std::string text) {
  Piece piece;
  piece.open = std::move(text);
  return piece;
}

Piece block(std::string open, std::vector<Piece> body, std::string close, Slot slot) {
  Piece piece;
  piece.open = std::move(open);
  piece.body = std::move(body);
  piece.close = std::move(close);
  piece.slot = slot;
  piece.fixed = slot != Slot::inherit;
  return piece;
}

namespace {

void write(const Piece& piece, size_t depth, std::string& out) {
  const bool branch = piece.branch;
  const std::string indent(2 * (branch && depth > 0 ? depth - 1 : depth), ' ');
  if (!piece.open.empty()) out += indent + piece.open + "\n";
  for (const Piece& inner : piece.body) write(inner, branch ? depth : depth + 1, out);
  if (!piece.close.empty()) out += indent + piece.close + "\n";
}

void collect(const Piece& piece, Path& here, std::vector<Path>& out) {
  for (size_t i = 0; i < piece.body.size(); ++i) {
    here.push_back(i);
    out.push_back(here);
    collect(piece.body[i], here, out);
    here.pop_back();
  }
}

void collect_bodies(const Piece& piece, Slot slot, Path& here, std::vector<Body>& out) {
  if (piece.slot != Slot::inherit) slot = piece.slot;
  if (slot != Slot::none && (piece.branch || !piece.body.empty() || !piece.close.empty())) out.push_back({here, slot});
  for (size_t i = 0; i < piece.body.size(); ++i) {
    here.push_back(i);
    collect_bodies(piece.body[i], slot, here, out);
    here.pop_back();
  }
}

}  // namespace

std::string to_text(const Piece& root) {
  std::string out;
  for (const Piece& piece : root.body) write(piece, 0, out);
  return out;
}

Piece* at(Piece& root, const Path& path) {
  Piece* piece = &root;
  for (const size_t index : path) piece = &piece->body[index];
  return piece;
}

std::vector<Path> paths(const Piece& root) {
  std::vector<Path> out;
  Path here;
  collect(root, here, out);
  return out;
}

std::vector<Body> bodies(const Piece& root) {
  std::vector<Body> out;
  Path here;
  collect_bodies(root, Slot::none, here, out);
  return out;
}

}  // namespace fermata::differ
