#include "differ/options.h"

#include <cstdlib>

namespace fermata::differ {

const char* const kUsage =
    "usage: fermata-differ [OPTION]...\n"
    "  --programs N     how many programs (1000)\n"
    "  --seed S         where the run begins (1); program I of a seed is always the same\n"
    "  --minutes M      stop after M minutes\n"
    "  --jobs J         programs at once (1)\n"
    "  --seconds-each T processor seconds after which a program is given up (10)\n"
    "  --output FOLDER  where counterexamples are written (test-corpus/regressions)\n"
    "  --from I         the first program of the run (0)\n"
    "  --without NAME   a skeleton that is not drawn, while a known defect is open; can be repeated\n"
    "  --print          print the programs and what was said of them\n"
    "  --verbose        name what is unknown or was never replayed\n"
    "  --doubts         make small what is unknown or was never replayed, and print it\n";

std::optional<Options> read_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--print" || word == "--verbose" || word == "--doubts") {
      (word == "--print" ? options.print : word == "--doubts" ? options.doubts : options.verbose) = true;
      continue;
    }
    if (i + 1 >= count) return std::nullopt;
    const char* value = words[++i];
    if (word == "--without") {
      options.without.emplace_back(value);
      continue;
    }
    if (word == "--output") {
      options.output = value;
      continue;
    }
    char* end = nullptr;
    const double number = std::strtod(value, &end);
    if (*end != 0 || end == value || number < 0) return std::nullopt;
    const auto whole = static_cast<size_t>(number);
    if (word == "--programs")
      options.programs = whole;
    else if (word == "--from")
      options.from = whole;
    else if (word == "--jobs" && whole > 0)
      options.jobs = whole;
    else if (word == "--seconds-each" && whole > 0)
      options.seconds_each = static_cast<unsigned>(whole);
    else if (word == "--seed")
      options.seed = std::strtoull(value, nullptr, 10);
    else if (word == "--minutes")
      options.minutes = number;
    else
      return std::nullopt;
  }
  return options;
}

}  // namespace fermata::differ
