// The import statements of the first pass.
#include <algorithm>

#include "frontend/expand_load.h"

namespace fermata {

void Loader::visit_import() {
  Span span = token_span(0, line_.tokens.size());
  auto statement = parse_import(text(), line_);
  if (!statement) {
    reporter_.error("syntax-error", "an import reads 'import \"file.ksp\"' or 'import \"file.ksp\" as name'", span);
  } else if (macros_.is_open() && !statement->name_space.empty()) {
    reporter_.error("expansion-failed", "an import with 'as' inside a macro is not followed: move it out of the macro",
                    span);
  } else {
    resolve_import(*statement, span);
  }
  drop_line();
}

void Loader::resolve_import(const ImportStatement& statement, Span span) {
  span.begin = statement.target_begin;
  span.end = statement.target_end;
  OpenFile& file = files_.back();
  std::string quoted = "'" + statement.target + "'";
  ImportResult result = resolver_.resolve(statement.target, paths_[file.file]);
  if (statement.target.ends_with("_IVLS/builder.ksp")) plan_->imports_builder = true;
  switch (result.status) {
    case ImportStatus::framework:
      plan_->imports_builder = true;
      return;
    case ImportStatus::address:
      reporter_.note("import-not-found",
                     quoted + " is an address on the network: it is not fetched; save the file and import that", span);
      return;
    case ImportStatus::outside_root:
      reporter_.error("import-outside-root",
                      quoted +
                          " lies outside the root folder and is not read: move it below, or name a folder that holds "
                          "both with --root",
                      span);
      return;
    case ImportStatus::not_found:
      reporter_.error("import-not-found",
                      "there is no " + quoted + " beside '" + program_.files[file.file].path +
                          "', beside the main file or in the root folder" +
                          (result.hint.empty() ? ": correct the path" : ": is '" + result.hint + "' meant?"),
                      span);
      return;
    case ImportStatus::found:
      break;
  }
  if (!result.folder && is_open(result.files.front().identity))
    return report_cycle(result.files.front().identity, span);
  // A folder may hold the file that imports it.
  std::erase_if(result.files, [&](const ImportedFile& imported) { return is_open(imported.identity); });
  std::reverse(result.files.begin(), result.files.end());
  file.waiting = std::move(result.files);
  file.waiting_span = span;
  file.waiting_name_space = name_space(file.name_space, statement.name_space);
}

bool Loader::is_open(const std::string& identity) const {
  return std::any_of(files_.begin(), files_.end(), [&](const OpenFile& file) { return file.identity == identity; });
}

void Loader::report_cycle(const std::string& identity, Span span) {
  size_t first = 0;
  while (files_[first].identity != identity) ++first;
  RelatedPlaces chain;
  for (size_t i = first + 1; i < files_.size(); ++i) {
    chain.emplace_back(files_[i].import_span, "'" + program_.files[files_[i].file].path + "' is imported here");
  }
  reporter_.error("import-cycle",
                  "'" + program_.files[files_[first].file].path +
                      "' is imported by what it imports itself: remove this import or one of the others",
                  span, std::move(chain));
}

}  // namespace fermata
