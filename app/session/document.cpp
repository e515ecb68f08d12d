#include "app/session/document.h"

#include <utility>

#include "core/io/scenario.h"

namespace attn::session {

struct Document::State {
  io::Scenario scenario;
  Dimensions dimensions;
};

Document::Document(io::Scenario scenario) {
  const Dimensions dimensions = validate(scenario.input);
  state_ = std::make_shared<const State>(State{std::move(scenario), dimensions});
}

const io::Scenario& Document::scenario() const { return state_->scenario; }
const Input& Document::input() const { return state_->scenario.input; }
const Dimensions& Document::dimensions() const { return state_->dimensions; }

Document Document::with_input(Input input) const {
  if (same_input(input, this->input())) return *this;
  io::Scenario changed = scenario();
  changed.input = std::move(input);
  return Document(std::move(changed));
}

Document Document::with_scenario(io::Scenario scenario) const { return Document(std::move(scenario)); }

Document Document::with_view_json(std::string json) const {
  io::Scenario changed = scenario();
  changed.view_json = std::move(json);
  return Document(std::make_shared<const State>(State{std::move(changed), dimensions()}));
}

std::uint64_t Document::bytes_not_shared_with(const Document& other) const {
  const Input& mine = input();
  const Input& its = other.input();
  std::uint64_t bytes = mine.x.bytes_not_shared_with(its.x);
  if (mine.source) bytes += mine.source->x.bytes_not_shared_with(its.source ? its.source->x : SharedMatrix());
  for (const ParameterId id : kParameterIds) {
    if (!mine.parameters[id]) continue;
    bytes += mine.parameters[id]->bytes_not_shared_with(its.parameters[id].value_or(SharedMatrix()));
  }
  const MaskConfig& mask = mine.config.mask;
  if (mask.allow && mask.allow != its.config.mask.allow) bytes += mask.allow->visible.size();
  if (mask.padding && mask.padding != its.config.mask.padding) bytes += mask.padding->size();
  return bytes;
}

}  // namespace attn::session
