#pragma once
// What stands in the plane of the vectors panel: every word as an arrow, every output as a ring, ghosts, hull
// and lines; and which of them a hand would take. Made anew for every frame.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "app/widgets/panel_context.h"
#include "app/widgets/vector_plane.h"

namespace attn::ui {

/// An arrow's tip or a ring: what can be grabbed.
struct VectorHandle {
  bool ring = false;
  Stage stage = Stage::x;
  std::size_t row = 0;
  Point at;  ///< in the plane
};

/// What is kept from frame to frame: the part of the plane that is shown, and what is drawn in it.
struct VectorsView {
  PlaneView view;
  session::VectorKind kind = session::VectorKind::x;
  bool fitted = false;
  bool hull = false;
  bool lines = false;
  std::shared_ptr<const Trace> calm;  ///< the newest trace before a gesture began: for ghosts
};

class VectorsScene {
 public:
  /// The subject must have a trace.
  VectorsScene(const session::Subject& subject, PanelContext& context, VectorsView& memory);

  /// The view follows what it shows, but stays put under the hand that drags in it; while something is moved
  /// elsewhere it only grows.
  void fit(const Rect& plane, bool dragging);
  void draw(const Rect& plane);

  session::VectorKind kind() const { return kind_; }
  /// The stages whose rows are arrows.
  std::vector<Stage> stages() const;
  /// Which two columns are the plane's; a stage of one column lies on the horizontal axis.
  std::array<std::size_t, 2> axes(Stage stage) const;
  const std::vector<VectorHandle>& arrows() const { return arrows_; }
  const std::vector<VectorHandle>& rings() const { return rings_; }
  /// More words than labels could name: tips alone are drawn, and the one ring in focus.
  bool crowded() const;

  bool is_selected(const VectorHandle& h) const;
  ImVec2 pixel(Point p) const { return to_imgui(memory_.view.to_pixel(p)); }
  float ring_radius(const VectorHandle& h) const;
  /// Where a ring can be grabbed without meeting an arrow: the point on it that is farthest from all tips.
  ImVec2 grip(const VectorHandle& ring) const;
  /// What a press here would take: a ring by its line, an arrow by its tip, whichever is nearer; or null.
  const VectorHandle* handle_at(ImVec2 mouse) const;

 private:
  session::VectorKind present_kind(session::VectorKind kind) const;
  bool shows_rings() const;
  Point point_of(const Trace& trace, Stage stage, std::size_t row) const;
  bool known(Stage stage, std::size_t row) const;
  void collect();
  bool is_hovered(const VectorHandle& h) const;
  std::string word(const VectorHandle& h) const;
  Colour colour(const VectorHandle& h) const;
  std::string axis_name(std::size_t axis);
  void draw_hull();
  void draw_lines();
  void draw_ghosts();
  void draw_arrows();
  void draw_rings();
  void draw_labels(const Rect& plane);

  const session::Subject& subject_;
  PanelContext& context_;
  VectorsView& memory_;
  const Trace& trace_;
  const Input& input_;
  session::VectorKind kind_;
  std::vector<VectorHandle> arrows_;
  std::vector<VectorHandle> rings_;
  std::vector<PixelRect> ticks_;  ///< where the axes' numbers and names stand
};

}  // namespace attn::ui
