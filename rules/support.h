// What the rules share: questions about instructions and expressions of the control-flow graphs.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/registry.h"

namespace fermata::rules {

std::string lower_case(std::string_view text);

// visit(instr, block, index) for each instruction of an entry, in the order of the text.
template <class Visit>
void each_instr(const ir::Module& module, const ir::Entry& entry, Visit visit) {
  for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
    const ir::Block& block = module.blocks[b];
    for (uint32_t i = block.first; i < block.first + block.count; ++i) visit(module.instrs[i], b, i);
  }
}

bool is_task(ir::EntryKind kind);  // NoteOn or NoteOff of a node
bool is_env(const ir::Module& module, ir::ExprId expr, ir::Env env);
std::optional<int64_t> constant_of(const ir::Module& module, ir::ExprId expr);

// Whether some part of an expression satisfies `test(const ir::Expr&)`.
template <std::predicate<const ir::Expr&> Test>
bool any_part(const ir::Module& module, ir::ExprId id, Test test) {
  if (id == kNone) return false;
  const ir::Expr& expr = module.exprs[id];
  if (test(expr)) return true;
  for (const ir::ExprId part : expr.args) {
    if (any_part(module, part, test)) return true;
  }
  return false;
}

// The conditions that decide whether a block of an entry runs.
std::vector<ir::ExprId> guards_of(const ir::Module& module, const ir::Entry& entry, ir::BlockId block);

// Where values come from, whatever the order of execution: through variables, arrays and fields back to the
// instructions and variables of the engine that make them.
class Sources {
 public:
  explicit Sources(const ir::Module& module);

  struct Found {
    std::vector<const ir::Instr*> makers;  // instructions with a result
    std::vector<ir::Env> engine;
    bool constants = false;  // above 0; others stand for "nothing"
    bool unknown = false;

    bool known() const { return !unknown && (!makers.empty() || !engine.empty() || constants); }
    // Known, and made by nothing but what satisfies the tests.
    template <class Made, class Given>
    bool all(Made made, Given given) const {
      if (unknown || constants || (makers.empty() && engine.empty())) return false;
      for (const ir::Instr* maker : makers) {
        if (!made(*maker)) return false;
      }
      for (const ir::Env env : engine) {
        if (!given(env)) return false;
      }
      return true;
    }
  };

  Found of(ir::ExprId expr) const;
  // The instructions that write a slot.
  const std::vector<const ir::Instr*>& writers(ir::SlotId slot) const { return slots_[slot]; }
  // The instructions that write an array.
  const std::vector<const ir::Instr*>& stores(ir::ArrayId array) const { return arrays_[array]; }

 private:
  struct Search;
  const ir::Module& module_;
  std::vector<std::vector<const ir::Instr*>> slots_, arrays_;
};

bool makes_voice(const ir::Instr& instr);
bool is_voice(ir::Env env);

}  // namespace fermata::rules
