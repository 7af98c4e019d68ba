// The program compiled once, and its runs.
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

  bool has_begun(const Bounds& bounds) const {
    return session != nullptr && bounds.loop_turns == loop_turns && beginning.state.steps_ <= bounds.steps;
  }
  std::unique_ptr<Session> new_session(const Bounds& bounds, bool record_timeline) const {
    return std::make_unique<Session>(program, assume, code, bounds, record_timeline, options);
  }
};

Machine::Machine(const Program& program, const Assume& assume, const MachineOptions& options)
    : impl_(new Impl{program, assume, compile(program), {options.harness_flow}, nullptr, {}, 0}) {}
Machine::~Machine() = default;
Machine::Machine(Machine&&) noexcept = default;

Report Machine::run(const Scenario& scenario, const Bounds& bounds, bool record_timeline) const {
  Impl& impl = *impl_;
  if (record_timeline) return impl.new_session(bounds, true)->run(scenario);
  if (!impl.has_begun(bounds)) {
    impl.session = impl.new_session(bounds, false);
    if (!impl.session->why_not(scenario).empty() || !impl.session->begin()) {
      impl.session.reset();
      return impl.new_session(bounds, false)->run(scenario);
    }
    impl.session->begin_here();
    impl.beginning = impl.session->save();
    impl.loop_turns = bounds.loop_turns;
  }
  impl.session->load(impl.beginning);
  impl.session->set_bounds(bounds);
  Report report;
  report.error = impl.session->why_not(scenario);
  return report.error.empty() ? impl.session->play(scenario) : report;
}

}  // namespace fermata::runtime
