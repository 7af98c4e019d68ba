// Callbacks that run outside a voice's path: every live node's `cb NAME`, in the order of the nodes.
#pragma once

#include <array>
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
  std::vector<Body> bodies(std::string_view name) const;

  World& world_;
  std::vector<NodeId> nodes_;  // live ones
  std::array<std::vector<Body>, 4> hooks_;
};

}  // namespace fermata::runtime::ivls
