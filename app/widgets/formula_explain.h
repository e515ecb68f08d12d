#pragma once
// A cell's explanation as a list of steps, in the order in which somebody would calculate it by hand: raw
// score, scale, mask, row maximum removed, exponential, row sum, share.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/view.h"
#include "app/widgets/panel_context.h"
#include "core/attention/explain.h"

namespace attn::ui {

struct ExplainStep {
  ExplainNode node;
  session::ExplainPath path;  ///< from the cell that is explained
  bool opened = false;        ///< by the reader; can be closed again
};

/// The steps that lead to `cell`, the cell itself last. Steps that change nothing are left out. At most
/// `most` of them; what is beyond can be opened from the numbers.
std::vector<ExplainStep> explain_steps(Explainer& explainer, const CellRef& cell, std::size_t most);

/// The node at a path, or nothing where the path does not exist (any more).
std::optional<ExplainNode> node_at(Explainer& explainer, const CellRef& cell,
                                   const session::ExplainPath& path);

/// "row maximum removed", "share": what a step is called.
std::string_view step_title(const PanelContext& context, const Input& input, const ExplainNode& node);

/// "how much x1 listens to x3": what the number says. `features` names the columns of x; empty: numbers.
std::string cell_sentence(const PanelContext& context, const Input& input, const CellRef& cell,
                          std::span<const std::string> features = {});

/// Where a click on this number leads: the cell that it is, or the one that it was made for. Nothing for
/// parameters and settings.
std::optional<CellRef> target_of(Explainer& explainer, const ExplainNode& node);

}  // namespace attn::ui
