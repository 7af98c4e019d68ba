// generate OUTPUT FILE...: the contracts of the files as a C++ table. Runs when the program is built; a wrong line
// stops the build with its file and number.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "contracts/read.h"

namespace fermata {

namespace {

namespace fs = std::filesystem;

struct GeneratedRow {
  NamedContract contract;
  std::string library, file;
};

std::string as_code(const GeneratedRow& row) {
  const Contract& contract = row.contract.contract;
  std::string code = "    {\"" + row.contract.name + "\", Library::" + row.library + ", {" +
                     std::to_string(contract.min_arguments) + ", " + std::to_string(contract.max_arguments) + ", " +
                     std::to_string(contract.effect_count) + ", {{";
  for (const ContractEffect& effect : contract.all_effects()) {
    code += "{static_cast<Verb>(" + std::to_string(static_cast<int>(effect.verb)) + "), {{";
    for (const uint8_t argument : effect.arguments) code += std::to_string(argument) + ", ";
    code += "}}}, ";
  }
  return code + "}}}},\n";
}

bool read(const fs::path& path, std::vector<GeneratedRow>& rows) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  ContractFile file = in.is_open() ? read_contract_file(text) : ContractFile{{}, {}, "0: cannot be read"};
  if (!file.error.empty()) {
    std::fprintf(stderr, "%s:%s\n", path.c_str(), file.error.c_str());
    return false;
  }
  for (NamedContract& contract : file.contracts) {
    rows.push_back({std::move(contract), path.stem().string(), path.string()});
  }
  return true;
}

int generate(int count, char** arguments) {
  std::vector<GeneratedRow> rows;
  bool fine = count > 2;
  for (int i = 2; i < count; ++i) fine = read(arguments[i], rows) && fine;
  std::ranges::sort(rows, {}, [](const GeneratedRow& row) { return row.contract.name; });
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const GeneratedRow &one = rows[i - 1], &other = rows[i];
    if (one.contract.name != other.contract.name) continue;
    std::fprintf(stderr, "%s:%s: '%s' stands in %s too: take one out\n", other.file.c_str(),
                 other.contract.place.c_str(), other.contract.name.c_str(), one.file.c_str());
    fine = false;
  }
  if (!fine) return 1;
  std::ofstream out(arguments[1], std::ios::binary);
  out << "// Generated from rules/contracts; do not edit.\n#include \"contracts/contract.h\"\n\nnamespace fermata {\n"
         "namespace {\n\nconstexpr BuiltinContract kContracts[] = {\n";
  for (const GeneratedRow& row : rows) out << as_code(row);
  out << "};\n\n}  // namespace\n\nstd::span<const BuiltinContract> builtin_contracts() { return kContracts; }\n\n}  "
         "// namespace fermata\n";
  return out.flush() ? 0 : 1;
}

}  // namespace

}  // namespace fermata

int main(int count, char** arguments) { return fermata::generate(count, arguments); }
