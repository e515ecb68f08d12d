// Below the steps: why a cell is hidden, and what a row of attention weights does to the output.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/explain_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/exact_format.h"
#include "app/widgets/mask_layers.h"
#include "app/widgets/number_format.h"
#include "app/widgets/row_reads.h"

namespace attn::ui {
namespace {

constexpr std::size_t kEffects = 6;

/// α × |v| of every key in one row, which of a long text is too much for every frame.
struct EffectLengths {
  const Trace* trace = nullptr;
  std::uint64_t revision = 0;
  CellRef row;
  std::vector<double> lengths;
  double longest = 0.0;
};

std::string vector_text(const ExplainView& view, std::span<const float> values) {
  constexpr std::size_t kShown = 3;
  std::string out = "(";
  for (std::size_t i = 0; i < std::min(values.size(), kShown); ++i) {
    out += (i > 0 ? ", " : "") + format_number(static_cast<double>(values[i]), std::min(view.decimals, 2));
  }
  out += values.size() > kShown ? ", …)" : ")";
  return view.conventions.column_vectors ? out + "ᵀ" : out;
}

/// What the bars are: α × |v|.
Runs bar_legend(const ExplainView& view) {
  const bool drops = present(Stage::dropped, view.input);
  const TextLook italic = view.context.look(TextSize::body, Face::formula_italic);
  TextLook v = italic;
  v.colour = view.colours().v;
  const TextLook plain = view.context.look(TextSize::body, view.colours().ink_muted);
  return {{drops ? "α′" : "α", italic, 0.0f}, {" × |", plain, 0.0f}, {"v", v, 0.0f}, {"|", plain, 0.0f}};
}

void draw_bar_legend(ExplainView& view, const Rect& area, const Runs& legend, float swatch) {
  const WidgetId id(PanelId::explain, "bar_legend");
  view.context.widgets.add(id, area, Focusable::no);
  Rect rest = area;
  const Rect bar = rest.cut_left(swatch).inset(0, area.height() / 2 - view.style().px(6));
  view.context.list->AddRectFilled(bar.min, {bar.max.x - view.style().px(6), bar.max.y}, view.colours().v,
                                   view.style().px(2));
  view.context.text.draw_in(*view.context.list, rest, legend);
  if (area.contains(ImGui::GetIO().MousePos) && ImGui::IsWindowHovered())
    tooltip(view.context, view.context.tr("The bar: attention weight × length of the value."));
}

void draw_effects_title(ExplainView& view, std::string_view title, std::size_t count) {
  Rect line{{view.area.min.x, view.y}, {view.area.max.x, view.y + view.style().px(28)}};
  view.y += view.style().px(30);
  if (count > kEffects) {
    ButtonOptions options;
    options.kind = ButtonKind::quiet;
    options.enabled = view.memory.effects + kEffects < count;
    if (icon_button(view.context, {PanelId::explain, "next_words"}, line.cut_right(view.style().px(30)),
                    Icon::step_forward, options)) {
      view.memory.effects += kEffects;
    }
    options.enabled = view.memory.effects > 0;
    if (icon_button(view.context, {PanelId::explain, "previous_words"}, line.cut_right(view.style().px(30)),
                    Icon::step_back, options)) {
      view.memory.effects -= std::min(view.memory.effects, kEffects);
    }
  }
  const TextLook look = view.context.look(TextSize::body, view.colours().ink_muted);
  const Runs legend = bar_legend(view);
  const float swatch = view.style().px(22);
  const float legend_width = view.context.text.measure(legend).x + swatch;
  const bool beside =
      view.context.text.measure(look, title).x + view.style().px(10) + legend_width <= line.width();
  if (beside) {
    draw_bar_legend(view, line.cut_right(legend_width), legend, swatch);
    view.context.text.draw_in(*view.context.list, line, look, title);
    return;
  }
  view.context.text.draw_in(*view.context.list, line, look, title);
  const Rect below{{view.area.min.x, view.y - view.style().px(4)},
                   {view.area.max.x, view.y + view.style().px(20)}};
  draw_bar_legend(view, below, legend, swatch);
  view.y = below.max.y;
}

void draw_effect(ExplainView& view, const std::string& text, float px, float text_width, std::size_t key,
                 float part, const std::string& length_words) {
  const Theme& theme = view.colours();
  const bool here = key == view.cell.column;
  const bool hovered = view.context.hover.key == key;
  const Rect line{{view.area.min.x, view.y}, {view.area.max.x, view.y + view.style().px(25)}};
  if (here || hovered) {
    view.context.list->AddRectFilled(subtract(line.min, {view.style().px(4), 0}), line.max,
                                     hovered ? theme.accent_soft : theme.v_soft, view.style().px(4));
  }
  const CellRef target{Stage::v, view.explainer.dimensions().kv_head(view.cell.head), key, 0};
  const Interaction use =
      interact(view.context, WidgetId(PanelId::explain, "effect").at(key), line, true, view.style().px(4));
  view.context.text.draw(*view.context.list, {line.min.x, line.centre().y - px * 0.6f},
                         {Face::mono, px, theme.ink}, text);
  const float left = line.min.x + text_width + view.style().px(12);
  const float width = std::max(2.0f, (line.max.x - left - view.style().px(4)) * part);
  const float half = view.style().px(6);
  view.context.list->AddRectFilled({left, line.centre().y - half}, {left + width, line.centre().y + half},
                                   theme.v, view.style().px(2));
  if (use.hovered) {
    view.context.hover_next.key = key;
    tooltip(view.context, length_words);
  }
  if (use.clicked) view.context.post(session::ExplainFollow{target});
  view.y = line.max.y + view.style().px(1);
}

}  // namespace

void draw_hiding_masks(ExplainView& view) {
  const bool after_mask = index(view.cell.stage) >= index(Stage::masked) && is_score_like(view.cell.stage);
  if (!after_mask || view.input.config.attend_over == AttendOver::features) return;
  const MaskConfig& mask = view.input.config.mask;
  const std::vector<MaskLayer> layers = layers_hiding(mask, view.cell.row, view.cell.column);
  if (layers.empty()) return;
  view.y += view.style().px(4);
  view.paragraph(view.context.tr("why it is hidden"), view.colours().ink_muted);
  for (const MaskLayer layer : layers) {
    Rect line{{view.area.min.x, view.y}, {view.area.max.x, view.y + view.style().px(28)}};
    Rect swatch = line.cut_left(view.style().px(20), view.style().px(8));
    swatch = swatch.inset(0, view.style().px(4));
    view.context.list->AddRectFilled(swatch.min, swatch.max, view.colours().hatch_background);
    draw_layer_hatching(*view.context.list, view.style(), swatch, layer);
    view.context.list->AddRect(swatch.min, swatch.max, view.colours().ink_muted, 0.0f, 0,
                               view.style().line());
    view.context.text.draw_in(*view.context.list, line, view.context.look(TextSize::body),
                              layer_reason(view.context, mask, layer));
    view.y = line.max.y;
  }
  view.y += view.style().px(4);
}

void draw_effects(ExplainView& view) {
  if (view.subject.trace == nullptr || !view.subject.current || !view.subject.trace->has(Stage::v)) return;
  const Trace& trace = *view.subject.trace;
  const Stage used = trace.has(Stage::dropped) ? Stage::dropped : Stage::weights;
  const StageShape shape = trace.shape(used);
  const std::size_t kv = trace.dimensions().kv_head(view.cell.head);
  const Read& weights = view.context.memory.get<RowReads>().row(trace, used, view.cell.head, view.cell.row);
  const Read values = trace.read_head(Stage::v, kv);
  if (!weights.ready() || !values.ready()) return;
  view.y += view.style().px(4);
  const bool alone = trace.dimensions().n_heads == 1 && !view.input.parameters[ParameterId::w_o];
  draw_effects_title(view,
                     alone ? view.context.tr("what it does to the output")
                           : view.context.tr("what it does to this head's output"),
                     shape.columns);
  EffectLengths& kept = view.context.memory.get<EffectLengths>();
  const CellRef row{used, view.cell.head, view.cell.row, 0};
  if (kept.trace != view.subject.trace || kept.revision != trace.revision() || !(kept.row == row)) {
    kept = {view.subject.trace, trace.revision(), row, std::vector<double>(shape.columns, 0.0), 0.0};
    for (std::size_t j = 0; j < shape.columns; ++j) {
      double squares = 0.0;
      for (const float v : values.values.row(j)) squares += static_cast<double>(v) * static_cast<double>(v);
      kept.lengths[j] = std::abs(static_cast<double>(weights.values(0, j))) * std::sqrt(squares);
      kept.longest = std::max(kept.longest, kept.lengths[j]);
    }
  }
  const std::vector<double>& lengths = kept.lengths;
  const double longest = kept.longest;
  const std::size_t first = std::min(view.memory.effects, shape.columns - 1);
  const std::size_t last = std::min(first + kEffects, shape.columns);
  float text_width = 0.0f;
  std::vector<std::string> lines;
  float px = view.style().text(TextSize::body);
  for (std::size_t j = first; j < last; ++j) {
    const std::optional<Exact> exact =
        view.exact == nullptr
            ? std::nullopt
            : shown_exactly(view.exact, view.explainer.cell({used, view.cell.head, view.cell.row, j}));
    lines.push_back((exact ? exact_text(*exact)
                           : format_number(static_cast<double>(weights.values(0, j)), view.decimals)) +
                    " × " + vector_text(view, values.values.row(j)));
    text_width = std::max(text_width, view.context.text.measure({Face::mono, px, 0}, lines.back()).x);
  }
  const float least_bar = view.style().px(48);
  if (text_width > view.area.width() - least_bar) {
    const float smaller = std::max(0.8f, (view.area.width() - least_bar) / text_width);
    px *= smaller;
    text_width *= smaller;
  }
  for (std::size_t j = first; j < last; ++j) {
    draw_effect(view, lines[j - first], px, text_width, j,
                longest > 0 ? static_cast<float>(lengths[j] / longest) : 0.0f,
                view.context.say("attention weight × length of the value {length}",
                                 fmt::arg("length", after_sign(lengths[j], view.decimals))));
  }
}

}  // namespace attn::ui
