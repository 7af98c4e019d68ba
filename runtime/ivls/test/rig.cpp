#include "runtime/ivls/test/rig.h"

#include <algorithm>

namespace fermata::runtime::ivls::test {

Value Frame::call(std::string_view name, std::initializer_list<Value> arguments) const {
  const std::vector<Value> values(arguments);
  return rig.kernel().call(name, values, self, nenv)->value;
}

Value Frame::get(std::string_view field) const { return rig.kernel().read_field("voice", self, field); }

void Frame::set(std::string_view field, Value value) const { rig.kernel().write_field("voice", self, field, value); }

Value Frame::sent() const { return rig.kernel().read_field("nodeenv", nenv, "sentvoice"); }

Step run(std::function<void(const Frame&)> action) {
  return [action = std::move(action)](const Frame& frame) {
    action(frame);
    return kGoOn;
  };
}

Step wait(Microseconds time) {
  return [time](const Frame&) { return time; };
}

Step pass() {
  return run([](const Frame& frame) { frame.call("ivls.pass"); });
}

NodeId Rig::node(const std::string& name, std::initializer_list<std::pair<std::string, Body>> callbacks) {
  NodeDef node;
  node.name = program_.intern(name);
  node.listed = true;
  for (const auto& [callback, body] : callbacks) {
    node.callbacks.push_back({program_.intern(callback), static_cast<BlockId>(bodies_.size()), {}});
    bodies_.push_back(body);
  }
  program_.nodes.push_back(std::move(node));
  return static_cast<NodeId>(program_.nodes.size() - 1);
}

NodeId Rig::play_node(const std::string& name) {
  return node(name, {{"NoteOn", {[this](const Frame& frame) {
                        frame.set("event", play_event(frame.self));
                        return kGoOn;
                      }}},
                     {"NoteOff", {[this](const Frame& frame) {
                        note_off(frame.get("event"));
                        return kGoOn;
                      }}}});
}

FlowId Rig::flow(std::initializer_list<NodeId> nodes) {
  const auto id = static_cast<FlowId>(program_.flows.size());
  Flow flow;
  flow.declared = true;
  program_.flows.push_back(flow);
  for (const NodeId node : nodes) registrations_.emplace_back(id, node);
  return id;
}

void Rig::boot() {
  program_.product = true;
  node("Test.Flows", {{"Flows", {[this](const Frame& frame) {
                         for (const auto& [flow, node] : registrations_) frame.call("ivls.register_node", {flow, node});
                         return kGoOn;
                       }}}});
  kernel_ = make_kernel(*this);
  kernel_->boot();
  drain();
}

void Rig::press(int note, Microseconds length) {
  key_down(note);
  pass_time(length);
  key_up(note);
}

void Rig::pass_time(Microseconds time) {
  const Microseconds until = now_ + time;
  drain();
  while (!timers_.empty() && timers_.begin()->first.first <= until) {
    auto timer = timers_.extract(timers_.begin());
    now_ = timer.key().first;
    timer.mapped()();
    drain();
  }
  now_ = until;
}

size_t Rig::hung() const { return lost(true).size(); }
size_t Rig::leaked() const { return lost(false).size(); }

std::vector<Lost> Rig::lost(bool sounding) const {
  std::vector<Lost> hung;
  std::vector<Lost> leaked;
  kernel_->collect(hung, leaked);
  return sounding ? hung : leaked;
}

size_t Rig::faults(std::string_view kind) const { return static_cast<size_t>(std::ranges::count(faults_, kind)); }

int Rig::sounding_count() const { return static_cast<int>(std::ranges::count(events_, true)); }

int Rig::play_event(Handle voice) {
  events_.push_back(true);
  const int event = static_cast<int>(events_.size()) - 1;
  kernel_->event_born(event, voice);
  return event;
}

void Rig::note_off(Value event) {
  if (event >= 0 && static_cast<size_t>(event) < events_.size()) events_[static_cast<size_t>(event)] = false;
}

bool Rig::start(TaskSpec spec) { return resume(std::make_shared<TaskSpec>(std::move(spec)), 0); }

bool Rig::resume(const std::shared_ptr<TaskSpec>& spec, size_t step) {
  const bool outer = in_note_pass_;
  const NodeCallback* pass = program_.find_callback(spec->node, "NotePass");
  in_note_pass_ = pass != nullptr && pass->body == spec->body;
  const Body& body = bodies_[spec->body];
  bool waits = false;
  for (; step < body.size() && !waits; ++step) {
    const Microseconds wait = body[step]({*this, spec->self, spec->nenv});
    waits = wait >= 0;
    if (waits) set_timer(wait, [this, spec, next = step + 1] { resume(spec, next); });
  }
  in_note_pass_ = outer;
  if (!waits && spec->on_end.what != 0) kernel_->perform(spec->on_end);
  return !waits;
}

void Rig::after(Microseconds delay, KernelAction action) {
  set_timer(delay, [this, action] { kernel_->perform(action); });
}

void Rig::set_timer(Microseconds delay, std::function<void()> action) {
  timers_.emplace(std::pair{now_ + delay, sequence_++}, std::move(action));
}

void Rig::drain() {
  while (!posted_.empty()) {
    const KernelAction action = posted_.front();
    posted_.pop_front();
    kernel_->perform(action);
  }
}

}  // namespace fermata::runtime::ivls::test
