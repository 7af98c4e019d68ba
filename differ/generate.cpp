#include "differ/generate.h"

#include <algorithm>

#include "differ/bend.h"
#include "differ/skeletons.h"

namespace fermata::differ {

namespace {

// Callbacks of the same header become one, as the language wants them.
void merge(Piece& into, Piece from) {
  for (Piece& piece : from.body) {
    const auto same = std::ranges::find(into.body, piece.open, &Piece::open);
    if (same == into.body.end() || !piece.open.starts_with("on "))
      into.body.push_back(std::move(piece));
    else
      std::ranges::move(piece.body, std::back_inserter(same->body));
  }
}

void drop_sigils(Piece& piece) {
  std::string bare;
  bool quoted = false;
  for (const char c : piece.open) {
    quoted = quoted != (c == '"');
    if (quoted || (c != '$' && c != '%')) bare += c;
  }
  piece.open = bare;
  for (Piece& inner : piece.body) drop_sigils(inner);
}

const Skeleton& drawn(Random& random, const std::vector<Skeleton>& all, const std::vector<std::string>& without,
                      bool legato = false, bool plays = false) {
  for (;;) {
    const Skeleton& skeleton = random.pick(all);
    if (skeleton.needs_legato != legato || skeleton.plays != plays) continue;
    if (std::ranges::find(without, skeleton.name) == without.end()) return skeleton;
  }
}

Piece event_program(Random& random, const std::vector<std::string>& without) {
  Piece program;
  program.slot = Slot::none;
  const bool multi_script = random.chance(4);
  const int parts = !multi_script && random.chance(30) ? 2 : 1;
  for (int i = 0; i < parts; ++i) {
    const std::string prefix(1, static_cast<char>('a' + i));
    const Skeleton* skeleton = nullptr;
    while (skeleton == nullptr || has(skeleton->text, "on midi_in") != multi_script)
      skeleton = &drawn(random, event_skeletons(), without);
    merge(program, read_tree(instance(*skeleton, prefix, random)));
  }
  std::ranges::stable_partition(program.body, [](const Piece& piece) { return piece.open == "on init"; });
  if (random.chance(5)) {
    for (Piece& piece : program.body) {
      if (piece.open == "on init") piece.body.insert(piece.body.begin(), line("SET_CONDITION(NO_SYS_SCRIPT_PEDAL)"));
    }
  }
  bend(program, Dialect::plain, random);
  if (random.chance(35)) drop_sigils(program);
  return program;
}

class ProductWriter {
 public:
  ProductWriter(Random& random, const std::vector<std::string>& without) : random_(random), without_(without) {}

  Piece write() {
    const bool two_flows = random_.chance(4);
    flow("x.flow");
    if (two_flows) {
      nodes_.push_back("x.Divert");
      flows_.insert(flows_.begin(), "ivls.register_node(x.flow, x.Divert)");
      text_ +=
          "node x.Divert:\ncb NotePass:\nif Voice[self].vel > 90\nivls.reflow_voice(self, x.hard)\nend if\nend node\n";
      flow("x.hard");
    }
    std::string all = "define ivls.THREADS := 1\ndefine IVLS_NODES += Ivls.STL, x.Setup";
    for (const std::string& node : nodes_) all += ", " + node;
    all += "\nnode x.Setup:\ncb Flows:\ndefine FLOWS += x.flow";
    if (two_flows) all += ", x.hard";
    for (const std::string& entry : flows_) all += "\n" + entry;
    all += "\nend node\n" + text_;
    if (sounds_)
      all += "node x.Sound from Stl.PlayEvent.Template:\ncb EventGroups:\nevent.groups[0] := TRUE\nend node\n";
    all += "import \"_IVLS/builder.ksp\"\n";
    return read_tree(all);
  }

 private:
  void enter(const std::string& flow, const std::string& node) {
    flows_.push_back("ivls.register_node(" + flow + ", " + node + ")");
  }

  void add(const std::string& flow, const Skeleton& skeleton) {
    const std::string prefix(1, static_cast<char>('a' + count_++));
    const std::string text = instance(skeleton, prefix, random_);
    const size_t from = text.find("node ") + 5;
    const std::string name = text.substr(from, text.find_first_of(": ", from) - from);
    nodes_.push_back(name);
    text_ += text;
    enter(flow, name);
  }

  const Skeleton& any(bool legato, bool plays) { return drawn(random_, node_skeletons(), without_, legato, plays); }

  void flow(const std::string& name) {
    if (random_.chance(10)) enter(name, "Stl.RoundRobins");
    const bool legato = random_.chance(40);
    if (random_.chance(15)) add(name, any(false, false));
    if (legato) {
      enter(name, random_.chance(80) ? "Stl.MonoLegato" : "Stl.PolyLegato");
      if (random_.chance(5)) add(name, any(false, false));
      if (random_.chance(90)) add(name, any(true, false));
    }
    if (random_.chance(10)) enter(name, "Stl.LegatoSwitch");
    if (random_.chance(20)) enter(name, "Stl.Pedals");
    if (random_.chance(legato ? 25 : 85)) add(name, any(false, false));
    if (random_.chance(10)) enter(name, "Stl.Pedals");
    if (random_.chance(25)) {
      add(name, any(false, true));
    } else {
      if (!sounds_) nodes_.push_back("x.Sound");
      sounds_ = true;
      enter(name, "x.Sound");
    }
  }

  Random& random_;
  const std::vector<std::string>& without_;
  std::vector<std::string> nodes_, flows_;
  std::string text_;
  int count_ = 0;
  bool sounds_ = false;
};

}  // namespace

Piece generate(Random& random, const std::vector<std::string>& without) {
  if (random.chance(60)) return event_program(random, without);
  Piece program = ProductWriter(random, without).write();
  bend(program, Dialect::framework, random);
  return program;
}

}  // namespace fermata::differ
