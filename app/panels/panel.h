#pragma once
// What every panel is: a function that reads a Subject, draws into its area and posts actions. It owns
// nothing that belongs to the document, and knows of no other panel.

#include "app/session/session.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// Panels of the window. `draw` is called inside an ImGui window of its own that covers `area` and has no
/// decoration; the card is drawn by the panel with draw_card().
using PanelFunction = void (*)(const session::Subject&, PanelContext&);

void draw_top_bar(const session::Subject& subject, PanelContext& context);
void draw_scenario_panel(const session::Subject& subject, PanelContext& context);
void draw_pipeline_panel(const session::Subject& subject, PanelContext& context);
void draw_heatmap_panel(const session::Subject& subject, PanelContext& context);
void draw_vectors_panel(const session::Subject& subject, PanelContext& context);
void draw_lesson_panel(const session::Subject& subject, PanelContext& context);
void draw_reason_panel(const session::Subject& subject, PanelContext& context);

}  // namespace attn::ui
