// Rules that need no solving: a glance at the program and its control-flow graphs. Each lives in rules/NAME/rule.cpp as
// one function, named like its folder with '_' for '-'; the build makes the registry from the folders that have one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/assume.h"
#include "ownership/sites.h"

namespace fermata::rules {

struct Context {
  const ir::Module& module;
  const Program& program;
  const Assume& assume;
  std::string_view rule;  // the folder's name
  std::vector<ownership::Fault>& faults;

  void report(Span span, std::string message) const { faults.push_back({std::string(rule), std::move(message), span}); }
};

using PatternRule = void (*)(const Context& context);

struct RegisteredRule {
  std::string_view name;
  PatternRule find = nullptr;
};

std::span<const RegisteredRule> registry();

}  // namespace fermata::rules
