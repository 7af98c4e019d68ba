// Modules from text, and an entry of a module as text: one line for each block, numbered from the entry's first.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "ir/lower.h"

namespace fermata::ir::test {

struct Lowered {
  Program program;
  Module module;

  explicit Lowered(const std::string& text, const LowerOptions& options = {}) {
    FrontendOptions front;
    front.overlay = [&text](const std::filesystem::path&) { return text; };
    program = load_program("script.ksp", front);
    for (const FrontendDiagnostic& problem : program.diagnostics) {
      EXPECT_NE(problem.level, "error") << problem.rule << ": " << problem.message << "\n" << text;
    }
    module = lower(program, options);
  }
  Lowered(const Lowered&) = delete;

  EntryId entry(const std::string& name) const {
    for (EntryId id = 0; id < module.entries.size(); ++id) {
      if (module.entries[id].name == name) return id;
    }
    ADD_FAILURE() << "no entry " << name;
    return 0;
  }

  std::string slot(SlotId id) const {
    if (id == kNone) return "_";
    const Slot& slot = module.slots[id];
    const std::string number = std::to_string(slot.index);
    if (slot.symbol == kNone) return "t" + number;
    const std::string name(program.name(program.symbols[slot.symbol].name));
    return slot.kind == SlotKind::global ? name : name + "." + number;
  }

  std::string expr(ExprId id) const {
    if (id == kNone) return "_";
    static constexpr const char* kOps[] = {"none", "-",  "not", "~",  "+",   "-",  "*",   "/", "mod", "=", "#",
                                           "<",    "<=", ">",   ">=", "and", "or", "xor", "&", "|",   "^", "concat"};
    static constexpr const char* kEnv[] = {"EVENT_ID", "EVENT_NOTE", "EVENT_VELOCITY", "CHANNEL",    "NOTE_HELD",
                                           "self",     "sent",       "path_on",        "CC_NUM",     "SIGNAL",
                                           "COMMAND",  "BYTE_1",     "BYTE_2",         "ALL_EVENTS", "omni"};
    static constexpr const char* kPure[] = {"status", "source", "pitch",     "key_down", "in_range", "abs",
                                            "min",    "max",    "check_ref", "by_marks", "unknown"};
    const Expr& one = module.exprs[id];
    const auto list = [&] {
      std::string text;
      for (const ExprId arg : one.args) text += (text.empty() ? "" : ", ") + expr(arg);
      return text;
    };
    switch (one.kind) {
      case ExprKind::constant:
        return std::to_string(one.value);
      case ExprKind::slot:
        return slot(one.slot);
      case ExprKind::env:
        return kEnv[static_cast<int>(one.env)];
      case ExprKind::unary:
        return std::string(kOps[static_cast<int>(one.op)]) + " " + expr(one.args[0]);
      case ExprKind::binary:
        return "(" + expr(one.args[0]) + " " + kOps[static_cast<int>(one.op)] + " " + expr(one.args[1]) + ")";
      case ExprKind::pure:
        return std::string(kPure[static_cast<int>(one.pure)]) + "(" + list() + ")";
      case ExprKind::unknown:
        return "?";
    }
    return "";
  }

  std::string instr(uint32_t id) const {
    const Instr& one = module.instrs[id];
    switch (one.effect) {
      case Effect::set:
        return slot(one.dst) + " := " + expr(one.a);
      case Effect::load:
        return slot(one.dst) + " := " + module.arrays[one.array].name + "[" + expr(one.a) + "]";
      case Effect::store:
        return module.arrays[one.array].name + "[" + expr(one.a) + "] := " + expr(one.b);
      default:
        break;
    }
    std::string text = one.dst == kNone ? "" : slot(one.dst) + " := ";
    text += std::string(program.name(one.name)) + "(";
    std::string list;
    for (const ExprId arg : {one.a, one.b, one.c, one.d}) {
      if (arg != kNone) list += (list.empty() ? "" : ", ") + expr(arg);
    }
    for (const ExprId arg : one.args) list += (list.empty() ? "" : ", ") + expr(arg);
    return text + list + ")";
  }

  // Blocks without instructions that only go on are left out; jumps to them go to where they go.
  std::vector<std::string> text(const std::string& name) const {
    const Entry& where = module.entries[entry(name)];
    const auto real = [&](BlockId id) {
      while (module.blocks[id].count == 0 && module.blocks[id].jump == Jump::go && !module.blocks[id].loop_head) {
        id = module.blocks[id].then_block;
      }
      return id;
    };
    std::vector<BlockId> order;
    const auto number = [&](BlockId id) {
      id = real(id);
      for (size_t i = 0; i < order.size(); ++i) {
        if (order[i] == id) return std::to_string(i);
      }
      order.push_back(id);
      return std::to_string(order.size() - 1);
    };
    number(where.start);
    std::vector<std::string> lines;
    for (size_t i = 0; i < order.size(); ++i) {
      const Block block = module.blocks[order[i]];
      std::string line = std::to_string(i) + ":";
      for (uint32_t k = block.first; k < block.first + block.count; ++k) line += " " + instr(k) + ";";
      if (block.jump == Jump::go) line += " go " + number(block.then_block);
      if (block.jump == Jump::end) line += " end";
      if (block.jump == Jump::branch) {
        line += " if " + expr(block.condition) + " then " + number(block.then_block);
        line += " else " + number(block.else_block);
      }
      lines.push_back(line);
    }
    return lines;
  }

  // Where an instruction's text stands.
  std::string source(const Span& span) const {
    return span.file == kNone ? "" : program.files[span.file].text.substr(span.begin, span.end - span.begin);
  }

  const Instr* find(Effect effect) const {
    for (const Instr& one : module.instrs) {
      if (one.effect == effect) return &one;
    }
    return nullptr;
  }
};

using Lines = std::vector<std::string>;

// What every module promises of its blocks.
inline void expect_well_formed(const Module& module) {
  for (const Entry& entry : module.entries) {
    const auto inside = [&](BlockId id) { return id != kNone && entry.start <= id && id < entry.stop; };
    ASSERT_TRUE(inside(entry.start)) << entry.name;
    uint32_t next = module.blocks[entry.start].first;
    for (BlockId id = entry.start; id < entry.stop; ++id) {
      const Block& block = module.blocks[id];
      EXPECT_EQ(block.first, next) << entry.name << ": instructions of block " << id << " do not follow on";
      next = block.first + block.count;
      EXPECT_TRUE(block.jump == Jump::end || inside(block.then_block)) << entry.name << ": block " << id;
      if (block.jump != Jump::branch) continue;
      EXPECT_TRUE(inside(block.else_block) && inside(block.join)) << entry.name << ": block " << id;
      EXPECT_NE(block.condition, kNone);
      EXPECT_TRUE(entry.start <= block.region_begin && block.region_begin <= block.region_end &&
                  block.region_end < entry.stop);
      for (BlockId other = entry.start; other < id; ++other) {
        const Block& outer = module.blocks[other];
        if (outer.jump != Jump::branch) continue;
        const bool apart = outer.region_end <= block.region_begin || block.region_end <= outer.region_begin;
        const bool nested = (outer.region_begin <= block.region_begin && block.region_end <= outer.region_end) ||
                            (block.region_begin <= outer.region_begin && outer.region_end <= block.region_end);
        EXPECT_TRUE(apart || nested) << entry.name << ": the regions of " << other << " and " << id << " overlap";
      }
    }
    EXPECT_EQ(entry.locals.size(), entry.frame_size);
    for (size_t i = 0; i < entry.locals.size(); ++i) EXPECT_EQ(module.slots[entry.locals[i]].index, i);
  }
}

}  // namespace fermata::ir::test
