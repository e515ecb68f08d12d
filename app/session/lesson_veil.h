#pragma once
// Numbers that a lesson does not show yet.

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/attention/stage.h"

namespace attn::session {

/// A stage, a head or a row of it, with all that is computed from it.
struct HiddenNumbers {
  Stage stage = Stage::weights;
  std::optional<std::size_t> head;
  std::optional<std::size_t> row;
  bool operator==(const HiddenNumbers&) const = default;
};

/// Numbers that are shown as "?" although they are computed.
class Veil {
 public:
  Veil() = default;
  Veil(std::vector<HiddenNumbers> hidden, const Input& input);

  bool hides(const CellRef& cell) const;
  bool hides_some(Stage stage) const;
  bool empty() const { return parts_.empty(); }
  bool operator==(const Veil&) const = default;

 private:
  struct Part {
    HiddenNumbers hidden;
    std::array<bool, kStageCount> follows{};  ///< stages that are computed from it
    bool operator==(const Part&) const = default;
  };
  std::vector<Part> parts_;
};

}  // namespace attn::session
