#include "ir/lower.h"

#include <algorithm>
#include <set>

#include "ir/lowering.h"

namespace fermata::ir {

namespace {

EntryKind native_kind(std::string_view name) {
  if (name == "init") return EntryKind::init;
  if (name == "note") return EntryKind::note;
  if (name == "release") return EntryKind::release;
  if (name == "controller") return EntryKind::controller;
  if (name == "listener") return EntryKind::listener;
  if (name == "ui_control") return EntryKind::ui_control;
  if (name == "midi_in") return EntryKind::midi_in;
  if (name == "persistence_changed") return EntryKind::init;
  return EntryKind::other;
}

std::optional<EntryKind> node_kind(std::string_view name) {
  if (name == "NoteOn") return EntryKind::note_on;
  if (name == "NoteOff") return EntryKind::note_off;
  if (name == "NotePass") return EntryKind::note_pass;
  if (name == "CC") return EntryKind::node_cc;
  if (name == "Init" || name == "ICB" || name == "PostInit" || name == "Post_ICB" || name == "FirstLoad") {
    return EntryKind::node_init;
  }
  if (name == "Flows" || name == "Keymaps" || name == "Functions" || name == "Macros" || name.starts_with("Event") ||
      name.starts_with("Voice") || name == "UICBS") {
    return std::nullopt;  // assembled by the front end, or a hook that runs inside another callback
  }
  return EntryKind::node_tick;
}

}  // namespace

bool is_site(const Module& module, const Instr& instr) {
  (void)module;
  switch (instr.effect) {
    case Effect::play_note:
    case Effect::ignore_event:
    case Effect::set_midi:
    case Effect::ignore_midi:
    case Effect::pass:
    case Effect::new_voice:
    case Effect::clone_voice:
    case Effect::restore_parent:
    case Effect::unparent:
    case Effect::unparent_children:
    case Effect::create_runtime:
    case Effect::legato_source:
      return true;
    default:
      return false;
  }
}

Module lower(const Program& program, const LowerOptions& options) {
  Module module;
  module.program = &program;
  Lowering(program, options, module).run();
  return module;
}

void Lowering::run() {
  add_symbols();
  add_native_callbacks();
  add_nodes();
  finish_module();
}

void Lowering::add_symbols() {
  auto special = [&](ArrayKind kind, std::string name) {
    Array array;
    array.kind = kind;
    array.name = std::move(name);
    array.initial = {0};
    module_.arrays.push_back(std::move(array));
    return static_cast<ArrayId>(module_.arrays.size() - 1);
  };
  module_.cc = special(ArrayKind::controller, "CC");
  module_.pedal_sustain = special(ArrayKind::pedal, "sustain pedal");
  module_.pedal_sostenuto = special(ArrayKind::pedal, "sostenuto pedal");
  module_.field_event = field_array("event");
  module_.field_duration = field_array("duration");
  module_.field_source = field_array("legato.vo_src");
  module_.field_note = field_array("note");
  module_.field_channel = field_array("midi_ch");
}

void Lowering::add_native_callbacks() {
  // on init first: the state that every other callback starts from.
  for (const bool init : {true, false}) {
    for (const Callback& callback : program_.callbacks) {
      const std::string_view name = program_.name(callback.kind);
      const EntryKind kind = native_kind(name);
      if ((kind == EntryKind::init) != init) continue;
      add_entry(kind, kNone, callback.control, callback.body, callback.span, "on " + std::string(name));
    }
  }
}

void Lowering::add_nodes() {
  for (NodeId node = 0; node < program_.nodes.size(); ++node) {
    const NodeDef& def = program_.nodes[node];
    if (def.library || (program_.product && !def.listed)) continue;
    for (const NodeCallback& callback : def.callbacks) {
      const std::string_view name = program_.name(callback.name);
      const std::optional<EntryKind> kind = node_kind(name);
      if (!kind) continue;
      add_entry(*kind, node, kNone, callback.body, callback.span,
                std::string(program_.name(def.name)) + " " + std::string(name));
    }
  }
}

void Lowering::add_entry(EntryKind kind, NodeId node, SymbolId control, fermata::BlockId body, Span span,
                         std::string name) {
  entry_ = static_cast<EntryId>(module_.entries.size());
  module_.entries.push_back({kind, node, control, kNone, kNone, 0, {}, std::move(name), span});
  entry_first_instr_ = static_cast<uint32_t>(module_.instrs.size());
  entry_first_block_ = static_cast<uint32_t>(module_.blocks.size());
  entry_exits_.clear();
  local_slots_.clear();
  continues_.clear();
  given_up_ = false;
  depth_ = 0;
  scopes_.assign(1, Scope{});
  const BlockId start = open_block(span);
  block(body, 0);
  const BlockId last = current_block();
  const BlockId end = open_block(span);
  module_.blocks[last].jump = Jump::go;
  module_.blocks[last].then_block = end;
  module_.blocks[end].jump = Jump::end;
  for (const BlockId exit : entry_exits_) module_.blocks[exit].then_block = end;
  Entry& entry = module_.entries[entry_];
  entry.start = start;
  entry.stop = end + 1;
  entry.frame_size = static_cast<uint32_t>(entry.locals.size());
  if (given_up_) module_.limits.emplace_back(entry.name, span);
}

BlockId Lowering::open_block(Span span) {
  Block block;
  block.first = static_cast<uint32_t>(module_.instrs.size());
  block.span = span;
  module_.blocks.push_back(block);
  return current_block();
}

void Lowering::close_go(BlockId target) {
  Block& block = module_.blocks.back();
  block.jump = Jump::go;
  block.then_block = target;
}

Instr& Lowering::emit(Effect effect, Span span) {
  Instr instr;
  instr.effect = effect;
  instr.span = span;
  module_.instrs.push_back(std::move(instr));
  ++module_.blocks.back().count;
  return module_.instrs.back();
}

bool Lowering::over_limit() {
  const size_t grown =
      module_.instrs.size() - entry_first_instr_ + module_.blocks.size() - entry_first_block_ + scopes_.size();
  if (grown > options_.max_instructions) given_up_ = true;
  return given_up_;
}

void Lowering::finish_module() {
  std::set<int> numbers;
  for (const Instr& instr : module_.instrs) {
    if (instr.effect != Effect::load || instr.array != module_.cc) continue;
    const Expr& number = module_.exprs[instr.a];
    if (number.kind == ExprKind::constant)
      numbers.insert(static_cast<int>(number.value));
    else if (number.kind != ExprKind::env)
      numbers.insert({64, 66, 67});  // computed: it may be a pedal
  }
  for (const Expr& expr : module_.exprs) {
    if (expr.kind == ExprKind::env && expr.env == Env::channel) module_.asks_channel = true;
    if (expr.kind != ExprKind::binary || expr.args.size() != 2) continue;
    const Expr& left = module_.exprs[expr.args[0]];
    const Expr& right = module_.exprs[expr.args[1]];
    for (const auto& [one, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
      if (one->kind != ExprKind::env || one->env != Env::cc_num) continue;
      if (other->kind == ExprKind::constant)
        numbers.insert(static_cast<int>(other->value));
      else
        numbers.insert({64, 66, 67});
    }
  }
  bool press = false;
  bool release = false;
  for (const Entry& entry : module_.entries) {
    for (BlockId b = entry.start; b < entry.stop; ++b) {
      const Block& block = module_.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) {
        if (module_.instrs[i].effect != Effect::wait) continue;
        press = press || entry.kind == EntryKind::note || entry.kind == EntryKind::note_on;
        release = release || entry.kind == EntryKind::release || entry.kind == EntryKind::note_off;
      }
    }
  }
  module_.orders_waits = press && release;
  module_.controllers.assign(numbers.begin(), numbers.end());
}

}  // namespace fermata::ir
