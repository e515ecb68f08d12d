#pragma once
// What mouse and keys do in the plane of the vectors panel: arrows are dragged, rings are pulled.

#include <memory>
#include <optional>

#include "app/panels/vectors_scene.h"
#include "core/attention/plane_move.h"

namespace attn::ui {

struct VectorDrag {
  VectorHandle handle;
  ImVec2 press;
  Point offset;                           ///< from the mouse to the handle, in pixels
  std::shared_ptr<const PlaneMove> move;  ///< of an arrow, from its first movement on
  bool moved = false;
};

/// What is kept from frame to frame.
struct HandMemory {
  std::optional<VectorDrag> drag;
  /// How the last arrow that was moved follows the hand: W_Q may not be able to give every query.
  std::shared_ptr<const PlaneMove> last_move;
  std::optional<Stage> last_stage;
};

/// "vectors.arrow[q][1]", "vectors.ring[0]".
WidgetId id_of(const VectorHandle& handle);

/// Lives for one frame.
class VectorsHand {
 public:
  VectorsHand(const session::Subject& subject, PanelContext& context, VectorsView& view, VectorsScene& scene,
              HandMemory& memory)
      : subject_(subject), context_(context), view_(view), scene_(scene), memory_(memory) {}

  void use(const Rect& plane);

 private:
  void register_handles(const Rect& plane);
  void register_circle(const VectorHandle& ring, const Rect& plane) const;
  void point_at(const VectorHandle& handle);
  void begin_drag(const VectorHandle& handle, ImVec2 mouse);
  void continue_drag(bool held, ImVec2 mouse);
  void finish(const VectorDrag& drag);
  void begin_pull(const VectorHandle& ring);
  void move_pull(Point to);
  void select(const VectorHandle& handle);
  void look_at(const VectorHandle& handle);
  void keys(const VectorHandle& handle);
  std::shared_ptr<const PlaneMove> move_of(const VectorHandle& handle);
  Point rounded(Point p) const;

  const session::Subject& subject_;
  PanelContext& context_;
  VectorsView& view_;
  VectorsScene& scene_;
  HandMemory& memory_;
};

/// The edit that gives a word the numbers of `move` at `to`.
session::Edit moved_row(const PlaneMove& move, std::size_t row, const std::array<double, 2>& to);

}  // namespace attn::ui
