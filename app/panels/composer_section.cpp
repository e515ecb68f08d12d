#include "app/panels/composer_section.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

/// More features than this are chosen by their number.
constexpr std::size_t kMostButtons = 48;

}  // namespace

double ComposerSection::strength() const {
  if (!memory_.composed) return session::kComposedStrength;
  // Read back from float32: what was 8 is to be 8 on the screen.
  return std::round(memory_.composed->strength * 1e4) / 1e4;
}

void ComposerSection::say(std::string_view sentence) {
  column_.y += context_.text.draw_paragraph(*context_.list, {column_.x, column_.y},
                                            context_.look(TextSize::body, context_.colours().ink_muted),
                                            sentence, column_.width) +
               style().px(8);
}
void ComposerSection::heading(std::string_view words) {
  context_.text.draw_in(*context_.list, column_.take(style().px(26), style().px(6)),
                        context_.look(TextSize::body, context_.colours().accent, Face::sans_bold), words);
}

std::string ComposerSection::key_name(std::size_t column) const {
  const Dimensions& d = document().dimensions();
  return d.d_source == d.d_model ? session::feature_name(document(), column) : std::to_string(column + 1);
}

std::optional<Column> ComposerSection::draw_list(ComposerMemory::List list, std::string_view label,
                                                 const std::vector<Column>& choices, Column chosen,
                                                 const std::function<std::string(Column)>& name_of,
                                                 const WidgetId& id, const WidgetId& choice_id) {
  const bool open = memory_.unfolded == list;
  Rect line = column_.take(style().control_height(), style().px(6));
  const Rect words = line.cut_left(column_.label_width, style().px(8));
  context_.text.draw_in(*context_.list, words, context_.look(TextSize::body, context_.colours().ink_muted),
                        label);
  if (button(context_, id, line, name_of(chosen), {.chosen = open}))
    memory_.unfolded = open ? ComposerMemory::List::none : list;
  if (!open) return std::nullopt;
  if (choices.size() > kMostButtons) return draw_number(choices, chosen, choice_id);
  std::optional<Column> picked;
  const float width = std::round((column_.width - style().px(6)) * 0.5f);
  for (std::size_t i = 0; i < choices.size(); i += 2) {
    Rect row = column_.take(style().control_height(), style().px(4));
    for (std::size_t k = i; k < std::min(i + 2, choices.size()); ++k) {
      if (button(context_, choice_id.at(k), row.cut_left(width, style().px(6)), name_of(choices[k]),
                 {.kind = ButtonKind::quiet, .chosen = choices[k] == chosen}))
        picked = choices[k];
    }
  }
  column_.y += style().px(4);
  if (picked) memory_.unfolded = ComposerMemory::List::none;
  return picked;
}

/// Too many features for buttons: their number, counted from 1.
std::optional<Column> ComposerSection::draw_number(const std::vector<Column>& choices, Column chosen,
                                                   const WidgetId& id) {
  NumberFieldOptions options;
  options.integer = true;
  options.step = 1.0;
  options.low = 1.0;
  options.high = static_cast<double>(choices.back().value() + 1);
  const NumberFieldResult result = number_field(context_, id, column_.labelled(context_.tr("feature number")),
                                                static_cast<double>(chosen.value_or(0) + 1), options);
  column_.error(result.error);
  if (!result.commit) return std::nullopt;
  return std::optional(static_cast<std::size_t>(*result.commit) - 1);
}

bool ComposerSection::room_button(const std::string& label, const WidgetId& id) {
  const auto lines = context_.text.wrap(context_.look(TextSize::body, context_.colours().on_accent), label,
                                        column_.width - style().px(20));
  float height = style().px(12);
  for (const Line& line : lines) height += line.height;
  const Rect area = column_.take(std::max(height, style().control_height()), style().px(8));
  const bool pressed = button(context_, id, area, "", {.kind = ButtonKind::primary});
  context_.text.draw(*context_.list, {area.min.x + style().px(10), area.min.y + style().px(6)}, lines);
  return pressed;
}

}  // namespace attn::ui
