#include <exception>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/options.h"

namespace {

struct Runner {
  int operator()(const fermata::Answered& answered) const { return answered.status; }
  int operator()(const fermata::CheckCommand& command) const { return fermata::check(command); }
  int operator()(const fermata::MergeCommand& command) const { return fermata::merge(command); }
  int operator()(const fermata::RunCommand& command) const { return fermata::run(command); }
  int operator()(const fermata::ReplayCommand& command) const { return fermata::replay(command); }
  int operator()(const fermata::ExplainCommand& command) const { return fermata::explain(command); }
  int operator()(const fermata::ParseCommand& command) const { return fermata::parse(command); }
  int operator()(const fermata::GenerateCommand& command) const { return fermata::generate(command); }
};

}  // namespace

int main(int argc, char** argv) {
  try {
    return std::visit(Runner{}, fermata::read_command_line(argc, argv));
  } catch (const std::exception& error) {
    fermata::complain("internal error", error.what());
  } catch (...) {
    fermata::complain("internal error", "unknown");
  }
  return 2;
}
