#pragma once
// All numbers of one word's vector as bars below the plane, each of which can be dragged.

#include <cstdint>
#include <memory>
#include <optional>

#include "app/panels/vectors_scene.h"
#include "core/attention/plane_move.h"

namespace attn::ui {

/// What is kept from frame to frame.
struct VectorsBarsMemory {
  std::size_t page = 0;
  double low = -1.0;
  double high = 1.0;
  const void* ranged = nullptr;  ///< the numbers that low and high belong to
  std::uint64_t revision = 0;
  struct Drag {
    std::size_t component = 0;
    std::shared_ptr<const PlaneMove> move;
  };
  std::optional<Drag> drag;
};

class VectorsBars {
 public:
  VectorsBars(const session::Subject& subject, PanelContext& context, const VectorsScene& scene,
              VectorsBarsMemory& memory)
      : subject_(subject), context_(context), scene_(scene), memory_(memory) {}

  /// How high they want to be in this width, at most `most`; 0 where the plane shows everything.
  float height(float width, float most) const;
  void draw(const Rect& area);

  /// The row whose numbers they are: the selected word of the first stage that is shown.
  VectorHandle shown() const;

 private:
  std::size_t columns(float width) const;
  float row_height() const;
  std::size_t rows_in(float height) const;
  void draw_heading(const Rect& line, const VectorHandle& word, std::size_t first, std::size_t a_page);
  /// The range of the bars; all numbers are read again only when they are others.
  void fit_range(const Read& read);
  void draw_bar(const Rect& rect, const VectorHandle& word, std::size_t component, double value);

  const session::Subject& subject_;
  PanelContext& context_;
  const VectorsScene& scene_;
  VectorsBarsMemory& memory_;
};

}  // namespace attn::ui
