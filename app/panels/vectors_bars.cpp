#include "app/panels/vectors_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/vectors_hand.h"
#include "app/widgets/controls.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/lock.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/value_bar.h"

namespace attn::ui {
namespace {

/// Bars are as long as the largest number of all words, in a round number.
double round_up(double value) {
  if (!(value > 0.0) || !std::isfinite(value)) return 1.0;
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 1.5, 2.0, 3.0, 5.0, 7.0}) {
    if (factor * power >= value * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

}  // namespace

float VectorsBars::row_height() const { return context_.style.px(32); }

std::size_t VectorsBars::columns(float width) const {
  const auto fitting = static_cast<std::size_t>(std::max(1.0f, width / context_.style.px(150)));
  return std::clamp<std::size_t>(scene_.width() > 3 ? fitting : 1, 1, 4);
}

std::size_t VectorsBars::rows_in(float height) const {
  return static_cast<std::size_t>(std::max(0.0f, height) / row_height());
}

float VectorsBars::height(float width, float most) const {
  if (scene_.width() < 3) return 0.0f;
  const std::size_t per_row = columns(width);
  const std::size_t lines = 1 + (scene_.width() + per_row - 1) / per_row;
  const float wanted = row_height() * static_cast<float>(lines);
  const std::size_t rows = rows_in(std::min(wanted, most));
  return rows < 2 ? 0.0f : row_height() * static_cast<float>(rows);
}

VectorHandle VectorsBars::shown() const {
  const Stage stage = scene_.stages().front();
  const CellRef& cell = subject_.view.selection;
  const bool keys = rows_are_keys(stage);
  const std::size_t row = keys && is_score_like(cell.stage) ? cell.column : cell.row;
  const std::size_t rows = subject_.trace->shape(stage).rows;
  return {false, stage, std::min(row, rows - 1), {}};
}

void VectorsBars::fit_range(const Read& read) {
  if (context_.session.history().in_gesture()) return;
  const std::uint64_t revision = subject_.trace->revision();
  if (memory_.ranged == read.values.data && memory_.revision == revision) return;
  memory_.ranged = read.values.data;
  memory_.revision = revision;
  double low = 0.0;
  double high = 0.0;
  constexpr std::size_t kLookedAt = std::size_t{1} << 18;
  const bool many = read.values.rows * read.values.columns > kLookedAt;
  if (many) {
    // Known without a look at every number; of so many some are negative.
    high = subject_.trace->largest(shown().stage);
    low = -high;
  }
  for (std::size_t i = 0; !many && i < read.values.rows; ++i) {
    for (const float value : read.values.row(i)) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, static_cast<double>(value));
      high = std::max(high, static_cast<double>(value));
    }
  }
  const double largest = round_up(std::max(-low, high));
  memory_.low = low < 0.0 ? -largest : 0.0;
  memory_.high = largest;
}

void VectorsBars::draw_heading(const Rect& line, const VectorHandle& word, std::size_t first,
                               std::size_t a_page) {
  Rect rest = line;
  const Style& style = context_.style;
  const std::size_t count = scene_.width();
  if (a_page < count) {
    ButtonOptions after;
    after.kind = ButtonKind::quiet;
    ButtonOptions before = after;
    before.enabled = first > 0;
    after.enabled = first + a_page < count;
    if (icon_button(context_, {PanelId::vectors, "next_page"}, rest.cut_right(style.px(26), style.px(2)),
                    Icon::chevron_right, after))
      ++memory_.page;
    if (icon_button(context_, {PanelId::vectors, "previous_page"}, rest.cut_right(style.px(26), style.px(6)),
                    Icon::back, before))
      --memory_.page;
    const std::string text =
        context_.say("{first}–{last} of {count}", fmt::arg("first", first + 1),
                     fmt::arg("last", std::min(first + a_page, count)), fmt::arg("count", count));
    const TextLook look = context_.look(TextSize::body, context_.colours().ink_muted);
    context_.text.draw_in(
        *context_.list, rest.cut_right(context_.text.measure(look, text).x + 1.0f, style.px(6)), look, text);
  }
  const Input& input = subject_.trace->input();
  const bool letter = word.stage != Stage::x && word.stage != Stage::source_x;
  const Colour ink = letter ? colour_of(context_.colours(), word.stage) : context_.colours().ink;
  Runs runs;
  if (letter) {
    runs.push_back({word.stage == Stage::q   ? "q "
                    : word.stage == Stage::k ? "k "
                                             : "v ",
                    context_.look(TextSize::body, ink, Face::formula_italic), 0.0f});
  }
  runs.push_back({std::string(row_word(input, word.stage, word.row)),
                  context_.look(TextSize::body, ink, Face::sans_bold), 0.0f});
  context_.text.draw_in(*context_.list, rest, runs);
}

void VectorsBars::draw_bar(const Rect& rect, const VectorHandle& word, std::size_t component, double value) {
  const auto axes = scene_.axes();
  const std::string name = scene_.component_name(component);
  ValueBar bar;
  bar.name = name;
  bar.value = value;
  bar.low = memory_.low;
  bar.high = memory_.high;
  bar.step = round_up((memory_.high - memory_.low) / 40.0);
  bar.decimals = std::min(2, context_.session.settings().decimals);
  bar.colour = scene_.colour(word);
  if (!scene_.principal()) bar.mark = component == axes[0] ? "→" : component == axes[1] ? "↑" : "";
  bar.enabled = subject_.current || memory_.drag.has_value();
  const WidgetId id = WidgetId(PanelId::vectors, "bar").at(word.stage).at(component);
  const LockedPart lock(context_, scene_.is_locked(word));
  const ValueBarResult result = value_bar(context_, id, rect, bar);
  const auto move_of = [&] {
    return std::make_shared<const PlaneMove>(subject_.document.input(), word.stage,
                                             shown_head(subject_, word.stage), word.row,
                                             feature_line(scene_.width(), component));
  };
  if (result.preview) {
    const bool same = memory_.drag && memory_.drag->component == component;
    if (!same) memory_.drag = VectorsBarsMemory::Drag{component, move_of()};
    context_.post(session::Preview{moved_row(*memory_.drag->move, word.row, {*result.preview, 0.0})});
  }
  if (result.ended) context_.post(session::EndGesture{});
  if (result.commit) {
    context_.post(session::Apply{moved_row(*move_of(), word.row, {*result.commit, 0.0})});
  }
}

void VectorsBars::draw(const Rect& area) {
  if (!context_.session.history().in_gesture()) memory_.drag.reset();
  const VectorHandle word = shown();
  const Trace& trace = *subject_.trace;
  const Read all = trace.read_head(word.stage, shown_head(subject_, word.stage));
  if (!all.ready() || word.row >= all.values.rows || !scene_.known(word.stage, word.row)) return;
  fit_range(all);
  Rect rest = area;
  const Rect heading = rest.cut_top(row_height());
  const std::size_t per_row = columns(area.width());
  const std::size_t a_page = std::max<std::size_t>(1, rows_in(rest.height() + 1.0f) * per_row);
  const std::size_t pages = (scene_.width() + a_page - 1) / a_page;
  memory_.page = std::min(memory_.page, pages - 1);
  const std::size_t first = memory_.page * a_page;
  draw_heading(heading, word, first, a_page);
  const float gap = context_.style.px(6);
  const float width = (area.width() - gap * static_cast<float>(per_row - 1)) / static_cast<float>(per_row);
  for (std::size_t k = 0; k < a_page && first + k < scene_.width(); ++k) {
    const auto column = static_cast<float>(k % per_row);
    const std::size_t line = k / per_row;
    const auto row = static_cast<float>(line);
    const ImVec2 at{rest.min.x + column * (width + gap), rest.min.y + row * row_height()};
    const Rect rect{at, {at.x + width, at.y + row_height() - context_.style.px(4)}};
    draw_bar(rect, word, first + k, static_cast<double>(all.values(word.row, first + k)));
  }
}

}  // namespace attn::ui
