#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "app/panels/scenario_panel.h"
#include "app/panels/settings_groups.h"
#include "app/panels/settings_parts.h"
#include "app/widgets/number_format.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

using session::Subject;

/// Which group is unfolded; one at a time, so that the list stays short.
struct SettingsMemory {
  std::optional<std::size_t> unfolded;
  std::optional<std::size_t> bring_up;  ///< was unfolded in the last frame: its heading goes to the top
};

/// What lessons call the contents of a group.
struct NamedGroup {
  std::string_view name;
  std::string_view title;  ///< of SettingsGroup
};
constexpr std::array kNamedGroups = {
    NamedGroup{"score", "Score"},       NamedGroup{"scale", "Scale"},
    NamedGroup{"temperature", "Scale"}, NamedGroup{"position", "Position"},
    NamedGroup{"mask", "Mask"},         NamedGroup{"normalise", "Softmax"},
    NamedGroup{"axis", "Softmax"},      NamedGroup{"dropout", "Dropout"},
    NamedGroup{"heads", "Heads"},       NamedGroup{"combine", "Heads"},
    NamedGroup{"widths", "Widths"},     NamedGroup{"attend_over", "Sequences"},
};

// ---- what is set, in few words ----

std::string score_summary(const Subject& subject, const PanelContext& context) {
  switch (subject.document.input().config.score) {
    case Score::dot:
      return std::string(context.tr("dot product"));
    case Score::cosine:
      return std::string(context.tr("cosine"));
    case Score::additive:
      return std::string(context.tr("additive"));
    case Score::bilinear:
      return std::string(context.tr("bilinear"));
  }
  return {};
}

std::string scale_summary(const Subject& subject, const PanelContext& context) {
  const Config& config = subject.document.input().config;
  std::string text(context.tr("none"));
  if (config.scale.kind == Scale::Kind::sqrt_dk) {
    text = fmt::format("÷ √{}", subject.document.dimensions().d_k);
  } else if (config.scale.kind == Scale::Kind::number) {
    text = "× " + format_number(config.scale.number, 2);
  }
  if (config.temperature != 1.0) text += " · T " + format_number(config.temperature, 2);
  return text;
}

std::string position_summary(const Subject& subject, const PanelContext& context) {
  switch (subject.document.input().config.position) {
    case Position::none:
      return std::string(context.tr("none"));
    case Position::sinusoidal:
      return std::string(context.tr("sinusoidal"));
    case Position::rope:
      return std::string(context.tr("RoPE"));
    case Position::alibi:
      return std::string(context.tr("ALiBi"));
  }
  return {};
}

std::string mask_summary(const Subject& subject, const PanelContext& context) {
  const MaskConfig& mask = subject.document.input().config.mask;
  std::string text;
  const auto add = [&](bool on, std::string_view word) {
    if (on) text += (text.empty() ? "" : ", ") + std::string(word);
  };
  add(mask.causal, context.tr("causal"));
  add(mask.window.has_value(), context.tr("window"));
  add(mask.padding != nullptr, context.tr("padding"));
  add(mask.allow != nullptr, context.tr("own mask"));
  return text.empty() ? std::string(context.tr("none")) : text;
}

std::string softmax_summary(const Subject& subject, const PanelContext& context) {
  const Config& config = subject.document.input().config;
  if (config.normalise == Normalise::none) return std::string(context.tr("none"));
  if (config.softmax_axis == SoftmaxAxis::queries) return std::string(context.tr("each column"));
  return std::string(config.normalise == Normalise::softmax ? context.tr("each row")
                                                            : context.tr("no max removed"));
}

std::string dropout_summary(const Subject& subject, const PanelContext& context) {
  const Dropout dropout = subject.document.input().config.dropout.value_or(Dropout{});
  return dropout.p > 0 ? "p " + format_number(dropout.p, 2) : std::string(context.tr("none"));
}

std::string head_summary(const Subject& subject, const PanelContext& context) {
  const Dimensions& d = subject.document.dimensions();
  std::string text = fmt::format("{}", d.n_heads);
  if (d.n_kv_heads != d.n_heads) {
    text = context.say("{heads}, sharing {kv_heads}", fmt::arg("heads", d.n_heads),
                       fmt::arg("kv_heads", d.n_kv_heads));
  }
  if (subject.document.input().config.combine == Combine::mean)
    text += " · " + std::string(context.tr("averaged"));
  return text;
}

std::string width_summary(const Subject& subject, const PanelContext&) {
  const Dimensions& d = subject.document.dimensions();
  return fmt::format("{} · {} · {} → {}", d.d_model, d.d_k, d.d_v, d.d_out);
}

std::string sequence_summary(const Subject& subject, const PanelContext& context) {
  const Input& input = subject.document.input();
  if (input.config.attend_over == AttendOver::features) return std::string(context.tr("features"));
  return input.source ? "X → Z" : "X";
}

std::string text_summary(const Subject& subject, const PanelContext& context) {
  const std::string title = subject.document.scenario().title.in(context.catalogue.language());
  return title.empty() ? std::string(context.tr("none")) : title;
}

// ---- which of them hold a common mistake ----

bool never(const Config&) { return false; }
bool mistaken_mask(const Config& config) {
  const auto& value = config.mask.hidden_value;
  return value && (*value == 0.0 || *value == -1.0e9);
}
bool mistaken_softmax(const Config& config) {
  return config.normalise == Normalise::softmax_without_max || config.softmax_axis == SoftmaxAxis::queries;
}
bool mistaken_heads(const Config& config) { return config.combine == Combine::mean; }
bool mistaken_sequences(const Config& config) { return config.attend_over == AttendOver::features; }

constexpr std::array kGroups = {
    SettingsGroup{ATTN_MESSAGE("Score"), score_summary, never, draw_score_settings},
    SettingsGroup{ATTN_MESSAGE("Scale"), scale_summary, never, draw_scale_settings},
    SettingsGroup{ATTN_MESSAGE("Position"), position_summary, never, draw_position_settings},
    SettingsGroup{ATTN_MESSAGE("Mask"), mask_summary, mistaken_mask, draw_mask_settings},
    SettingsGroup{ATTN_MESSAGE("Softmax"), softmax_summary, mistaken_softmax, draw_softmax_settings},
    SettingsGroup{ATTN_MESSAGE("Dropout"), dropout_summary, never, draw_dropout_settings},
    SettingsGroup{ATTN_MESSAGE("Heads"), head_summary, mistaken_heads, draw_head_settings},
    SettingsGroup{ATTN_MESSAGE("Widths"), width_summary, never, draw_width_settings, false},
    SettingsGroup{ATTN_MESSAGE("Sequences"), sequence_summary, mistaken_sequences, draw_sequence_settings,
                  false},
    SettingsGroup{ATTN_MESSAGE("Title"), text_summary, never, draw_text_settings, false},
};

/// ▸ Score          dot product
void draw_heading(ScenarioColumn& column, const SettingsGroup& group, std::size_t i, SettingsMemory& memory) {
  PanelContext& context = column.context;
  const Style& style = column.style();
  const Theme& theme = context.colours();
  const bool unfolded = memory.unfolded == i;
  const Rect area = column.take(style.px(34), unfolded ? style.px(6) : style.px(2));
  if (memory.bring_up == i) {
    // Below the edge, where contents fade; what was scrolled is seen in the next frame.
    ImGui::SetScrollFromPosY(area.min.y - ImGui::GetWindowPos().y - style.px(26), 0.0f);
    memory.bring_up.reset();
    context.animating = true;
  }
  const WidgetId id = WidgetId{PanelId::scenario, "group"}.at(i);
  const Interaction mouse = interact(context, id, area);
  if (unfolded || mouse.hovered) {
    context.list->AddRectFilled(area.min, area.max, unfolded ? theme.accent_soft : theme.button_hover,
                                style.small_rounding());
  }
  Rect line = area.inset(style.px(6), 0);
  const Rect icon = line.cut_left(style.px(12), style.px(8));
  const float side = style.px(10);
  const ImVec2 centre = icon.centre();
  draw_icon(*context.list,
            {{centre.x - side / 2, centre.y - side / 2}, {centre.x + side / 2, centre.y + side / 2}},
            unfolded ? Icon::chevron_down : Icon::chevron_right, theme.ink_muted);
  const TextLook title = context.look(TextSize::body, unfolded ? theme.accent : theme.ink, Face::sans_bold);
  const std::string_view name = context.tr(group.title);
  context.text.draw_in(*context.list, line.cut_left(context.text.measure(title, name).x + 1, style.px(10)),
                       title, name);
  if (group.mistaken(column.input().config)) {
    const Rect dot = line.cut_right(style.px(12));
    draw_mistake_dot(context, dot.centre());
  }
  context.text.draw_in(*context.list, line, context.look(TextSize::body, theme.ink_muted),
                       group.summary(column.subject, context), Align::right);
  focus_ring(context, id, area, style.small_rounding());
  if (!mouse.clicked) return;
  if (unfolded) {
    memory.unfolded.reset();
  } else {
    memory.unfolded = memory.bring_up = i;
  }
  context.animating = true;
}

}  // namespace

bool is_setting(std::string_view name) {
  return std::ranges::find(kNamedGroups, name, &NamedGroup::name) != kNamedGroups.end();
}

void unfold_setting(PanelContext& context, std::string_view name) {
  const auto named = std::ranges::find(kNamedGroups, name, &NamedGroup::name);
  if (named == kNamedGroups.end()) return;
  const auto group = std::ranges::find(kGroups, named->title, &SettingsGroup::title);
  SettingsMemory& memory = context.memory.get<SettingsMemory>();
  memory.unfolded = memory.bring_up = static_cast<std::size_t>(group - kGroups.begin());
}

void draw_settings_tab(const session::Subject& subject, PanelContext& context, const Rect& content) {
  SettingsMemory& memory = context.memory.get<SettingsMemory>();
  draw_scenario_column(subject, context, "all settings", content, [&](ScenarioColumn& column) {
    for (std::size_t i = 0; i < kGroups.size(); ++i) {
      // What is unfolded in this frame is drawn from the next one on, when its heading stands where it will.
      const bool unfolded = memory.unfolded == i;
      draw_heading(column, kGroups[i], i, memory);
      if (!unfolded || memory.unfolded != i) continue;
      if (kGroups[i].words_only && !settings_open(column))
        explain_setting(column, column.context.tr("Attention over features takes no other setting."));
      kGroups[i].draw(column);
      column.y += column.style().px(6);
    }
  });
}

}  // namespace attn::ui
