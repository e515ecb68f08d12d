#pragma once
// What every view of the attention card knows of a frame: which stage and head it shows, what rows and
// columns are called, and what is in focus. Map, lines, text and bars draw the same scene.

#include <optional>
#include <string>
#include <string_view>

#include "app/panels/panel.h"
#include "app/widgets/conventions.h"
#include "app/widgets/heatmap.h"

namespace attn::ui {

class AttentionScene {
 public:
  /// `subject.trace` must be there.
  AttentionScene(const session::Subject& subject, PanelContext& context);

  const session::Subject& subject() const { return subject_; }
  PanelContext& context() const { return context_; }
  const session::View& view() const { return subject_.view; }
  const Trace& trace() const { return trace_; }
  const Input& input() const { return input_; }
  Stage stage() const { return stage_; }
  std::size_t head() const { return head_; }
  const StageShape& shape() const { return shape_; }
  const StageCells& cells() const { return cells_; }

  /// A table of queries × keys, from raw scores to shares.
  bool score_like() const { return is_score_like(stage_); }
  bool features() const { return input_.config.attend_over == AttendOver::features; }
  /// Softmax over the queries: every column sums to 1.
  bool over_queries() const { return input_.config.softmax_axis == SoftmaxAxis::queries; }
  bool shares() const { return shows_shares(input_, stage_); }
  /// Whether the matrix stands with rows and columns exchanged.
  bool transposed() const { return conventions_.transposes(stage_); }
  const Conventions& conventions() const { return conventions_; }
  /// Whether a cell of this row can be dragged to another value: a step of a lesson may keep it as it is.
  bool can_pull(std::size_t row) const;
  /// Whether what is pulled stays between 0 and 1.
  bool pulls_shares() const { return stage_ == Stage::weights && shares(); }
  /// What the last pull on a cell came to, while this stage shows it.
  const session::PullReport* pull() const;

  /// The cell that is spoken of: what is hovered, else what is selected, else the first.
  CellRef focus() const;
  bool selected_here() const { return view().selection.stage == stage_; }
  CellRef cell(std::size_t row, std::size_t column) const { return {stage_, head_, row, column}; }

  /// A word, else the name of a feature, else its number.
  std::string row_name(std::size_t row) const;
  std::string column_name(std::size_t column) const;

  /// Colour of a name on the asking (answering) side where it stands out.
  Colour row_colour() const;
  Colour column_colour() const;

 private:
  std::string name_of(std::string_view word, std::size_t i, bool feature) const;

  const session::Subject& subject_;
  PanelContext& context_;
  const Trace& trace_;
  const Input& input_;
  Stage stage_;
  std::size_t head_;
  StageShape shape_;
  StageCells cells_;
  Conventions conventions_;
};

/// "row x1 asks → columns x1 x2 x3 answer"; of many columns the one in focus, and in a narrow panel only the
/// two words and the number.
void draw_attention_sentence(const AttentionScene& scene, const Rect& area);

}  // namespace attn::ui
