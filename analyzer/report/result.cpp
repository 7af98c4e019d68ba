#include "report/result.h"

namespace fermata {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return "proved";
    case Verdict::hung:
      return "hung";
    case Verdict::unknown:
      break;
  }
  return "unknown";
}

std::string_view level_name(Level level) {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::note:
      break;
  }
  return "note";
}

}  // namespace fermata
