#include "cli/options.h"

#include <CLI/CLI.hpp>
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

void add_check(CLI::App& app, CheckCommand& check) {
  app.add_option("PATH", check.paths, "Files, folders or products (default: this folder); - for standard input");
  add_format(app, check.format);
  app.add_option("--output", check.output, "Write the report to this file")->option_text("FILE");
  app.add_option("--config", check.config, "Use this fermata.toml for everything")->option_text("FILE");
  app.add_option("--product", check.product, "Analyse PATHs as parts of this product")->option_text("FILE");
  app.add_option("--select", check.select, "Report only these rules")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text("RULE,...");
  app.add_option("--ignore", check.ignore, "Do not report these rules")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text("RULE,...");
  app.add_option("--jobs", check.jobs, "Main files analysed at once (default: one per core)")
      ->check(CLI::Range(1, 1024))
      ->option_text("N");
  app.add_option("--stdin-filename", check.stdin_filename, "What the text on standard input is called")
      ->option_text("PATH");
  app.add_flag("!--no-replay", check.replay, "Do not replay witnesses on the runtime");
  app.add_flag("--quiet", check.quiet, "One line for each finding and nothing else");
  app.add_flag("--stats", check.stats, "Figures of the run on standard error");
}

// What the parser writes into.
struct Values {
  CheckCommand check;
  RunCommand run;
  ReplayCommand replay;
  ExplainCommand explain;
  ParseCommand parse;
  GenerateCommand generate;
};

void set_up(CLI::App& app, Values& values) {
  app.set_version_flag("--version", "fermata " FERMATA_VERSION);
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default(false);

  add_check(*app.add_subcommand("check", "Analyse files, folders or products"), values.check);
  CLI::App& run = *app.add_subcommand("run", "Play a scenario on the reference runtime");
  run.add_option("PRODUCT", values.run.product, "Main file")->required();
  run.add_option("--scenario", values.run.scenario, "Input: .json or .mid (default: no input)")->option_text("FILE");
  add_format(run, values.run.format, 2);
  CLI::App& replay = *app.add_subcommand("replay", "Replay the witnesses of a JSON report on the runtime");
  replay.add_option("FINDINGS", values.replay.findings, "Report of check --format json")->required();
  CLI::App& explain = *app.add_subcommand("explain", "What a rule means, with a bad and a good script");
  explain.add_option("RULE", values.explain.rule, "A rule (default: the list of all)");
  CLI::App& parse = *app.add_subcommand("parse", "Syntax tree of a file");
  parse.add_option("FILE", values.parse.file, "Script")->required();
  parse.add_flag("--expanded", values.parse.expanded, "The expanded program instead");
  parse.add_flag("--quiet", values.parse.quiet, "Parse and print nothing");
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
  if (name == "run") return values.run;
  if (name == "replay") return values.replay;
  if (name == "explain") return values.explain;
  if (name == "generate") return values.generate;
  return values.parse;
}

}  // namespace fermata
