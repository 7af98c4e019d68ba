#include "cli/completions.h"

#include <fmt/format.h>

#include <vector>

#include "cli/options.h"
#include "report/catalogue.h"

namespace fermata {

namespace {

// What stands after an option: the words of "a|b", the rules, or files.
std::string words_of(const OptionText& option) {
  std::string words;
  if (option.value.find('|') != std::string::npos) {
    for (const char c : option.value) words += c == '|' ? ' ' : c;
  } else if (option.value.starts_with("RULE")) {
    for (const Rule& rule : all_rules()) words += (words.empty() ? "" : " ") + rule.name;
  }
  return words;
}

bool wants_file(const OptionText& option) { return option.value == "FILE" || option.value == "PATH"; }

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string names_of(const std::vector<CommandText>& commands) {
  std::string names;
  for (const CommandText& command : commands) {
    if (command.name != "fermata") names += (names.empty() ? "" : " ") + command.name;
  }
  return names;
}

}  // namespace

std::string bash_completion() {
  const std::vector<CommandText> commands = describe_command_line();
  std::string values, options;
  for (const CommandText& command : commands) {
    std::string names;
    for (const OptionText& option : command.options) {
      if (option.positional) {
        if (const std::string words = words_of(option); !words.empty()) names += words + " ";
        continue;
      }
      for (const std::string& name : option.names) {
        names += name + " ";
        const std::string words = words_of(option);
        if (!words.empty()) values += fmt::format("    {}:{}) words='{}' ;;\n", command.name, name, words);
        if (words.empty() && !option.value.empty() && !wants_file(option)) {
          values += fmt::format("    {}:{}) return ;;\n", command.name, name);
        }
        if (wants_file(option)) values += fmt::format("    {}:{}) files=yes ;;\n", command.name, name);
      }
    }
    options += fmt::format("    {}) words='{}' ;;\n", command.name, names);
  }
  return fmt::format(R"(# Completion of fermata for bash.
_fermata() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command=${{COMP_WORDS[1]}} words= files=
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W '{} --help --version' -- "$current"))
    return
  fi
  case $command:$previous in
{}  esac
  if [ -z "$words$files" ]; then
    case $command in
{}    esac
    files=yes
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ -z "$files" ] || COMPREPLY+=($(compgen -f -- "$current"))
}}
complete -o filenames -F _fermata fermata
)",
                     names_of(commands), values, options);
}

std::string zsh_completion() {
  const std::vector<CommandText> commands = describe_command_line();
  std::string list, cases;
  for (const CommandText& command : commands) {
    if (command.name == "fermata") continue;
    const auto plain = [](std::string_view text) {  // of what _arguments reads as syntax
      std::string out;
      for (const char c : text) out += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
      return out;
    };
    list += fmt::format("    {}\n", shell_quoted(command.name + ":" + plain(command.meaning)));
    cases += fmt::format("    {})\n      _arguments", command.name);
    for (const OptionText& option : command.options) {
      const std::string words = words_of(option);
      const std::string action = !words.empty() ? "(" + words + ")" : "_files";
      if (option.positional) {
        cases += " " + shell_quoted(fmt::format("*:{}:{}", plain(option.value), action));
        continue;
      }
      for (const std::string& name : option.names) {
        std::string argument = fmt::format("{}[{}]", name, plain(option.meaning));
        if (!option.value.empty()) {
          const bool open = words.empty() && !wants_file(option);
          argument += fmt::format(":{}:{}", plain(words.empty() ? option.value : "value"), open ? " " : action);
        }
        cases += " " + shell_quoted(argument);
      }
    }
    cases += "\n      ;;\n";
  }
  return fmt::format(R"(#compdef fermata
# Completion of fermata for zsh.
_fermata() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments '--help[Print the help]' '--version[Print the version]'
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
_fermata "$@"
)",
                     list, cases);
}

std::string fish_completion() {
  const std::vector<CommandText> commands = describe_command_line();
  std::string out = "# Completion of fermata for fish.\n";
  const auto quote = [](std::string_view text) {
    std::string q = "'";
    for (const char c : text) q += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return q + "'";
  };
  for (const CommandText& command : commands) {
    const bool top = command.name == "fermata";
    const std::string when =
        quote(top ? "__fish_use_subcommand" : fmt::format("__fish_seen_subcommand_from {}", command.name));
    if (!top) {
      out += fmt::format("complete -c fermata -n '__fish_use_subcommand' -f -a {} -d {}\n", command.name,
                         quote(command.meaning));
    }
    for (const OptionText& option : command.options) {
      const std::string words = words_of(option);
      if (option.positional) {
        if (!words.empty()) out += fmt::format("complete -c fermata -n {} -f -a {}\n", when, quote(words));
        continue;
      }
      for (const std::string& name : option.names) {
        if (!name.starts_with("--")) continue;
        out += fmt::format("complete -c fermata -n {} -l {} -d {}", when, name.substr(2), quote(option.meaning));
        if (!option.value.empty())
          out += words.empty() ? (wants_file(option) ? " -r -F" : " -x") : " -x -a " + quote(words);
        out += '\n';
      }
    }
  }
  return out;
}

}  // namespace fermata
