#pragma once
// A small map of attention weights, without numbers and names: for glances and galleries.

#include <memory>
#include <vector>

#include "app/session/glance.h"
#include "app/widgets/heatmap_texture.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// The textures of one glance, painted once.
class WeightsThumbnail {
 public:
  explicit WeightsThumbnail(std::shared_ptr<const session::Glance> glance) : glance_(std::move(glance)) {}

  /// The first heads side by side, as large as fits, in the middle of `area`; hidden cells hatched.
  void draw(PanelContext& context, const Rect& area);
  const std::shared_ptr<const session::Glance>& glance() const { return glance_; }

 private:
  std::shared_ptr<const session::Glance> glance_;
  std::vector<std::unique_ptr<HeatmapTexture>> textures_;
};

}  // namespace attn::ui
