#pragma once
// What the measured properties of heads are called, how each one is defined, and how it is written.

#include <string>
#include <string_view>

#include "app/widgets/panel_context.h"
#include "core/attention/head_measures.h"

namespace attn::ui {

/// "entropy", "previous": a short name for a choice.
std::string_view measure_name(const PanelContext& context, HeadMeasure measure);
/// The definition in one sentence, with its unit, for this kind of input.
std::string measure_definition(const PanelContext& context, HeadMeasure measure, const Input& input);
/// "1.58 bit", "0.42"; "–" where it is not measured.
std::string measure_text(const PanelContext& context, HeadMeasure measure, const HeadMeasures& measures,
                         bool with_unit);
/// Whether small values come first: what is focused and near before what is spread and far, and large shares
/// before small ones.
bool least_first(HeadMeasure measure);

}  // namespace attn::ui
