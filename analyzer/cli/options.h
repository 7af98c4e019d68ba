// The command line as a value. Only options.cpp knows the option parser.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "frontend/frontend.h"
#include "report/format.h"

namespace fermata {

// What `check` and `merge` make of the results.
struct ReportOptions {
  Format format = Format::text;
  std::string output;  // empty: standard output
  std::vector<std::string> select, ignore;
  std::string baseline;  // empty: none
  bool write_baseline = false;
  int max_unknown = -1;  // more undecided sites than this make the status 1; -1: any number may be
  bool quiet = false;
};

// The part of the main files that this run analyses: each `count`-th, from `index` (from 1) on.
struct Shard {
  std::size_t index = 1, count = 0;  // count 0: no shard, a report
};

struct CheckCommand : ReportOptions {
  std::vector<std::string> paths;  // "-": standard input
  std::string config;              // empty: the nearest fermata.toml
  std::string product;
  std::string stdin_filename;
  std::string since;  // report only what changed from this revision on
  bool staged = false;
  bool fix = false;                            // write safe fixes to the files
  bool diff = false;                           // print them instead of the report
  bool suggestions = false;                    // fixes that are to be looked at, too
  std::map<std::string, std::string> overlay;  // not an option: bytes to take instead of a file's, by shown path
  Shard shard;
  int jobs = 0;  // 0: one per core
  bool replay = true;
  bool stats = false;
  FrontendOptions reading;
  bool cache = true;
};

struct MergeCommand : ReportOptions {
  std::vector<std::string> files;  // what shards wrote
};

struct RunCommand {
  std::string product;
  std::string scenario;
  Format format = Format::text;
  std::string timeline, render;  // files to write; empty: none
  FrontendOptions reading;
};

struct ReplayCommand {
  std::string findings;
  FrontendOptions reading;
};

struct ExplainCommand {
  std::string rule;  // empty: the list
};

struct ParseCommand {
  std::string file;
  bool expanded = false;
  bool quiet = false;
  FrontendOptions reading;
};

// Not in the help: documentation, man page, completions and schema, for whoever builds a package.
struct GenerateCommand {
  std::string what;
};

// The parser has already answered (help, version, a wrong option).
struct Answered {
  int status = 0;
};

using Command = std::variant<Answered, CheckCommand, RunCommand, ReplayCommand, ExplainCommand, ParseCommand,
                             MergeCommand, GenerateCommand>;

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
