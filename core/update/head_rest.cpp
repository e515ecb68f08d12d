#include "core/update/head_rest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/attention/ops.h"
#include "core/attention/parameter_products.h"
#include "core/update/drag_rows.h"
#include "core/update/drag_scores.h"

namespace attn {
namespace {

constexpr float kUnseen = -std::numeric_limits<float>::infinity();
/// A query that gives the moving words more than this share is computed anew: to take a share a out of an
/// output multiplies its error by 1 / (1 − a).
constexpr float kLargestTaken = 1.0f / 16;
/// Shares under this have lost digits, and say nothing of the sum any more.
constexpr float kSmallestShare = 1e-30f;
/// Rows that are computed anew together.
constexpr std::size_t kRowsTogether = 48;

}  // namespace

HeadRest::HeadRest(const Input& input, const Arrays<float>& whole, std::size_t head,
                   std::span<const std::size_t> words)
    : input_(input),
      head_(head),
      reference_(whole.dimensions().n_queries, 0.0f),
      sums_(whole.dimensions().n_queries, 1.0f),
      outputs_(whole.dimensions().n_queries, whole.dimensions().d_v),
      factors_(whole.dimensions().n_queries, 1.0f) {
  take_out(whole, words);
  rebuild(whole, words);
}

void HeadRest::take_out(const Arrays<float>& whole, std::span<const std::size_t> words) {
  const Dimensions& d = whole.dimensions();
  const StageInputs from = inputs_of(Stage::scores, input_);
  const MatrixView<const float> q = whole.head(from[0], head_);
  const MatrixView<const float> k = whole.head(from[1], d.kv_head(head_));
  const MatrixView<const float> v = whole.head(Stage::v, d.kv_head(head_));
  const MatrixView<const float> weights = whole.head(Stage::weights, head_);
  const MatrixView<const float> used = whole.head(inputs_of(Stage::head_outputs, input_)[0], head_);
  const MatrixView<const float> outputs = whole.head(Stage::head_outputs, head_);
  Matrix scores(words.size(), d.n_queries);
  for (std::size_t w = 0; w < words.size(); ++w) {
    score_column(input_, q, k.block(words[w], 0, 1, k.columns), scores.row(w));
    finish_scores(input_, d, Stage::masked, {Stage::masked, head_, 0, words[w]},
                  {scores.row(w).data(), d.n_queries, 1, 1});
  }
  for (std::size_t i = 0; i < d.n_queries; ++i) {
    std::ranges::copy(outputs.row(i), outputs_.row(i).begin());
    bool seen = false;
    float taken = 0;
    std::size_t most = 0;
    for (std::size_t w = 0; w < words.size(); ++w) {
      seen = seen || scores(w, i) != kUnseen;
      taken += weights(i, words[w]);
      if (weights(i, words[w]) > weights(i, words[most])) most = w;
    }
    if (!seen) continue;
    const float share = weights(i, words[most]);
    if (!(taken <= kLargestTaken && share >= kSmallestShare)) {
      factors_[i] = 0;
      to_rebuild_.push_back(i);
      continue;
    }
    const float rest = 1.0f - taken;
    // Near 1 the sum cannot vanish before the largest of the scores that it stands for would.
    const double logarithm =
        static_cast<double>(scores(most, i)) + std::log(static_cast<double>(rest / share));
    reference_[i] = static_cast<float>(logarithm);
    sums_[i] = static_cast<float>(std::exp(logarithm - static_cast<double>(reference_[i])));
    factors_[i] = 1.0f / rest;
    const std::span<float> out = outputs_.row(i);
    for (const std::size_t word : words) {
      const float part = used(i, word);
      const std::span<const float> value = v.row(word);
      for (std::size_t c = 0; c < out.size(); ++c) out[c] -= part * value[c];
    }
    for (float& value : out) value *= factors_[i];
  }
}

void HeadRest::rebuild(const Arrays<float>& whole, std::span<const std::size_t> words) {
  if (to_rebuild_.empty()) return;
  const Dimensions& d = whole.dimensions();
  const StageInputs from = inputs_of(Stage::scores, input_);
  const MatrixView<const float> q = whole.head(from[0], head_);
  const MatrixView<const float> k = whole.head(from[1], d.kv_head(head_));
  const MatrixView<const float> v = whole.head(Stage::v, d.kv_head(head_));
  rebuilt_ = Matrix(to_rebuild_.size(), d.n_keys);
  Matrix queries(std::min(kRowsTogether, to_rebuild_.size()), d.d_k);
  Matrix used(queries.rows(), d.n_keys);
  Matrix outputs(queries.rows(), d.d_v);
  for (std::size_t first = 0; first < to_rebuild_.size(); first += kRowsTogether) {
    const std::size_t count = std::min(kRowsTogether, to_rebuild_.size() - first);
    for (std::size_t r = 0; r < count; ++r)
      std::ranges::copy(q.row(to_rebuild_[first + r]), queries.row(r).begin());
    const MatrixView<float> rows = view(rebuilt_).block(first, 0, count, d.n_keys);
    raw_scores<float>(input_, view(std::as_const(queries)).block(0, 0, count, d.d_k), k, rows);
    for (std::size_t r = 0; r < count; ++r) {
      const std::size_t i = to_rebuild_[first + r];
      const MatrixView<float> row = rows.block(r, 0, 1, d.n_keys);
      finish_scores(input_, d, Stage::masked, {Stage::masked, head_, i, 0}, row);
      for (const std::size_t word : words) row(0, word) = kUnseen;
      std::ranges::copy(row.row(0), used.row(r).begin());
      softmax_in_place(row.row(0));
      const auto most = std::ranges::max_element(row.row(0));
      const auto at = static_cast<std::size_t>(most - row.row(0).begin());
      reference_[i] = *most > 0 ? used(r, at) : kUnseen;
      sums_[i] = *most > 0 ? 1.0f / *most : 0.0f;
      const MatrixView<float> shares = view(used).block(r, 0, 1, d.n_keys);
      if (present(Stage::dropped, input_)) {
        apply_dropout<float>(row, *input_.config.dropout, head_, shares, {i, 0});
      } else {
        std::ranges::copy(row.row(0), shares.row(0).begin());
      }
    }
    multiply<float>(view(std::as_const(used)).block(0, 0, count, d.n_keys), v,
                    view(outputs).block(0, 0, count, d.d_v));
    for (std::size_t r = 0; r < count; ++r)
      std::ranges::copy(outputs.row(r), outputs_.row(to_rebuild_[first + r]).begin());
  }
}

HeadRest::Weights HeadRest::weights(const Arrays<float>& whole, std::size_t query) const {
  if (factors_[query] > 0) return {whole.head(Stage::weights, head_).row(query), factors_[query]};
  const auto at = std::ranges::lower_bound(to_rebuild_, query) - to_rebuild_.begin();
  return {rebuilt_.row(static_cast<std::size_t>(at)), 1.0f};
}

}  // namespace attn
