#include "app/widgets/vector_plane.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

/// What is drawn around the tip of an arrow that a lesson speaks of reaches so far, in design pixels.
constexpr float kRoundTip = 24.0f;

/// The decimals that a tick step needs: 1 for 0.5, none for 2.
int decimals_of(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 8);
}

}  // namespace

std::vector<PixelRect> draw_plane(PanelContext& context, const PlaneView& view, std::string_view horizontal,
                                  std::string_view vertical, std::span<const Point> tips) {
  ImDrawList& list = *context.list;
  const Theme& theme = context.colours();
  const Style& style = context.style;
  const PixelRect& box = view.pixels();
  const TextLook look{Face::sans, style.text(TextSize::body), theme.ink_muted};
  std::vector<PixelRect> written;
  const auto write = [&](ImVec2 at, const std::string& text) {
    const float width = context.text.draw(list, at, look, text);
    written.push_back(pixels_of({at, {at.x + width, at.y + look.px * 1.2f}}));
  };
  const auto is_free = [&](const PixelRect& text) {
    const auto apart = static_cast<double>(style.px(4));
    const PixelRect room{text.left - apart, text.top, text.right + apart, text.bottom};
    return std::ranges::none_of(written, [&](const PixelRect& other) { return overlap(room, other) > 0.0; });
  };
  const auto write_if_free = [&](ImVec2 at, const std::string& text, float width) {
    if (is_free(pixels_of({at, {at.x + width, at.y + look.px * 1.2f}}))) write(at, text);
  };
  const double step = tick_step(view.pixels_per_unit(), static_cast<double>(style.px(44)));
  const Point low = view.to_plane({box.left, box.bottom});
  const Point high = view.to_plane({box.right, box.top});
  const Point origin = view.to_pixel({0, 0});
  // Axes stay inside the picture even where the origin is outside.
  const auto axis_x = static_cast<float>(std::clamp(origin.x, box.left, box.right));
  const auto axis_y = static_cast<float>(std::clamp(origin.y, box.top, box.bottom));
  const auto left = static_cast<float>(box.left);
  const auto right = static_cast<float>(box.right);
  const auto top = static_cast<float>(box.top);
  const auto bottom = static_cast<float>(box.bottom);
  const int decimals = decimals_of(step);
  const auto grid = [&](double from, double to, const auto& line, const auto& label) {
    for (auto k = static_cast<long>(std::ceil(from / step)); static_cast<double>(k) * step <= to; ++k) {
      const double value = static_cast<double>(k) * step;
      line(value);
      if (k != 0) label(value, format_number(value, decimals));
    }
  };
  const auto vertical_line = [&](double value) {
    const auto x = static_cast<float>(std::round(view.to_pixel({value, 0}).x));
    list.AddLine({x, top}, {x, bottom}, theme.grid, style.line());
  };
  const auto horizontal_line = [&](double value) {
    const auto y = static_cast<float>(std::round(view.to_pixel({0, value}).y));
    list.AddLine({left, y}, {right, y}, theme.grid, style.line());
  };
  grid(low.x, high.x, vertical_line, [](double, const std::string&) {});
  grid(low.y, high.y, horizontal_line, [](double, const std::string&) {});
  list.AddLine({left, axis_y}, {right, axis_y}, theme.axis, style.px(1.5f));
  list.AddLine({axis_x, top}, {axis_x, bottom}, theme.axis, style.px(1.5f));
  // The names of the axes stand first: a number that would touch one is left out.
  const float round_tip = style.px(kRoundTip);
  const auto touches_tip = [&](const Rect& name) {
    return std::ranges::any_of(tips, [&](const Point& tip) {
      const Point near{std::clamp(tip.x, static_cast<double>(name.min.x), static_cast<double>(name.max.x)),
                       std::clamp(tip.y, static_cast<double>(name.min.y), static_cast<double>(name.max.y))};
      return std::hypot(tip.x - near.x, tip.y - near.y) < static_cast<double>(round_tip);
    });
  };
  const auto write_name = [&](const std::string& text, std::initializer_list<ImVec2> places) {
    const ImVec2 size{context.text.measure(look, text).x, look.px * 1.2f};
    const auto fits = [&](const ImVec2& at) {
      return at.x >= left && at.x + size.x <= right + 1.0f && at.y >= top - 1.0f &&
             at.y + size.y <= bottom + 1.0f && is_free(pixels_of({at, add(at, size)}));
    };
    const auto fits_beside_tips = [&](const ImVec2& at) {
      return fits(at) && !touches_tip({at, add(at, size)});
    };
    const auto* place = std::ranges::find_if(places, fits_beside_tips);
    if (place == places.end()) place = std::ranges::find_if(places, fits);
    write(place == places.end() ? *places.begin() : *place, text);
  };
  const float name_height = look.px * 1.2f;
  if (!horizontal.empty()) {
    const std::string text = context.text.ellipsis(look, horizontal, (right - left) * 0.5f);
    const float x = right - context.text.measure(look, text).x;
    const float above = axis_y - style.px(4) - name_height;
    const float below = axis_y + style.px(4);
    write_name(text, {{x, above}, {x, below}, {x, above - round_tip}, {x, below + round_tip}});
  }
  if (!vertical.empty()) {
    const std::string text = context.text.ellipsis(look, vertical, (right - left) * 0.5f);
    const float width = context.text.measure(look, text).x;
    const float beside = axis_x + style.px(8);
    const float before = axis_x - style.px(8) - width;
    write_name(text, {{beside, top},
                      {before, top},
                      {beside + round_tip, top},
                      {before - round_tip, top},
                      {beside, bottom - name_height},
                      {before, bottom - name_height}});
  }
  // Numbers stand below and to the left of the axes, or on the other side where there is no room.
  const float text_y = axis_y + style.px(5) + look.px * 1.1f <= bottom
                           ? axis_y + style.px(5)
                           : axis_y - style.px(5) - look.px * 1.15f;
  grid(
      low.x, high.x, [](double) {},
      [&](double value, const std::string& text) {
        const auto x = static_cast<float>(view.to_pixel({value, 0}).x);
        const float width = context.text.measure(look, text).x;
        if (x - width / 2 < left || x + width / 2 > right) return;
        write_if_free({x - width / 2, text_y}, text, width);
      });
  grid(
      low.y, high.y, [](double) {},
      [&](double value, const std::string& text) {
        const auto y = static_cast<float>(view.to_pixel({0, value}).y);
        if (y - look.px / 2 < top || y + look.px / 2 > bottom) return;
        const float width = context.text.measure(look, text).x;
        const float x =
            axis_x - style.px(8) - width >= left ? axis_x - style.px(8) - width : axis_x + style.px(8);
        write_if_free({x, y - look.px * 0.6f}, text, width);
      });
  return written;
}

void draw_dashes(ImDrawList& list, ImVec2 from, ImVec2 to, Colour colour, float thickness, float dash) {
  const ImVec2 along = subtract(to, from);
  const float length = std::hypot(along.x, along.y);
  if (!(length > 0.5f)) return;
  for (float at = 0.0f; at < length; at += 2 * dash) {
    const float end = std::min(at + dash, length);
    list.AddLine(add(from, scale(along, at / length)), add(from, scale(along, end / length)), colour,
                 thickness);
  }
}

namespace {

/// Tip, and the two corners behind it.
std::array<ImVec2, 3> head_of(ImVec2 to, ImVec2 unit, float length) {
  const ImVec2 back = subtract(to, scale(unit, length));
  const ImVec2 side{-unit.y * length * 0.42f, unit.x * length * 0.42f};
  return {to, add(back, side), subtract(back, side)};
}

}  // namespace

void draw_arrow_head(PanelContext& context, const PlaneView& view, Point tip, Colour colour) {
  if (!std::isfinite(tip.x) || !std::isfinite(tip.y)) return;
  const ImVec2 to = to_imgui(view.to_pixel(tip));
  const ImVec2 along = subtract(to, to_imgui(view.to_pixel({0, 0})));
  const float length = std::hypot(along.x, along.y);
  if (length < 1.0f) return;
  const auto [point, left, right] =
      head_of(to, scale(along, 1.0f / length), std::min(context.style.px(13), length));
  context.list->AddTriangleFilled(point, left, right, context.colours().panel);
  context.list->AddTriangle(point, left, right, context.colours().panel, context.style.px(3));
  context.list->AddTriangleFilled(point, left, right, colour);
}

void draw_arrow(PanelContext& context, const PlaneView& view, Point tip, const ArrowLook& look) {
  if (!std::isfinite(tip.x) || !std::isfinite(tip.y)) return;
  ImDrawList& list = *context.list;
  const ImVec2 from = to_imgui(view.to_pixel({0, 0}));
  const ImVec2 to = to_imgui(view.to_pixel(tip));
  const ImVec2 along = subtract(to, from);
  const float length = std::hypot(along.x, along.y);
  const float head = std::min(context.style.px(13), length);
  if (length < 1.0f) {
    list.AddCircleFilled(to, context.style.px(4), look.colour);
    return;
  }
  const ImVec2 unit = scale(along, 1.0f / length);
  const ImVec2 neck = subtract(to, scale(unit, head * 0.8f));
  if (look.dashed) {
    draw_dashes(list, from, neck, look.colour, look.thickness, context.style.px(5));
  } else {
    list.AddLine(from, neck, look.colour, look.thickness);
  }
  const auto [point, left, right] = head_of(to, unit, head);
  list.AddTriangleFilled(point, left, right, look.colour);
}

namespace {

/// A thin line to what a name belongs to, where it found room only further away.
void draw_leader(PanelContext& context, const PlaneLabel& label, const PixelRect& box) {
  const Point near{std::clamp(label.anchor.x, box.left, box.right),
                   std::clamp(label.anchor.y, box.top, box.bottom)};
  const double away = std::hypot(near.x - label.anchor.x, near.y - label.anchor.y);
  if (away < 2.5 * label.clearance) return;
  const double skip = label.clearance * 0.6 / away;
  const Point from{label.anchor.x + (near.x - label.anchor.x) * skip,
                   label.anchor.y + (near.y - label.anchor.y) * skip};
  context.list->AddLine(to_imgui(from), to_imgui(near), with_alpha(label.look.colour, 0.35f),
                        context.style.line());
}

}  // namespace

void draw_plane_labels(PanelContext& context, std::span<const PlaneLabel> labels, const PixelRect& bounds,
                       const Obstacles& obstacles) {
  const float gap = context.style.px(3);
  std::vector<LabelRequest> requests;
  for (const PlaneLabel& label : labels) {
    const ImVec2 size = context.text.measure(label.look, label.text);
    // Two names side by side are not one.
    requests.push_back({label.anchor, label.towards, static_cast<double>(size.x + 2.0f * gap),
                        static_cast<double>(size.y) * 1.15, label.clearance, label.optional});
  }
  const std::vector<PixelRect> boxes = place_labels(requests, bounds, obstacles);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].width() <= 0.0) continue;
    draw_leader(context, labels[i], boxes[i]);
    context.text.draw(*context.list,
                      {static_cast<float>(boxes[i].left) + gap, static_cast<float>(boxes[i].top)},
                      labels[i].look, labels[i].text);
  }
}

}  // namespace attn::ui
