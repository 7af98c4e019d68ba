#include "frontend/conditions.h"

namespace fermata {

ConditionKind condition_kind(std::string_view word) {
  if (word.size() < 11) return ConditionKind::none;  // nearly every word
  if (word == "SET_CONDITION") return ConditionKind::set;
  if (word == "RESET_CONDITION") return ConditionKind::reset;
  if (word == "USE_CODE_IF") return ConditionKind::use_if;
  if (word == "USE_CODE_IF_NOT") return ConditionKind::use_if_not;
  if (word == "END_USE_CODE") return ConditionKind::end;
  return ConditionKind::none;
}

Conditions::Conditions(const std::vector<std::string>& preset, Reporter& reporter) : reporter_(reporter) {
  for (const std::string& name : preset) {
    symbols_[name].value = true;
    symbols_[name].preset = true;
  }
}

void Conditions::apply(ConditionKind kind, const std::string& name, Span span) {
  if (kind == ConditionKind::end) return close(span);
  Symbol& symbol = symbols_[name];
  switch (kind) {
    case ConditionKind::set:
    case ConditionKind::reset:
      symbol.set_somewhere |= kind == ConditionKind::set;
      if (removing()) return;
      symbol.value = kind == ConditionKind::set;
      symbol.decided = true;
      return;
    case ConditionKind::use_if:
    case ConditionKind::use_if_not: {
      if (!removing()) ask(symbol, name);
      bool taken = symbol.value == (kind == ConditionKind::use_if);
      if (!taken && !removing()) removed_from_ = open_.size();
      open_.push_back({taken, span});
      return;
    }
    default:
      return;
  }
}

void Conditions::ask(Symbol& symbol, const std::string& name) {
  if (symbol.decided || symbol.asked_free) return;
  symbol.asked_free = true;
  asked_.push_back(name);
}

void Conditions::close(Span span) {
  size_t base = bases_.empty() ? 0 : bases_.back();
  if (open_.size() <= base) {
    reporter_.error("syntax-error", "END_USE_CODE without a USE_CODE_IF before it in this file: remove it", span);
    return;
  }
  open_.pop_back();
  if (open_.size() == removed_from_) removed_from_ = kNowhere;
}

void Conditions::leave_file() {
  size_t base = bases_.empty() ? 0 : bases_.back();
  while (open_.size() > base) {
    Span span = open_.back().span;
    reporter_.error("syntax-error", "this USE_CODE_IF has no END_USE_CODE in this file: add one", span);
    close(span);
  }
  if (!bases_.empty()) bases_.pop_back();
}

std::vector<std::pair<std::string, bool>> Conditions::taken() const {
  std::vector<std::pair<std::string, bool>> result;
  for (const std::string& name : asked_) {
    const Symbol& symbol = symbols_.at(name);
    if (!symbol.set_somewhere) result.emplace_back(name, symbol.preset);
  }
  return result;
}

bool Conditions::no_sys_script_pedal() const {
  auto found = symbols_.find("NO_SYS_SCRIPT_PEDAL");
  return found != symbols_.end() && found->second.value;
}

}  // namespace fermata
