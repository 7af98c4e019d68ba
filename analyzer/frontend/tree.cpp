#include "frontend/tree.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "frontend/program.h"
#include "frontend/tree_words.h"

extern "C" const TSLanguage* tree_sitter_ksp();

namespace fermata {

// The grammar's numbers for kinds and fields, looked up once.
struct TreeIds {
  std::vector<Kind> kinds;
  std::vector<Field> fields;
};

namespace {

constexpr std::string_view kTooDeep =
    "nested deeper than the limit of 1000 levels, and not analysed from here on: split it";

// The parser's own number for text that fits no rule.
constexpr TSSymbol kErrorSymbol = static_cast<TSSymbol>(-1);

constexpr std::pair<std::string_view, Kind> kKinds[] = {
    {"missing_end", Kind::missing_end},
    {"source_file", Kind::source_file},
    {"callback", Kind::callback},
    {"function_definition", Kind::function_definition},
    {"taskfunc_definition", Kind::taskfunc_definition},
    {"parameters", Kind::parameters},
    {"parameter", Kind::parameter},
    {"override", Kind::override_},
    {"mode", Kind::mode},
    {"property_definition", Kind::property_definition},
    {"family_definition", Kind::family_definition},
    {"namespace_definition", Kind::namespace_definition},
    {"struct_definition", Kind::struct_definition},
    {"const_block", Kind::const_block},
    {"const_member", Kind::const_member},
    {"list_block", Kind::list_block},
    {"list_item", Kind::list_item},
    {"node_definition", Kind::node_definition},
    {"cb_section", Kind::cb_section},
    {"block", Kind::block},
    {"python_statement", Kind::python_statement},
    {"python_block", Kind::python_block},
    {"declare_statement", Kind::declare_statement},
    {"modifier", Kind::modifier},
    {"dimensions", Kind::dimensions},
    {"arguments", Kind::arguments},
    {"initializer", Kind::initializer},
    {"assignment_statement", Kind::assignment_statement},
    {"if_statement", Kind::if_statement},
    {"elseif_clause", Kind::elseif_clause},
    {"else_clause", Kind::else_clause},
    {"while_statement", Kind::while_statement},
    {"for_statement", Kind::for_statement},
    {"select_statement", Kind::select_statement},
    {"case_clause", Kind::case_clause},
    {"call_statement", Kind::call_statement},
    {"vo_field_statement", Kind::vo_field_statement},
    {"identifier", Kind::identifier},
    {"integer", Kind::integer},
    {"real", Kind::real},
    {"string", Kind::string},
    {"fstring", Kind::fstring},
    {"parenthesized_expression", Kind::parenthesized_expression},
    {"unary_expression", Kind::unary_expression},
    {"binary_expression", Kind::binary_expression},
    {"call_expression", Kind::call_expression},
    {"subscript_expression", Kind::subscript_expression},
    {"field_expression", Kind::field_expression},
    {"arrow_expression", Kind::arrow_expression},
};

constexpr std::pair<std::string_view, Field> kFields[] = {
    {"name", Field::name},
    {"argument", Field::argument},
    {"arguments", Field::arguments},
    {"body", Field::body},
    {"parameters", Field::parameters},
    {"parameter", Field::parameter},
    {"mode", Field::mode},
    {"result", Field::result},
    {"override", Field::override_},
    {"value", Field::value},
    {"to", Field::to},
    {"from", Field::from},
    {"base", Field::base},
    {"size", Field::size},
    {"struct_type", Field::struct_type},
    {"modifier", Field::modifier},
    {"left", Field::left},
    {"operator", Field::operator_},
    {"right", Field::right},
    {"condition", Field::condition},
    {"variable", Field::variable},
    {"direction", Field::direction},
    {"step", Field::step},
    {"subject", Field::subject},
    {"call", Field::call},
    {"predicate", Field::predicate},
    {"function", Field::function},
    {"object", Field::object},
    {"index", Field::index},
    {"field", Field::field},
    {"target", Field::target},
};

TreeIds make_ids() {
  const TSLanguage* language = tree_sitter_ksp();
  TreeIds ids;
  ids.kinds.assign(ts_language_symbol_count(language), Kind::other);
  for (TSSymbol symbol = 0; symbol < ids.kinds.size(); ++symbol) {
    if (ts_language_symbol_type(language, symbol) != TSSymbolTypeRegular) {
      ids.kinds[symbol] = Kind::token;
      continue;
    }
    const std::string_view name = ts_language_symbol_name(language, symbol);
    for (const auto& [spelling, kind] : kKinds) {
      if (spelling == name) ids.kinds[symbol] = kind;
    }
  }
  ids.fields.assign(ts_language_field_count(language) + 1u, Field::none);
  for (TSFieldId field = 1; field < ids.fields.size(); ++field) {
    const std::string_view name = ts_language_field_name_for_id(language, field);
    for (const auto& [spelling, value] : kFields) {
      if (spelling == name) ids.fields[field] = value;
    }
  }
  return ids;
}

}  // namespace

// Walks the parser's tree with one cursor and keeps what the later passes need.
class TreeReader {
 public:
  TreeReader(SyntaxTree& out, TSTreeCursor* cursor, const TreeIds& ids) : out_(out), cursor_(cursor), ids_(ids) {}

  void read() {
    do {
      const bool descend = enter();
      if (descend && ts_tree_cursor_goto_first_child(cursor_)) continue;
      if (!leave_to_next()) return;
    } while (true);
  }

 private:
  // One level of the walk. `kept` is kNone where the node has no counterpart in the flat tree: its children then hang
  // under the nearest kept ancestor.
  struct Level {
    uint32_t kept = kNone;
    uint32_t last_child = kNone;
    bool in_error = false;
  };

  bool enter() {
    const TSNode node = ts_tree_cursor_current_node(cursor_);
    const bool error = ts_node_symbol(node) == kErrorSymbol || ts_node_is_missing(node);
    const TSFieldId field_id = ts_tree_cursor_current_field_id(cursor_);
    const Field field = field_id < ids_.fields.size() ? ids_.fields[field_id] : Field::none;
    const TSSymbol symbol = ts_node_symbol(node);
    Kind kind = symbol < ids_.kinds.size() ? ids_.kinds[symbol] : Kind::other;
    if (error) kind = Kind::error;
    const bool inside_error = !levels_.empty() && levels_.back().in_error;
    const uint32_t begin = ts_node_start_byte(node), end = ts_node_end_byte(node);
    if (levels_.size() >= kMaxNesting) {
      if (!inside_error) out_.errors_.push_back({begin, end, true, std::string(kTooDeep)});
      append(Kind::too_deep, field, true, begin, end);
      levels_.push_back({kNone, kNone, true});
      return false;
    }
    if (error && !inside_error) report(node, begin, end);
    if (kind == Kind::missing_end) report_missing_end(begin);
    const bool keep =
        error || (kind == Kind::token ? field != Field::none : ts_node_is_named(node) && !ts_node_is_extra(node));
    const uint32_t kept = keep ? append(kind, field, ts_node_has_error(node) || error, begin, end) : kNone;
    levels_.push_back({kept, kNone, error || inside_error});
    return keep || kind != Kind::token;
  }

  // Up until there is a next sibling; false at the end of the tree.
  bool leave_to_next() {
    while (true) {
      levels_.pop_back();
      if (ts_tree_cursor_goto_next_sibling(cursor_)) return true;
      if (!ts_tree_cursor_goto_parent(cursor_)) return false;
    }
  }

  uint32_t append(Kind kind, Field field, bool broken, uint32_t begin, uint32_t end) {
    const auto id = static_cast<uint32_t>(out_.nodes_.size());
    out_.nodes_.push_back({kind, field, broken, begin, end, kNone, kNone});
    for (size_t i = levels_.size(); i-- > 0;) {
      Level& parent = levels_[i];
      if (parent.kept == kNone) continue;
      (parent.last_child == kNone ? out_.nodes_[parent.kept].first_child : out_.nodes_[parent.last_child].next) = id;
      parent.last_child = id;
      break;
    }
    return id;
  }

  Kind parent_kind() const {
    for (size_t i = levels_.size(); i-- > 0;) {
      if (levels_[i].kept != kNone) return out_.nodes_[levels_[i].kept].kind;
    }
    return Kind::source_file;
  }

  // Said of the line that shows it: what stands there cannot follow before the open block is closed.
  void report_missing_end(uint32_t at) {
    out_.errors_.push_back(
        {at, at, false, "expected '" + std::string(end_of(parent_kind())) + "', found " + found_at(out_.text_, at)});
  }

  void report(TSNode node, uint32_t begin, uint32_t end) {
    if (ts_node_is_missing(node)) {
      // The gap belongs to the line it follows, not to the one on which the parser noticed it.
      while (begin > 0 &&
             (out_.text_[begin - 1] == ' ' || out_.text_[begin - 1] == '\n' || out_.text_[begin - 1] == '\t')) {
        --begin;
      }
      const std::string wanted = ts_node_type(node);
      const bool word = ts_node_is_named(node);
      out_.errors_.push_back(
          {begin, begin, false,
           "expected " + (word ? "an " + wanted : "'" + wanted + "'") + ", found " + found_at(out_.text_, end)});
      return;
    }
    size_t deep = nested_too_deep(out_.text_.substr(begin, end - begin));
    if (deep == std::string_view::npos) deep = blocks_too_deep(out_.text_.substr(begin, end - begin));
    if (deep != std::string_view::npos) {
      const auto at = static_cast<uint32_t>(begin + deep);
      out_.errors_.push_back({at, at + 1, true, std::string(kTooDeep)});
      return;
    }
    // `f(1, 2 3)`: the parser may drop either number. It is the second that cannot stand there.
    if (parent_kind() == Kind::arguments && ts_node_named_child_count(node) == 1 && ts_node_child_count(node) == 1) {
      begin = blamed_argument(out_.text_, begin, end);
      end = std::max(begin + 1, end);
    }
    const std::string_view open = left_open(out_.text_.substr(begin, end - begin));
    std::string message = open.empty() ? "unexpected " + found_at(out_.text_, begin) + ", expected " +
                                             std::string(expected_in(parent_kind()))
                                       : "expected '" + std::string(open) + "', found " + found_at(out_.text_, end);
    const uint32_t last_case = parent_kind() == Kind::select_statement ? behind_cases(node) : begin;
    if (parent_kind() == Kind::case_clause || found_at(out_.text_, last_case) == "'case'") {
      begin = last_case;
      end = std::max(begin, end);
      message = is_case_else(out_.text_, begin) ? kCaseElse : kCaseForm;
    }
    if (const std::string_view close = unclosed_comment(out_.text_.substr(begin)); !close.empty()) {
      message = "the comment that begins here is not closed: '" + std::string(close) + "' is missing";
    }
    out_.errors_.push_back({begin, end, false, std::move(message)});
  }

  // The parser may draw the cases before a broken one into the error: where the first that is not whole begins.
  uint32_t behind_cases(TSNode error) const {
    TSTreeCursor cursor = ts_tree_cursor_new(error);
    uint32_t begin = ts_node_start_byte(error);
    for (bool more = ts_tree_cursor_goto_first_child(&cursor); more; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
      const TSNode child = ts_tree_cursor_current_node(&cursor);
      begin = ts_node_start_byte(child);
      const TSSymbol symbol = ts_node_symbol(child);
      if (symbol >= ids_.kinds.size() || ids_.kinds[symbol] != Kind::case_clause) break;
    }
    ts_tree_cursor_delete(&cursor);
    return begin;
  }

  SyntaxTree& out_;
  TSTreeCursor* cursor_;
  const TreeIds& ids_;
  std::vector<Level> levels_;
};

SyntaxTree::SyntaxTree(std::string_view text) : text_(text) {
  static const TreeIds ids = make_ids();
  const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(), &ts_parser_delete);
  ts_parser_set_language(parser.get(), tree_sitter_ksp());
  const std::unique_ptr<TSTree, decltype(&ts_tree_delete)> tree(
      ts_parser_parse_string(parser.get(), nullptr, text.data(), static_cast<uint32_t>(text.size())), &ts_tree_delete);
  if (!tree) {
    nodes_.push_back({Kind::source_file, Field::none, true, 0, static_cast<uint32_t>(text.size()), kNone, kNone});
    errors_.push_back({0, 0, false, "the parser gave up on this text"});
    return;
  }
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree.get()));
  TreeReader(*this, &cursor, ids).read();
  ts_tree_cursor_delete(&cursor);
}

uint32_t SyntaxTree::child(uint32_t node, Field field) const {
  for (const uint32_t child : Children(*this, node)) {
    if (nodes_[child].field == field) return child;
  }
  return kNone;
}

uint32_t SyntaxTree::child(uint32_t node, Kind kind) const {
  for (const uint32_t child : Children(*this, node)) {
    if (nodes_[child].kind == kind) return child;
  }
  return kNone;
}

}  // namespace fermata
