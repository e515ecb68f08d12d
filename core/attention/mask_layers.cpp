#include "core/attention/mask_layers.h"

#include <cstdint>

namespace attn {

std::string_view name(MaskLayer layer) {
  constexpr std::array<std::string_view, 4> kNames = {"causal", "window", "padding", "own"};
  return kNames[static_cast<std::size_t>(layer)];
}

bool has_layer(const MaskConfig& mask, MaskLayer layer) {
  switch (layer) {
    case MaskLayer::causal:
      return mask.causal;
    case MaskLayer::window:
      return mask.window.has_value();
    case MaskLayer::padding:
      return mask.padding != nullptr;
    case MaskLayer::own:
      return mask.allow != nullptr;
  }
  return false;
}

bool hides(const MaskConfig& mask, MaskLayer layer, std::size_t i, std::size_t j) {
  if (!has_layer(mask, layer)) return false;
  switch (layer) {
    case MaskLayer::causal:
      return j > i;
    case MaskLayer::window:
      return (i > j ? i - j : j - i) > static_cast<std::uint64_t>(*mask.window);
    case MaskLayer::padding:
      return (*mask.padding)[j] != 0;
    case MaskLayer::own:
      return mask.allow->visible[i * mask.allow->columns + j] == 0;
  }
  return false;
}

std::vector<MaskLayer> layers_hiding(const MaskConfig& mask, std::size_t i, std::size_t j) {
  std::vector<MaskLayer> layers;
  for (const MaskLayer layer : kMaskLayers) {
    if (hides(mask, layer, i, j)) layers.push_back(layer);
  }
  return layers;
}

}  // namespace attn
