#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/reason_panel.h"
#include "app/widgets/controls.h"
#include "app/widgets/exact_format.h"
#include "app/widgets/formula_explain.h"
#include "app/widgets/formula_explainer.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/formula_steps.h"
#include "app/widgets/head_parts.h"
#include "app/widgets/mask_layers.h"
#include "app/widgets/number_format.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/stand_in_note.h"

namespace attn::ui {
namespace {

constexpr std::size_t kMostSteps = 14;
constexpr std::size_t kTermsOnAPage = 6;
constexpr std::size_t kEffects = 6;

struct ExplainMemory {
  CellRef shown;
  std::vector<std::size_t> pages;  ///< first term of every step's sum
  std::size_t effects = 0;         ///< first of the words in "what it does"
  float height = 0.0f;
  HeadPartsMemory parts;
};

class ExplainPanel {
 public:
  ExplainPanel(const session::Subject& subject, PanelContext& context, Explainer& explainer,
               ExplainMemory& memory, const Rect& area)
      : subject_(subject),
        context_(context),
        explainer_(explainer),
        memory_(memory),
        area_(area),
        y_(area.min.y),
        input_(subject.document.input()),
        cell_(subject.view.explained()),
        decimals_(context.session.settings().decimals),
        exact_(context.session.settings().exact_numbers
                   ? &context.memory.get<ExplainerCache>().exact_of(subject.document)
                   : nullptr),
        conventions_(conventions_of(context.session.settings())) {
    if (memory_.shown != cell_) {
      memory_.shown = cell_;
      memory_.pages.clear();
      memory_.effects = 0;
    }
  }

  /// Returns how far down it reaches.
  float draw() {
    draw_trail();
    draw_number();
    if (!subject_.playhead.computed(cell_)) {
      paragraph(context_.tr("Not computed yet: step forward."), context_.colours().ink_muted);
      return y_;
    }
    std::vector<ExplainStep> steps = explain_steps(explainer_, cell_, kMostSteps);
    for (const session::ExplainPath& path : subject_.view.explain_open) {
      if (const auto node = node_at(explainer_, cell_, path))
        steps.insert(steps.end() - 1, {*node, path, true});
    }
    for (std::size_t i = 0; i < steps.size(); ++i) draw_step(steps[i], i, i + 1 == steps.size());
    draw_hiding_masks();
    if (cell_.stage == Stage::weights || cell_.stage == Stage::dropped) draw_effects();
    if (cell_.stage == Stage::output) draw_parts();
    return y_;
  }

 private:
  const Style& style() const { return context_.style; }

  void paragraph(std::string_view text, Colour colour) {
    y_ += context_.text.draw_paragraph(*context_.list, {area_.min.x, y_},
                                       context_.look(TextSize::body, colour), text, area_.width());
    y_ += style().px(6);
  }

  /// The cells asked about one after the other, and the way back.
  void draw_trail() {
    const auto& trail = subject_.view.explain_trail;
    if (trail.empty()) return;
    Rect line{{area_.min.x, y_}, {area_.max.x, y_ + style().px(32)}};
    ButtonOptions back;
    back.tooltip = context_.tr("Back");
    if (icon_button(context_, {PanelId::explain, "back"}, line.cut_left(style().px(36), style().px(6)),
                    Icon::back, back)) {
      context_.post(session::ExplainBack{});
    }
    // The newest always has room; the oldest leave.
    std::vector<std::string> names;
    std::vector<float> widths;
    for (const CellRef& cell : trail) {
      names.push_back(cell_symbol_text(cell, conventions_));
      widths.push_back(button_width(context_, names.back()));
    }
    std::size_t first = trail.size() - 1;
    float used = widths.back();
    while (first > 0 && used + widths[first - 1] + style().px(20) <= line.width())
      used += widths[--first] + style().px(20);
    for (std::size_t i = first; i < trail.size(); ++i) {
      ButtonOptions options;
      options.kind = ButtonKind::quiet;
      options.chosen = i + 1 == trail.size();
      if (button(context_, WidgetId(PanelId::explain, "crumb").at(i), line.cut_left(widths[i]), names[i],
                 options)) {
        for (std::size_t k = i + 1; k < trail.size(); ++k) context_.post(session::ExplainBack{});
      }
      if (i + 1 < trail.size()) {
        context_.text.draw_in(*context_.list, line.cut_left(style().px(20)),
                              context_.look(TextSize::body, context_.colours().ink_muted), "›",
                              Align::centre);
      }
    }
    y_ += style().px(40);
  }

  void draw_number() {
    const bool known = subject_.playhead.computed(cell_);
    const ExplainNode node = explainer_.cell(cell_);
    const std::optional<Exact> exact = known ? shown_exactly(exact_, node) : std::nullopt;
    std::string value = known ? format_number(node.value, decimals_) : "?";
    std::string sign = " = ";
    if (!exact && (value.starts_with('<') || value.starts_with('>'))) {
      sign = " " + value.substr(0, 1) + " ";
      value.erase(0, 1);
    }
    float px = style().text(TextSize::focus);
    const Formula formula =
        exact ? row({cell_symbol(cell_, true, conventions_), word(sign), exact_formula(*exact, Ink::text)})
              : row({cell_symbol(cell_, true, conventions_), word(sign)});
    const auto look = [&] { return TextLook{Face::sans_bold, px * 0.95f, context_.colours().ink}; };
    const auto value_width = [&] { return exact ? 0.0f : context_.text.measure(look(), value).x; };
    // A long number is written smaller rather than cut.
    while (px > style().text(TextSize::label) &&
           measure(formula, context_.text, px).width + value_width() > area_.width()) {
      px *= 0.92f;
    }
    const FormulaBox box = measure(formula, context_.text, px);
    const float baseline = y_ + std::max(px * 1.05f, box.ascent);
    ui::draw(*context_.list, formula, context_.text, px, formula_colours(context_.colours()),
             {area_.min.x, baseline});
    if (!exact) {
      const ImFont* font = context_.text.font(Face::sans_bold, look().px);
      context_.text.draw(*context_.list,
                         {area_.min.x + box.width, baseline - font->Ascent * look().px / font->FontSize},
                         look(), value);
    }
    const float height = std::max(px * 1.38f, box.height() + px * 0.3f);
    context_.widgets.add(WidgetId(PanelId::explain, "value").at(cell_),
                         {{area_.min.x, y_}, {area_.min.x + box.width + value_width(), y_ + height}},
                         Focusable::no);
    y_ += height;
    paragraph(cell_sentence(context_, input_, cell_), context_.colours().ink_muted);
    draw_stage_formula();
    y_ += style().px(2);
  }

  /// Q = X W_Q: where the whole matrix comes from.
  void draw_stage_formula() {
    const Formula formula = stage_formula(input_, cell_.stage, conventions_);
    if (formula.empty()) return;
    const float px = style().text(TextSize::label);
    const FormulaBox box = measure(formula, context_.text, px);
    ui::draw(*context_.list, formula, context_.text, px, formula_colours(context_.colours()),
             {area_.min.x, y_ + box.ascent});
    y_ += box.height() + style().px(8);
  }

  StepWords words(const ExplainNode& node) const {
    std::string hidden(context_.tr("hidden by the mask"));
    if (node.cell && node.cell->stage == Stage::masked)
      hidden = hidden_words(context_, input_.config.mask, node.cell->row, node.cell->column);
    return {std::move(hidden), std::string(context_.tr("nothing to share")),
            std::string(context_.tr("removed by dropout"))};
  }

  /// q₁·k₃ before the products of a raw score.
  Formula left_side(const ExplainNode& node) const {
    if (!node.cell || node.cell->stage != Stage::scores || input_.config.score != Score::dot ||
        input_.config.attend_over == AttendOver::features) {
      return {};
    }
    const bool rope = present(Stage::q_rotated, input_);
    const CellRef q{rope ? Stage::q_rotated : Stage::q, 0, node.cell->row, 0};
    const CellRef k{rope ? Stage::k_rotated : Stage::k, 0, node.cell->column, 0};
    return row({score_product(cell_symbol(q, false, conventions_), cell_symbol(k, false, conventions_),
                              conventions_),
                word(" = ")});
  }

  std::size_t& page_of(std::size_t step) {
    if (memory_.pages.size() <= step) memory_.pages.resize(step + 1, 0);
    return memory_.pages[step];
  }

  void draw_step(const ExplainStep& step, std::size_t index, bool last) {
    const Theme& theme = context_.colours();
    StepOptions options;
    options.decimals = decimals_;
    options.max_terms = kTermsOnAPage;
    options.exact = exact_;
    options.conventions = conventions_;
    const bool long_sum = step.node.operation == Operation::sum && step.node.n_children > kTermsOnAPage;
    if (long_sum) options.first_term = page_of(index);
    const StepLine line = step_line(explainer_, step.node, words(step.node), options);
    const Formula all = row({left_side(step.node), line.formula});
    const float pad = style().px(10);
    const float width = area_.width() - 2 * pad;
    float px = style().text(TextSize::body);
    if (measure(all, context_.text, px).width > width &&
        measure(all, context_.text, px * 0.9f).width <= width)
      px *= 0.9f;
    const std::vector<Formula> lines = break_lines(all, context_.text, px, width);
    const float title_height = style().px(25);
    float height = title_height + style().px(4);
    std::vector<FormulaBox> boxes;
    for (const Formula& f : lines) {
      boxes.push_back(measure(f, context_.text, px));
      height += std::max(boxes.back().height(), px * 1.3f);
    }
    const Rect box{{area_.min.x, y_}, {area_.max.x, y_ + height + style().px(4)}};
    context_.list->AddRectFilled(box.min, box.max, theme.box, style().small_rounding());
    if (last) {
      context_.list->AddRect(box.min, box.max, theme.accent, style().small_rounding(), 0, style().px(2));
    }
    Rect title{{box.min.x + pad, box.min.y + style().px(4)}, {box.max.x - pad, box.min.y + title_height}};
    draw_step_buttons(step, index, long_sum, title);
    context_.text.draw_in(*context_.list, title, context_.look(TextSize::body, theme.ink_muted),
                          fmt::format("{} {}", index + 1, step_title(context_, input_, step.node)));
    float y = box.min.y + title_height + style().px(2);
    std::vector<FormulaHit> hits;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const float line_height = std::max(boxes[i].height(), px * 1.3f);
      const float baseline = y + (line_height + boxes[i].ascent - boxes[i].descent) / 2;
      ui::draw(*context_.list, lines[i], context_.text, px, formula_colours(theme),
               {box.min.x + pad, baseline}, &hits);
      y += line_height;
    }
    use_numbers(step, line, index, hits);
    y_ = box.max.y + style().px(6);
  }

  void draw_step_buttons(const ExplainStep& step, std::size_t index, bool long_sum, Rect& title) {
    const float side = title.height();
    if (step.opened && icon_button(context_, WidgetId(PanelId::explain, "close").at(index),
                                   title.cut_right(side, style().px(4)), Icon::close, {ButtonKind::quiet})) {
      context_.post(session::ExplainClose{step.path});
    }
    if (!long_sum) return;
    std::size_t& first = page_of(index);
    const std::size_t count = step.node.n_children;
    ButtonOptions options;
    options.kind = ButtonKind::quiet;
    options.enabled = first + kTermsOnAPage < count;
    if (icon_button(context_, WidgetId(PanelId::explain, "next_terms").at(index),
                    title.cut_right(side * 1.2f, style().px(2)), Icon::step_forward, options)) {
      first += kTermsOnAPage;
    }
    options.enabled = first > 0;
    if (icon_button(context_, WidgetId(PanelId::explain, "previous_terms").at(index),
                    title.cut_right(side * 1.2f, style().px(4)), Icon::step_back, options)) {
      first -= std::min(first, kTermsOnAPage);
    }
    const TextLook look = context_.look(TextSize::small, context_.colours().ink_muted);
    const std::string place =
        context_.say("{first}–{last} of {count}", fmt::arg("first", first + 1),
                     fmt::arg("last", std::min(first + kTermsOnAPage, count)), fmt::arg("count", count));
    context_.text.draw_in(*context_.list,
                          title.cut_right(context_.text.measure(look, place).x + style().px(4)), look, place,
                          Align::right);
  }

  /// Every number of a step can be asked about in turn.
  void use_numbers(const ExplainStep& step, const StepLine& line, std::size_t index,
                   const std::vector<FormulaHit>& hits) {
    for (const FormulaHit& hit : hits) {
      const ExplainNode& node = line.nodes[hit.tag];
      const std::optional<CellRef> target = target_of(explainer_, node);
      const bool leads = target && *target != cell_;
      const bool opens = !node.cell && !target && node.n_children > 0 && !node.parameter;
      if (!leads && !opens && !node.parameter) continue;
      const WidgetId id = WidgetId(PanelId::explain, "number").at(index, hit.tag);
      const Rect rect = hit.rect.inset(-style().px(1), -style().px(1));
      const Interaction use = interact(context_, id, rect, leads || opens, style().px(3));
      if (node.parameter) continue;
      if (use.hovered) {
        context_.list->AddLine({rect.min.x, rect.max.y}, rect.max, context_.colours().accent, style().px(2));
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (target) {
          context_.hover_next = hover_of(input_, *target);
          tooltip(context_,
                  cell_symbol_text(*target, conventions_) + ": " + cell_sentence(context_, input_, *target));
        } else {
          tooltip(context_, step_title(context_, input_, node));
        }
      }
      if (!use.clicked) continue;
      if (leads) {
        context_.post(session::ExplainFollow{*target});
      } else {
        session::ExplainPath path = step.path;
        path.insert(path.end(), line.paths[hit.tag].begin(), line.paths[hit.tag].end());
        context_.post(session::ExplainOpen{path});
      }
    }
  }

  // ---- why it is hidden ----

  /// One line a mask that hides this cell, with its hatching.
  void draw_hiding_masks() {
    const bool after_mask = index(cell_.stage) >= index(Stage::masked) && is_score_like(cell_.stage);
    if (!after_mask || input_.config.attend_over == AttendOver::features) return;
    const MaskConfig& mask = input_.config.mask;
    const std::vector<MaskLayer> layers = layers_hiding(mask, cell_.row, cell_.column);
    if (layers.empty()) return;
    y_ += style().px(4);
    paragraph(context_.tr("why it is hidden"), context_.colours().ink_muted);
    for (const MaskLayer layer : layers) {
      Rect line{{area_.min.x, y_}, {area_.max.x, y_ + style().px(28)}};
      Rect swatch = line.cut_left(style().px(20), style().px(8));
      swatch = swatch.inset(0, style().px(4));
      context_.list->AddRectFilled(swatch.min, swatch.max, context_.colours().hatch_background);
      draw_layer_hatching(*context_.list, style(), swatch, layer);
      context_.list->AddRect(swatch.min, swatch.max, context_.colours().ink_muted, 0.0f, 0, style().line());
      context_.text.draw_in(*context_.list, line, context_.look(TextSize::body),
                            layer_reason(context_, mask, layer));
      y_ = line.max.y;
    }
    y_ += style().px(4);
  }

  // ---- what it does to the output ----

  std::string vector_text(std::span<const float> values) const {
    constexpr std::size_t kShown = 3;
    std::string out = "(";
    for (std::size_t i = 0; i < std::min(values.size(), kShown); ++i) {
      out += (i > 0 ? ", " : "") + format_number(static_cast<double>(values[i]), std::min(decimals_, 2));
    }
    out += values.size() > kShown ? ", …)" : ")";
    return conventions_.column_vectors ? out + "ᵀ" : out;
  }

  void draw_effects() {
    if (subject_.trace == nullptr || !subject_.current || !subject_.trace->has(Stage::v)) return;
    const Trace& trace = *subject_.trace;
    const Stage used = trace.has(Stage::dropped) ? Stage::dropped : Stage::weights;
    const StageShape shape = trace.shape(used);
    const std::size_t kv = trace.dimensions().kv_head(cell_.head);
    const Read weights = trace.read(used, cell_.head, {cell_.row, 0, 1, shape.columns});
    const Read values = trace.read_head(Stage::v, kv);
    if (!weights.ready() || !values.ready()) return;
    y_ += style().px(4);
    const bool alone = trace.dimensions().n_heads == 1 && !input_.parameters[ParameterId::w_o];
    draw_effects_title(
        alone ? context_.tr("what it does to the output") : context_.tr("what it does to this head's output"),
        shape.columns);
    std::vector<double> lengths(shape.columns, 0.0);
    double longest = 0.0;
    for (std::size_t j = 0; j < shape.columns; ++j) {
      double squares = 0.0;
      for (const float v : values.values.row(j)) squares += static_cast<double>(v) * static_cast<double>(v);
      lengths[j] = std::abs(static_cast<double>(weights.values(0, j))) * std::sqrt(squares);
      longest = std::max(longest, lengths[j]);
    }
    const std::size_t first = std::min(memory_.effects, shape.columns - 1);
    const std::size_t last = std::min(first + kEffects, shape.columns);
    float text_width = 0.0f;
    std::vector<std::string> lines;
    float px = style().text(TextSize::body);
    for (std::size_t j = first; j < last; ++j) {
      const std::optional<Exact> exact =
          exact_ == nullptr ? std::nullopt
                            : shown_exactly(exact_, explainer_.cell({used, cell_.head, cell_.row, j}));
      lines.push_back(
          (exact ? exact_text(*exact) : format_number(static_cast<double>(weights.values(0, j)), decimals_)) +
          " × " + vector_text(values.values.row(j)));
      text_width = std::max(text_width, context_.text.measure({Face::mono, px, 0}, lines.back()).x);
    }
    const float least_bar = style().px(48);
    if (text_width > area_.width() - least_bar) {
      const float smaller = std::max(0.8f, (area_.width() - least_bar) / text_width);
      px *= smaller;
      text_width *= smaller;
    }
    for (std::size_t j = first; j < last; ++j) {
      draw_effect(lines[j - first], px, text_width, j,
                  longest > 0 ? static_cast<float>(lengths[j] / longest) : 0.0f);
    }
  }

  /// An output by heads, where the attention card does not show that already.
  void draw_parts() {
    const Stage shown = subject_.view.stage;
    if (subject_.trace == nullptr || !subject_.current || !has_head_parts(*subject_.trace)) return;
    if (shown == Stage::output || shown == Stage::concat) return;
    const std::size_t head = std::min(subject_.view.head, subject_.trace->dimensions().n_heads - 1);
    const float height = height_of_head_parts(context_, *subject_.trace, area_.width());
    draw_head_parts(context_, PanelId::explain, *subject_.trace, cell_.row, cell_.column, head,
                    {{area_.min.x, y_}, {area_.max.x, y_ + height}}, memory_.parts);
    y_ += height + style().px(6);
  }

  void draw_effects_title(std::string_view title, std::size_t count) {
    Rect line{{area_.min.x, y_}, {area_.max.x, y_ + style().px(28)}};
    y_ += style().px(30);
    if (count > kEffects) {
      ButtonOptions options;
      options.kind = ButtonKind::quiet;
      options.enabled = memory_.effects + kEffects < count;
      if (icon_button(context_, {PanelId::explain, "next_words"}, line.cut_right(style().px(30)),
                      Icon::step_forward, options)) {
        memory_.effects += kEffects;
      }
      options.enabled = memory_.effects > 0;
      if (icon_button(context_, {PanelId::explain, "previous_words"}, line.cut_right(style().px(30)),
                      Icon::step_back, options)) {
        memory_.effects -= std::min(memory_.effects, kEffects);
      }
    }
    context_.text.draw_in(*context_.list, line, context_.look(TextSize::body, context_.colours().ink_muted),
                          title);
  }

  void draw_effect(const std::string& text, float px, float text_width, std::size_t key, float part) {
    const Theme& theme = context_.colours();
    const bool here = key == cell_.column;
    const bool hovered = context_.hover.key == key;
    const Rect line{{area_.min.x, y_}, {area_.max.x, y_ + style().px(25)}};
    if (here || hovered) {
      context_.list->AddRectFilled(subtract(line.min, {style().px(4), 0}), line.max,
                                   hovered ? theme.accent_soft : theme.v_soft, style().px(4));
    }
    const CellRef target{Stage::v, explainer_.dimensions().kv_head(cell_.head), key, 0};
    const Interaction use =
        interact(context_, WidgetId(PanelId::explain, "effect").at(key), line, true, style().px(4));
    context_.text.draw(*context_.list, {line.min.x, line.centre().y - px * 0.6f}, {Face::mono, px, theme.ink},
                       text);
    const float left = line.min.x + text_width + style().px(12);
    const float width = std::max(2.0f, (line.max.x - left - style().px(4)) * part);
    const float half = style().px(6);
    context_.list->AddRectFilled({left, line.centre().y - half}, {left + width, line.centre().y + half},
                                 theme.v, style().px(2));
    if (use.hovered) context_.hover_next.key = key;
    if (use.clicked) context_.post(session::ExplainFollow{target});
    y_ = line.max.y + style().px(1);
  }

  const session::Subject& subject_;
  PanelContext& context_;
  Explainer& explainer_;
  ExplainMemory& memory_;
  Rect area_;
  float y_;
  const Input& input_;
  CellRef cell_;
  int decimals_;
  ExactValues* exact_;  ///< null: decimals
  Conventions conventions_;
};

}  // namespace

void draw_explanation(const session::Subject& subject, PanelContext& context, const Rect& area_of_tab) {
  const Style& style = context.style;
  Rect content = area_of_tab;
  ExplainMemory& memory = context.memory.get<ExplainMemory>();
  Explainer& explainer = context.memory.get<ExplainerCache>().of(subject.document);
  // The scroll bar stands in the padding; a little room keeps focus rings whole.
  const float ring = style.px(5);
  draw_stand_in_note(context, subject.document, subject.view.explained().stage, content);
  ImGui::SetCursorScreenPos({content.min.x - ring, content.min.y - ring});
  ImGui::BeginChild("explanation",
                    {content.width() + ring + style.padding() - style.px(3), content.height() + 2 * ring},
                    false, ImGuiWindowFlags_NoNav);
  PanelContext inner = context;
  inner.list = ImGui::GetWindowDrawList();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const Rect area{add(origin, {ring, ring}),
                  {origin.x + ring + content.width(), origin.y + ring + content.height()}};
  const float bottom = ExplainPanel(subject, inner, explainer, memory, area).draw();
  // Tells ImGui how far the contents reach, for scrolling.
  ImGui::SetCursorScreenPos({area.min.x, bottom - 1.0f});
  ImGui::Dummy({1, 1});
  ImGui::EndChild();
}

}  // namespace attn::ui
