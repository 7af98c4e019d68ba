// Exploration: every order of a set of inputs, at the times that matter, up to a bound. From a state the next input may
// come at once, after each of the next things that are due, when nothing is pending any more, or after one of the given
// gaps. States that go on alike are explored once. Breadth first: what is found first has the fewest inputs.
#include <algorithm>
#include <deque>
#include <unordered_set>

#include "runtime/machine.h"

namespace fermata::runtime {
namespace {

constexpr size_t kDueMoments = 6;
constexpr Microseconds kPatience = 5'000'000;  // for a state in which nothing is pending

class Explorer {
 public:
  Explorer(Session& session, const Exploration& what, const Machine::Found& found)
      : session_(session), what_(what), found_(found) {}

  Explored run(const Snapshot& beginning) {
    links_.push_back({-1, {}});
    session_.load(beginning);
    seen_.insert(session_.fingerprint());
    layer_.push_back({0, session_.save()});
    out_.complete = true;
    for (size_t depth = 0; !layer_.empty() && !stopped_; ++depth) {
      out_.inputs = depth;
      while (!layer_.empty() && !stopped_) {
        const Node node = std::move(layer_.front());
        layer_.pop_front();
        visit(node, depth < what_.most_inputs);
      }
      std::swap(layer_, next_);
    }
    return out_;
  }

 private:
  struct Link {  // a scenario is the way back to the beginning
    int before = -1;
    ScenarioEvent event;
  };
  struct Node {
    int link = 0;
    Snapshot state;
  };

  // The scenario ends here; or it goes on, at each of the moments at which the next input may come.
  void visit(const Node& node, bool expand) {
    judge(node);
    if (!expand || stopped_) return;
    std::vector<Snapshot> moments;
    const auto keep = [&](bool fresh) {
      if (fresh) moments.push_back(session_.save());
    };
    keep(resume(node.state));
    for (size_t i = 0; i < kDueMoments && session_.let_pass_next(); ++i) keep(is_new());
    const Microseconds limit = session_.now() + kPatience;
    while (session_.pending() && session_.let_pass_next() && session_.now() < limit) {
    }
    keep(is_new());
    for (const Microseconds gap : what_.gaps) {
      resume(node.state);
      session_.let_pass(session_.now() + gap);
      keep(is_new());
    }
    for (size_t i = 0; i < moments.size() && !stopped_; ++i) {
      give_inputs(node.link, moments[i]);
    }
  }

  bool resume(const Snapshot& state) {
    session_.load(state);
    Bounds bounds;
    bounds.steps = session_.steps() + what_.steps_per_state;
    bounds.loop_turns = what_.steps_per_state;
    session_.set_bounds(bounds);
    return true;
  }

  bool is_new() { return !session_.stopped() && seen_.insert(session_.fingerprint()).second; }

  void judge(const Node& node) {
    resume(node.state);
    const uint64_t before = session_.steps();
    const Report report = session_.close();
    out_.steps += session_.steps() - before;
    if (++out_.states >= what_.states || out_.steps >= what_.steps) give_up();
    if (!report.bound.empty() || (report.hung.empty() && report.leaked.empty())) return;
    if (found_(scenario(node.link), report)) stopped_ = true;
  }

  void give_inputs(int link, const Snapshot& moment) {
    for (const ScenarioEvent& input : what_.inputs) {
      resume(moment);
      ScenarioEvent event = input;
      event.at = session_.now();
      if (!possible(event)) continue;
      const uint64_t before = session_.steps();
      session_.give(event);
      session_.let_pass(event.at);
      out_.steps += session_.steps() - before;
      if (!is_new()) continue;
      if (next_.size() + layer_.size() >= what_.states) {  // what waits is still played
        out_.complete = false;
        return;
      }
      links_.push_back({link, event});
      next_.push_back({static_cast<int>(links_.size()) - 1, session_.save()});
    }
  }

  // A key that is down goes up; what would change nothing is left out.
  bool possible(ScenarioEvent& event) const {
    using Kind = ScenarioEvent::Kind;
    if (event.kind == Kind::note_on && session_.key_is_down(event.note)) event.kind = Kind::note_off;
    if (event.kind == Kind::cc) return session_.controller_value(event.channel, event.number) != event.value;
    if (event.kind == Kind::transport) return session_.transport_running() != (event.value != 0);
    return true;
  }

  void give_up() {
    stopped_ = true;
    out_.complete = false;
  }

  Scenario scenario(int link) const {
    Scenario out;
    for (; links_[static_cast<size_t>(link)].before >= 0; link = links_[static_cast<size_t>(link)].before)
      out.events.push_back(links_[static_cast<size_t>(link)].event);
    std::reverse(out.events.begin(), out.events.end());
    return out;
  }

  Session& session_;
  const Exploration& what_;
  const Machine::Found& found_;
  Explored out_;
  bool stopped_ = false;
  std::vector<Link> links_;
  std::deque<Node> layer_, next_;
  std::unordered_set<uint64_t> seen_;
};

}  // namespace

Explored Machine::explore(const Exploration& what, const Found& found) const {
  Explored out;
  Report refused;
  if (!impl_->prepare({}, {}, refused)) {
    out.error = refused.error.empty() ? "on init does not end" : refused.error;
    return out;
  }
  for (ScenarioEvent event : what.inputs) {
    event.at = 0;
    out.error = impl_->session->why_not({{event}});
    if (!out.error.empty()) return out;
  }
  return Explorer(*impl_->session, what, found).run(impl_->beginning);
}

}  // namespace fermata::runtime
