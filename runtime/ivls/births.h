// Allocation and end of voices, with the modulation container (VMC) each of them holds a share of.
#pragma once

#include "runtime/ivls/hooks.h"
#include "runtime/ivls/world.h"

namespace fermata::runtime::ivls {

class Births {
 public:
  Births(World& world, Hooks& hooks) : world_(world), hooks_(hooks) {}

  // -1 with the fault `too-many-voices` when the pool is empty. Both give an unfired voice.
  Handle make();
  // All fields but the tree links, runtime and event. `own_vmc`: a container of its own below the source's.
  Handle copy(Handle source, bool own_vmc);
  // The slot goes back: children lose their parent, the share of the VMC is given up.
  void end(Handle voice, std::string_view how);

 private:
  Handle allocate();
  Handle new_vmc(Handle parent);
  void drop_vmc(Handle vmc);

  World& world_;
  Hooks& hooks_;
};

void join_runtime(World& world, Handle voice, Handle runtime);
void leave_runtime(World& world, Handle voice);

}  // namespace fermata::runtime::ivls
