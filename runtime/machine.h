// What a machine keeps between two runs.
#pragma once

#include <memory>

#include "runtime/runtime.h"
#include "runtime/session.h"

namespace fermata::runtime {

struct Machine::Impl {
  const Program& program;
  Assume assume;
  Code code;
  KernelOptions options;
  // A session that has begun, and its beginning: what comes after on init is played on it again and again.
  std::unique_ptr<Session> session;
  Snapshot beginning;
  uint64_t loop_turns = 0;  // the bound it began under

  std::unique_ptr<Session> new_session(const Bounds& bounds, bool record_timeline) const {
    return std::make_unique<Session>(program, assume, code, bounds, record_timeline, options);
  }
  // Loads the beginning. False, with what is to be answered, when there is none: the inputs make no sense, or a bound
  // ended on init.
  bool prepare(const Bounds& bounds, const Scenario& scenario, Report& answer);
};

}  // namespace fermata::runtime
