// Groups of the settings about heads, widths, sequences and texts.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/panels/matrix_fields.h"
#include "app/panels/settings_formulas.h"
#include "app/panels/settings_groups.h"
#include "app/panels/settings_parts.h"
#include "app/widgets/lock.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

using session::Apply;
using session::Edit;
using session::Width;

void draw_width(ScenarioColumn& column, const WidgetId& id, Width width, std::string_view what) {
  const std::size_t size = session::size_of(column.subject.document, width);
  if (size == 0) return;
  PanelContext& context = column.context;
  const Style& style = column.style();
  // The symbol, the number, and what it measures on a line of its own.
  Rect line = column.take(style.control_height(), style.px(2));
  const std::string name(session::name(width));
  const Formula label = width_symbol(name.substr(name.find('_') + 1));
  const FormulaBox box = measure(label, context.text, style.text(TextSize::label));
  const Rect words = line.cut_left(column.width * 0.4f, style.px(8));
  draw(*context.list, label, context.text, style.text(TextSize::label), formula_colours(context.colours()),
       {words.min.x, words.centre().y + (box.ascent - box.descent) / 2});
  const auto edit = [width](double value) -> Edit {
    return session::SetWidth{width, static_cast<std::size_t>(value)};
  };
  NumberFieldOptions options = whole_number(1, 16384);
  options.problem = problem_with(context, edit);
  const LockedPart lock(context, "widths");
  const NumberFieldResult result = number_field(context, id, line, static_cast<double>(size), options);
  post_edit(context, result, edit);
  column.error(result.error);
  explain_setting(column, what);
}

/// The text of one language, its field below its name.
void draw_text(ScenarioColumn& column, session::SetText::Field field, const WidgetId& id,
               std::string_view language, std::string_view heading) {
  PanelContext& context = column.context;
  const io::Scenario& scenario = column.subject.document.scenario();
  const io::LocalisedText& text =
      field == session::SetText::Field::title ? scenario.title : scenario.description;
  std::string value;
  if (const auto found = text.by_language.find(std::string(language)); found != text.by_language.end()) {
    value = found->second;
  } else if (const auto plain = text.by_language.find("");
             language == "en" && plain != text.by_language.end()) {
    value = plain->second;
  }
  std::ranges::replace(value, '\n', ' ');
  settings_heading(column, heading);
  const std::string before = value;
  const TextFieldResult result =
      text_field(context, id, column.take(column.style().control_height(), column.style().px(8)), value,
                 context.tr("none"));
  if (result.commit && *result.commit != before)
    context.post(Apply{session::SetText{field, std::string(language), *result.commit}});
}

}  // namespace

void draw_head_settings(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Config& config = column.input().config;
  const bool open = settings_open(column);
  column.label_width = column.width * 0.55f;
  NumberFieldOptions heads = whole_number(1, 256);
  heads.enabled = open;
  settings_number(column, {PanelId::scenario, "heads"}, context.tr("heads h"),
                  static_cast<double>(config.heads), heads,
                  [](double value) -> Edit { return session::SetHeads{static_cast<std::size_t>(value)}; });
  show_formula(column, heads_formula());
  explain_setting(column, context.tr("Q, K and V are split: every head attends on its own."));
  settings_number(column, {PanelId::scenario, "kv_heads"}, context.tr("K/V heads g"),
                  static_cast<double>(config.kv_heads.value_or(config.heads)), heads,
                  [](double value) -> Edit { return session::SetKvHeads{static_cast<std::size_t>(value)}; });
  show_formula(column, kv_heads_formula());
  explain_setting(column, context.tr("Fewer of them are shared: h/g queries read the same keys and values."));
  settings_heading(column, context.tr("the heads' outputs are"));
  const std::array items = {ChoiceItem{context.tr("side by side"), formula_of(Combine::concat)},
                            ChoiceItem{context.tr("averaged"), formula_of(Combine::mean), true}};
  const auto picked = settings_choice(column, {PanelId::scenario, "combine"}, "combine", items,
                                      config.combine == Combine::concat ? 0 : 1, open);
  if (picked) context.post(Apply{session::SetCombine{*picked == 0 ? Combine::concat : Combine::mean}});
  if (config.combine == Combine::concat) {
    explain_setting(column, context.tr("Nothing is lost, and W_O mixes them."));
  } else {
    explain_setting(column, context.tr("What one head found is blurred by the others."), true);
  }
}

void draw_width_settings(ScenarioColumn& column) {
  const PanelContext& context = column.context;
  draw_width(column, {PanelId::scenario, "d_model"}, Width::d_model, context.tr("numbers of a word"));
  draw_width(column, {PanelId::scenario, "d_source"}, Width::d_source,
             context.tr("numbers of a source word"));
  draw_width(column, {PanelId::scenario, "d_k"}, Width::d_k, context.tr("of a query and of a key, a head"));
  draw_width(column, {PanelId::scenario, "d_v"}, Width::d_v, context.tr("of a value, a head"));
  draw_width(column, {PanelId::scenario, "d_out"}, Width::d_out, context.tr("of an output"));
  explain_setting(column,
                  context.tr("Matrices are cut or go on: an identity as identity, others with zeros."));
}

void draw_sequence_settings(ScenarioColumn& column) {
  PanelContext& context = column.context;
  const Input& input = column.input();
  const bool cross = input.source.has_value();
  const std::array sequences = {ChoiceItem{context.tr("self-attention"), self_formula()},
                                ChoiceItem{context.tr("cross-attention"), cross_formula()}};
  const auto picked =
      settings_choice(column, {PanelId::scenario, "sequences"}, "source", sequences, cross ? 1 : 0, true);
  if (picked) context.post(Apply{session::SetCrossAttention{*picked == 1}});
  settings_refusal<session::SetCrossAttention>(column);
  explain_setting(column,
                  cross ? context.tr("The target words X ask, the source words Z answer: two sequences.")
                        : context.tr("One sequence: the words ask and answer each other."));
  settings_heading(column, context.tr("what attends"));
  const bool features = input.config.attend_over == AttendOver::features;
  const std::array over = {ChoiceItem{context.tr("words"), formula_of(AttendOver::tokens)},
                           ChoiceItem{context.tr("features"), formula_of(AttendOver::features), true}};
  const auto attend = settings_choice(column, {PanelId::scenario, "attend_over"}, "attend_over", over,
                                      features ? 1 : 0, true);
  if (attend)
    context.post(Apply{session::SetAttendOver{*attend == 1 ? AttendOver::features : AttendOver::tokens}});
  settings_refusal<session::SetAttendOver>(column);
  if (features) {
    explain_setting(
        column,
        context.tr("QᵀK compares features, not words: no word looks at another. All other settings "
                   "are at their defaults."),
        true);
  } else {
    explain_setting(column,
                    context.tr("Each row of the table is a word that asks, each column one that answers."));
  }
}

void draw_text_settings(ScenarioColumn& column) {
  const PanelContext& context = column.context;
  using Field = session::SetText::Field;
  const WidgetId title{PanelId::scenario, "title"};
  const WidgetId description{PanelId::scenario, "description"};
  draw_text(column, Field::title, title.at(0), "en", context.tr("title in English"));
  draw_text(column, Field::title, title.at(1), "zh", context.tr("title in Chinese"));
  draw_text(column, Field::description, description.at(0), "en", context.tr("description in English"));
  draw_text(column, Field::description, description.at(1), "zh", context.tr("description in Chinese"));
}

}  // namespace attn::ui
