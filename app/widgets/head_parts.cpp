#include "app/widgets/head_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/widgets/controls.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/head_colours.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

// In design pixels.
constexpr float kTitle = 28.0f;
constexpr float kBar = 26.0f;
constexpr float kChip = 28.0f;
constexpr float kChipWidth = 104.0f;
constexpr float kLowChip = 24.0f;
/// More parts than these stand closer.
constexpr std::size_t kFewParts = 9;
constexpr float kPicture = 96.0f;
constexpr float kStrip = 6.0f;

/// How chips stand beside the picture of W_O.
struct Plan {
  std::size_t in_a_line = 1;
  std::size_t lines = 1;
  float picture = 0.0f;  ///< side of the picture of W_O
  float left = 0.0f;     ///< of bar and chips
  float chip = 0.0f;     ///< height of one
};

bool has_bias(const Trace& trace) { return trace.input().parameters[ParameterId::b_o].has_value(); }

Plan plan_of(const PanelContext& context, const Trace& trace, float width) {
  const Style& style = context.style;
  Plan plan;
  plan.picture = std::min(style.px(kPicture), width * 0.3f);
  plan.left = plan.picture + style.px(kStrip) + style.px(14);
  const std::size_t count = trace.dimensions().n_heads + (has_bias(trace) ? 1 : 0);
  plan.in_a_line =
      std::max<std::size_t>(1, static_cast<std::size_t>((width - plan.left) / style.px(kChipWidth)));
  plan.chip = style.px(count > kFewParts ? kLowChip : kChip);
  plan.lines = (count + plan.in_a_line - 1) / plan.in_a_line;
  return plan;
}

float height_of(const Style& style, const Plan& plan) {
  return style.px(kTitle) +
         std::max(plan.picture + style.px(24),
                  style.px(kBar) + style.px(8) + static_cast<float>(plan.lines) * plan.chip);
}

/// The picture of W_O: strong numbers in the colours of its signs, its rows marked by head.
class WeightPicture {
 public:
  WeightPicture(PanelContext& context, const Trace& trace, std::size_t shown, std::size_t column)
      : context_(context), trace_(trace), shown_(shown), column_(column) {}

  void draw(const Rect& area, HeatmapTexture& texture) const {
    const Style& style = context_.style;
    const Dimensions& d = trace_.dimensions();
    const Theme& theme = context_.colours();
    ImDrawList& list = *context_.list;
    const float strip = style.px(kStrip);
    const Rect picture{{area.min.x + strip + style.px(2), area.min.y}, area.max};
    HeatmapKey key;
    key.revision = trace_.revision();
    key.trace = &trace_;
    key.stage = Stage::output;
    key.unknown = theme.cell_neutral;
    key.max_side = kPixels;
    key.scale.table = &diverging_table(theme.kind);
    if (ImTextureID id = texture.get(context_.textures, key, [&] { return paint(); }))
      list.AddImage(id, picture.min, picture.max);
    const bool mean = trace_.input().config.combine == Combine::mean;
    const auto rows = static_cast<float>(d.d_concat);
    const auto y = [&](std::size_t row) {
      return picture.min.y + picture.height() * static_cast<float>(row) / rows;
    };
    for (std::size_t h = 0; h < d.n_heads && !mean; ++h) {
      const RowRange range = rows_of_head(trace_.input(), d, h);
      const bool gaps = (y(range.last) - y(range.first)) > style.px(6);
      list.AddRectFilled({area.min.x, y(range.first) + (gaps ? 1.0f : 0.0f)},
                         {area.min.x + strip, y(range.last) - (gaps ? 1.0f : 0.0f)},
                         block_colour(theme, h, shown_));
    }
    const RowRange mine = rows_of_head(trace_.input(), d, shown_);
    list.AddRect({picture.min.x - 1, y(mine.first) - 1}, {picture.max.x + 1, y(mine.last) + 1}, theme.accent,
                 0.0f, 0, style.px(2));
    // The column that makes this number of the output.
    const float width = picture.width() / static_cast<float>(d.d_out);
    const float x = picture.min.x + width * static_cast<float>(column_);
    list.AddRect({x, picture.min.y}, {x + std::max(width, style.px(2)), picture.max.y}, theme.ink, 0.0f, 0,
                 style.px(1));
  }

 private:
  static constexpr std::size_t kPixels = 128;

  HeatmapImage paint() const {
    const Dimensions& d = trace_.dimensions();
    const auto& w_o = trace_.input().parameters[ParameterId::w_o];
    Matrix identity;
    if (!w_o) {
      identity = Matrix(d.d_concat, d.d_out);
      for (std::size_t i = 0; i < std::min(d.d_concat, d.d_out); ++i) identity(i, i) = 1.0f;
    }
    const auto row = [&](std::size_t i) { return w_o ? w_o->row(i) : std::as_const(identity).row(i); };
    float largest = 0.0f;
    for (std::size_t i = 0; i < d.d_concat; ++i)
      for (const float value : row(i)) largest = std::max(largest, std::abs(value));
    if (largest == 0.0f) largest = 1.0f;
    const ColourScale scale{&diverging_table(context_.colours().kind), -static_cast<double>(largest),
                            static_cast<double>(largest)};
    HeatmapPainter painter(d.d_concat, d.d_out, scale, 0, kPixels);
    for (std::size_t i = 0; i < d.d_concat; ++i) painter.add_row(row(i), CellRun{0, d.d_out});
    return painter.take();
  }

  PanelContext& context_;
  const Trace& trace_;
  std::size_t shown_;
  std::size_t column_;
};

/// Parts one after the other from 0, positive to the right and negative back, down to the total: the stack
/// ends where the number is.
void draw_stack(PanelContext& context, const Rect& bar, const OutputParts& parts, std::size_t shown) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  ImDrawList& list = *context.list;
  double low = 0.0;
  double high = 0.0;
  double at = 0.0;
  const auto reach = [&](double by) {
    at += by;
    low = std::min(low, at);
    high = std::max(high, at);
  };
  for (const double part : parts.heads) reach(part);
  reach(parts.bias);
  if (high - low < 1e-12) high = low + 1.0;
  const auto x = [&](double value) {
    return bar.min.x + bar.width() * static_cast<float>((value - low) / (high - low));
  };
  list.AddRectFilled(bar.min, bar.max, theme.box, style.px(3));
  // Each step has its own level, so that one that goes back does not cover the one before.
  const std::size_t steps = parts.heads.size() + (parts.bias != 0.0 ? 1 : 0);
  const float level = bar.height() / static_cast<float>(std::max<std::size_t>(steps, 1));
  at = 0.0;
  for (std::size_t h = 0; h < steps; ++h) {
    const double part = h < parts.heads.size() ? parts.heads[h] : parts.bias;
    const Colour colour = h < parts.heads.size() ? block_colour(theme, h, shown) : theme.ink_disabled;
    const float top = bar.min.y + level * static_cast<float>(h);
    const float from = x(at);
    at += part;
    const float to = x(at);
    list.AddRectFilled({std::min(from, to) - 0.5f, top},
                       {std::max(from, to) + 0.5f, top + std::max(level, 1.0f)}, colour);
  }
  list.AddLine({x(0.0), bar.min.y - style.px(2)}, {x(0.0), bar.max.y + style.px(2)}, theme.ink_muted,
               style.px(1));
  list.AddLine({x(parts.total), bar.min.y - style.px(2)}, {x(parts.total), bar.max.y + style.px(2)},
               theme.ink, style.px(2));
}

}  // namespace

bool has_head_parts(const Trace& trace) { return trace.dimensions().n_heads > 1; }

Colour block_colour(const Theme& theme, std::size_t head, std::size_t shown) {
  if (head == shown) return head_colour(theme, 0);
  const std::size_t among_others = head < shown ? head : head - 1;
  return head_colour(theme, among_others % (kHeadColours - 1) + 1);
}

float height_of_head_parts(const PanelContext& context, const Trace& trace, float width) {
  return height_of(context.style, plan_of(context, trace, width));
}

void draw_head_parts(PanelContext& context, PanelId panel, const Trace& trace, std::size_t row,
                     std::size_t column, std::size_t shown_head, const Rect& area, HeadPartsMemory& memory) {
  const std::optional<OutputParts> parts = output_parts(trace, row, column);
  if (!parts) return;
  const Style& style = context.style;
  const Theme& theme = context.colours();
  const int decimals = context.session.settings().decimals;
  const Plan plan = plan_of(context, trace, area.width());
  const float bottom = area.min.y + height_of(style, plan);
  Rect rest{area.min, {area.max.x, bottom}};

  // "y₉₂ = sum of the heads = 0.4312", with ≈ where the rounded parts do not add up to it.
  std::vector<double> terms = parts->heads;
  if (has_bias(trace)) terms.push_back(parts->bias);
  const std::string number = format_number(parts->total, decimals);
  const bool tiny = number.starts_with('<') || number.starts_with('>');
  const std::string title = context.say(
      "{cell}: the heads' parts {sign} {number}",
      fmt::arg("cell",
               cell_symbol_text({Stage::output, 0, row, column}, conventions_of(context.session.settings()))),
      fmt::arg("sign",
               tiny ? std::string_view(number).substr(0, 1) : sum_sign(terms, parts->total, decimals)),
      fmt::arg("number", tiny ? number.substr(1) : number));
  context.text.draw_in(*context.list, rest.cut_top(style.px(kTitle)),
                       context.look(TextSize::body, Face::sans_bold), title);
  Rect left = rest.cut_left(plan.left - style.px(14), style.px(14));
  const Rect picture = left.cut_top(plan.picture);
  WeightPicture(context, trace, shown_head, column).draw(picture, memory.w_o);
  const TextLook letter{Face::formula_italic, style.text(TextSize::label), theme.ink};
  TextLook index = letter;
  index.px = style.px(15);
  context.text.draw_in(*context.list, left.cut_top(style.px(24)),
                       Runs{{"W", letter, 0.0f}, {"O", index, -style.px(5)}}, Align::centre);
  draw_stack(context, rest.cut_top(style.px(kBar), style.px(8)).inset(style.px(2), style.px(2)), *parts,
             shown_head);

  const float width = rest.width() / static_cast<float>(plan.in_a_line);
  const TextLook digits{Face::mono, style.text(TextSize::body), theme.ink};
  const float label_width = context.text.measure(context.look(TextSize::body, Face::sans_bold), "16").x;
  const float room = width - label_width - style.px(24);
  // One style for all, so that they line up.
  const FittedStyle fitted = fit_style(
      terms, decimals, static_cast<std::size_t>(std::max(1.0f, room / context.text.measure(digits, "0").x)));
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto c = static_cast<float>(i % plan.in_a_line);
    const std::size_t line = i / plan.in_a_line;
    const auto r = static_cast<float>(line);
    Rect chip{{rest.min.x + width * c, rest.min.y + plan.chip * r},
              {rest.min.x + width * (c + 1) - style.px(4), rest.min.y + plan.chip * (r + 1) - style.px(3)}};
    const bool head = i < parts->heads.size();
    if (head) {
      const WidgetId id = WidgetId{panel, "head_part"}.at(i);
      const Interaction use = interact(context, id, chip, true, style.px(4));
      if (i == shown_head || use.hovered) {
        context.list->AddRectFilled(chip.min, chip.max, i == shown_head ? theme.accent_soft : theme.box_hover,
                                    style.px(4));
      }
      if (use.hovered) {
        const RowRange rows = rows_of_head(trace.input(), trace.dimensions(), i);
        tooltip(context,
                context.say("head {head} · rows {first}–{last} of W_O: {value}", fmt::arg("head", i + 1),
                            fmt::arg("first", rows.first + 1), fmt::arg("last", rows.last),
                            fmt::arg("value", format_number(terms[i], 8))));
      }
      if (use.clicked) context.post(session::SelectHead{i});
    }
    chip = chip.inset(style.px(4), 0);
    const Rect stripe = chip.cut_left(style.px(5), style.px(5));
    context.list->AddRectFilled({stripe.min.x, stripe.min.y + style.px(6)},
                                {stripe.max.x, stripe.max.y - style.px(6)},
                                head ? block_colour(theme, i, shown_head) : theme.ink_disabled, style.px(1));
    const TextLook name = context.look(TextSize::body, Face::sans_bold);
    const std::string label = head ? fmt::format("{}", i + 1) : "b";
    context.text.draw_in(*context.list, chip, name, label);
    if (fitted.fits)
      context.text.draw_in(*context.list, chip, digits, format_number(terms[i], fitted.style), Align::right);
  }
}

void draw_head_strips(PanelContext& context, const Trace& trace, std::size_t shown_head, const Rect& strip,
                      const Rect& clip) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  const std::size_t heads = trace.dimensions().n_heads;
  const float width = strip.width() / static_cast<float>(heads);
  const float gap = width > style.px(8) ? style.px(2) : 0.0f;
  context.list->PushClipRect({clip.min.x, strip.min.y}, {clip.max.x, strip.max.y}, true);
  for (std::size_t h = 0; h < heads; ++h) {
    const Rect block{{strip.min.x + width * static_cast<float>(h) + gap / 2, strip.min.y},
                     {strip.min.x + width * static_cast<float>(h + 1) - gap / 2, strip.max.y}};
    context.list->AddRectFilled(block.min, {block.max.x, block.min.y + style.px(kStrip)},
                                block_colour(theme, h, shown_head), style.px(1));
    const TextLook look = context.look(TextSize::body, h == shown_head ? theme.accent : theme.ink_muted,
                                       h == shown_head ? Face::sans_bold : Face::sans);
    const std::string full = context.say("head {head}", fmt::arg("head", h + 1));
    const bool fits = context.text.measure(look, full).x <= block.width();
    const std::string label = fits ? full : fmt::format("{}", h + 1);
    if (context.text.measure(look, label).x <= block.width()) {
      context.text.draw_in(*context.list, {{block.min.x, block.min.y + style.px(kStrip)}, block.max}, look,
                           label, Align::centre);
    }
  }
  context.list->PopClipRect();
}

}  // namespace attn::ui
