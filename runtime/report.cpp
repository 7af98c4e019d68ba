// What a run answers, as JSON and as text.
#include <nlohmann/json.hpp>
#include <string>

#include "runtime/runtime.h"

namespace fermata::runtime {
namespace {

using Json = nlohmann::ordered_json;

struct Where {
  std::string path;
  LineColumn position;
  bool known() const { return !path.empty(); }
  std::string text() const {
    return path + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
  }
};

bool in_user_file(const Program& program, Span span) {
  return span.file != kNone && span.file < program.files.size() && !program.files[span.file].library;
}

Where where(const Program& program, Span span) {
  const Span user = program.user_span(span);
  if (user.file == kNone || user.file >= program.files.size()) return {};
  const SourceFile& file = program.files[user.file];
  return {file.path, file.position(user.begin)};
}

// An event is found at its birth; a voice where its last owner went, else at its birth, in a file of the user's if
// possible.
Where place(const Program& program, const Lost& lost) {
  if (lost.voice < 0) return where(program, lost.birth);
  for (const Span span : {lost.loss_at, lost.birth, lost.runtime_at}) {
    if (in_user_file(program, program.user_span(span))) return where(program, span);
  }
  return where(program, lost.loss_at.file != kNone ? lost.loss_at : lost.birth);
}

std::string seconds(Microseconds at) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%lld.%06lld s", static_cast<long long>(at / 1'000'000),
                static_cast<long long>(at % 1'000'000));
  return buffer;
}

void put(Json& out, const Where& at) {
  out["path"] = at.path;
  out["line"] = at.position.line;
  out["column"] = at.position.column;
}

Json lost_json(const Program& program, const Lost& lost) {
  Json out;
  if (lost.voice >= 0) out["voice"] = lost.voice;
  if (lost.event >= 0) out["event"] = lost.event;
  put(out, place(program, lost));
  out["since"] = lost.since;
  return out;
}

Json timeline_json(const Program& program, const TimelineEntry& entry) {
  Json out;
  out["at"] = entry.at;
  out["what"] = entry.what;
  if (!entry.text.empty()) out["text"] = entry.text;
  if (entry.voice >= 0) out["voice"] = entry.voice;
  if (entry.event >= 0) out["event"] = entry.event;
  if (!entry.owner.empty()) out["owner"] = entry.owner;
  if (entry.parent >= 0) out["parent"] = entry.parent;
  if (const Where at = where(program, entry.span); at.known()) put(out, at);
  return out;
}

std::string_view loss_text(Loss loss) {
  switch (loss) {
    case Loss::never_owned:
      return "nothing was ever going to end it";
    case Loss::detached:
      return "it was taken from its owner and given no other";
    case Loss::legato_source:
      return "it was handed over for legato and nobody took it";
    case Loss::runtime_leaked:
      return "the runtime that holds it was never released";
    case Loss::parent_lost:
      return "its parent is lost itself";
    case Loss::swallowed:
      break;
  }
  return "its release was swallowed";
}

void put_lost(const Program& program, std::string_view what, const Lost& lost, std::string& out) {
  const Where at = place(program, lost);
  out += at.known() ? at.text() + ": " : "";
  out += what;
  if (lost.voice >= 0) out += " voice " + std::to_string(lost.voice);
  if (lost.event >= 0) out += " event " + std::to_string(lost.event);
  out += ", " + std::string(loss_text(lost.loss)) + " (since " + seconds(lost.since) + ")\n";
}

}  // namespace

std::string report_to_json(const Program& program, const Report& report) {
  Json out;
  out["version"] = 1;
  if (!report.ran) {
    out["error"] = report.error;
    return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  out["quiescent"] = report.quiescent;
  if (!report.bound.empty()) out["bound"] = report.bound;
  out["hung"] = Json::array();
  out["leaked"] = Json::array();
  out["faults"] = Json::array();
  for (const Lost& lost : report.hung) out["hung"].push_back(lost_json(program, lost));
  for (const Lost& lost : report.leaked) out["leaked"].push_back(lost_json(program, lost));
  for (const Fault& fault : report.faults) {
    Json entry;
    entry["kind"] = fault.kind;
    put(entry, where(program, fault.at));
    entry["at"] = fault.when;
    out["faults"].push_back(std::move(entry));
  }
  if (!report.unknown_calls.empty()) out["unknown_calls"] = report.unknown_calls;
  out["end"] = report.end;
  if (report.timeline_cut) out["timeline_cut"] = true;
  out["timeline"] = Json::array();
  for (const TimelineEntry& entry : report.timeline) out["timeline"].push_back(timeline_json(program, entry));
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string report_to_text(const Program& program, const Report& report) {
  if (!report.ran) return "could not run: " + report.error + "\n";
  std::string out;
  for (const TimelineEntry& entry : report.timeline) {
    out += seconds(entry.at) + "  " + entry.what + ": " + entry.text;
    if (!entry.owner.empty()) out += " [owner: " + entry.owner + "]";
    if (const Where at = where(program, entry.span); at.known()) out += "  (" + at.text() + ")";
    out += "\n";
  }
  if (report.timeline_cut) out += "the story goes on, but is cut off here\n";
  for (const Lost& lost : report.hung) put_lost(program, "hung:", lost, out);
  for (const Lost& lost : report.leaked) put_lost(program, "leaked:", lost, out);
  for (const Fault& fault : report.faults) {
    const Where at = where(program, fault.at);
    out += (at.known() ? at.text() + ": " : "") + "fault: " + fault.kind + " at " + seconds(fault.when) + "\n";
  }
  for (const std::string& name : report.unknown_calls) out += "unknown call: " + name + "\n";
  if (!report.bound.empty()) out += "stopped by a limit: " + report.bound + "\n";
  if (!report.quiescent) out += "not quiescent: something still waits at " + seconds(report.end) + "\n";
  out += report.hung.empty() ? "nothing hangs" : std::to_string(report.hung.size()) + " hung";
  if (!report.leaked.empty()) out += ", " + std::to_string(report.leaked.size()) + " leaked";
  return out + "\n";
}

}  // namespace fermata::runtime
