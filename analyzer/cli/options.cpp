#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <map>
#include <span>

#include "cli/input.h"

namespace fermata {

namespace {

// The first `count` of the formats.
void add_format(CLI::App& app, Format& format, std::size_t count = kFormats.size()) {
  std::map<std::string, Format> values;
  std::string names;
  for (const auto& [name, value] : std::span(kFormats).first(count)) {
    values.emplace(name, value);
    names += (names.empty() ? "" : "|") + std::string(name);
  }
  app.add_option("--format", format, "How the result is written (default: text)")
      ->transform(CLI::CheckedTransformer(values).description(names))
      ->option_text(names);
}

void add_report(CLI::App& app, ReportOptions& report) {
  add_format(app, report.format);
  app.add_option("--output", report.output, "Write the report to this file")->option_text("FILE");
  app.add_option("--select", report.select, "Report only these rules")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text("RULE,...");
  app.add_option("--ignore", report.ignore, "Do not report these rules")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text("RULE,...");
  app.add_option("--baseline", report.baseline, "Do not report the findings that this file knows")->option_text("FILE");
  app.add_flag("--write-baseline", report.write_baseline,
               "Write the baseline: all findings into a new file, what is left of it into an old one");
  app.add_option("--max-unknown", report.max_unknown, "Status 1 when more sites than this are undecided")
      ->check(CLI::Range(0, 1'000'000'000))
      ->option_text("N");
  app.add_flag("--quiet", report.quiet, "One line for each finding and nothing else");
}

// "2/8".
std::string read_shard(const std::string& text, Shard& shard) {
  const char* const end = text.data() + text.size();
  const auto [slash, first] = std::from_chars(text.data(), end, shard.index);
  if (first == std::errc() && slash != end && *slash == '/') {
    const auto [rest, second] = std::from_chars(slash + 1, end, shard.count);
    if (second == std::errc() && rest == end && shard.index >= 1 && shard.index <= shard.count) return "";
  }
  return "wants I/N with I from 1 to N";
}

void add_reading(CLI::App& app, FrontendOptions& reading) {
  constexpr const char* group = "Reading scripts";
  constexpr uint64_t most = uint64_t{1} << 30;  // positions are 32 bits wide
  app.add_option("--root", reading.root, "Imports may not leave this folder (default: see the README)")
      ->check(CLI::ExistingDirectory)
      ->option_text("FOLDER")
      ->group(group);
  const auto add_limit = [&](const char* name, auto& value, uint64_t highest, const std::string& what) {
    app.add_option(name, value, what + " (default: " + std::to_string(value) + ")")
        ->check(CLI::Range(uint64_t{1}, highest))
        ->option_text("N")
        ->group(group);
  };
  add_limit("--max-file-bytes", reading.max_file_bytes, most, "Size of one file");
  add_limit("--max-program-bytes", reading.max_program_bytes, most, "Size of a main file with all it imports");
  add_limit("--max-expansion-bytes", reading.max_expansion_bytes, most, "Text that defines, macros and loops give");
  add_limit("--max-expansion-depth", reading.max_expansion_depth, 1000, "Macros that use macros");
  add_limit("--max-imports", reading.max_imports, 1'000'000, "Files that one main file imports");
}

void add_check(CLI::App& app, CheckCommand& check) {
  app.add_option("PATH", check.paths, "Files, folders or products (default: this folder); - for standard input");
  add_report(app, check);
  app.add_option("--config", check.config, "Use this fermata.toml for everything")->option_text("FILE");
  app.add_option("--product", check.product, "Analyse PATHs as parts of this product")->option_text("FILE");
  app.add_option("--stdin-filename", check.stdin_filename, "What the text on standard input is called")
      ->option_text("PATH");
  app.add_option("--since", check.since, "Report only what the changes since this git revision touch or cause")
      ->option_text("REV");
  app.add_flag("--staged", check.staged, "Check what is staged for the next commit, and report only what it changes");
  CLI::Option* const fix =
      app.add_flag("--fix", check.fix, "Write safe fixes to the files, where a second analysis finds them right");
  CLI::Option* const diff = app.add_flag("--diff", check.diff, "Print what --fix would change, instead of the report");
  app.add_flag("--suggestions", check.suggestions, "--fix and --diff also take fixes that are to be looked at");
  app.add_option_function<std::string>(
         "--shard",
         [&check](const std::string& text) {
           if (const std::string wrong = read_shard(text, check.shard); !wrong.empty()) {
             throw CLI::ValidationError("--shard", wrong);
           }
         },
         "Analyse this part of the main files and write the results for 'fermata merge'")
      ->option_text("I/N");
  // What is fixed are the files as they are, all that was analysed.
  fix->excludes(diff)->excludes("--since")->excludes("--staged")->excludes("--shard")->excludes("--stdin-filename");
  diff->excludes("--since")->excludes("--staged")->excludes("--shard")->excludes("--stdin-filename");
  app.add_option("--jobs", check.jobs, "Main files analysed at once (default: one per core)")
      ->check(CLI::Range(1, 1024))
      ->option_text("N");
  app.add_flag("!--no-replay", check.replay, "Do not replay witnesses on the runtime");
  app.add_flag("!--no-cache", check.cache, "Neither use nor write the results of earlier runs");
  app.add_flag("--stats", check.stats, "Figures of the run on standard error");
  add_reading(app, check.reading);
}

constexpr const char* kVersions =
    "fermata " FERMATA_VERSION "\ngrammar " FERMATA_GRAMMAR_VERSION "\ncontracts " FERMATA_CONTRACTS_VERSION;

// What the parser writes into.
struct Values {
  CheckCommand check;
  RunCommand run;
  ReplayCommand replay;
  ExplainCommand explain;
  ParseCommand parse;
  MergeCommand merge;
  GenerateCommand generate;
};

void set_up(CLI::App& app, Values& values) {
  app.set_version_flag("--version", kVersions, "Print the versions of the program, its grammar and its contracts");
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default(false);

  add_check(*app.add_subcommand("check", "Analyse files, folders or products"), values.check);
  CLI::App& merge = *app.add_subcommand("merge", "One report from what check --shard wrote");
  merge.add_option("FILE", values.merge.files, "What the shards wrote, all of them")->required();
  add_report(merge, values.merge);
  CLI::App& run = *app.add_subcommand("run", "Play a scenario on the reference runtime");
  run.add_option("PRODUCT", values.run.product, "Main file")->required();
  run.add_option("--scenario", values.run.scenario, "Input: .json or .mid (default: no input)")->option_text("FILE");
  add_format(run, values.run.format, 2);
  run.add_option("--timeline", values.run.timeline, "Draw the run to this SVG file")->option_text("FILE.svg");
  run.add_option("--render", values.run.render, "Let it be heard: write this WAV file")->option_text("FILE.wav");
  add_reading(run, values.run.reading);
  CLI::App& replay = *app.add_subcommand("replay", "Replay the witnesses of a JSON report on the runtime");
  replay.add_option("FINDINGS", values.replay.findings, "Report of check --format json")->required();
  add_reading(replay, values.replay.reading);
  CLI::App& explain = *app.add_subcommand("explain", "What a rule means, with a bad and a good script");
  explain.add_option("RULE", values.explain.rule, "A rule (default: the list of all)");
  CLI::App& parse = *app.add_subcommand("parse", "Syntax tree of a file");
  parse.add_option("FILE", values.parse.file, "Script")->required();
  parse.add_flag("--expanded", values.parse.expanded, "The expanded program instead");
  parse.add_flag("--quiet", values.parse.quiet, "Parse and print nothing");
  add_reading(parse, values.parse.reading);
  CLI::App& generate = *app.add_subcommand("generate", "Files that are made from the program itself");
  generate.group("");  // for packages and the documentation: not in the help
  generate.add_option("WHAT", values.generate.what, "commands, schema, config, man, bash, zsh or fish")->required();
}

OptionText describe(const CLI::Option& option) {
  OptionText text;
  for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  if (option.get_positional()) text.names = {option.get_name(true)};
  text.positional = option.get_positional();
  text.required = option.get_required();
  text.value = option.get_positional() ? option.get_name(true) : option.get_option_text();
  text.meaning = option.get_description();
  return text;
}

CommandText describe(const CLI::App& app) {
  CommandText text{app.get_name(), app.get_description(), {}};
  for (const CLI::Option* option : app.get_options()) text.options.push_back(describe(*option));
  return text;
}

constexpr const char* kSummary = "Proves that no voice of a Kontakt script hangs, or shows how one does.";

}  // namespace

std::vector<CommandText> describe_command_line() {
  CLI::App app{kSummary, "fermata"};
  Values values;
  set_up(app, values);
  std::vector<CommandText> commands{describe(app)};
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); })) {
    commands.push_back(describe(*command));
  }
  return commands;
}

Command read_command_line(int argc, char** argv) {
  CLI::App app{kSummary, "fermata"};
  Values values;
  set_up(app, values);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // help and version
    return Answered{app.exit(success)};
  } catch (const CLI::ParseError& error) {
    complain("command line", error.what());
    return Answered{2};
  }
  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "check") return values.check;
  if (name == "merge") return values.merge;
  if (name == "run") return values.run;
  if (name == "replay") return values.replay;
  if (name == "explain") return values.explain;
  if (name == "generate") return values.generate;
  return values.parse;
}

}  // namespace fermata
