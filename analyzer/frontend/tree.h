// The syntax tree of one text, flat: one walk over the parser's tree fills a vector, and every later pass works on
// that. Names, fields and kinds are small numbers here, so that no pass compares strings to find out where it is. The
// tree is never deeper than kMaxNesting: later passes may recurse over it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/source.h"

namespace fermata {

enum class Kind : uint8_t {
  other,        // a rule that no pass asks for
  token,        // an unnamed token that stands in a field: an operator, `to`, `downto`
  error,        // text that fits no rule
  missing_end,  // an `end if` or the like that is not there
  too_deep,     // text nested deeper than kMaxNesting, left out
  source_file,
  callback,
  function_definition,
  taskfunc_definition,
  parameters,
  parameter,
  override_,
  mode,
  property_definition,
  family_definition,
  namespace_definition,
  struct_definition,
  const_block,
  const_member,
  list_block,
  list_item,
  node_definition,
  cb_section,
  block,
  python_statement,
  python_block,
  declare_statement,
  modifier,
  dimensions,
  arguments,
  initializer,
  assignment_statement,
  if_statement,
  elseif_clause,
  else_clause,
  while_statement,
  for_statement,
  select_statement,
  case_clause,
  call_statement,
  vo_field_statement,
  identifier,
  integer,
  real,
  string,
  fstring,
  parenthesized_expression,
  unary_expression,
  binary_expression,
  call_expression,
  subscript_expression,
  field_expression,
  arrow_expression
};

enum class Field : uint8_t {
  none,
  name,
  argument,
  arguments,
  body,
  parameters,
  parameter,
  mode,
  result,
  override_,
  value,
  to,
  from,
  base,
  size,
  struct_type,
  modifier,
  left,
  operator_,
  right,
  condition,
  variable,
  direction,
  step,
  subject,
  call,
  predicate,
  function,
  object,
  index,
  field,
  target
};

struct SyntaxNode {
  Kind kind = Kind::other;
  Field field = Field::none;
  bool broken = false;  // something at or below this node is an error
  uint32_t begin = 0, end = 0;
  uint32_t first_child = kNone, next = kNone;
};

// A place where the text fits no rule, in words for the user.
struct SyntaxError {
  uint32_t begin = 0, end = 0;
  bool too_deep = false;
  std::string message;
};

class SyntaxTree {
 public:
  explicit SyntaxTree(std::string_view text);

  static constexpr uint32_t kRoot = 0;
  std::string_view text() const { return text_; }
  std::string_view text(uint32_t node) const {
    return text_.substr(nodes_[node].begin, nodes_[node].end - nodes_[node].begin);
  }
  const SyntaxNode& operator[](uint32_t node) const { return nodes_[node]; }
  uint32_t size() const { return static_cast<uint32_t>(nodes_.size()); }
  uint32_t child(uint32_t node, Field field) const;  // first child in the field; kNone if there is none
  uint32_t child(uint32_t node, Kind kind) const;
  const std::vector<SyntaxError>& errors() const { return errors_; }

 private:
  friend class TreeReader;
  std::string_view text_;
  std::vector<SyntaxNode> nodes_;
  std::vector<SyntaxError> errors_;
};

// For loops over the children of a node.
class Children {
 public:
  Children(const SyntaxTree& tree, uint32_t node)
      : tree_(&tree), first_(node == kNone ? kNone : tree[node].first_child) {}
  struct Iterator {
    const SyntaxTree* tree;
    uint32_t at;
    uint32_t operator*() const { return at; }
    Iterator& operator++() {
      at = (*tree)[at].next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at != other.at; }
  };
  Iterator begin() const { return {tree_, first_}; }
  Iterator end() const { return {tree_, kNone}; }

 private:
  const SyntaxTree* tree_;
  uint32_t first_;
};

}  // namespace fermata
