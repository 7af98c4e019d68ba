#include "rules/task-capacity/sends.h"

#include <algorithm>

#include "frontend/fold.h"

namespace fermata::rules {

namespace {

constexpr int64_t kMany = 1'000'000;  // more is not told apart
constexpr int64_t kMaxTurns = 256;    // of a loop that is walked turn by turn
constexpr size_t kMaxSteps = 20'000;  // statements; beyond, a loop is walked once and counted by its length
constexpr size_t kMaxCalls = 32;      // one within the other

bool is_wait(const Program& program, const Expr& call, const Contract& contract, bool node) {
  const auto waits = [](const ContractEffect& effect) {
    return effect.verb == Verb::waits || effect.verb == Verb::waits_ms || effect.verb == Verb::waits_ticks;
  };
  if (std::ranges::none_of(contract.all_effects(), waits)) return false;
  return node || program.name(call.name).starts_with("tcm.");
}

bool sends_one(Verb verb) {
  return verb == Verb::passes || verb == Verb::plays || verb == Verb::plays_for || verb == Verb::clones ||
         verb == Verb::creates_event;
}

class Sender {
 public:
  Sender(const Program& program, bool node) : program_(program), node_(node) {}

  Sends block(BlockId id) {
    Sends all;
    for (const StmtId stmt : program_.statements(id)) {
      ++steps_;
      all = all.then(statement(program_.stmts[stmt]));
    }
    return all;
  }

  CallbackLoad load;

 private:
  Sends statement(const Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::if_: {
        const Sends condition = expression(stmt.value);
        const std::optional<int64_t> known = value(stmt.value);
        if (known) return condition.then(block(*known != 0 ? stmt.body : stmt.else_body));
        return condition.then(branch(stmt.body).either(branch(stmt.else_body)));
      }
      case StmtKind::select: {
        Sends most;
        for (uint32_t i = 0; i < stmt.case_count; ++i) {
          most = most.either(branch(program_.cases[stmt.first_case + i].body));
        }
        return expression(stmt.value).then(most);
      }
      case StmtKind::for_:
        return expression(stmt.value).then(for_loop(stmt));
      case StmtKind::while_:
        return while_loop(stmt);
      case StmtKind::child_loop:
        return branch(stmt.body);
      case StmtKind::declare:
        return declaration(stmt.symbol);
      default: {
        Sends all = expression(stmt.target).then(expression(stmt.value));
        if (stmt.kind == StmtKind::assign) assign(stmt.target, value(stmt.value));
        return all;
      }
    }
  }

  Sends declaration(SymbolId symbol) {
    if (symbol == kNone) return {};
    const ExprId initial = program_.symbols[symbol].initial;
    const Sends all = expression(initial);
    set(symbol, initial == kNone ? std::optional<int64_t>(0) : value(initial));
    return all;
  }

  // What a branch or a loop may write is not known after it.
  Sends branch(BlockId body) {
    const std::vector<std::pair<SymbolId, int64_t>> before = known_;
    const Sends all = block(body);
    std::erase_if(known_, [&](const auto& one) { return std::ranges::find(before, one) == before.end(); });
    return all;
  }

  Sends for_loop(const Stmt& stmt) {
    const std::optional<int64_t> from = value(stmt.value), to = value(stmt.limit);
    const std::optional<int64_t> step = stmt.step == kNone ? std::optional<int64_t>(1) : value(stmt.step);
    const SymbolId counter = symbol_of(stmt.target);
    int64_t turns = 1;
    if (from && to && step && *step > 0)
      turns = std::max<int64_t>(0, (stmt.downto ? *from - *to : *to - *from) / *step + 1);
    if (from && to && (stmt.downto ? *from < *to : *to < *from)) turns = 0;
    if (!from || !step || turns > kMaxTurns || steps_ > kMaxSteps) {
      set(counter, std::nullopt);
      return turns == 0 ? Sends{} : branch(stmt.body).times(turns);
    }
    Sends all;
    for (int64_t turn = 0; turn < turns && steps_ <= kMaxSteps; ++turn) {
      set(counter, *from + (stmt.downto ? -turn : turn) * *step);
      all = all.then(block(stmt.body));
    }
    set(counter, std::nullopt);
    return all;
  }

  // Turns as long as the condition is known to hold; one turn where it is not known.
  Sends while_loop(const Stmt& stmt) {
    Sends all = expression(stmt.value);
    int64_t turn = 0;
    while (turn < kMaxTurns && steps_ <= kMaxSteps && value(stmt.value).value_or(0) != 0) {
      const size_t before = steps_;
      all = all.then(block(stmt.body));
      ++turn;
      if (steps_ == before) break;
    }
    if (turn == 0 && !value(stmt.value)) return all.then(branch(stmt.body));
    return all;
  }

  Sends expression(ExprId id) {
    Sends all;
    if (id == kNone) return all;
    const Expr& expr = program_.exprs[id];
    for (const ExprId child : program_.children_of(id)) all = all.then(expression(child));
    if (expr.symbol != kNone && program_.name(program_.symbols[expr.symbol].name) == "event_par_source") {
      load.asks_source = true;
    }
    return expr.kind == ExprKind::call ? all.then(call(expr)) : all;
  }

  Sends call(const Expr& expr) {
    if (expr.function != kNone) return function(expr);
    const Contract* contract = find_contract(program_.contracts, program_.name(expr.name));
    if (contract == nullptr) return {};
    Sends all;
    for (const ContractEffect& effect : contract->all_effects()) {
      if (sends_one(effect.verb) && node_ != (effect.verb == Verb::creates_event)) all = all.then(Sends::of(1));
      if (effect.verb == Verb::reroutes) load.reroutes = true;
      if (effect.verb == Verb::increments || effect.verb == Verb::decrements) step(expr, effect.verb);
    }
    if (!is_wait(program_, expr, *contract, node_)) return all;
    if (const auto time = value(argument(program_, expr, 0)); time && *time <= 0) return all;
    if (!load.wait) load.wait = expr.span;
    return all.then({0, 0, 0, true});
  }

  Sends function(const Expr& expr) {
    if (calls_ >= kMaxCalls || steps_ > kMaxSteps) return {};
    const Function& called = program_.functions[expr.function];
    for (uint32_t i = 0; i < called.parameters.size(); ++i) {
      const ExprId given = argument(program_, expr, i);
      set(called.parameters[i], given == kNone ? std::nullopt : value(given));
    }
    ++calls_;
    const Sends all = block(called.body);
    --calls_;
    for (uint32_t i = 0; i < called.parameters.size(); ++i) {
      // A parameter may be another name of the caller's variable.
      assign(argument(program_, expr, i), std::nullopt);
    }
    return all;
  }

  SymbolId symbol_of(ExprId id) const {
    return id != kNone && program_.exprs[id].kind == ExprKind::symbol ? program_.exprs[id].symbol : kNone;
  }
  std::optional<int64_t> value(ExprId id) const { return id == kNone ? std::nullopt : fold(program_, id, known_); }
  void step(const Expr& call, Verb verb) {
    const ExprId target = argument(program_, call, 0);
    const std::optional<int64_t> old = value(target);
    assign(target, old ? std::optional(*old + (verb == Verb::increments ? 1 : -1)) : std::nullopt);
  }
  void assign(ExprId target, std::optional<int64_t> to) { set(symbol_of(target), to); }
  void set(SymbolId symbol, std::optional<int64_t> to) {
    if (symbol == kNone) return;
    std::erase_if(known_, [&](const auto& one) { return one.first == symbol; });
    if (to) known_.emplace_back(symbol, *to);
  }

  const Program& program_;
  const bool node_;
  std::vector<std::pair<SymbolId, int64_t>> known_;
  size_t steps_ = 0, calls_ = 0;
};

}  // namespace

Sends Sends::then(const Sends& next) const {
  const int64_t joined = std::min(tail + next.head, kMany);
  if (!waits && !next.waits) return of(joined);
  return {waits ? head : joined, std::max({most, next.most, joined}), next.waits ? next.tail : joined, true};
}

Sends Sends::either(const Sends& other) const {
  return {std::max(head, other.head), std::max(most, other.most), std::max(tail, other.tail), waits || other.waits};
}

Sends Sends::times(int64_t turns) const {
  if (turns <= 1) return turns == 1 ? *this : Sends{};
  return waits ? then(*this) : of(std::min(most * std::min(turns, kMany), kMany));
}

CallbackLoad load_of(const Program& program, BlockId body, bool node) {
  Sender sender(program, node);
  sender.load.sends = sender.block(body);
  return sender.load;
}

}  // namespace fermata::rules
