#include "core/update/drag_scores.h"

#include "core/attention/ops.h"
#include "core/attention/parameter_products.h"
#include "core/attention/stage_range.h"
#include "core/update/drag_rows.h"

namespace attn {

void score_column(const Input& input, MatrixView<const float> q, MatrixView<const float> k,
                  std::span<float> out) {
  if (input.config.score == Score::dot) return multiply_vector(q, k.row(0), out);
  raw_scores<float>(input, q, k, {out.data(), q.rows, 1, 1});
}

void score_row(const Input& input, MatrixView<const float> q, MatrixView<const float> k,
               std::span<float> out) {
  if (input.config.score == Score::dot) return multiply_vector(k, q.row(0), out);
  raw_scores<float>(input, q, k, {out.data(), 1, k.rows, k.rows});
}

void finish_scores(const Input& input, const Dimensions& d, Stage until, const CellRef& first,
                   MatrixView<float> scores) {
  const Place at{first.row, first.column};
  if (until == Stage::scores) return;
  const auto factor = static_cast<float>(score_factor(input.config, d));
  if (factor != 1.0f) scale_scores<float>(scores, factor, scores);
  if (until == Stage::scaled) return;
  if (present(Stage::biased, input)) add_alibi<float>(scores, alibi_slope(first.head, d.n_heads), scores, at);
  if (until == Stage::biased) return;
  if (may_hide(input, Stage::masked)) apply_mask<float>(scores, input.config.mask, scores, at);
}

}  // namespace attn
