#include "app/panels/vectors_hand.h"

#include <algorithm>
#include <cmath>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/lock.h"
#include "app/widgets/pipeline.h"

namespace attn::ui {
namespace {

using session::Key;

constexpr float kMoved = 3.0f;

}  // namespace

WidgetId id_of(const VectorHandle& h) {
  if (h.ring) return WidgetId(PanelId::vectors, "ring").at(h.row);
  return WidgetId(PanelId::vectors, "arrow").at(h.stage).at(h.row);
}

session::Edit moved_row(const PlaneMove& move, std::size_t row, const std::array<double, 2>& to) {
  if (move.moves_source()) return session::SetSourceRow{row, move.row_at(to)};
  return session::SetXRow{row, move.row_at(to)};
}

void VectorsHand::register_handles(const Rect& plane) {
  const float half = context_.style.px(12);
  for (const auto* handles : {&scene_.arrows(), &scene_.rings()}) {
    for (const VectorHandle& h : *handles) {
      if (h.ring && scene_.crowded() && !scene_.is_selected(h)) continue;  // it is not drawn either
      const ImVec2 at = h.ring ? scene_.grip(h) : scene_.pixel(h.at);
      const Rect rect{{at.x - half, at.y - half}, {at.x + half, at.y + half}};
      context_.widgets.add(id_of(h), rect.intersection(plane), Focusable::yes);
      if (h.ring) register_circle(h, plane);
      const ImVec2 centre = scene_.pixel(h.at);
      focus_ring(context_, id_of(h), Rect{centre, centre}.inset(-context_.style.px(14)), half);
      keys(h);
    }
  }
}

/// All of the ring: what is grabbed is a point of it.
void VectorsHand::register_circle(const VectorHandle& ring, const Rect& plane) const {
  const ImVec2 centre = scene_.ring_pixel(ring);
  const Rect circle = Rect{centre, centre}.inset(-scene_.ring_radius(ring));
  context_.widgets.add(WidgetId(PanelId::vectors, "circle").at(ring.row), circle.intersection(plane),
                       Focusable::no);
}

void VectorsHand::point_at(const VectorHandle& h) {
  context_.hover_next = hover_of(subject_.trace->input(), {h.stage, shown_head(subject_, h.stage), h.row, 0});
  context_.hover_next.cell.reset();
  if (scene_.is_locked(h)) {
    if (!context_.session.lesson_rules()->picks) say_locked(context_);
    return;
  }
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  context_.list->AddCircle(scene_.pixel(h.at),
                           h.ring ? scene_.ring_radius(h) + context_.style.px(4) : context_.style.px(13),
                           context_.colours().accent, 32, context_.style.px(2));
}

void VectorsHand::use(const Rect& plane) {
  const WidgetId plane_id(PanelId::vectors, "plane");
  ImGui::SetCursorScreenPos(plane.min);
  ImGui::PushID("plane");
  ImGui::InvisibleButton("", plane.size());
  ImGui::PopID();
  const bool hovered = ImGui::IsItemHovered();
  const bool pressed = ImGui::IsItemActivated();
  const bool held = ImGui::IsItemActive();
  context_.widgets.add(plane_id, plane, Focusable::no);
  register_handles(plane);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const VectorHandle* pointed = hovered && !memory_.drag ? scene_.handle_at(mouse) : nullptr;
  if (pointed != nullptr) point_at(*pointed);
  if (pressed && pointed != nullptr) begin_drag(*pointed, mouse);
  if (memory_.drag) continue_drag(held, mouse);
}

void VectorsHand::begin_drag(const VectorHandle& h, ImVec2 mouse) {
  context_.widgets.focus(id_of(h), false);
  const Point at = view_.view.to_pixel(h.at);
  const Point offset{at.x - static_cast<double>(mouse.x), at.y - static_cast<double>(mouse.y)};
  memory_.drag = VectorDrag{h, mouse, offset, nullptr, false};
}

/// Numbers as round as the pixels allow: nobody means 1.9873. Shift takes them as they come.
Point VectorsHand::rounded(Point p) const {
  if (modifiers().shift) return p;
  const double step = tick_step(view_.view.pixels_per_unit(), static_cast<double>(context_.style.px(2.5f)));
  return {std::round(p.x / step) * step, std::round(p.y / step) * step};
}

std::shared_ptr<const PlaneMove> VectorsHand::move_of(const VectorHandle& h) {
  auto move = std::make_shared<const PlaneMove>(subject_.document.input(), h.stage,
                                                shown_head(subject_, h.stage), h.row, scene_.plane().plane);
  memory_.last_move = move;
  memory_.last_stage = h.stage;
  return move;
}

void VectorsHand::continue_drag(bool held, ImVec2 mouse) {
  VectorDrag& drag = *memory_.drag;
  const bool taken_back = drag.moved && (drag.handle.ring ? !context_.session.pulling()
                                                          : !context_.session.history().in_gesture());
  if (held && taken_back) {
    memory_.drag.reset();  // Esc
    return;
  }
  if (!held) {
    finish(drag);
    memory_.drag.reset();
    return;
  }
  const bool began = !drag.moved;
  if (began && std::hypot(mouse.x - drag.press.x, mouse.y - drag.press.y) <= context_.style.px(kMoved))
    return;
  const ImVec2 delta = ImGui::GetIO().MouseDelta;
  if (!began && delta.x == 0.0f && delta.y == 0.0f) return;
  const Point to = rounded(view_.view.to_plane(
      {static_cast<double>(mouse.x) + drag.offset.x, static_cast<double>(mouse.y) + drag.offset.y}));
  // A vector of a layer that has not been computed anew cannot be where it is drawn.
  if (began && !subject_.current) return;
  drag.moved = true;
  if (drag.handle.ring) {
    if (began) begin_pull(drag.handle);
    move_pull(to);
    return;
  }
  if (began) drag.move = move_of(drag.handle);
  context_.post(session::Preview{moved_row(*drag.move, drag.handle.row, {to.x, to.y})});
}

void VectorsHand::finish(const VectorDrag& drag) {
  if (!drag.moved) {
    select(drag.handle);
  } else if (drag.handle.ring) {
    context_.post(session::EndPull{});
  } else {
    context_.post(session::EndGesture{});
  }
}

void VectorsHand::begin_pull(const VectorHandle& ring) {
  look_at(ring);
  const std::size_t head = shown_head(subject_, ring.stage);
  const auto axes = scene_.axes();
  session::PullTarget target{ring.stage, head, ring.row, {axes[0]}};
  if (scene_.principal()) {
    target = session::PullTarget::in_plane(ring.stage, head, ring.row, scene_.plane().plane);
  } else if (scene_.width() > 1) {
    target.columns.push_back(axes[1]);
  }
  context_.post(session::BeginPull{std::move(target)});
}

void VectorsHand::move_pull(Point to) {
  std::vector<double> goal{to.x};
  if (scene_.width() > 1) goal.push_back(to.y);
  context_.post(session::MovePull{std::move(goal)});
}

void VectorsHand::select(const VectorHandle& h) {
  context_.widgets.choose(id_of(h));
  look_at(h);
}

/// The word, in the stage that is shown large.
void VectorsHand::look_at(const VectorHandle& h) {
  CellRef cell = subject_.view.selection;
  if (rows_are_keys(h.stage) && is_score_like(cell.stage)) {
    cell.column = h.row;
  } else {
    cell.row = h.row;
  }
  const StageShape shape = subject_.trace->shape(cell.stage);
  if (cell.row < shape.rows && cell.column < shape.columns) context_.post(session::Select{cell});
}

void VectorsHand::keys(const VectorHandle& h) {
  const WidgetId id = id_of(h);
  if (!context_.widgets.is_focused(id)) return;
  if (context_.widgets.take_activation(id)) select(h);
  const double step = tick_step(view_.view.pixels_per_unit(), static_cast<double>(context_.style.px(44))) *
                      (modifiers().shift ? 0.01 : 0.1);
  Point by;
  if (context_.widgets.take(id, Key::left)) by.x -= step;
  if (context_.widgets.take(id, Key::right)) by.x += step;
  if (context_.widgets.take(id, Key::down)) by.y -= step;
  if (context_.widgets.take(id, Key::up)) by.y += step;
  if (by == Point{} || !subject_.current) return;
  if (h.ring) {
    begin_pull(h);
    move_pull({h.at.x + by.x, h.at.y + by.y});
    context_.post(session::EndPull{});
    return;
  }
  const auto move = move_of(h);
  // Only what is nudged is rounded.
  std::array<double, 2> to = move->start();
  if (by.x != 0.0) to[0] = std::round((to[0] + by.x) / step) * step;
  if (by.y != 0.0) to[1] = std::round((to[1] + by.y) / step) * step;
  context_.post(session::Apply{moved_row(*move, h.row, to)});
}

}  // namespace attn::ui
