#include "differ/bend.h"

#include <algorithm>

#include "differ/harvest.h"

namespace fermata::differ {

namespace {

using Strings = std::vector<std::string>;

class Bender {
 public:
  Bender(Piece& program, Dialect dialect, Random& random) : program_(program), dialect_(dialect), random_(random) {}

  // One change. Some tries find nothing to change.
  void change() {
    switch (random_.below(14)) {
      case 0:
      case 1:
        return take_out();
      case 2:
      case 3:
        return guard();
      case 4:
      case 5:
      case 6:
        return put_in();
      case 7:
      case 8:
        return carry();
      case 9:
        return move();
      case 10:
        return number();
      case 11:
        return replace_operator();
      case 12:
        return unwrap();
      default:
        return extract();
    }
  }

 private:
  struct Where {
    Path path;  // of the block
    size_t index = 0;
    Slot slot = Slot::none;
  };

  // A statement, or nothing when `index` is past the end.
  Where any_statement() {
    const std::vector<Body> all = bodies(program_);
    for (int turn = 0; turn < 10 && !all.empty(); ++turn) {
      const Body& body = random_.pick(all);
      const Piece& block = *at(program_, body.path);
      if (block.body.empty()) continue;
      const size_t index = random_.below(block.body.size());
      const Piece& piece = block.body[index];
      if (piece.branch || piece.open.starts_with("declare") || piece.slot != Slot::inherit) continue;
      return {body.path, index, body.slot};
    }
    return {{}, SIZE_MAX, Slot::none};
  }

  std::vector<Piece>& body(const Where& where) { return at(program_, where.path)->body; }

  // A place between two statements, behind the declarations.
  Where any_gap() {
    const std::vector<Body> all = bodies(program_);
    if (all.empty()) return {{}, SIZE_MAX, Slot::none};
    const Body& chosen = random_.pick(all);
    const std::vector<Piece>& in = at(program_, chosen.path)->body;
    if (at(program_, chosen.path)->open.starts_with("select")) return {{}, SIZE_MAX, Slot::none};
    size_t first = 0, last = 0;
    while (first < in.size() && in[first].open.starts_with("declare")) ++first;
    last = first;
    while (last < in.size() && !in[last].branch) ++last;
    return {chosen.path, first + random_.below(last - first + 1), chosen.slot};
  }

  void take_out() {
    const Where where = any_statement();
    if (where.index == SIZE_MAX) return;
    body(where).erase(body(where).begin() + static_cast<std::ptrdiff_t>(where.index));
  }

  void guard() {
    const Where where = any_statement();
    if (where.index == SIZE_MAX) return;
    Piece& piece = body(where)[where.index];
    piece = block("if (" + condition(where.slot) + ")", {std::move(piece)}, "end if");
  }

  void put_in() {
    const Where where = any_gap();
    if (where.index == SIZE_MAX) return;
    std::string text = statement(where.slot);
    if (text.empty()) return;
    Piece piece = line(std::move(text));
    if (random_.chance(30)) piece = block("if (" + condition(where.slot) + ")", {std::move(piece)}, "end if");
    body(where).insert(body(where).begin() + static_cast<std::ptrdiff_t>(where.index), std::move(piece));
  }

  // A statement of the program, put somewhere else as well.
  void carry() {
    const Where where = any_gap();
    if (where.index == SIZE_MAX) return;
    const Words words = harvest(program_, region_of(where.slot));
    if (words.statements.empty()) return;
    body(where).insert(body(where).begin() + static_cast<std::ptrdiff_t>(where.index),
                       line(random_.pick(words.statements)));
  }

  void move() {
    const Where where = any_statement();
    if (where.index == SIZE_MAX || where.index + 1 >= body(where).size()) return;
    Piece& next = body(where)[where.index + 1];
    if (!next.branch) std::swap(body(where)[where.index], next);
  }

  void number() {
    const Where where = any_statement();
    if (where.index == SIZE_MAX) return;
    std::string& text = body(where)[where.index].open;
    std::vector<std::pair<size_t, size_t>> numbers;
    for (size_t i = 0; i < text.size(); ++i) {
      const auto digit = [&](size_t k) { return k < text.size() && text[k] >= '0' && text[k] <= '9'; };
      if (!digit(i) || (i > 0 && (std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0 || text[i - 1] == '_')))
        continue;
      size_t end = i;
      while (digit(end)) ++end;
      numbers.emplace_back(i, end - i);
      i = end;
    }
    if (numbers.empty()) return;
    const auto [from, size] = random_.pick(numbers);
    const int value = std::stoi(text.substr(from, std::min<size_t>(size, 8)));
    const int other = random_.pick({0, 1, value + 1, std::max(value - 1, 0), value * 2});
    text.replace(from, size, std::to_string(other));
  }

  void replace_operator() {
    const Where where = any_statement();
    if (where.index == SIZE_MAX) return;
    std::string& text = body(where)[where.index].open;
    static const Strings operators{" = ", " # ", " < ", " > ", " <= ", " >= "};
    for (const std::string& one : operators) {
      const size_t from = text.find(one);
      if (from == std::string::npos) continue;
      text.replace(from, one.size(), random_.pick(operators));
      return;
    }
  }

  void unwrap() {
    const Where where = any_statement();
    if (where.index == SIZE_MAX) return;
    std::vector<Piece>& in = body(where);
    Piece& piece = in[where.index];
    if (!piece.open.starts_with("if")) return;
    std::vector<Piece> inner = std::move(piece.body);
    std::erase_if(inner, [](const Piece& one) { return one.branch; });
    in.erase(in.begin() + static_cast<std::ptrdiff_t>(where.index));
    in.insert(in.begin() + static_cast<std::ptrdiff_t>(where.index), std::make_move_iterator(inner.begin()),
              std::make_move_iterator(inner.end()));
  }

  // Into a subroutine, an inlined function or a macro, called where it stood.
  void extract() {
    const Where where = any_statement();
    if (where.index == SIZE_MAX) return;
    const std::string name = "part" + std::to_string(count_++);
    Piece& piece = body(where)[where.index];
    const int kind = dialect_ == Dialect::plain ? 0 : static_cast<int>(1 + random_.below(2));
    const std::string word = kind == 2 ? "macro" : "function";
    std::string call = kind == 0 ? "call " + name : name + "()";
    Piece made = block(word + " " + name + (kind == 0 ? "" : "()"), {std::move(piece)}, "end " + word, Slot::none);
    piece = line(std::move(call));
    program_.body.insert(program_.body.begin(), std::move(made));
  }

  std::string condition(Slot slot) {
    const Region region = region_of(slot);
    const Words words = harvest(program_, region);
    Strings all = words.conditions;
    if (region == Region::event) {
      all.insert(all.end(), {"$EVENT_VELOCITY > 64", "$EVENT_NOTE < 64", "%CC[64] >= 64", "$NOTE_HELD = 1",
                             "%KEY_DOWN[$EVENT_NOTE] = 1", "$EVENT_NOTE mod 2 = 0", "$MIDI_CHANNEL = 0",
                             "get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = -1"});
    } else if (region == Region::voice) {
      all.insert(all.end(), {"Voice[self].vel > 64", "Voice[self].note < 64", "path_on", "CC[64] >= 64",
                             "Voice[self].note mod 2 = 0", "Voice[self].midi_ch = 0", "Voice[self].thread = 0"});
    } else if (region == Region::midi) {
      all.insert(all.end(), {"$MIDI_BYTE_2 > 64", "$MIDI_CHANNEL = 0", "$MIDI_BYTE_1 < 64"});
    } else {
      all.emplace_back(dialect_ == Dialect::plain ? "%CC[1] > 10" : "CC[1] > 10");
    }
    for (const std::string& handle : words.handles) {
      all.push_back(handle + " # " + (dialect_ == Dialect::plain ? "0" : "-1"));
      if (dialect_ == Dialect::plain) all.push_back("event_status(" + handle + ") = $EVENT_STATUS_INACTIVE");
    }
    for (const std::string& runtime : words.runtimes) all.push_back(runtime + " # -1");
    for (const std::string& number : words.numbers) all.push_back(number + random_.pick({" = 0", " > 0", " = 1"}));
    return random_.pick(all);
  }

  std::string statement(Slot slot) {
    const Region region = region_of(slot);
    const Words words = harvest(program_, region);
    Strings all;
    for (const std::string& number : words.numbers) {
      all.insert(all.end(), {number + " := 0", number + " := 1", "inc(" + number + ")", "dec(" + number + ")"});
    }
    if (region == Region::midi)
      all.insert(all.end(), {"ignore_midi", "exit"});
    else if (dialect_ == Dialect::plain)
      event_statements(words, region, all);
    else
      voice_statements(words, region, all);
    return all.empty() ? "" : random_.pick(all);
  }

  void event_statements(const Words& words, Region region, Strings& all) {
    for (const std::string& handle : words.handles) {
      all.insert(all.end(), {handle + " := 0", "note_off(" + handle + ")", "fade_out(" + handle + ", 20000, 1)",
                             "fade_out(" + handle + ", 20000, 0)", "set_event_mark(" + handle + ", $MARK_1)",
                             handle + " := " + random_.pick(words.handles)});
      if (region == Region::event) {
        all.push_back(handle + " := play_note($EVENT_NOTE, 100, 0, " + random_.pick({"0", "0", "-1", "30000"}) + ")");
        all.push_back(handle + " := $EVENT_ID");
      }
    }
    all.insert(all.end(), {"note_off(by_marks($MARK_1))", "wait(1000)", "wait(60000)", "exit"});
    if (region == Region::event) {
      all.insert(all.end(), {"note_off($EVENT_ID)", "ignore_event($EVENT_ID)", "play_note($EVENT_NOTE, 100, 0, -1)",
                             "play_note($EVENT_NOTE, 100, 0, 50000)", "set_event_mark($EVENT_ID, $MARK_1)",
                             "note_off($ALL_EVENTS)"});
    }
  }

  void voice_statements(const Words& words, Region region, Strings& all) {
    for (const std::string& handle : words.handles) {
      all.insert(all.end(),
                 {handle + " := -1", "ivls.release_voice(" + handle + ")", "ivls.unparent_voice(" + handle + ")",
                  "ivls.restore_parent(" + handle + ")", "Voice[" + handle + "].auto_release := FALSE",
                  "ivls.play.oneshot(" + handle + ", 70000)", handle + " := " + random_.pick(words.handles)});
      if (region == Region::voice) {
        all.insert(all.end(), {handle + " := NodeEnv[nenv].sentVoice", handle + " := ivls.new_voice(self)",
                               "ivls.play(" + handle + ")", "ivls.reparent_voice_to_voice(" + handle + ", self)"});
      }
      for (const std::string& runtime : words.runtimes) {
        all.push_back("ivls.add_voice_to_runtime(" + runtime + ", " + handle + ")");
        all.push_back("ivls.reparent_voice(" + handle + ", " + runtime + ")");
      }
    }
    for (const std::string& runtime : words.runtimes) {
      all.insert(all.end(),
                 {runtime + " := -1", runtime + " := ivls.create_runtime()", "ivls.release_runtime(" + runtime + ")"});
    }
    if (region != Region::voice) return;
    all.insert(
        all.end(),
        {"ivls.wait_ms(1)", "ivls.wait_ms(60)", "ivls.release_voice_children(self)", "ivls.unparent_children(self)",
         "Voice[self].note := Voice[self].note + 1", "Voice[self].auto_release := FALSE", "ivls.release_voice(self)",
         "ivls.unparent_voice(NodeEnv[nenv].sentVoice)", "ivls.release_voice(NodeEnv[nenv].sentVoice)"});
  }

  Piece& program_;
  Dialect dialect_;
  Random& random_;
  int count_ = 0;
};

}  // namespace

void bend(Piece& program, Dialect dialect, Random& random) {
  Bender bender(program, dialect, random);
  const int changes = random.pick({0, 1, 1, 1, 2, 2, 3, 5});
  for (int i = 0; i < changes; ++i) bender.change();
}

}  // namespace fermata::differ
