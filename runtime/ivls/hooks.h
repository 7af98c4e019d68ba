// Callbacks that run outside a voice's path: every live node's `cb NAME`, in the order of the nodes.
#pragma once

#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "runtime/ivls/world.h"

namespace fermata::runtime::ivls {

enum class Hook : uint8_t { constructor, copy_constructor, destructor, path_cancellation };

class Hooks {
 public:
  explicit Hooks(World& world);

  void run(Hook hook, Handle voice);
  // Any callback by its name as written. `on_end` comes once for each body; the number of those that it will not come
  // for, because they could not be started.
  size_t run(std::string_view name, const KernelAction& on_end = {});
  size_t count(std::string_view name) const;

 private:
  struct Body {
    NodeId node = kNone;
    BlockId block = kNone;
  };
  const std::vector<Body>& bodies(std::string_view name) const;

  World& world_;
  struct IgnoringCase {
    bool operator()(std::string_view a, std::string_view b) const;
  };
  std::map<std::string_view, std::vector<Body>, IgnoringCase> bodies_;  // of the live nodes, by name
  std::array<const std::vector<Body>*, 4> hooks_;
};

}  // namespace fermata::runtime::ivls
