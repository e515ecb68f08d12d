#pragma once
// The settings of a scenario in groups, in the order of the pipeline: score, scale and temperature, position,
// masks, softmax, dropout, heads, widths, sequences, texts.

#include <string>
#include <string_view>

#include "app/panels/scenario_column.h"

namespace attn::ui {

struct SettingsGroup {
  std::string_view title;                                                ///< an id of the catalogue
  std::string (*summary)(const session::Subject&, const PanelContext&);  ///< what is set, in few words
  bool (*mistaken)(const Config&);  ///< whether it holds a common mistake
  void (*draw)(ScenarioColumn&);
  bool words_only = true;  ///< attention over features takes none of it
};

/// @name Contents of the groups
/// @{
void draw_score_settings(ScenarioColumn& column);
void draw_scale_settings(ScenarioColumn& column);
void draw_position_settings(ScenarioColumn& column);
void draw_mask_settings(ScenarioColumn& column);
void draw_softmax_settings(ScenarioColumn& column);
void draw_dropout_settings(ScenarioColumn& column);
void draw_head_settings(ScenarioColumn& column);
void draw_width_settings(ScenarioColumn& column);
void draw_sequence_settings(ScenarioColumn& column);
void draw_text_settings(ScenarioColumn& column);
/// @}

}  // namespace attn::ui
