#include "witness/match.h"

#include <algorithm>

namespace fermata::witness {

using ownership::SiteKind;
using runtime::Loss;

bool same_line(const Program& program, const Span& a, const Span& b) {
  if (a.file == kNone || b.file == kNone) return false;
  const Span x = program.user_span(a);
  const Span y = program.user_span(b);
  if (x.file != y.file || x.file == kNone) return false;
  const SourceFile& file = program.files[x.file];
  return file.position(x.begin).line == file.position(y.begin).line;
}

namespace {

bool belongs(const Program& program, const ownership::Site& site, const runtime::Lost& lost) {
  switch (site.kind) {
    case SiteKind::play_note:
    case SiteKind::midi_note:
      return same_line(program, site.span, lost.birth);
    case SiteKind::swallowed_release:
      return lost.loss == Loss::swallowed && same_line(program, site.span, lost.loss_at);
    case SiteKind::runtime:
      return lost.loss == Loss::runtime_leaked && same_line(program, site.span, lost.runtime_at);
    case SiteKind::legato_source:
      // A fade that was released first leaves the source as it was taken: without an owner.
      if (lost.loss == Loss::detached && !site.candidates.empty() && site.candidates.front().rule == "fade-cancelled")
        return true;
      return lost.loss == Loss::legato_source &&
             (same_line(program, site.span, lost.loss_at) || !site.candidates.empty());
    case SiteKind::detach:
      return lost.loss == Loss::detached && same_line(program, site.span, lost.loss_at);
    case SiteKind::voice:
    case SiteKind::pass:
      return lost.loss == Loss::never_owned &&
             same_line(program, site.span, lost.birth);  // with its parent lost, the parent is to blame
  }
  return false;
}

const runtime::Lost* root_of(const runtime::Report& report, const runtime::Lost& lost) {
  if (lost.loss != Loss::parent_lost || lost.root < 0) return &lost;
  for (const auto* list : {&report.leaked, &report.hung}) {
    const auto found = std::ranges::find(*list, lost.root, &runtime::Lost::voice);
    if (found != list->end()) return &*found;
  }
  return &lost;
}

}  // namespace

bool hangs_at(const Program& program, const ownership::Site& site, const runtime::Report& report) {
  return std::ranges::any_of(report.hung, [&](const runtime::Lost& lost) {
    return belongs(program, site, lost) || belongs(program, site, *root_of(report, lost));
  });
}

}  // namespace fermata::witness
