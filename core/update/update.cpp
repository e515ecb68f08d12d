#include "core/update/update.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>

#include "core/attention/attention.h"

namespace attn {
namespace {

using Lines = std::vector<std::size_t>;  ///< rows or columns, ascending

/// Lines that stand this near to each other are computed in one product, with those between them.
constexpr std::size_t kSmallGap = 8;

Lines all_lines(std::size_t count) {
  Lines lines(count);
  std::iota(lines.begin(), lines.end(), std::size_t{0});
  return lines;
}

Lines united(const Lines& a, const Lines& b) {
  Lines both;
  std::ranges::set_union(a, b, std::back_inserter(both));
  return both;
}

/// Calls f(first, count) for each run of lines.
template <class F>
void each_run(const Lines& lines, const F& f) {
  for (std::size_t k = 0; k < lines.size();) {
    std::size_t last = k;
    while (last + 1 < lines.size() && lines[last + 1] - lines[last] <= kSmallGap) ++last;
    f(lines[k], lines[last] - lines[k] + 1);
    k = last + 1;
  }
}

/// Which cells of each stage depend on the words that have moved.
class Reach {
 public:
  Reach(const Input& input, const MovedWords& moved, const Dimensions& d)
      : config_(input.config), moved_(moved), d_(d) {
    const bool over_keys = config_.softmax_axis == SoftmaxAxis::keys;
    if (config_.normalise == Normalise::none) {
      weight_rows_ = moved.queries;
      weight_columns_ = moved.keys;
    } else if (over_keys) {
      weight_rows_ = united(moved.queries, queries_that_see(moved.keys));
    } else {
      weight_columns_ = united(moved.keys, keys_seen_by(moved.queries));
    }
    // A hidden weight is 0 and takes nothing from the value of its key, unless the mask puts a number there.
    const Lines keys = united(moved.keys, weight_columns_);
    if (config_.mask.hidden_value && !keys.empty()) {
      output_rows_ = all_lines(d.n_queries);
    } else {
      output_rows_ = united(weight_rows_, queries_that_see(keys));
    }
  }

  std::vector<CellRect> cells(Stage stage, const StageShape& shape) const {
    switch (stage) {
      case Stage::x:
      case Stage::x_position:
      case Stage::q:
      case Stage::q_rotated:
        return rectangles(moved_.queries, {}, shape);
      case Stage::source_x:
      case Stage::source_position:
      case Stage::k:
      case Stage::v:
      case Stage::k_rotated:
        return rectangles(moved_.keys, {}, shape);
      case Stage::scores:
      case Stage::scaled:
      case Stage::biased:
      case Stage::masked:
        return rectangles(moved_.queries, moved_.keys, shape);
      case Stage::weights:
      case Stage::dropped:
        return rectangles(weight_rows_, weight_columns_, shape);
      case Stage::mixed:
      case Stage::head_outputs:
      case Stage::concat:
      case Stage::output:
        return rectangles(output_rows_, {}, shape);
    }
    return {};
  }

 private:
  /// The queries that see at least one of these keys.
  Lines queries_that_see(const Lines& keys) const {
    Lines queries;
    for (std::size_t i = 0; i < d_.n_queries; ++i) {
      if (std::ranges::any_of(keys, [&](std::size_t j) { return visible(config_.mask, i, j); }))
        queries.push_back(i);
    }
    return queries;
  }
  Lines keys_seen_by(const Lines& queries) const {
    Lines keys;
    for (std::size_t j = 0; j < d_.n_keys; ++j) {
      if (std::ranges::any_of(queries, [&](std::size_t i) { return visible(config_.mask, i, j); }))
        keys.push_back(j);
    }
    return keys;
  }
  static std::vector<CellRect> rectangles(const Lines& rows, const Lines& columns, const StageShape& shape) {
    std::vector<CellRect> cells;
    each_run(rows, [&](std::size_t first, std::size_t count) {
      cells.push_back({first, 0, count, shape.columns});
    });
    each_run(columns, [&](std::size_t first, std::size_t count) {
      cells.push_back({0, first, shape.rows, count});
    });
    return cells;
  }

  const Config& config_;
  const MovedWords& moved_;
  const Dimensions& d_;
  Lines weight_rows_;
  Lines weight_columns_;
  Lines output_rows_;
};

/// What compute_stages() asks.
template <class T>
struct CellsReached {
  const Reach& reach;
  const Arrays<T>& arrays;
  std::vector<CellRect>& cells;  ///< of the stage that was asked for last
  std::span<const CellRect> operator()(Stage stage) const {
    cells = reach.cells(stage, arrays.shape(stage));
    return cells;
  }
};

}  // namespace

std::optional<MovedWords> moved_words(const Input& before, const Input& after) {
  constexpr std::size_t kFewest = 4;  // of four words one may have moved
  const auto same_shape = [](const SharedMatrix& a, const SharedMatrix& b) {
    return a.rows() == b.rows() && a.columns() == b.columns();
  };
  if (!same_layer(before, after) || after.config.attend_over == AttendOver::features) return std::nullopt;
  if (before.source.has_value() != after.source.has_value()) return std::nullopt;
  if (!same_shape(before.x, after.x) || !same_shape(before.key_x(), after.key_x())) return std::nullopt;
  MovedWords moved{after.x.changed_rows(before.x), after.key_x().changed_rows(before.key_x())};
  if (kFewest * moved.queries.size() > after.x.rows()) return std::nullopt;
  if (kFewest * moved.keys.size() > after.key_x().rows()) return std::nullopt;
  return moved;
}

template <class T>
void update(const Input& input, const MovedWords& moved, Arrays<T>& arrays, Progress* progress) {
  std::vector<CellRect> cells;
  const Reach reach(input, moved, arrays.dimensions());
  compute_stages<T>(input, arrays, CellsReached<T>{reach, arrays, cells}, progress);
}

template void update<float>(const Input&, const MovedWords&, Arrays<float>&, Progress*);
template void update<double>(const Input&, const MovedWords&, Arrays<double>&, Progress*);

}  // namespace attn
