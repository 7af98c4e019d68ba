// The expanded program as its callbacks run it, for what the control-flow graphs leave out.
#pragma once

#include <functional>
#include <vector>

#include "rules/support.h"

namespace fermata::rules {

// A callback that takes part: native ones, and those of the product's own nodes.
struct Body {
  std::string_view name;  // "note", "release", ...; of a node "NoteOn", ...
  NodeId node = kNone;
  BlockId block = kNone;
  Span span;
};
std::vector<Body> bodies_of(const Program& program);
bool runs_as_task(const Body& body);

// A function that is being run for one call of it.
struct Frame {
  const Frame* caller = nullptr;
  FunctionId function = kNone;  // kNone: the callback itself
  ExprId call = kNone;
  bool subroutine = false;  // entered by `call`
};

struct Visitor {
  std::function<void(const Stmt&, const Frame&)> statement;
  std::function<void(const Expr& call, const Frame&)> call;
  bool each_call = false;  // a function is walked for each of its calls, not just once
};

// All statements and calls of a block and of the functions that it calls.
void walk(const Program& program, BlockId block, const Visitor& visitor, const Frame& frame = {});

// A parameter's argument, through all callers; `frame` becomes the one in which the result is to be read.
ExprId resolve(const Program& program, ExprId expr, const Frame*& frame);

// The i-th argument of a call, kNone where there is none.
ExprId argument(const Program& program, const Expr& call, uint32_t i);

}  // namespace fermata::rules
