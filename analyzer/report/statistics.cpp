#include "report/statistics.h"

#include <fmt/format.h>

#include <algorithm>

namespace fermata {

std::string statistics_as_text(const CheckReport& report) {
  const Counts counts = count(report.result);
  const CheckStatistics& figures = report.result.statistics;
  const auto replayed = std::ranges::count_if(report.result.findings, &Finding::replayed);
  return fmt::format(
      "sites {}, proved {}, hung {}, unknown {}, replayed {}\n"
      "disjuncts {}, runs {}\n"
      "files {}, bytes {}, lines {}\n"
      "front end {:.3f} s, analysis {:.3f} s, replay {:.3f} s\n",
      counts.sites, counts.proved, counts.hung, counts.unknown, replayed, figures.states, figures.replays,
      figures.files, figures.bytes, figures.lines, figures.seconds_frontend, figures.seconds_analysis,
      figures.seconds_replay);
}

}  // namespace fermata
