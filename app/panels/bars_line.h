#pragma once
// One row of scores on its way to shares, as numbers: the scores, their exponentials, and what these are of
// their sum; of the trace, or of a question "what if". With softmax over the queries the line is a column.

#include <optional>
#include <string>
#include <vector>

#include "app/panels/attention_views.h"

namespace attn::ui {

enum class BarPart { scores, exponentials, shares };

class BarsLine {
 public:
  /// The line of the selected cell. A question of another line, or of another state of the document, is
  /// forgotten.
  BarsLine(const AttentionScene& scene, BarsMemory& memory);

  /// Nothing can be shown while the trace is not there.
  bool empty() const { return data_->scores.empty(); }
  std::size_t count() const { return count_; }
  /// Softmax over the queries: the line goes over those who ask.
  bool over_queries() const { return over_queries_; }
  /// Attention weights are the scores themselves: there are no exponentials.
  bool raw() const { return scene_.input().config.normalise == Normalise::none; }
  /// What stands side by side.
  std::vector<BarPart> parts() const;

  std::size_t selected() const { return over_queries_ ? row_ : column_; }
  /// The query whose row this is; the key, where softmax goes over the queries.
  std::size_t fixed() const { return over_queries_ ? column_ : row_; }
  CellRef cell(std::size_t i) const { return over_queries_ ? scene_.cell(i, column_) : scene_.cell(row_, i); }
  CellRef score_cell(std::size_t i) const;
  std::string name(std::size_t i) const { return over_queries_ ? scene_.row_name(i) : scene_.column_name(i); }

  bool known(BarPart part, std::size_t i) const;
  bool hidden(std::size_t i) const;
  double value(BarPart part, std::size_t i) const;
  double true_share(std::size_t i) const { return data_->true_shares[i]; }
  double maximum() const { return data_->line.maximum; }
  /// Nothing while one of them is not computed yet.
  std::optional<double> sum(BarPart part) const;
  /// The number in at most so many characters, exact where the reader wants that and it has such a form;
  /// "?" while it is not computed.
  std::string text(BarPart part, std::size_t i, std::size_t most) const;

  /// @name Where bars begin and end, as parts of their full length
  /// @{
  double zero(BarPart part) const;
  /// From zero() on; below 0 to the left.
  double length(BarPart part, std::size_t i) const;
  double true_share_length(std::size_t i) const { return data_->true_shares[i] / data_->largest_share; }
  /// What the full length stands for while a bar is dragged.
  double drag_range(BarPart part) const;
  /// @}

 private:
  void read(BarsMemory& memory);
  /// From the lowest to the highest score, 0 included.
  void fit_range(const CellRect& rect, BarsData& data) const;

  const AttentionScene& scene_;
  bool over_queries_;
  std::size_t row_;
  std::size_t column_;
  std::size_t count_;
  bool asking_ = false;
  std::shared_ptr<const BarsData> data_ = std::make_shared<const BarsData>();
};

}  // namespace attn::ui
