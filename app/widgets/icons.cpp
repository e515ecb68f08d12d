#include "app/widgets/icons.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {

void draw_icon(ImDrawList& list, const Rect& rect, Icon icon, Colour colour) {
  const auto at = [&](float x, float y) {
    return ImVec2{rect.min.x + rect.width() * x, rect.min.y + rect.height() * y};
  };
  const float line = std::max(1.5f, rect.width() * 0.14f);
  const auto stroke = [&](std::initializer_list<ImVec2> points) {
    for (const ImVec2 p : points) list.PathLineTo(p);
    list.PathStroke(colour, 0, line);
  };
  const auto bar = [&](float x0, float x1) {
    list.AddRectFilled(at(x0, 0.0f), at(x1, 1.0f), colour, line * 0.3f);
  };
  switch (icon) {
    case Icon::play:
      list.AddTriangleFilled(at(0.1f, 0.0f), at(0.1f, 1.0f), at(1.0f, 0.5f), colour);
      break;
    case Icon::pause:
      bar(0.12f, 0.40f);
      bar(0.60f, 0.88f);
      break;
    case Icon::step_forward:
      list.AddTriangleFilled(at(0.0f, 0.05f), at(0.0f, 0.95f), at(0.72f, 0.5f), colour);
      bar(0.80f, 0.98f);
      break;
    case Icon::step_back:
      list.AddTriangleFilled(at(1.0f, 0.05f), at(0.28f, 0.5f), at(1.0f, 0.95f), colour);
      bar(0.02f, 0.20f);
      break;
    case Icon::to_end:
      list.AddTriangleFilled(at(-0.1f, 0.1f), at(-0.1f, 0.9f), at(0.45f, 0.5f), colour);
      list.AddTriangleFilled(at(0.45f, 0.1f), at(0.45f, 0.9f), at(1.0f, 0.5f), colour);
      bar(1.0f, 1.14f);
      break;
    case Icon::to_start:
      list.AddTriangleFilled(at(1.1f, 0.1f), at(0.55f, 0.5f), at(1.1f, 0.9f), colour);
      list.AddTriangleFilled(at(0.55f, 0.1f), at(0.0f, 0.5f), at(0.55f, 0.9f), colour);
      bar(-0.14f, 0.0f);
      break;
    case Icon::close:
      stroke({at(0.1f, 0.1f), at(0.9f, 0.9f)});
      stroke({at(0.9f, 0.1f), at(0.1f, 0.9f)});
      break;
    case Icon::chevron_down:
      stroke({at(0.1f, 0.3f), at(0.5f, 0.72f), at(0.9f, 0.3f)});
      break;
    case Icon::chevron_right:
      stroke({at(0.3f, 0.1f), at(0.72f, 0.5f), at(0.3f, 0.9f)});
      break;
    case Icon::tick:
      stroke({at(0.05f, 0.55f), at(0.38f, 0.88f), at(0.95f, 0.15f)});
      break;
    case Icon::back:
      stroke({at(0.95f, 0.5f), at(0.08f, 0.5f)});
      stroke({at(0.42f, 0.14f), at(0.08f, 0.5f), at(0.42f, 0.86f)});
      break;
    case Icon::plus:
      stroke({at(0.5f, 0.02f), at(0.5f, 0.98f)});
      stroke({at(0.02f, 0.5f), at(0.98f, 0.5f)});
      break;
    case Icon::up:
      stroke({at(0.5f, 0.98f), at(0.5f, 0.06f)});
      stroke({at(0.12f, 0.42f), at(0.5f, 0.04f), at(0.88f, 0.42f)});
      break;
    case Icon::down:
      stroke({at(0.5f, 0.02f), at(0.5f, 0.94f)});
      stroke({at(0.12f, 0.58f), at(0.5f, 0.96f), at(0.88f, 0.58f)});
      break;
    case Icon::paste:  // lines of a text on a board with its clip
      stroke({at(0.3f, 0.1f), at(0.05f, 0.1f), at(0.05f, 1.05f), at(0.95f, 1.05f), at(0.95f, 0.1f),
              at(0.7f, 0.1f)});
      list.AddRectFilled(at(0.3f, -0.08f), at(0.7f, 0.2f), colour, line * 0.5f);
      stroke({at(0.28f, 0.48f), at(0.72f, 0.48f)});
      stroke({at(0.28f, 0.76f), at(0.72f, 0.76f)});
      break;
    case Icon::tag:
      stroke({at(0.0f, 0.2f), at(0.62f, 0.2f), at(1.02f, 0.5f), at(0.62f, 0.8f), at(0.0f, 0.8f),
              at(0.0f, 0.14f)});
      list.AddCircleFilled(at(0.66f, 0.5f), line * 0.75f, colour);
      break;
    case Icon::brush:
      stroke({at(1.0f, 0.0f), at(0.44f, 0.56f)});
      list.AddCircleFilled(at(0.26f, 0.74f), rect.width() * 0.24f, colour);
      list.AddTriangleFilled(at(0.04f, 0.64f), at(-0.08f, 1.08f), at(0.34f, 0.96f), colour);
      break;
    case Icon::book:
      stroke({at(0.5f, 0.14f), at(0.0f, 0.02f), at(0.0f, 0.86f), at(0.5f, 0.98f), at(1.0f, 0.86f),
              at(1.0f, 0.02f), at(0.5f, 0.14f), at(0.5f, 0.98f)});
      break;
  }
}

}  // namespace attn::ui
