#include "ownership/patterns.h"

#include "rules/registry.h"

namespace fermata::ownership {

void find_patterns(const ir::Module& module, const Assume& assume, std::vector<Fault>& faults) {
  for (const rules::RegisteredRule& rule : rules::registry()) {
    rule.find({module, *module.program, assume, rule.name, faults});
  }
}

}  // namespace fermata::ownership
