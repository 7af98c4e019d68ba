// Second pass: replaces defines and expands macros and loops in the planned runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "frontend/expand_load.h"

namespace fermata {

class Rewriter {
 public:
  Rewriter(Program& program, Reporter& reporter, DefineTable& defines, MacroTable& macros, Budget& budget,
           const LoadPlan& plan, uint32_t max_depth)
      : program_(program),
        reporter_(reporter),
        defines_(defines),
        macros_(macros),
        budget_(budget),
        plan_(plan),
        max_depth_(max_depth) {}

  ExpandedUnit rewrite(const UnitPlan& unit);
  // After the last unit: what is still open.
  void finish();

 private:
  // Where the next lines come from: a macro's body, or a loop that makes one line a turn.
  struct Frame {
    const Macro* macro = nullptr;
    std::vector<TracedText> arguments;
    size_t next_line = 0;
    ExpansionId expansion = kNone;
    uint32_t name_space = 0;
    // Loops: the text of a turn with the places to fill, or the name of what to call.
    TracedText pattern;
    std::vector<Piece> pieces;
    bool calls = false;
    bool counts = false;  // iterate: values; literate: items
    int64_t value = 0, step = 1;
    uint64_t turns = 0, turn = 0;
    std::vector<TracedText> items;
    Span statement;
  };
  struct Counter {
    std::string name;
    int64_t value = 0, step = 0;
    Span span;
  };

  // The state before a line, to go back to.
  struct Mark {
    uint32_t out = 0, moved = 0;
    size_t expansions = 0, diagnostics = 0;
    uint64_t budget = 0;
  };

  bool is_plain(std::string_view text, const LogicalLine& line, uint32_t name_space) const;
  void rewrite_run(const SourceRun& run);
  void expand_top_line(const SourceRun& run, const LogicalLine& line);
  void undo(const Mark& mark);
  bool next_line(TracedText& line);
  bool make_macro_line(Frame& frame, TracedText& line);
  bool make_turn(Frame& frame, TracedText& line);
  bool process(TracedText& line);
  bool start_loop(const TracedText& text, const LogicalLine& line, std::string_view keyword);
  bool start_macro(const TracedText& text, const LogicalLine& line);
  bool parse_iterate(const TracedText& text, const LogicalLine& line, size_t at, Frame& frame);
  bool parse_literate(const TracedText& text, const LogicalLine& line, size_t at, Frame& frame);
  void check_callee(const TracedText& text, const LogicalLine& line, size_t first, size_t last,
                    std::string_view keyword);
  bool push(Frame&& frame, const std::string& what, const Span& call);
  bool spend(uint64_t bytes, const Span& at);
  void emit(const TracedText& line, const LogicalLine& tokens);
  bool handle_counter(const TracedText& line, const LogicalLine& tokens);
  TracedText fill_counters(const TracedText& line, const LogicalLine& tokens);
  const Macro* find_macro(std::string_view name, size_t arguments) const;
  Span place(const TracedText& text, const LogicalLine& line) const;
  bool can_call_unknown() const;

  Program& program_;
  Reporter& reporter_;
  DefineTable& defines_;
  MacroTable& macros_;
  Budget& budget_;
  const LoadPlan& plan_;
  uint32_t max_depth_;
  TracedText out_;
  TracedText moved_;  // callbacks that a macro made inside another block
  std::vector<Frame> frames_;
  size_t moving_frame_ = 0;  // number of the frame (from 1) whose callback is being moved out; 0: none
  std::vector<Counter> counters_;
  uint32_t name_space_ = 0;  // of the line being worked on
  bool touched_ = false;
};

}  // namespace fermata
