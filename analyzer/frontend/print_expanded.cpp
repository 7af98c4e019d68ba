// The expanded program as text that reads like a script, each line with the place it came from.
#include <string>

#include "frontend/frontend.h"

namespace fermata {
namespace {

constexpr std::string_view op_text(Op op) {
  constexpr std::string_view kTexts[] = {"?", "-",  "not", ".not.", "+",   "-",  "*",   "/",     "mod",  "=",     "#",
                                         "<", "<=", ">",   ">=",    "and", "or", "xor", ".and.", ".or.", ".xor.", "&"};
  return kTexts[static_cast<size_t>(op)];
}

class Printer {
 public:
  explicit Printer(const Program& program) : program_(program) {}

  std::string print() {
    // The bundled library is part of the program but not of the user's text; what a node inherits from it is shown
    // there.
    for (const Symbol& symbol : program_.symbols) {
      if (!in_library(symbol.span)) global(symbol);
    }
    for (const Function& function : program_.functions) {
      if (!in_library(function.span)) this->function(function);
    }
    for (const Callback& callback : program_.callbacks) {
      line(callback.span,
           "on " + text(callback.kind) + (callback.control == kNone ? "" : "(" + name(callback.control) + ")"));
      body(callback.body);
      line({}, "end on");
    }
    for (const NodeDef& node : program_.nodes) {
      if (!node.library) this->node(node);
    }
    for (const Flow& flow : program_.flows) this->flow(flow);
    return std::move(out_);
  }

 private:
  std::string text(NameId id) const { return std::string(program_.name(id)); }

  std::string name(SymbolId id) const {
    if (id >= program_.symbols.size()) return "?";
    const Symbol& symbol = program_.symbols[id];
    return (symbol.sigil != 0 ? std::string(1, symbol.sigil) : std::string()) + text(symbol.name);
  }

  bool in_library(Span span) const { return span.file < program_.files.size() && program_.files[span.file].library; }

  void line(Span span, const std::string& words) {
    std::string row = std::string(2 * indent_, ' ') + words;
    if (span.file < program_.files.size()) {
      const SourceFile& file = program_.files[span.file];
      const LineColumn place = file.position(span.begin);
      if (row.size() < 72) row.append(72 - row.size(), ' ');
      row += "  { " + file.path + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
      if (span.expansion < program_.expansions.size()) row += " from " + program_.expansions[span.expansion].name;
      row += " }";
    }
    out_ += row + "\n";
  }

  void global(const Symbol& symbol) {
    if (symbol.kind == SymbolKind::global || symbol.kind == SymbolKind::voice_field) {
      std::string words = symbol.kind == SymbolKind::global ? "declare " : "vo_field ";
      line(symbol.span, words + declaration(symbol));
    } else if (symbol.kind == SymbolKind::constant && symbol.span.file != kNone) {
      line(symbol.span, "declare const " + declaration(symbol));
    }
  }

  std::string declaration(const Symbol& symbol) const {
    std::string words = symbol.polyphonic ? "polyphonic " : "";
    if (symbol.persistent) words += "pers ";
    if (symbol.is_list) words += "list ";
    if (symbol.sigil != 0) words += symbol.sigil;
    words += text(symbol.name);
    for (size_t i = 0; i < symbol.dimensions.size(); ++i)
      words += (i == 0 ? "[" : ", ") + std::to_string(symbol.dimensions[i]);
    if (!symbol.dimensions.empty()) words += "]";
    if (symbol.ui_range_known)
      words += " (" + std::to_string(symbol.ui_min) + ", " + std::to_string(symbol.ui_max) + ")";
    if (symbol.has_value) return words + " := " + std::to_string(symbol.value);
    if (symbol.initial != kNone) return words + " := " + expr(symbol.initial);
    if (symbol.initial_items.empty()) return words;
    words += " := (";
    for (size_t i = 0; i < symbol.initial_items.size(); ++i)
      words += (i == 0 ? "" : ", ") + expr(symbol.initial_items[i]);
    return words + ")";
  }

  void function(const Function& function) {
    std::string words = (function.task ? "taskfunc " : "function ") + text(function.name) + "(";
    constexpr std::string_view kModes[] = {"", "", "var ", "out "};
    for (size_t i = 0; i < function.parameters.size(); ++i) {
      if (i > 0) words += ", ";
      words += kModes[static_cast<size_t>(program_.symbols[function.parameters[i]].mode)];
      words += name(function.parameters[i]);
    }
    words += ")";
    if (function.result != kNone) words += " -> " + name(function.result);
    line(function.span, words);
    body(function.body);
    line({}, function.task ? "end taskfunc" : "end function");
  }

  void node(const NodeDef& node) {
    std::string words = "node " + text(node.name);
    if (node.base != 0) words += " from " + text(node.base);
    line(node.span, words + ":" + (node.listed ? "" : "  { not listed }"));
    ++indent_;
    for (const NodeCallback& callback : node.callbacks) {
      line(callback.span, "cb " + text(callback.name) + ":");
      body(callback.body);
    }
    --indent_;
    line({}, "end node");
  }

  void flow(const Flow& flow) {
    line(flow.span, "flow " + text(flow.name) + (flow.declared ? "" : "  { not declared }"));
    ++indent_;
    for (const FlowEntry& entry : flow.entries) {
      std::string words =
          entry.node != kNone ? text(program_.nodes[entry.node].name) : "move " + text(program_.flows[entry.move].name);
      for (const auto& [index, value] : entry.arguments)
        words += " arg " + std::to_string(index) + "=" + std::to_string(value);
      line(entry.span, words);
    }
    --indent_;
  }

  std::string list(const Expr& expr, uint32_t from = 0) const {
    std::string words;
    for (uint32_t i = from; i < expr.child_count; ++i) {
      words += (i == from ? "" : ", ") + this->expr(program_.children[expr.first_child + i]);
    }
    return words;
  }

  std::string expr(ExprId id) const {
    if (id == kNone) return "";
    const Expr& expr = program_.exprs[id];
    const auto child = [&](uint32_t index) { return this->expr(program_.children[expr.first_child + index]); };
    switch (expr.kind) {
      case ExprKind::error:
        return "<error>";
      case ExprKind::integer:
        return std::to_string(expr.int_value);
      case ExprKind::real:
        return std::to_string(expr.real_value);
      case ExprKind::string:
        return "\"" + text(expr.name) + "\"";
      case ExprKind::symbol:
        return name(expr.symbol);
      case ExprKind::index:
        return name(expr.symbol) + "[" + list(expr) + "]";
      case ExprKind::field:
        return text(expr.name) + "[" + child(0) + "]." + text(expr.field);
      case ExprKind::call:
        return text(expr.name) + "(" + list(expr) + ")";
      case ExprKind::node_ref:
      case ExprKind::name:
        return text(expr.name);
      case ExprKind::unary:
        return std::string(op_text(expr.op)) + (expr.op == Op::neg ? "" : " ") + child(0);
      case ExprKind::binary:
        return "(" + child(0) + " " + std::string(op_text(expr.op)) + " " + child(1) + ")";
      case ExprKind::event_par:
        return child(0) + " -> " + text(expr.name);
    }
    return "";
  }

  void body(BlockId block) {
    ++indent_;
    for (const StmtId id : program_.statements(block)) statement(program_.stmts[id]);
    --indent_;
  }

  void statement(const Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::assign:
        return line(stmt.span, expr(stmt.target) + " := " + expr(stmt.value));
      case StmtKind::call:
        return line(stmt.span, (stmt.subroutine ? "call " : "") + expr(stmt.value));
      case StmtKind::declare:
        return line(stmt.span, "declare " + declaration(program_.symbols[stmt.symbol]));
      case StmtKind::exit_:
        return line(stmt.span, "exit");
      case StmtKind::continue_:
        return line(stmt.span, "continue");
      case StmtKind::run_hook:
        return line(stmt.span, "{ no node has this hook }");
      case StmtKind::opaque:
        return line(stmt.span, "{ not understood }");
      case StmtKind::if_:
        line(stmt.span, "if " + expr(stmt.value));
        body(stmt.body);
        if (stmt.else_body != kNone) {
          line({}, "else");
          body(stmt.else_body);
        }
        return line({}, "end if");
      case StmtKind::while_:
        line(stmt.span, "while " + expr(stmt.value));
        body(stmt.body);
        return line({}, "end while");
      case StmtKind::for_:
        line(stmt.span, "for " + expr(stmt.target) + " := " + expr(stmt.value) + (stmt.downto ? " downto " : " to ") +
                            expr(stmt.limit) + (stmt.step == kNone ? "" : " step " + expr(stmt.step)));
        body(stmt.body);
        return line({}, "end for");
      case StmtKind::child_loop:
        line(stmt.span, "for_each_child(" + expr(stmt.value) + ", " + name(stmt.symbol) + ")");
        body(stmt.body);
        return line({}, "end_for_each_child");
      case StmtKind::select:
        return select(stmt);
    }
  }

  void select(const Stmt& stmt) {
    line(stmt.span, "select " + expr(stmt.value));
    ++indent_;
    for (uint32_t i = 0; i < stmt.case_count; ++i) {
      const Case& one = program_.cases[stmt.first_case + i];
      line({}, one.from == kNone ? "else" : "case " + expr(one.from) + (one.to == kNone ? "" : " to " + expr(one.to)));
      body(one.body);
    }
    --indent_;
    line({}, "end select");
  }

  const Program& program_;
  std::string out_;
  size_t indent_ = 0;
};

}  // namespace

std::string print_expanded(const Program& program) { return Printer(program).print(); }

}  // namespace fermata
