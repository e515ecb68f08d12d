#pragma once
// What stands in the plane of the vectors panel: every word as an arrow, every output as a ring, ghosts, hull
// and lines; and which of them a hand would take. Made anew for every frame.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/widgets/panel_context.h"
#include "app/widgets/vector_plane.h"
#include "core/attention/plane.h"

namespace attn::ui {

/// An arrow's tip or a ring: what can be grabbed.
struct VectorHandle {
  bool ring = false;
  Stage stage = Stage::x;
  std::size_t row = 0;
  Point at;  ///< in the plane
};

/// The plane of the vectors that are shown, and what it was made from.
struct KeptPlane {
  session::VectorKind kind = session::VectorKind::x;
  std::size_t head = 0;
  bool principal = false;
  std::array<std::size_t, 2> axes{0, 1};
  std::size_t width = 0;  ///< 0: none is kept
  std::uint64_t revision = 0;
  Tokens tokens;  ///< of both sides, whose vectors these were
  Tokens source_tokens;
  std::optional<session::Document> original;  ///< as it was opened
  PrincipalPlane plane;                       ///< shares only of principal components
};

/// What is kept from frame to frame: the plane, and the part of it that is shown.
struct VectorsView {
  PlaneView view;
  session::VectorKind kind = session::VectorKind::x;
  bool fitted = false;
  KeptPlane kept;
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
  /// How many numbers the shown vectors have.
  std::size_t width() const { return trace_.shape(stages().front()).columns; }
  /// Which two components the plane shows when it shows components.
  std::array<std::size_t, 2> axes() const;
  /// Whether principal components are shown; vectors of two numbers have no need of them.
  bool principal() const { return subject_.view.principal_plane && width() > 2; }
  /// The plane in which the vectors are drawn. Principal components are taken when they are asked for, and of
  /// other words, heads or widths; that vectors move does not turn the plane.
  const PrincipalPlane& plane() const { return memory_.kept.plane; }
  /// Whether vectors have moved since the principal components were taken.
  bool plane_is_older() const { return principal() && memory_.kept.revision != trace_.revision(); }
  /// Takes the principal components anew.
  void renew_plane() { memory_.kept.width = 0; }
  /// Which stage's rows are rings in this plane: outputs that are as wide as the vectors.
  std::optional<Stage> ring_stage() const;
  /// Whether every ring lies inside the hull of the arrows.
  bool hull_holds() const;
  /// The name of a component of the shown vectors.
  std::string component_name(std::size_t component) const;
  const std::vector<VectorHandle>& arrows() const { return arrows_; }
  const std::vector<VectorHandle>& rings() const { return rings_; }
  /// Whether outputs lie so far outside the words that a view of both makes the words small.
  bool outputs_dwarf_words() const;
  /// More words than labels could name: tips alone are drawn, and the one ring in focus.
  bool crowded() const;
  /// Of how many words one is drawn: 1 unless there are thousands.
  std::size_t words_a_tip() const;

  bool is_selected(const VectorHandle& h) const;
  /// Whether the playhead has passed a whole row.
  bool known(Stage stage, std::size_t row) const;
  /// Whether the step of a lesson keeps what a drag of it would change.
  bool is_locked(const VectorHandle& h) const;
  Colour colour(const VectorHandle& h) const;
  ImVec2 pixel(Point p) const { return to_imgui(memory_.view.to_pixel(p)); }
  /// Where a ring is drawn; for one outside the view, the place at its edge that points there.
  ImVec2 ring_pixel(const VectorHandle& ring) const;
  bool is_outside(const VectorHandle& ring) const;
  float ring_radius(const VectorHandle& h) const;
  /// Where a ring can be grabbed without meeting an arrow: the point on it that is farthest from all tips.
  ImVec2 grip(const VectorHandle& ring) const;
  /// What a press here would take: a ring by its line, an arrow by its tip, whichever is nearer; or null.
  const VectorHandle* handle_at(ImVec2 mouse) const;

 private:
  session::VectorKind present_kind(session::VectorKind kind) const;
  void keep_plane();
  Point point_of(const Trace& trace, Stage stage, std::size_t row) const;
  void collect();
  /// The rows of a stage that are drawn, ascending.
  std::vector<std::size_t> drawn_rows(Stage stage) const;
  bool is_hovered(const VectorHandle& h) const;
  std::string word(const VectorHandle& h) const;
  Colour label_colour(const VectorHandle& h) const;
  std::string axis_name(std::size_t axis) const;
  void draw_line_to(const Point& from, const VectorHandle& key, float share);
  void draw_hull();
  void draw_lines();
  void draw_ghosts();
  void draw_arrows();
  void draw_rings();
  void draw_ring_outside(const VectorHandle& ring, bool strong);
  void draw_tips_in_rings();
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
