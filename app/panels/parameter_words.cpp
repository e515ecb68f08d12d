#include "app/panels/parameter_words.h"

#include "app/session/edit.h"

namespace attn::ui {

Colour colour_of(const Theme& theme, ParameterId id) {
  switch (id) {
    case ParameterId::w_q:
    case ParameterId::b_q:
    case ParameterId::additive_w_q:
      return theme.q;
    case ParameterId::w_k:
    case ParameterId::b_k:
    case ParameterId::additive_w_k:
      return theme.k;
    case ParameterId::w_v:
    case ParameterId::b_v:
      return theme.v;
    default:
      return theme.ink;
  }
}

Runs parameter_label(const PanelContext& context, ParameterId id) {
  const std::string_view written = session::display_name(id);
  const Colour colour = colour_of(context.colours(), id);
  const std::size_t bar = written.find('_');
  const TextLook letter{Face::formula_italic, context.style.text(TextSize::number), colour};
  Runs runs{{std::string(written.substr(0, bar)), letter, 0.0f}};
  if (bar != std::string_view::npos) {
    TextLook index = letter;
    index.px = context.style.px(16);
    runs.push_back({std::string(written.substr(bar + 1)), index, -context.style.px(6)});
  }
  return runs;
}

std::string_view parameter_role(const PanelContext& context, ParameterId id) {
  switch (id) {
    case ParameterId::w_q:
      return context.tr("makes the queries of x");
    case ParameterId::w_k:
      return context.tr("makes the keys of x");
    case ParameterId::w_v:
      return context.tr("makes the values of x");
    case ParameterId::w_o:
      return context.tr("makes the output");
    case ParameterId::b_q:
      return context.tr("added to every query");
    case ParameterId::b_k:
      return context.tr("added to every key");
    case ParameterId::b_v:
      return context.tr("added to every value");
    case ParameterId::b_o:
      return context.tr("added to every output");
    case ParameterId::bilinear:
      return context.tr("between query and key: q W kᵀ");
    case ParameterId::additive_w_q:
      return context.tr("brings the query into the score");
    case ParameterId::additive_w_k:
      return context.tr("brings the key into the score");
    case ParameterId::additive_v:
      return context.tr("weighs the tanh of both");
  }
  return {};
}

}  // namespace attn::ui
