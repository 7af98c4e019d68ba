#include "frontend/expand.h"

#include <algorithm>

#include "frontend/expand_load.h"
#include "frontend/expand_rewrite.h"

namespace fermata {
namespace {

// Deeper nesting than this serves nobody, whatever the options say; the define expander keeps a frame for each level.
constexpr uint32_t kDeepestExpansion = 1000;
// Positions in the expanded text are 32 bits wide.
constexpr uint64_t kLargestExpansion = uint64_t{1} << 30;

}  // namespace

Span ExpandedUnit::origin(uint32_t begin, uint32_t end) const {
  if (untouched) return {file, first_byte + begin, first_byte + end};
  return find_origin(segments, static_cast<uint32_t>(text.size()), begin, end);
}

Expanded expand(const std::filesystem::path& main_file, const FrontendOptions& options, Program& program) {
  Expanded expanded;
  uint32_t depth = std::min(options.max_expansion_depth, kDeepestExpansion);
  Reporter reporter(program);
  Budget budget(std::min(options.max_expansion_bytes, kLargestExpansion));
  Conditions conditions(options.conditions_set, reporter);
  DefineTable defines(program, reporter, budget, depth);
  MacroTable macros(program, reporter);
  LoadPlan plan;
  if (!Loader(options, program, reporter, conditions, defines, macros, main_file).load(plan)) return expanded;

  defines.finish();
  Rewriter rewriter(program, reporter, defines, macros, budget, plan, depth);
  for (const UnitPlan& unit : plan.units) {
    if (unit.has_code) expanded.units.push_back(rewriter.rewrite(unit));
  }
  rewriter.finish();
  expanded.lists = defines.lists();
  expanded.imports_builder = plan.imports_builder;
  expanded.conditions_taken = conditions.taken();
  expanded.no_sys_script_pedal = conditions.no_sys_script_pedal();
  return expanded;
}

}  // namespace fermata
