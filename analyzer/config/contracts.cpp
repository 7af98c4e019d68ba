// [contracts]: calls described in fermata.toml itself and in files of their own.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "config/config.h"
#include "contracts/read.h"

namespace fermata {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxContractBytes = 4u << 20;

// Below `base`, and readable; otherwise what is wrong with it.
std::string why_not_below(const fs::path& base, const std::string& name) {
  std::error_code error;
  const fs::path root = fs::weakly_canonical(base.empty() ? fs::path(".") : base, error);
  const fs::path file = fs::weakly_canonical(root / name, error);
  const auto [end, rest] = std::ranges::mismatch(root, file);
  if (error || fs::path(name).is_absolute() || end != root.end()) {
    return "lies outside the folder of fermata.toml: copy it into the folder";
  }
  if (!fs::is_regular_file(file, error)) return "no such file";
  return fs::file_size(file, error) > kMaxContractBytes ? "is too large for contracts" : "";
}

class Contracts {
 public:
  explicit Contracts(Config& config) : config_(config) {}

  std::string add(ContractFile&& file, const std::string& shown) {
    for (NamedContract& contract : file.contracts) {
      if (find_builtin_contract(contract.name) != nullptr) {
        return fmt::format("{}: what '{}' does is known already: take the line out", contract.place, contract.name);
      }
      const auto [known, fresh] = places_.try_emplace(contract.name, shown + ":" + contract.place);
      if (!fresh) {
        return fmt::format("{}: '{}' stands in {} too: take one out", contract.place, contract.name, known->second);
      }
      contract.place = known->second;
      config_.contracts.push_back(std::move(contract));
    }
    return "";
  }

  std::string add_file(const std::string& name) {
    const fs::path folder = config_.path.parent_path();
    if (std::string reason = why_not_below(folder, name); !reason.empty()) return name + ": " + reason;
    std::ifstream in(folder / name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in.is_open() || in.bad()) return name + ": cannot be read";
    ContractFile file = read_contract_file(text);
    const std::string error = file.error.empty() ? add(std::move(file), name) : file.error;
    return error.empty() ? "" : name + ":" + error;
  }

 private:
  Config& config_;
  std::map<std::string, std::string> places_;
};

}  // namespace

std::string read_contracts(std::string_view text, Config& config) {
  ContractFile own = read_contract_section(text);
  if (!own.error.empty()) return own.error;
  const auto files = std::move(own.files);
  Contracts contracts(config);
  if (std::string error = contracts.add(std::move(own), config.path.filename().string()); !error.empty()) return error;
  for (const auto& [name, line] : files) {
    if (std::string error = contracts.add_file(name); !error.empty()) return line + ": " + error;
  }
  return "";
}

}  // namespace fermata
