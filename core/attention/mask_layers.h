#pragma once
// The masks one by one: which of them hides a cell. Together they are visible() of input.h.

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "core/attention/config.h"

namespace attn {

enum class MaskLayer { causal, window, padding, own };
inline constexpr std::array kMaskLayers = {MaskLayer::causal, MaskLayer::window, MaskLayer::padding,
                                           MaskLayer::own};

/// "causal", "window", "padding", "own"
std::string_view name(MaskLayer layer);
/// Whether this mask is set at all, even if it hides nothing.
bool has_layer(const MaskConfig& mask, MaskLayer layer);
/// Whether this mask hides key j from query i, whatever the others do.
bool hides(const MaskConfig& mask, MaskLayer layer, std::size_t i, std::size_t j);
/// All that hide key j from query i, in the order of kMaskLayers; empty where it is visible.
std::vector<MaskLayer> layers_hiding(const MaskConfig& mask, std::size_t i, std::size_t j);

}  // namespace attn
