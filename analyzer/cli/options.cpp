#include "cli/options.h"

#include <CLI/CLI.hpp>

#include "cli/input.h"

namespace fermata {

namespace {

void add_format(CLI::App& app, Format& format) {
  const std::map<std::string, Format> names{{"text", Format::text}, {"json", Format::json}};
  app.add_option("--format", format, "text (default) or json")
      ->transform(CLI::CheckedTransformer(names).description("text|json"))
      ->option_text("text|json");
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

}  // namespace

Command read_command_line(int argc, char** argv) {
  CLI::App app{"Proves that no voice of a Kontakt script hangs, or shows how one does.", "fermata"};
  app.set_version_flag("--version", "fermata " FERMATA_VERSION);
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default(false);

  CheckCommand check;
  RunCommand run;
  ReplayCommand replay;
  ExplainCommand explain;
  ParseCommand parse;

  CLI::App& check_app = *app.add_subcommand("check", "Analyse files, folders or products");
  add_check(check_app, check);
  CLI::App& run_app = *app.add_subcommand("run", "Play a scenario on the reference runtime");
  run_app.add_option("PRODUCT", run.product, "Main file")->required();
  run_app.add_option("--scenario", run.scenario, "Input: .json or .mid (default: no input)")->option_text("FILE");
  add_format(run_app, run.format);
  CLI::App& replay_app = *app.add_subcommand("replay", "Replay the witnesses of a JSON report on the runtime");
  replay_app.add_option("FINDINGS", replay.findings, "Report of check --format json")->required();
  CLI::App& explain_app = *app.add_subcommand("explain", "What a rule means, with a bad and a good script");
  explain_app.add_option("RULE", explain.rule, "A rule (default: the list of all)");
  CLI::App& parse_app = *app.add_subcommand("parse", "Syntax tree of a file");
  parse_app.add_option("FILE", parse.file, "Script")->required();
  parse_app.add_flag("--expanded", parse.expanded, "The expanded program instead");
  parse_app.add_flag("--quiet", parse.quiet, "Parse and print nothing");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // help and version
    return Answered{app.exit(success)};
  } catch (const CLI::ParseError& error) {
    complain("command line", error.what());
    return Answered{2};
  }
  if (check_app.parsed()) return check;
  if (run_app.parsed()) return run;
  if (replay_app.parsed()) return replay;
  if (explain_app.parsed()) return explain;
  return parse;
}

}  // namespace fermata
