// Small scripts and their verdicts.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "ir/lower.h"
#include "ownership/sites.h"
#include "ownership/slice.h"

namespace fermata::ownership::test {

inline Program program_of(const std::string& text) {
  FrontendOptions options;
  options.overlay = [&text](const std::filesystem::path&) { return text; };
  Program program = load_program("script.ksp", options);
  for (const FrontendDiagnostic& problem : program.diagnostics) {
    EXPECT_NE(problem.level, "error") << problem.rule << ": " << problem.message << "\n" << text;
  }
  return program;
}

inline uint32_t line_of(const Program& program, const Span& span) {
  const Span user = program.user_span(span);
  return user.file == kNone ? 0 : program.files[user.file].position(user.begin).line;
}

// "6: proved", "6: hung event-never-ended", "6: unknown REASON" of every site, in the order of the text.
inline std::vector<std::string> verdicts(const std::string& text, const Assume& assume = {}) {
  const Program program = program_of(text);
  std::vector<std::string> out;
  for (const Site& site : analyse(program, assume).sites) {
    std::string line = std::to_string(line_of(program, site.span)) + ": ";
    switch (site.verdict) {
      case SiteVerdict::proved:
        line += "proved";
        break;
      case SiteVerdict::unknown:
        line += "unknown " + site.reason;
        break;
      case SiteVerdict::hung:
        line += "hung " + (site.candidates.empty() ? "" : site.candidates.front().rule);
        break;
    }
    out.push_back(line);
  }
  return out;
}

inline std::vector<std::string> faults(const std::string& text) {
  const Program program = program_of(text);
  std::vector<std::string> out;
  for (const Fault& fault : analyse(program, {}).faults)
    out.push_back(std::to_string(line_of(program, fault.span)) + ": " + fault.rule);
  return out;
}

}  // namespace fermata::ownership::test
