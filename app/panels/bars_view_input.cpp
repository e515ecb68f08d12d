// Mouse and keys of the bars: select, ask "what if", and pull on a share.

#include <algorithm>
#include <cmath>

#include "app/panels/bars_view.h"
#include "app/panels/map_view.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/pipeline.h"

namespace attn::ui {
namespace {

using session::Key;

constexpr double kNudge = 0.1;
constexpr double kPullNudge = 0.05;
constexpr float kDragFrom = 3.0f;

}  // namespace

void BarsView::use_mouse(const Interaction& use, const Rect& content) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto row = row_at(content, mouse.y);
  if (use.hovered && row) {
    context_.hover_next = hover_of(scene_.input(), line_.cell(*row));
    if (const auto part = part_at(content, mouse.x)) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
      if (!memory_.drag && !asking_what_if()) tooltip(context_, tooltip_of(*part, *row));
    }
  }
  if (use.pressed && row) begin_drag(*row, part_at(content, mouse.x), mouse.x);
  if (!memory_.drag) return;
  if (use.held) {
    continue_drag(mouse.x);
    return;
  }
  if (memory_.drag->pulls && memory_.drag->moved) context_.post(session::EndPull{});
  memory_.drag.reset();
}

/// The cell of a stage behind a bar; an exponential is none, and says how it came.
std::string BarsView::tooltip_of(BarPart part, std::size_t i) const {
  constexpr std::size_t kAnyLength = 40;
  if (part == BarPart::shares) return cell_tooltip(scene_, line_.cell(i));
  const CellRef score = line_.score_cell(i);
  std::string symbol = cell_symbol_text(score, scene_.conventions());
  if (part == BarPart::exponentials) {
    const bool removed = scene_.input().config.normalise == Normalise::softmax;
    symbol = removed ? "exp(" + symbol + " − max)" : "exp(" + symbol + ")";
  }
  return symbol + " = " + line_.text(part, i, kAnyLength);
}

void BarsView::begin_drag(std::size_t i, std::optional<BarPart> part, float x) {
  context_.post(session::Select{line_.cell(i)});
  if (!part || !line_.known(*part, i)) return;
  if (*part == BarPart::shares) {
    if (scene_.can_pull(line_.cell(i).row) && !line_.hidden(i))
      memory_.drag = BarsMemory::Drag{i, x, line_.true_share(i), part_width_, true, false, false};
    return;
  }
  if (line_.hidden(i) && !std::isfinite(line_.value(BarPart::scores, i))) return;  // a mask is no score
  memory_.drag = BarsMemory::Drag{
      i, x, line_.value(*part, i), part_width_, false, *part == BarPart::exponentials, false};
  // The scale stands still under the hand.
  memory_.drag->range = line_.drag_range(*part);
}

void BarsView::continue_drag(float x) {
  BarsMemory::Drag& drag = *memory_.drag;
  if (!drag.moved && std::abs(x - drag.from) < style().px(kDragFrom)) return;
  const double by = static_cast<double>((x - drag.from) / drag.width);
  if (drag.pulls) {
    if (drag.moved && !context_.session.pulling()) {
      memory_.drag.reset();  // Esc took it back
      return;
    }
    const double goal = std::clamp(drag.start + by, 0.0, 1.0);
    if (!drag.moved) {
      const CellRef target = line_.cell(drag.place);
      context_.post(session::BeginPull{session::PullTarget::weight(target.head, target.row, target.column)});
    }
    if (!drag.moved || ImGui::GetIO().MouseDelta.x != 0.0f) context_.post(session::MovePull{{goal}});
    drag.moved = true;
    return;
  }
  if (key_pressed(Key::escape)) {
    memory_.what_if.reset();
    memory_.drag.reset();
    return;
  }
  drag.moved = true;
  ask(drag.place, drag.exponential ? score_of(drag.start + by * drag.range) : drag.start + by * drag.range);
}

/// The score whose exponential is this much.
double BarsView::score_of(double exponential) const {
  constexpr double kLeast = 1e-6;
  return line_.maximum() + std::log(std::max(exponential, kLeast));
}

void BarsView::ask(std::size_t place, double score) {
  if (!memory_.what_if) memory_.what_if.emplace();
  memory_.what_if->scores[place] = score;
}

/// Up and down go along the line, with Shift to another line; left and right ask what if, page up and down
/// pull the share.
void BarsView::use_keys(const WidgetId& id) {
  const bool shift = ImGui::GetIO().KeyShift;
  const auto go = [&](Key key, int by) {
    if (!context_.widgets.take(id, key)) return;
    const bool along_columns = line_.over_queries() == shift;
    if (!scene_.selected_here()) {
      context_.post(session::ShowStage{scene_.stage()});
    } else {
      context_.post(session::MoveSelection{along_columns ? 0 : by, along_columns ? by : 0});
    }
  };
  go(Key::up, -1);
  go(Key::down, 1);
  const std::size_t selected = line_.selected();
  const double score = line_.value(BarPart::scores, selected);
  const auto nudge = [&](Key key, double by) {
    if (!context_.widgets.take(id, key)) return;
    if (line_.known(BarPart::scores, selected) && std::isfinite(score))
      ask(selected, score + by * (shift ? 10.0 : 1.0));
  };
  nudge(Key::left, -kNudge);
  nudge(Key::right, kNudge);
  if (asking_what_if() && context_.widgets.take(id, Key::escape)) memory_.what_if.reset();
  if (!scene_.can_pull(line_.cell(selected).row) || !line_.known(BarPart::shares, selected)) return;
  const auto pull = [&](Key key, double by) {
    if (!context_.widgets.take(id, key)) return;
    const CellRef target = line_.cell(selected);
    context_.post(session::BeginPull{session::PullTarget::weight(target.head, target.row, target.column)});
    context_.post(session::MovePull{{std::clamp(line_.true_share(selected) + by, 0.0, 1.0)}});
    context_.post(session::EndPull{});
  };
  pull(Key::page_up, kPullNudge);
  pull(Key::page_down, -kPullNudge);
}

}  // namespace attn::ui
