// Running another program, without a shell in between.
#pragma once

#include <string>
#include <vector>

namespace fermata {

struct ProcessCall {
  std::vector<std::string> arguments;    // [0]: the program, looked up in PATH
  std::string folder;                    // empty: this one
  std::string input;                     // its standard input
  std::vector<std::string> environment;  // "NAME=value", beside what this process has
  bool quiet = false;                    // its standard error is dropped; otherwise it is this process's
};

struct ProcessResult {
  int status = -1;  // exit status; -1: killed by a signal; 127: there is no such program
  std::string output;
};

ProcessResult run_process(const ProcessCall& call);

}  // namespace fermata
