// The command line as a value. Only options.cpp knows the option parser.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "report/format.h"

namespace fermata {

struct CheckCommand {
  std::vector<std::string> paths;  // "-": standard input
  Format format = Format::text;
  std::string output;  // empty: standard output
  std::string config;  // empty: the nearest fermata.toml
  std::string product;
  std::vector<std::string> select, ignore;
  std::string stdin_filename;
  int jobs = 0;  // 0: one per core
  bool replay = true;
  bool quiet = false;
  bool stats = false;
};

struct RunCommand {
  std::string product;
  std::string scenario;
  Format format = Format::text;
};

struct ReplayCommand {
  std::string findings;
};

struct ExplainCommand {
  std::string rule;  // empty: the list
};

struct ParseCommand {
  std::string file;
  bool expanded = false;
  bool quiet = false;
};

// Not in the help: documentation, man page, completions and schema, for whoever builds a package.
struct GenerateCommand {
  std::string what;
};

// The parser has already answered (help, version, a wrong option).
struct Answered {
  int status = 0;
};

using Command =
    std::variant<Answered, CheckCommand, RunCommand, ReplayCommand, ExplainCommand, ParseCommand, GenerateCommand>;

Command read_command_line(int argc, char** argv);

// The options as text, for everything that documents them. The first command is the program itself.
struct OptionText {
  std::vector<std::string> names;  // "--format"; of a positional argument its name alone
  std::string value;               // "FILE", "text|json"; empty: a flag
  std::string meaning;
  bool positional = false, required = false;
};
struct CommandText {
  std::string name, meaning;
  std::vector<OptionText> options;
};
std::vector<CommandText> describe_command_line();

}  // namespace fermata
