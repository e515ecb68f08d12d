#include "core/attention/block_values.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>

namespace attn {
namespace {

constexpr unsigned kLargestLevel = 31;
constexpr float kFar = std::numeric_limits<float>::infinity();

struct RunValues {
  double sum = 0.0;
  float least = kFar;
  float most = -kFar;
};

/// Sum and range of some cells, eight side by side so that none waits for another.
RunValues values_of(std::span<const float> cells) {
  constexpr std::size_t kLanes = 8;
  double sums[kLanes] = {};
  float least[kLanes];
  float most[kLanes];
  std::ranges::fill(least, kFar);
  std::ranges::fill(most, -kFar);
  std::size_t j = 0;
  for (; j + kLanes <= cells.size(); j += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) {
      const float cell = cells[j + k];
      sums[k] += static_cast<double>(cell);
      least[k] = cell < least[k] ? cell : least[k];
      most[k] = cell > most[k] ? cell : most[k];
    }
  }
  RunValues all;
  for (; j < cells.size(); ++j) {
    sums[0] += static_cast<double>(cells[j]);
    least[0] = std::min(least[0], cells[j]);
    most[0] = std::max(most[0], cells[j]);
  }
  for (std::size_t k = 0; k < kLanes; ++k) {
    all.sum += sums[k];
    all.least = std::min(all.least, least[k]);
    all.most = std::max(all.most, most[k]);
  }
  return all;
}

}  // namespace

std::size_t blocks_along(std::size_t cells, unsigned level) {
  const std::size_t whole = cells >> level;
  return whole + ((whole << level) < cells ? 1 : 0);
}

BlockRow::BlockRow(const Input& input, Stage stage, std::size_t columns, unsigned level, std::size_t first,
                   std::size_t count)
    : mask_(input.config.mask),
      hides_(may_hide(input, stage)),
      by_cells_(hides_ && masks_by_cells(mask_)),
      all_columns_(columns),
      side_(std::size_t{1} << level),
      first_column_(first * side_),
      columns_(std::min(columns, (first + count) * side_) - first_column_),
      blocks_(count) {
  clear();
}

void BlockRow::clear() { std::ranges::fill(blocks_, Block{0.0, 0, kFar, -kFar}); }

void BlockRow::add(std::size_t row, std::span<const float> cells) {
  const CellRun seen = hides_ ? visible_run(mask_, row, all_columns_) : CellRun{0, all_columns_};
  const std::size_t first = std::max(seen.first, first_column_);
  const std::size_t last = std::min(seen.last, first_column_ + columns_);
  const auto take = [&](std::size_t from, std::size_t to) {
    Block& block = blocks_[(from - first_column_) / side_];
    const RunValues run = values_of(cells.subspan(from - first_column_, to - from));
    block.sum += run.sum;
    block.count += to - from;
    block.least = std::min(block.least, run.least);
    block.most = std::max(block.most, run.most);
  };
  for (std::size_t from = first; from < last;) {
    const std::size_t to = std::min(last, from - from % side_ + side_);
    if (by_cells_) {
      for (std::size_t j = from; j < to; ++j) {
        if (visible(mask_, row, j)) take(j, j + 1);
      }
    } else {
      take(from, to);
    }
    from = to;
  }
}

void BlockRow::write(BlockValue value, std::span<float> out) const {
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const Block& block = blocks_[k];
    const bool has_range = block.count > 0 && block.least <= block.most;  // neither, where all are NaN
    if (value == BlockValue::mean && block.count > 0) {
      out[k] = static_cast<float>(block.sum / static_cast<double>(block.count));
    } else if (value == BlockValue::extreme && has_range) {
      out[k] = block.most >= -block.least ? block.most : block.least;
    } else {
      out[k] = std::numeric_limits<float>::quiet_NaN();
    }
  }
}

std::string Trace::block_error(Stage stage, std::size_t head, unsigned level, const CellRect& blocks) const {
  const StageShape all = shape(stage);
  const std::size_t rows = level <= kLargestLevel ? blocks_along(all.rows, level) : 0;
  const std::size_t columns = level <= kLargestLevel ? blocks_along(all.columns, level) : 0;
  const bool inside = head < all.heads && blocks.row <= rows && blocks.rows <= rows - blocks.row &&
                      blocks.column <= columns && blocks.columns <= columns - blocks.column;
  if (inside) return {};
  return fmt::format("{}[{}]: no such squares of 2^{} cells: {} + {} of {} rows, {} + {} of {} columns",
                     name(stage), head, level, blocks.row, blocks.rows, rows, blocks.column, blocks.columns,
                     columns);
}

Read Trace::read_blocks(Stage stage, std::size_t head, unsigned level, BlockValue value,
                        const CellRect& blocks) const {
  Read answer;
  answer.error = block_error(stage, head, level, blocks);
  if (!answer.error.empty()) return answer;
  const StageShape all = shape(stage);
  const auto made = std::make_shared<Matrix>(blocks.rows, blocks.columns);
  BlockRow block_row(input(), stage, all.columns, level, blocks.column, blocks.columns);
  for (std::size_t b = 0; b < blocks.rows; ++b) {
    const std::size_t first = (blocks.row + b) << level;
    const std::size_t last = std::min(all.rows, (blocks.row + b + 1) << level);
    const Read cells =
        read(stage, head, {first, block_row.first_column(), last - first, block_row.columns()});
    if (!cells.ready()) {
      answer.state = cells.state;
      answer.error = cells.error;
      return answer;
    }
    block_row.clear();
    for (std::size_t i = first; i < last; ++i) block_row.add(i, cells.values.row(i - first));
    block_row.write(value, made->row(b));
  }
  answer.state = ReadState::ready;
  answer.values = view(std::as_const(*made));
  answer.keeps_alive = made;
  return answer;
}

}  // namespace attn
