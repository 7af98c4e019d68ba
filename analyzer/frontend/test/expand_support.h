// Programs for the tests of the text level: files in memory, or in a folder of their own on disk.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "frontend/expand.h"

namespace fermata::expand_test {

struct Result {
  Program program;
  Expanded expanded;

  // All units, without blank lines and without the blanks at both ends of a line.
  std::string text() const {
    std::string all, tidy;
    for (const ExpandedUnit& unit : expanded.units) all += unit.text + '\n';
    for (size_t begin = 0; begin < all.size();) {
      size_t end = all.find('\n', begin);
      std::string line = all.substr(begin, end - begin);
      size_t first = line.find_first_not_of(" \t"), last = line.find_last_not_of(" \t");
      if (first != std::string::npos) tidy += line.substr(first, last - first + 1) + '\n';
      begin = end + 1;
    }
    return tidy;
  }

  // "rule:line" of every diagnostic, at the place where a user should look.
  std::vector<std::string> diagnostics() const {
    std::vector<std::string> result;
    for (const FrontendDiagnostic& diagnostic : program.diagnostics) {
      Span span = program.user_span(diagnostic.span);
      uint32_t line = span.file < program.files.size() ? program.files[span.file].position(span.begin).line : 0;
      result.push_back(diagnostic.rule + ":" + std::to_string(line));
    }
    return result;
  }

  // The source text that the first `needle` of the expanded text answers for.
  Span origin_of(const std::string& needle) const {
    for (const ExpandedUnit& unit : expanded.units) {
      size_t at = unit.text.find(needle);
      if (at == std::string::npos) continue;
      return unit.origin(static_cast<uint32_t>(at), static_cast<uint32_t>(at + needle.size()));
    }
    return {};
  }
  std::string source(const Span& span) const {
    if (span.file >= program.files.size()) return "<nowhere>";
    return program.files[span.file].text.substr(span.begin, span.end - span.begin);
  }
};

using Strings = std::vector<std::string>;

inline Result expand_files(const std::map<std::string, std::string>& files, FrontendOptions options = {}) {
  std::filesystem::path folder = "/fermata-test-nowhere";
  options.overlay = [&files, folder](const std::filesystem::path& path) -> std::optional<std::string> {
    auto found = files.find(path.lexically_relative(folder).generic_string());
    return found == files.end() ? std::nullopt : std::optional(found->second);
  };
  Result result;
  result.expanded = expand(folder / "main.ksp", options, result.program);
  return result;
}

inline Result expand_text(const std::string& text, FrontendOptions options = {}) {
  return expand_files({{"main.ksp", text}}, std::move(options));
}

// A folder that goes away with the test.
class Folder {
 public:
  Folder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("fermata-expand-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  Result expand(const std::string& main, FrontendOptions options = {}) const {
    Result result;
    result.expanded = fermata::expand(path_ / main, options, result.program);
    return result;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace fermata::expand_test
