// The parser's own tree as an S-expression: `(kind [line:column-line:column] field: (...))`, one node a line.
#include <tree_sitter/api.h>

#include <memory>
#include <string>

#include "frontend/frontend.h"

extern "C" const TSLanguage* tree_sitter_ksp();

namespace fermata {
namespace {

void append_point(std::string& out, TSPoint point) {
  out += std::to_string(point.row + 1) + ":" + std::to_string(point.column + 1);
}

void append_node(std::string& out, const TSTreeCursor& cursor, uint32_t depth) {
  const TSNode node = ts_tree_cursor_current_node(&cursor);
  // Deep trees stay readable, and their print stays linear in size.
  constexpr uint32_t kMaxIndent = 60;
  out.append(2 * static_cast<size_t>(depth < kMaxIndent ? depth : kMaxIndent), ' ');
  const char* field = ts_tree_cursor_current_field_name(&cursor);
  if (field != nullptr) out += std::string(field) + ": ";
  out += ts_node_is_missing(node) ? "(MISSING \"" : ts_node_is_named(node) ? "(" : "\"";
  out += ts_node_type(node);
  if (ts_node_is_missing(node) || !ts_node_is_named(node)) out += '"';
  out += " [";
  append_point(out, ts_node_start_point(node));
  out += '-';
  append_point(out, ts_node_end_point(node));
  out += ']';
}

}  // namespace

std::string print_tree(std::string_view text) {
  const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(), &ts_parser_delete);
  ts_parser_set_language(parser.get(), tree_sitter_ksp());
  const std::unique_ptr<TSTree, decltype(&ts_tree_delete)> tree(
      ts_parser_parse_string(parser.get(), nullptr, text.data(), static_cast<uint32_t>(text.size())), &ts_tree_delete);
  if (!tree) return "(source_file)\n";
  std::string out;
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree.get()));
  uint32_t depth = 0;
  const auto close = [&] {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    if (ts_node_is_named(node) || ts_node_is_missing(node)) out += ')';
  };
  // Of the unnamed tokens only those in a field are shown: operators and the like.
  const auto shown = [&] {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    return ts_node_is_named(node) || ts_node_is_missing(node) || ts_tree_cursor_current_field_name(&cursor) != nullptr;
  };
  append_node(out, cursor, depth);
  for (bool done = false; !done;) {
    if (shown() && ts_tree_cursor_goto_first_child(&cursor)) {
      ++depth;
    } else {
      if (shown()) close();
      while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
        if (!ts_tree_cursor_goto_parent(&cursor)) {
          done = true;
          break;
        }
        --depth;
        close();
      }
    }
    if (!done && shown()) {
      out += '\n';
      append_node(out, cursor, depth);
    }
  }
  ts_tree_cursor_delete(&cursor);
  return out + "\n";
}

}  // namespace fermata
