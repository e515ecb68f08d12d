#pragma once
// The worked example that is open: an immutable value. Copying one copies a pointer; two that are equal
// by pointer have equal content, so undo, drawing and computing can ask "did anything change?" at no cost.

#include <cstdint>
#include <memory>

#include "core/attention/input.h"

namespace attn::io {
struct Scenario;
}

namespace attn::session {

class Document {
 public:
  /// Throws std::invalid_argument, with one line for people, if the input does not pass validate().
  explicit Document(io::Scenario scenario);

  /// Title, description, feature names, locks: include core/io/scenario.h to read it.
  const io::Scenario& scenario() const;
  const Input& input() const;
  const Dimensions& dimensions() const;

  /// This document with another input; the rest is shared. Returns *this when the input is the same.
  /// Throws std::invalid_argument as the constructor does.
  Document with_input(Input input) const;
  /// This document with other texts, names and input. Throws std::invalid_argument as the constructor does.
  Document with_scenario(io::Scenario scenario) const;
  /// This document with another `view` object (JSON text, empty for none).
  Document with_view_json(std::string json) const;

  /// Equality by pointer.
  bool operator==(const Document& other) const { return state_ == other.state_; }

  /// Bytes of x, source, parameters and masks that `other` does not hold as well: what keeping both costs.
  std::uint64_t bytes_not_shared_with(const Document& other) const;

 private:
  struct State;
  explicit Document(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace attn::session
