#pragma once
// The numbers behind explanations: any cell of any stage in float64, computed when it is asked for.

#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/attention/input.h"
#include "core/attention/stage.h"

namespace attn {

/// What the mask makes of a score.
inline constexpr double kHiddenScore = -std::numeric_limits<double>::infinity();

/// The two sides of a score.
enum class Side { query, key };

/// Every number that an explanation can name. Rows of the stages whose width does not grow with the
/// number of tokens are kept once computed; scores and weights are computed anew from them, except for
/// what a whole row or column of a softmax shares.
class ExplainValues {
 public:
  /// The input must have passed validate().
  explicit ExplainValues(Input input);
  /// The same, keeping those rows of `before` that the change between the two inputs leaves as they are: what
  /// is projected from tokens whose vectors and parameters did not move.
  ExplainValues(Input input, const ExplainValues& before);

  const Input& input() const { return input_; }
  const Config& config() const { return input_.config; }
  const Dimensions& dimensions() const { return dimensions_; }
  bool has(Stage stage) const { return present(stage, input_); }
  bool features() const { return config().attend_over == AttendOver::features; }

  /// One cell of a stage that is present, inside its shape.
  double cell(const CellRef& cell);
  double parameter(ParameterId id, std::size_t row, std::size_t column) const;

  /// What the projections read: x or source_x, with positions where those are added.
  Stage query_x() const { return has(Stage::x_position) ? Stage::x_position : Stage::x; }
  Stage key_x() const;
  /// The stages that a score reads: rotated with rope.
  Stage query_stage() const { return has(Stage::q_rotated) ? Stage::q_rotated : Stage::q; }
  Stage key_stage() const { return has(Stage::k_rotated) ? Stage::k_rotated : Stage::k; }
  /// The stage that the mask reads.
  Stage stage_before_mask() const { return has(Stage::biased) ? Stage::biased : Stage::scaled; }
  /// The stage that the values are weighted with.
  Stage used_weights() const { return has(Stage::dropped) ? Stage::dropped : Stage::weights; }
  /// The cell of q or k with this component that score (head, i, j) reads.
  CellRef score_side(const CellRef& score, Side side, std::size_t component) const;

  /// Parts of a raw score.
  double dot(const CellRef& score);
  double norm_squares(const CellRef& score, Side side);
  double norm(const CellRef& score, Side side);
  /// (q W_q)[unit] or (k W_k)[unit] of the additive score.
  double additive_projection(const CellRef& score, Side side, std::size_t unit);
  /// tanh of both together.
  double additive_hidden(const CellRef& score, std::size_t unit);
  /// (q W)[column] of the bilinear score.
  double bilinear_query(const CellRef& score, std::size_t column);

  /// The angle of the position of this cell: of x_position, source_position, q_rotated or k_rotated.
  double angle(const CellRef& cell) const;
  double alibi_bias(const CellRef& cell) const;
  /// Whether the mask hides this cell.
  bool hidden(const CellRef& cell) const;

  /// A softmax runs along lines: rows, or columns under SoftmaxAxis::queries.
  bool lines_are_rows() const { return config().softmax_axis == SoftmaxAxis::keys; }
  std::size_t line_length() const;
  /// Where a cell stands in its line, and the cell of the same line at another place, in any stage.
  std::size_t place_in_line(const CellRef& cell) const { return lines_are_rows() ? cell.column : cell.row; }
  CellRef in_line(const CellRef& cell, Stage stage, std::size_t place) const;
  double line_maximum(const CellRef& cell) { return line(cell).maximum; }
  double exponential_sum(const CellRef& cell) { return line(cell).sum; }
  /// exp of the masked score at this place of the line, less the maximum unless the setting leaves it.
  double exponential(const CellRef& cell, std::size_t place);
  /// Σ head outputs over the heads, before they are averaged.
  double heads_sum(std::size_t row, std::size_t column);

 private:
  /// Rows that are kept once computed.
  struct Rows {
    std::size_t width = 0;
    std::vector<std::shared_ptr<const double[]>> rows;
  };
  /// What all cells of a line share.
  struct Line {
    double maximum = 0.0;
    double sum = 0.0;
  };

  template <class Compute>
  std::span<const double> kept(Rows& rows, std::size_t count, std::size_t width, std::size_t at,
                               const Compute& compute);
  std::span<const double> row(Stage stage, std::size_t head, std::size_t i);
  void keep_rows(Stage stage, const ExplainValues& before, const std::vector<std::size_t>& changed);
  void compute_row(Stage stage, std::size_t head, std::size_t i, std::span<double> out);
  void project(std::span<const double> in, ParameterId w, ParameterId b, std::size_t first,
               std::span<double> out) const;
  void add_positions(Stage stage, std::size_t i, std::span<double> out);
  void rotate(std::span<const double> in, const CellRef& first, std::span<double> out) const;
  void score_row_over_features(std::size_t i, std::span<double> out);
  void combine_heads(std::size_t i, std::span<double> out);
  std::span<const double> score_row(const CellRef& score, Side side);
  std::span<const double> additive_row(const CellRef& score, Side side);
  std::span<const double> bilinear_row(const CellRef& score);
  double raw_score(const CellRef& cell);
  double masked(const CellRef& cell);
  double weight(const CellRef& cell);
  double dropped(const CellRef& cell);
  double exponential_of(double score, double maximum) const;
  const Line& line(const CellRef& cell);

  Input input_;
  Dimensions dimensions_;
  double factor_;
  std::array<Rows, kStageCount> stages_;
  Rows additive_queries_;
  Rows additive_keys_;
  Rows bilinear_queries_;
  std::vector<std::optional<Line>> lines_;
};

}  // namespace attn
