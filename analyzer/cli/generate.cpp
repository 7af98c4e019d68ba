// Everything that documents the command line and the configuration is made from the tables that the program itself
// uses.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "cli/commands.h"
#include "cli/completions.h"
#include "cli/input.h"
#include "config/keys.h"
#include "config/schema.h"

namespace fermata {

namespace {

std::string synopsis(const CommandText& command) {
  std::string out = command.name == "fermata" ? "fermata" : "fermata " + command.name;
  bool options = false;
  for (const OptionText& option : command.options) {
    if (!option.positional) {
      options = true;
      continue;
    }
    out += option.required ? " " + option.value : fmt::format(" [{}]", option.value);
  }
  return out + (options ? " [OPTION...]" : "");
}

std::string spelled(const OptionText& option) {
  const std::string names = fmt::format("{}", fmt::join(option.names, ", "));
  return option.positional || option.value.empty() ? names : names + " " + option.value;
}

std::string commands_page() {
  std::string out = "# Commands\n\n<!-- Made by tools/generate-docs from the program itself. -->\n";
  for (const CommandText& command : describe_command_line()) {
    out += fmt::format("\n## {}\n\n{}\n\n| argument | meaning |\n|---|---|\n", synopsis(command), command.meaning);
    for (const OptionText& option : command.options) {
      std::string name = spelled(option), cell;
      for (const char c : name) cell += c == '|' ? std::string("\\|") : std::string(1, c);
      out += fmt::format("| `{}` | {} |\n", cell, option.meaning);
    }
  }
  return out;
}

std::string config_page() {
  std::string out = "# fermata.toml\n\n<!-- Made by tools/generate-docs from the program itself. -->\n";
  std::string_view section;
  for (const Key& key : config_keys()) {
    if (key.section != section) {
      section = key.section;
      out += fmt::format("\n## [{}]\n\n| key | default | values | meaning |\n|---|---|---|---|\n", section);
    }
    std::string values;
    switch (key.kind) {
      case KeyKind::choice:
        values = fmt::format("`\"{}\"`", fmt::join(key.choices, "\"`, `\""));
        break;
      case KeyKind::whole:
        values = fmt::format("{} to {}", key.low, key.high);
        break;
      case KeyKind::globs:
        values = "globs: `*` within a folder, `**` across folders, `?`";
        break;
      case KeyKind::time:
        values = fmt::format("seconds from {} to {}, or `\"90 s\"`, `\"500 ms\"`", key.low, key.high);
        break;
    }
    out += fmt::format("| `{}` | `{}` | {} | {} |\n", key.name, key.standard, values, key.meaning);
  }
  return out;
}

std::string man_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '-') out += '\\';
    out += c == '\\' ? 'e' : c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string man_page() {
  const std::vector<CommandText> commands = describe_command_line();
  std::string out = ".TH FERMATA 1 \"\" \"fermata " FERMATA_VERSION "\" \"User Commands\"\n";
  out += fmt::format(".SH NAME\nfermata \\- {}\n.SH SYNOPSIS\n", man_text(commands.front().meaning));
  for (const CommandText& command : commands) {
    if (command.name != "fermata") out += fmt::format(".B {}\n.br\n", man_text(synopsis(command)));
  }
  out += ".SH COMMANDS\n";
  for (const CommandText& command : commands) {
    if (command.name == "fermata") continue;
    out += fmt::format(".SS {}\n{}.\n", man_text(command.name), man_text(command.meaning));
    for (const OptionText& option : command.options) {
      out += fmt::format(".TP\n.B {}\n{}\n", man_text(spelled(option)), man_text(option.meaning));
    }
  }
  out += ".SH EXIT STATUS\n0 no finding at or above fail\\-on, 1 findings, 2 the run itself failed.\n";
  out += ".SH FILES\n.TP\n.B fermata.toml\nThe configuration: the nearest one up the folders counts.\n";
  return out;
}

}  // namespace

int generate(const GenerateCommand& command) {
  struct Page {
    std::string_view name;
    std::string (*write)();
  };
  constexpr std::array pages{Page{"commands", commands_page}, Page{"schema", config_schema},
                             Page{"config", config_page},     Page{"man", man_page},
                             Page{"bash", bash_completion},   Page{"zsh", zsh_completion},
                             Page{"fish", fish_completion}};
  for (const Page& page : pages) {
    if (page.name == command.what) return write_output("", page.write()) ? 0 : 2;
  }
  complain(command.what, "cannot be generated; known are commands, schema, config, man, bash, zsh, fish");
  return 2;
}

}  // namespace fermata
