// The program compiled once, and its runs.
#include "runtime/runtime.h"
#include "runtime/session.h"

namespace fermata::runtime {

struct Machine::Impl {
  const Program& program;
  Assume assume;
  Code code;
};

Machine::Machine(const Program& program, const Assume& assume) : impl_(new Impl{program, assume, compile(program)}) {}
Machine::~Machine() = default;
Machine::Machine(Machine&&) noexcept = default;

Report Machine::run(const Scenario& scenario, const Bounds& bounds, bool record_timeline) const {
  Session session(impl_->program, impl_->assume, impl_->code, bounds, record_timeline);
  return session.run(scenario);
}

}  // namespace fermata::runtime
