// The program compiled once, and its runs.
#include "runtime/machine.h"

namespace fermata::runtime {

bool Machine::Impl::prepare(const Bounds& bounds, const Scenario& scenario, Report& answer) {
  const bool begun = session != nullptr && bounds.loop_turns == loop_turns && beginning.state.steps_ <= bounds.steps;
  if (!begun) {
    session = new_session(bounds, false);
    if (!session->why_not(scenario).empty() || !session->begin()) {
      session.reset();
      answer = new_session(bounds, false)->run(scenario);
      return false;
    }
    session->begin_here();
    beginning = session->save();
    loop_turns = bounds.loop_turns;
  }
  session->load(beginning);
  session->set_bounds(bounds);
  answer.error = session->why_not(scenario);
  return answer.error.empty();
}

Machine::Machine(const Program& program, const Assume& assume, const MachineOptions& options)
    : impl_(new Impl{program, assume, compile(program), {options.harness_flow}, nullptr, {}, 0}) {}
Machine::~Machine() = default;
Machine::Machine(Machine&&) noexcept = default;

Report Machine::run(const Scenario& scenario, const Bounds& bounds, bool record_timeline) const {
  if (record_timeline) return impl_->new_session(bounds, true)->run(scenario);
  Report answer;
  return impl_->prepare(bounds, scenario, answer) ? impl_->session->play(scenario) : answer;
}

}  // namespace fermata::runtime
