#pragma once
// What the window looks at: saved with the scenario in its `view` object, not undone.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/playhead.h"
#include "core/attention/head_measures.h"
#include "core/attention/mask_layers.h"
#include "core/attention/stage.h"

namespace attn::session {

/// Which vectors the plane shows.
/// `source` is the key side of cross-attention where it cannot share a plane with x.
enum class VectorKind { x, q, k, v, output, source };
/// What a pull on the answer may move.
enum class PullFreedom { this_word, all_words, w_q_and_w_k, w_v };

/// What the scenario's card shows.
enum class ScenarioTab { words, settings, parameters, heads };
/// How the attention's card shows a stage: as a map of cells, lines between words, the text shaded, or the
/// bars of one row.
enum class AttentionView { map, lines, text, bars };
/// What the card at the right shows: the arithmetic of a number, or the scenario as code.
enum class ReasonTab { explain, code };

std::string_view name(VectorKind kind);      ///< "x", "q", "k", "v", "output", "source"
std::string_view name(PullFreedom freedom);  ///< "this_word", "all_words", "w_q_and_w_k", "w_v"
std::string_view name(ScenarioTab tab);      ///< "words", "settings", "parameters", "heads"
std::string_view name(AttentionView view);   ///< "map", "lines", "text", "bars"
std::string_view name(ReasonTab tab);        ///< "explain", "code"

/// The way to a node of the explain tree: which child of which child of the root.
using ExplainPath = std::vector<std::size_t>;

struct View {
  CellRef selection{Stage::weights, 0, 0, 0};  ///< the cell in focus; always inside its stage
  std::size_t head = 0;                        ///< the head that is shown where only one fits
  Stage stage = Stage::weights;                ///< shown large
  std::optional<std::size_t> playhead;         ///< position as loaded or saved; absent = the end
  VectorKind vectors = VectorKind::x;
  PullFreedom freedom = PullFreedom::this_word;
  ScenarioTab scenario_tab = ScenarioTab::words;
  AttentionView attention_view = AttentionView::map;
  ReasonTab reason_tab = ReasonTab::explain;
  bool head_composer = false;  ///< the heads' tab shows what one head is composed of, instead of small maps

  std::optional<HeadMeasure> head_order;  ///< what the small maps of all heads are sorted by; absent: number
  /// @name Lines between words
  /// @{
  std::vector<std::size_t> also_heads;  ///< drawn beside the head that is shown, ascending
  std::vector<std::size_t> also_rows;   ///< asking tokens beside the selected one, ascending
  double line_threshold = 0.0;          ///< lines of a smaller share are left out, 0 to 1
  bool lines_fit = true;                ///< all words at once, however small, instead of a list that scrolls
  /// @}
  /// Which two components the plane shows; past the width of the vectors at hand the plane takes 0 and 1.
  std::array<std::size_t, 2> plane_axes{0, 1};
  bool pipeline_folded = false;  ///< only the step-through stands there, and the cards have its room
  bool principal_plane = false;  ///< principal components instead of the two components above
  bool hull = false;             ///< of the values, in the plane
  bool fit_outputs = false;  ///< outputs that dwarf the words are inside the plane, however small the words
  bool attention_lines = false;    ///< from the output to the words it is made of, in the plane
  bool shared_score_range = true;  ///< raw, scaled and masked in one range of colour, so scaling is seen
  bool mean_squares = false;       ///< squares of a large map show their mean instead of their strongest cell
  /// By MaskLayer: whether its hatching is drawn where the masks are told apart.
  std::array<bool, kMaskLayers.size()> mask_layers{true, true, true, true};

  /// Cells asked about one after the other, the first one first; the last is explained. Selecting a cell
  /// starts a new trail. Empty: the selection is explained.
  std::vector<CellRef> explain_trail;
  std::vector<ExplainPath> explain_open;  ///< opened nodes below the explained cell

  /// The cell that "where it comes from" shows.
  const CellRef& explained() const { return explain_trail.empty() ? selection : explain_trail.back(); }
  bool is_open(const ExplainPath& path) const;
  bool operator==(const View&) const = default;
};

/// The `view` object of a scenario file.
std::string to_json(const View& view);
/// What a file remembers; whatever is missing, of another type or outside this input is the default:
/// a view never keeps a file from opening. `json` may be empty.
View view_from_json(const std::string& json, const Input& input, const Dimensions& d);

/// Moves selection, head, stage and trail inside what this input has.
void keep_inside(View& view, const Input& input, const Dimensions& d);

}  // namespace attn::session
