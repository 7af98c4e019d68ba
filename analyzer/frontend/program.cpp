#include "frontend/program.h"

namespace fermata {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace

NameId Program::intern(std::string_view text) {
  if (names.empty()) {
    names.emplace_back();
    name_ids.emplace("", 0);
  }
  auto [entry, added] = name_ids.try_emplace(std::string(text), static_cast<NameId>(names.size()));
  if (added) names.emplace_back(text);
  return entry->second;
}

std::span<const StmtId> Program::statements(BlockId block) const {
  if (block >= blocks.size()) return {};
  return std::span(block_items).subspan(blocks[block].first, blocks[block].count);
}

std::span<const ExprId> Program::children_of(ExprId expr) const {
  if (expr >= exprs.size()) return {};
  return std::span(children).subspan(exprs[expr].first_child, exprs[expr].child_count);
}

NodeId Program::find_node(std::string_view name) const {
  for (NodeId id = 0; id < nodes.size(); ++id) {
    if (equal_ignoring_case(names[nodes[id].name], name)) return id;
  }
  return kNone;
}

const NodeCallback* Program::find_callback(NodeId node, std::string_view name) const {
  if (node >= nodes.size()) return nullptr;
  for (const NodeCallback& callback : nodes[node].callbacks) {
    if (equal_ignoring_case(names[callback.name], name)) return &callback;
  }
  return nullptr;
}

Span Program::user_span(Span span) const {
  Span best = span;
  // A call always lies in an older expansion than the one that it makes, so the numbers fall and the walk ends.
  for (ExpansionId id = span.expansion; id < expansions.size();) {
    const Span& call = expansions[id].call;
    if (call.file < files.size() && !files[call.file].library) best = call;
    if (call.expansion >= id) break;
    id = call.expansion;
  }
  return best;
}

}  // namespace fermata
