#include "bench/generate.h"

#include <fmt/format.h>

namespace fermata::bench {

std::string plain_script(std::size_t keys) {
  std::string out = "on init\n  declare %ids[128]\n  declare $i\n";
  for (std::size_t k = 0; k < keys; ++k) {
    out += fmt::format(
        "  declare ui_slider $mix_{0} (0, 1000)\n  declare %curve_{0}[128]\n  declare polyphonic $layer_{0}\n", k);
  }
  out += "end on\n\n";
  for (std::size_t k = 0; k < keys; ++k) {
    out += fmt::format(R"(function shape_{0}
  $i := 0
  while ($i < 128)
    if ($mix_{0} > 500)
      %curve_{0}[$i] := $i * $mix_{0} / 1000
    else
      %curve_{0}[$i] := 127 - $i
    end if
    inc($i)
  end while
  {{ a comment between two statements }}
  select ($mix_{0})
    case 0 to 99
      %curve_{0}[0] := 1
    case 100 to 999
      %curve_{0}[0] := 2
  end select
end function

)",
                       k);
  }
  out += "on note\n  ignore_event($EVENT_ID)\n  %ids[$EVENT_NOTE] := play_note($EVENT_NOTE, $EVENT_VELOCITY, 0, 0)\n";
  for (std::size_t k = 0; k < keys; ++k) {
    out += fmt::format(
        "  if ($mix_{0} > 0)\n    $layer_{0} := play_note($EVENT_NOTE, 1 + $mix_{0} / 8, 0, -1)\n  end if\n", k);
  }
  out +=
      "end on\n\non release\n  if (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = -1)\n    "
      "note_off(%ids[$EVENT_NOTE])\n  end if\nend on\n";
  for (std::size_t k = 0; k < keys; ++k)
    out += fmt::format("\non ui_control ($mix_{0})\n  call shape_{0}\nend on\n", k);
  return out;
}

std::string product_script(std::size_t nodes) {
  std::string out = "define ivls.THREADS := 1\ndefine IVLS_NODES += Ivls.STL, Bench.Sound\n";
  std::string flow;
  for (std::size_t n = 0; n < nodes; ++n) {
    out += fmt::format("define IVLS_NODES += Bench.Node{}\n", n);
    flow += fmt::format("        ivls.register_node(bench.flow, Bench.Node{})\n", n);
  }
  out +=
      "\nnode Bench.Sound from Stl.PlayEvent.Template:\n    cb Flows:\n        define FLOWS += bench.flow\n"
      "        ivls.register_node(bench.flow, Stl.MonoLegato)\n" +
      flow +
      "        ivls.register_node(bench.flow, Bench.Sound)\n    cb EventGroups:\n        event.groups[0] := TRUE\nend "
      "node\n";
  for (std::size_t n = 0; n < nodes; ++n) {
    out += fmt::format(R"(
node Bench.Node{0}:
    cb Init:
        declare ui_slider bench.time{0}(20, 400)
    cb NoteOn:
        declare src
        declare f
        if Voice[self].vel > {1} and legato.found(self)
            src := legato.get_src_vo(self)
            f := fades.out(src, bench.time{0}, YES)
            ivls.play(f)
        end if
        ivls.pass()
end node
)",
                       n, n % 100);
  }
  return out + "\nimport \"_IVLS/builder.ksp\"\n";
}

}  // namespace fermata::bench
