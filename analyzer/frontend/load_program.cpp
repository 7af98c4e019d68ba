#include "frontend/expand.h"
#include "frontend/frontend.h"

namespace fermata {

Program load_program(const std::filesystem::path& main_file, const FrontendOptions& options) {
  Program program;
  program.contracts = options.contracts;
  const Expanded expanded = expand(main_file, options, program);
  build_program(expanded, options, program);
  return program;
}

}  // namespace fermata
