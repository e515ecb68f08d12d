#pragma once
// The ways from stage to stage: X fans out into Q, K and V, the scores join Q and K, and V passes below to
// the outputs.

#include "app/widgets/panel_context.h"
#include "app/widgets/pipeline_layout.h"

namespace attn::ui {

void draw_pipeline_wires(PanelContext& context, const PipelineLayout& layout, const Input& input);

}  // namespace attn::ui
