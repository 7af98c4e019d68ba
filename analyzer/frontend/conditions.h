// SET_CONDITION and USE_CODE_IF: which lines of the program count, decided in source order before anything else.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "frontend/expand_report.h"

namespace fermata {

enum class ConditionKind : uint8_t { none, set, reset, use_if, use_if_not, end };

ConditionKind condition_kind(std::string_view word);

class Conditions {
 public:
  Conditions(const std::vector<std::string>& preset, Reporter& reporter);

  void apply(ConditionKind kind, const std::string& symbol, Span span);
  bool removing() const { return removed_from_ != kNowhere; }

  // Conditions balance within a file: what one file leaves open does not swallow the next.
  size_t open_count() const { return open_.size(); }
  void enter_file() { bases_.push_back(open_.size()); }
  void leave_file();

  // The symbols that were asked for and that nobody sets, with what was assumed; in the order of the first question.
  std::vector<std::pair<std::string, bool>> taken() const;
  bool no_sys_script_pedal() const;

 private:
  struct Symbol {
    bool value = false;
    bool preset = false;
    bool decided = false;        // set or reset before, in code that counts
    bool set_somewhere = false;  // in any code: then the program decides it, not the environment
    bool asked_free = false;
  };
  struct Open {
    bool taken = false;
    Span span;
  };
  static constexpr size_t kNowhere = static_cast<size_t>(-1);

  void ask(Symbol& symbol, const std::string& name);
  void close(Span span);

  Reporter& reporter_;
  std::unordered_map<std::string, Symbol> symbols_;
  std::vector<std::string> asked_;
  std::vector<Open> open_;
  std::vector<size_t> bases_;
  size_t removed_from_ = kNowhere;  // index into open_ of the outermost part that does not count
};

}  // namespace fermata
