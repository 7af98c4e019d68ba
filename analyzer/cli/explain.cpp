#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "frontend/frontend.h"
#include "report/catalogue.h"

namespace fermata {

int explain(const ExplainCommand& command) {
  if (command.rule.empty()) return write_output("", list_rules()) ? 0 : 2;
  if (const Rule* rule = find_rule(command.rule)) return write_output("", explain_rule(*rule)) ? 0 : 2;
  const std::string near = nearest_rule(command.rule);
  complain(command.rule, near.empty() ? "there is no such rule; 'fermata explain' lists all"
                                      : fmt::format("there is no such rule; did you mean '{}'?", near));
  return 2;
}

int parse(const ParseCommand& command) {
  std::string reason;
  const std::optional<std::string> text = read_file(command.file, reason);
  if (!text || !(reason = why_not_text(*text)).empty()) {
    complain(command.file, reason);
    return 2;
  }
  if (!command.expanded) {
    const std::string tree = print_tree(*text);
    if (!command.quiet && !write_output("", tree.ends_with('\n') ? tree : tree + "\n")) return 2;
    return tree.find("(ERROR") != std::string::npos || tree.find("(MISSING") != std::string::npos ||
                   tree.find("(missing_end") != std::string::npos
               ? 1
               : 0;
  }
  FrontendOptions reading = command.reading;
  if (reading.root.empty()) reading.root = find_root(command.file);
  const Program program = load_program(command.file, reading);
  bool wrong = false;
  for (const FrontendDiagnostic& diagnostic : program.diagnostics) wrong = wrong || diagnostic.level == "error";
  if (!command.quiet && !write_output("", print_expanded(program))) return 2;
  return wrong ? 1 : 0;
}

}  // namespace fermata
