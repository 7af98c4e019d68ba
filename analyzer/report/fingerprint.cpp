#include "report/fingerprint.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <map>

#include "report/excerpt.h"

namespace fermata {

void set_fingerprints(const std::vector<Finding*>& findings,
                      const std::vector<std::pair<std::string, std::string>>& texts) {
  std::map<std::string, int> alike;
  const LineIndex lines(texts);
  for (Finding* const each : findings) {
    Finding& finding = *each;
    std::string key = finding.rule + '\n' + finding.place.path + '\n';
    for (const char c : lines.line(finding.place.path, finding.place.line)) {
      if (c != ' ' && c != '\t') key += c;
    }
    const int number = alike[key]++;
    key += fmt::format("\n{}", number);
    finding.fingerprint = fmt::format("{:016x}", XXH64(key.data(), key.size(), 0));
  }
}

}  // namespace fermata
