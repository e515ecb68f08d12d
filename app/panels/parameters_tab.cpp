#include "app/panels/parameters_tab.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <variant>

#include "app/panels/matrix_fields.h"
#include "app/panels/parameter_words.h"
#include "app/panels/scenario_column.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/lock.h"

namespace attn::ui {
namespace {

using session::Edit;
using session::FillParameter;
using session::ParameterFill;

/// Each matrix with its bias; then those of scores that need some.
constexpr std::array kOrder = {ParameterId::w_q,          ParameterId::b_q,          ParameterId::w_k,
                               ParameterId::b_k,          ParameterId::w_v,          ParameterId::b_v,
                               ParameterId::w_o,          ParameterId::b_o,          ParameterId::bilinear,
                               ParameterId::additive_w_q, ParameterId::additive_w_k, ParameterId::additive_v};

/// The lines of one parameter.
class ParameterSection {
 public:
  ParameterSection(ScenarioColumn& column, ParametersMemory& memory, ParameterId id)
      : column_(column),
        context_(column.context),
        memory_(memory),
        id_(id),
        d_(column.subject.document.dimensions()),
        shape_(parameter_shape(d_, id)),
        given_(column.input().parameters[id].has_value()) {}

  void draw() {
    draw_head();
    if (!unfolded()) return;
    draw_buttons();
    draw_refusal();
    draw_numbers();
    column_.y += column_.style().px(8);
  }

 private:
  bool& unfolded() const { return memory_.unfolded[static_cast<std::size_t>(id_)]; }
  bool takes_part() const { return session::takes_part(column_.input(), id_); }
  bool can_be_identity() const {
    return !session::is_bias(id_) && id_ != ParameterId::additive_v && shape_.rows == shape_.columns;
  }
  /// Biases may be absent, and what the score does not read.
  bool can_be_absent() const { return session::is_bias(id_) || !takes_part(); }

  /// "2 × 2", "identity 2 × 2", "none"
  std::string state() const {
    std::string size = session::is_bias(id_) || id_ == ParameterId::additive_v
                           ? context_.say("{count} numbers", fmt::arg("count", shape_.columns))
                           : fmt::format("{} × {}", shape_.rows, shape_.columns);
    if (given_) return size;
    if (session::is_projection(id_)) return context_.say("identity, {size}", fmt::arg("size", size));
    return std::string(context_.tr("none"));
  }

  void draw_head() {
    const Style& style = column_.style();
    const Theme& theme = context_.colours();
    const Runs label = parameter_label(context_, id_);
    const TextLook muted = context_.look(TextSize::body, theme.ink_muted);
    const std::string_view role = parameter_role(context_, id_);
    const std::string what = state();
    const float role_width = context_.text.measure(muted, role).x;
    const float chevron = style.px(18);
    const float label_width = std::max(style.px(34), context_.text.measure(label).x + style.px(8));
    const float state_width = context_.text.measure(muted, what).x;
    const bool two_lines =
        chevron + label_width + role_width + style.px(14) + state_width + style.px(16) > column_.width;
    const float height = two_lines ? style.control_height() + style.px(25) : style.control_height();
    const Rect box = column_.take(height, style.px(6));

    const WidgetId own = WidgetId{PanelId::scenario, "parameter"}.at(id_);
    const Interaction mouse = interact(context_, own, box);
    const Colour fill = unfolded() ? theme.accent_soft : mouse.hovered ? theme.button_hover : theme.field;
    context_.list->AddRectFilled(box.min, box.max, fill, style.small_rounding());
    context_.list->AddRect(box.min, box.max, theme.field_border, style.small_rounding(), 0, style.line());
    focus_ring(context_, own, box, style.small_rounding());
    if (mouse.clicked) unfolded() = !unfolded();

    Rect line = box.inset(style.px(8), 0);
    line.max.y = line.min.y + style.control_height();
    Rect sign = line.cut_left(chevron);
    const float side = style.px(11);
    sign = {{sign.min.x, sign.centre().y - side / 2}, {sign.min.x + side, sign.centre().y + side / 2}};
    draw_icon(*context_.list, sign, unfolded() ? Icon::chevron_down : Icon::chevron_right, theme.ink_muted);
    context_.text.draw_in(*context_.list, line.cut_left(label_width), label);
    const Rect right = line.cut_right(state_width + style.px(2));
    context_.text.draw_in(*context_.list, right,
                          context_.look(TextSize::body, given_ ? theme.ink : theme.ink_muted), what,
                          Align::right);
    if (two_lines) {
      const Rect below{{box.min.x + style.px(8) + chevron, box.max.y - style.px(29)},
                       {box.max.x - style.px(8), box.max.y - style.px(4)}};
      context_.text.draw_in(*context_.list, below, muted, role);
    } else {
      context_.text.draw_in(*context_.list, line, muted, role);
    }
  }

  // ---- buttons ----

  void post(const Edit& edit) const { context_.post(session::Apply{edit}); }

  void draw_buttons() {
    const LockedPart lock(context_, attn::name(id_));
    const Style& style = column_.style();
    Rect line = column_.take(style.control_height(), style.px(6));
    const auto named = [&](WidgetKind kind) { return WidgetId{PanelId::scenario, kind}.at(id_); };
    const std::string hint = context_.say(
        "Normal numbers, mean 0, standard deviation 1/√{fan_in}, drawn from the seed by Philox4x32-10",
        fmt::arg("fan_in", session::fan_in(d_, id_)));
    const float half = std::round((line.width() - style.px(6)) * 0.5f);
    if (button(context_, named("random"), line.cut_left(half, style.px(6)), context_.tr("random"),
               {.tooltip = hint}))
      fill_at_random();
    const std::string_view seed_label = context_.tr("seed");
    const float label_width =
        context_.text.measure(context_.look(TextSize::body), seed_label).x + style.px(8);
    context_.text.draw_in(*context_.list, line.cut_left(label_width),
                          context_.look(TextSize::body, context_.colours().ink_muted), seed_label);
    NumberFieldOptions options;
    options.integer = true;
    options.step = 1.0;
    options.decimals = 0;
    options.low = 0.0;
    options.high = 9007199254740991.0;  // 2^53 − 1
    const NumberFieldResult seed =
        number_field(context_, named("seed"), line, static_cast<double>(memory_.seed), options);
    if (seed.preview) memory_.seed = static_cast<std::uint64_t>(*seed.preview);
    if (seed.commit) {
      memory_.seed = static_cast<std::uint64_t>(*seed.commit);
      post(FillParameter{id_, ParameterFill::random, memory_.seed});
    }
    column_.error(seed.error);

    line = column_.take(style.control_height(), style.px(6));
    const bool identity = can_be_identity() || session::is_projection(id_);
    const float count = 1.0f + (identity ? 1.0f : 0.0f) + (can_be_absent() ? 1.0f : 0.0f);
    const float width = (line.width() - style.px(6) * (count - 1.0f)) / count;
    if (identity && button(context_, named("identity"), line.cut_left(width, style.px(6)),
                           context_.tr("identity"), {.chosen = !given_ && session::is_projection(id_)}))
      post(FillParameter{id_, ParameterFill::identity, 0});
    if (button(context_, named("zeros"), line.cut_left(width, style.px(6)), context_.tr("zeros")))
      post(FillParameter{id_, ParameterFill::zeros, 0});
    if (can_be_absent() && button(context_, named("none"), line, context_.tr("none"), {.chosen = !given_}))
      post(session::SetParameter{id_, std::nullopt});
  }

  /// The same seed twice would change nothing: a second press goes on to the next one.
  void fill_at_random() {
    const session::Document& document = column_.subject.document;
    if (given_ && !session::problem_of(document, FillParameter{id_, ParameterFill::random, memory_.seed}) &&
        session::apply(document, FillParameter{id_, ParameterFill::random, memory_.seed}) == document)
      ++memory_.seed;
    post(FillParameter{id_, ParameterFill::random, memory_.seed});
  }

  void draw_refusal() {
    const auto& refusal = context_.session.refusal();
    if (!refusal) return;
    const auto* const fill = std::get_if<FillParameter>(&refusal->edit);
    const auto* const set = std::get_if<session::SetParameter>(&refusal->edit);
    if ((fill && fill->id == id_) || (set && set->id == id_)) column_.error(context_.tr(refusal->reason));
  }

  // ---- numbers ----

  /// How many columns of this parameter one head has; 0 where they are not split.
  std::size_t columns_of_head() const {
    switch (id_) {
      case ParameterId::w_q:
      case ParameterId::b_q:
        return d_.n_heads > 1 ? d_.d_k : 0;
      case ParameterId::w_k:
      case ParameterId::b_k:
        return d_.n_kv_heads > 1 ? d_.d_k : 0;
      case ParameterId::w_v:
      case ParameterId::b_v:
        return d_.n_kv_heads > 1 ? d_.d_v : 0;
      default:
        return 0;
    }
  }
  /// W_O takes the heads side by side: its rows are theirs.
  bool rows_of_heads() const {
    return id_ == ParameterId::w_o && d_.n_heads > 1 && column_.input().config.combine == Combine::concat;
  }

  /// "head 1" over its columns, or "1" where that does not fit, on a line in the parameter's colour.
  void draw_head_of_column(std::size_t c, const Rect& area, std::size_t per_head) const {
    const Style& style = column_.style();
    const std::size_t head = c / per_head;
    const Colour colour = colour_of(context_.colours(), id_);
    const bool last = (c + 1) % per_head == 0;
    const float end = last ? area.max.x : area.max.x + style.px(6);
    context_.list->AddRectFilled({area.min.x, area.max.y - style.px(3)}, {end, area.max.y},
                                 with_alpha(colour, head % 2 == 0 ? 0.9f : 0.45f));
    const TextLook look = context_.look(TextSize::body, context_.colours().ink_muted);
    std::string words = context_.say("head {head}", fmt::arg("head", head + 1));
    if (context_.text.measure(look, words).x > area.width()) words = fmt::format("{}", head + 1);
    context_.text.draw_in(*context_.list, {area.min, {area.max.x, area.max.y - style.px(3)}}, look, words,
                          Align::centre);
  }

  void draw_numbers() {
    const auto values = session::parameter_values(column_.subject.document, id_);
    if (!values) return;
    MatrixFields matrix{
        .id = WidgetId{PanelId::scenario, "parameter"}.at(id_),
        .values = *values,
        .edit = [id = id_](std::size_t row, std::size_t c, float value) -> Edit {
          return session::SetParameterCell{{id, row, c}, value};
        },
        .label = {},
        .hovered = {},
        .colour = colour_of(context_.colours(), id_),
    };
    if (const std::size_t per_head = columns_of_head()) {
      matrix.draw_head = [this, per_head](std::size_t c, const Rect& area) {
        draw_head_of_column(c, area, per_head);
      };
    }
    if (rows_of_heads()) {
      matrix.label = [this](std::size_t row) -> Runs {
        return {{context_.say("head {head}", fmt::arg("head", row / d_.d_v + 1)),
                 context_.look(TextSize::body, context_.colours().ink_muted), 0.0f}};
      };
    }
    column_.y += draw_matrix_fields(context_, {column_.x, column_.y}, column_.width, matrix,
                                    memory_.page[static_cast<std::size_t>(id_)]);
  }

  ScenarioColumn& column_;
  PanelContext& context_;
  ParametersMemory& memory_;
  ParameterId id_;
  const Dimensions& d_;
  ParameterShape shape_;
  bool given_;
};

}  // namespace

void draw_parameters_tab(const session::Subject& subject, PanelContext& context, const Rect& content) {
  ParametersMemory& memory = context.memory.get<ParametersMemory>();
  draw_scenario_column(subject, context, "parameters", content, [&](ScenarioColumn& column) {
    const Input& input = column.input();
    for (const ParameterId id : kOrder) {
      if (session::takes_part(input, id) || input.parameters[id]) ParameterSection(column, memory, id).draw();
    }
  });
}

}  // namespace attn::ui
