#pragma once
// Why a cell is hidden: each mask has a hatching of its own, and a name in the reader's language.

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "app/widgets/panel_context.h"
#include "core/attention/mask_layers.h"

namespace attn::ui {

/// Which masks are drawn, by MaskLayer; as the view keeps them.
using ShownLayers = std::array<bool, kMaskLayers.size()>;

/// "causal", "window", …
std::string_view layer_name(const PanelContext& context, MaskLayer layer);
/// The same as a reason: "it comes later", "it is more than 2 away", …
std::string layer_reason(const PanelContext& context, const MaskConfig& mask, MaskLayer layer);

/// "hidden (causal, padding)" for a cell, "hidden by the mask" where no cell is meant.
std::string hidden_words(const PanelContext& context, const MaskConfig& mask, std::size_t i, std::size_t j);

/// Every line of a mask's hatching that touches the rectangle, from end to end; the ends may lie outside it.
void for_each_hatch_line(const Style& style, const Rect& rect, MaskLayer layer,
                         const std::function<void(ImVec2, ImVec2)>& line);
/// Causal falls to the left, window to the right, padding stands, an own mask lies. Clipped to the rectangle.
void draw_layer_hatching(ImDrawList& list, const Style& style, const Rect& rect, MaskLayer layer);

/// The masks that are set, side by side, each with its hatching; a click shows or leaves out one of them.
/// Returns the height, which is that of one line or two.
float draw_layer_legend(PanelContext& context, const Rect& area, const MaskConfig& mask,
                        const ShownLayers& shown);
float layer_legend_height(const PanelContext& context, float width, const MaskConfig& mask);

}  // namespace attn::ui
