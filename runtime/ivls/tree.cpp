#include "runtime/ivls/tree.h"

namespace fermata::runtime::ivls {

void link(World& world, Handle child, Handle parent) {
  const bool same_parent = parent != -1 && world.voices[child].parent == parent;
  unlink(world, child);
  Voice& voice = world.voices[child];
  voice.parent = parent;
  if (!same_parent) voice.linked_at = ++world.tick;
  if (parent == -1) return;
  Voice& above = world.voices[parent];
  voice.right = above.child;
  if (voice.right != -1) world.voices[voice.right].left = child;
  above.child = child;
}

void unlink(World& world, Handle child) {
  Voice& voice = world.voices[child];
  if (voice.left != -1) world.voices[voice.left].right = voice.right;
  if (voice.right != -1) world.voices[voice.right].left = voice.left;
  if (voice.parent != -1 && world.voices[voice.parent].child == child) world.voices[voice.parent].child = voice.right;
  voice.parent = voice.left = voice.right = -1;
}

std::vector<Handle> children(const World& world, Handle parent) {
  std::vector<Handle> found;
  for (Handle at = world.voices[parent].child; at != -1; at = world.voices[at].right) found.push_back(at);
  return found;
}

bool is_below(const World& world, Handle voice, Handle ancestor) {
  while (voice != -1 && voice != ancestor) voice = world.voices[voice].parent;
  return voice == ancestor;
}

}  // namespace fermata::runtime::ivls
