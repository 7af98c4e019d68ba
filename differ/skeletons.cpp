#include "differ/skeletons.h"

#include <array>
#include <optional>

namespace fermata::differ {

namespace {

std::vector<Skeleton> read(std::string_view file) {
  std::string_view text;
  for (const auto& [name, content] : differ_skeletons()) {
    if (name == file) text = content;
  }
  std::vector<Skeleton> out;
  for (size_t from = 0; from < text.size();) {
    const size_t to = std::min(text.find('\n', from), text.size());
    const std::string_view one = text.substr(from, to - from);
    from = to + 1;
    if (one.starts_with("== "))
      out.push_back({std::string(one.substr(3)), "", false, false});
    else if (out.empty())
      continue;
    else if (one == "needs legato")
      out.back().needs_legato = true;
    else if (one == "plays")
      out.back().plays = true;
    else
      out.back().text += std::string(one) + "\n";
  }
  return out;
}

class Writer {
 public:
  Writer(std::string_view prefix, Random& random) : prefix_(prefix), random_(random) {}

  std::string write(std::string_view text) {
    std::string out;
    for (size_t from = 0; from < text.size();) {
      const size_t to = std::min(text.find('\n', from), text.size());
      std::string_view one = text.substr(from, to - from);
      from = to + 1;
      const size_t start = std::min(one.find_first_not_of(' '), one.size());
      if (one.substr(start).starts_with('?')) {
        const int percent = (one[start + 1] - '0') * 10 + (one[start + 2] - '0');
        if (!random_.chance(percent)) continue;
        one = one.substr(start + 3);
      }
      out += chosen(one) + "\n";
    }
    return out;
  }

 private:
  // With every [[a|b]] decided and every @ named. Choices do not nest.
  std::string chosen(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size();) {
      if (text.substr(i).starts_with("[[") && !text.substr(i).starts_with("[[[")) {
        i += 2;
        out += choice(text, i);
      } else {
        out += text[i] == '@' ? prefix_ : std::string(1, text[i]);
        ++i;
      }
    }
    return out;
  }

  std::string choice(std::string_view text, size_t& i) {
    std::optional<size_t> tag;
    if (i + 1 < text.size() && text[i] >= '0' && text[i] <= '9' && text[i + 1] == ':') {
      tag = static_cast<size_t>(text[i] - '0');
      i += 2;
    }
    std::vector<std::string> options(1);
    for (int depth = 0; i < text.size(); ++i) {
      if (depth == 0 && text.substr(i).starts_with("]]")) break;
      depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
      if (depth == 0 && text[i] == '|')
        options.emplace_back();
      else
        options.back() += text[i] == '@' ? prefix_ : std::string(1, text[i]);
    }
    i += 2;
    if (!tag) return random_.pick(options);
    if (!tagged_[*tag]) tagged_[*tag] = random_.below(options.size());
    return options[*tagged_[*tag] % options.size()];
  }

  std::string prefix_;
  Random& random_;
  std::array<std::optional<size_t>, 10> tagged_;
};

}  // namespace

const std::vector<Skeleton>& event_skeletons() {
  static const std::vector<Skeleton> all = read("ksp.txt");
  return all;
}

const std::vector<Skeleton>& node_skeletons() {
  static const std::vector<Skeleton> all = read("ivls.txt");
  return all;
}

std::string instance(const Skeleton& skeleton, std::string_view prefix, Random& random) {
  return Writer(prefix, random).write(skeleton.text);
}

}  // namespace fermata::differ
