#include "core/update/pyramid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "core/attention/block_values.h"
#include "core/attention/stage_range.h"
#include "core/kernel/block.h"
#include "core/kernel/kernels.h"
#include "core/update/visible_count.h"

namespace attn {
namespace {

using kernel::kPanel;

constexpr std::size_t kSide = std::size_t{1} << Pyramid::kLowest;
static_assert(kSide == kPanel && PyramidMaker::kRows % kSide == 0);
/// Keys of a tile.
constexpr std::size_t kTileKeys = 256;
constexpr float kInfinite = std::numeric_limits<float>::infinity();
constexpr float kNoNumber = std::numeric_limits<float>::quiet_NaN();

/// The one of two that is farther from 0; a NaN is no answer.
float farther(float a, float b) {
  if (std::isnan(a)) return b;
  if (std::isnan(b) || std::abs(a) > std::abs(b)) return a;
  return std::abs(a) == std::abs(b) ? std::max(a, b) : b;
}

/// The level above one, and how many cells are left in each of its squares.
Pyramid::Level above(const Pyramid::Level& below, std::vector<std::uint32_t>& counts) {
  const std::size_t rows = below.mean.rows();
  const std::size_t columns = below.mean.columns();
  Pyramid::Level level{Matrix(blocks_along(rows, 1), blocks_along(columns, 1)),
                       Matrix(blocks_along(rows, 1), blocks_along(columns, 1))};
  std::vector<std::uint32_t> left(level.mean.size());
  for (std::size_t i = 0; i < level.mean.rows(); ++i) {
    for (std::size_t j = 0; j < level.mean.columns(); ++j) {
      double sum = 0.0;
      std::uint32_t count = 0;
      float extreme = kNoNumber;
      for (std::size_t r = 2 * i; r < std::min(rows, 2 * i + 2); ++r) {
        for (std::size_t c = 2 * j; c < std::min(columns, 2 * j + 2); ++c) {
          const std::uint32_t cells = counts[r * columns + c];
          if (cells == 0) continue;
          sum += static_cast<double>(below.mean(r, c)) * cells;
          count += cells;
          extreme = farther(extreme, below.extreme(r, c));
        }
      }
      left[i * level.mean.columns() + j] = count;
      level.mean(i, j) = count == 0 ? kNoNumber : static_cast<float>(sum / count);
      level.extreme(i, j) = extreme;
    }
  }
  counts = std::move(left);
  return level;
}

}  // namespace

const Matrix& Pyramid::at(unsigned level, BlockValue value) const {
  const Level& found = levels[std::min<std::size_t>(level - kLowest, levels.size() - 1)];
  return value == BlockValue::mean ? found.mean : found.extreme;
}

std::uint64_t Pyramid::bytes() const {
  std::uint64_t numbers = 0;
  for (const Level& level : levels) numbers += level.mean.size() + level.extreme.size();
  return numbers * sizeof(float);
}

PyramidMaker::PyramidMaker(const ScoreCells& cells, Stage stage, std::size_t head)
    : cells_(cells),
      stage_(stage),
      head_(head),
      shape_(shape_of(stage, cells.input(), cells.dimensions())),
      hides_(may_hide(cells.input(), stage)),
      parts_((shape_.rows + kRows - 1) / kRows) {
  const std::size_t rows = blocks_along(shape_.rows, Pyramid::kLowest);
  const std::size_t columns = blocks_along(shape_.columns, Pyramid::kLowest);
  pyramid_.levels.push_back({Matrix(rows, columns, kNoNumber), Matrix(rows, columns, kNoNumber)});
  counts_.assign(rows * columns, 0);
}

std::uint64_t PyramidMaker::bytes(std::size_t rows, std::size_t columns) {
  std::uint64_t numbers = 0;
  for (unsigned level = Pyramid::kLowest;; ++level) {
    const std::uint64_t squares =
        static_cast<std::uint64_t>(blocks_along(rows, level)) * blocks_along(columns, level);
    numbers += (level <= Pyramid::kLowest + 1 ? 3 : 2) * squares;  // counts of two levels at a time
    if (squares <= 1) return numbers * sizeof(float);
  }
}

void PyramidMaker::add_tile(const CellRect& tile, MatrixView<const float> values, std::size_t first_row,
                            std::size_t rows, Band& band, std::uint32_t* counts) const {
  const MaskConfig& mask = cells_.input().config.mask;
  const kernel::Table* const table = cells_.table();
  const std::size_t groups = tile.columns / kPanel;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t query = tile.row + first_row + i;
    const std::span<const float> row = values.row(first_row + i);
    std::size_t j = 0;
    if (table != nullptr && left(query, tile.column, tile.columns) == tile.columns) {
      table->add_groups(row.data(), groups, {band.sums.data(), band.most.data(), band.least.data()});
      for (std::size_t g = 0; g < groups; ++g) counts[g] += kPanel;
      j = groups * kPanel;
    }
    for (; j < tile.columns; ++j) {
      if (hides_ && !visible(mask, query, tile.column + j)) continue;
      const std::size_t g = j / kPanel;
      band.sums[g] += row[j];
      band.most[g] = row[j] > band.most[g] ? row[j] : band.most[g];
      band.least[g] = row[j] < band.least[g] ? row[j] : band.least[g];
      ++counts[g];
    }
  }
}

std::size_t PyramidMaker::left(std::size_t query, std::size_t first, std::size_t count) const {
  return hides_ ? visible_keys(cells_.input().config.mask, query, first, count) : count;
}

void PyramidMaker::add_weights(std::size_t query, std::size_t queries, std::size_t key,
                               std::span<const float> sums, std::span<const float> most) {
  Pyramid::Level& lowest = pyramid_.levels.front();
  const std::size_t i = query / kSide;
  const std::size_t end = std::min(shape_.columns, key + sums.size() * kSide);
  std::size_t all = 0;
  for (std::size_t r = 0; r < queries; ++r) all += left(query + r, key, end - key);
  const bool shows_all = all == queries * (end - key);
  for (std::size_t j = key; j < end && all > 0; j += kSide) {
    const std::size_t width = std::min(kSide, end - j);
    std::size_t count = shows_all ? queries * width : 0;
    for (std::size_t r = 0; r < queries && !shows_all; ++r) count += left(query + r, j, width);
    if (count == 0) continue;
    const std::size_t g = (j - key) / kSide;
    counts_[i * lowest.mean.columns() + j / kSide] = static_cast<std::uint32_t>(count);
    lowest.mean(i, j / kSide) = sums[g] / static_cast<float>(count);
    lowest.extreme(i, j / kSide) = most[g];
  }
}

void PyramidMaker::make(std::size_t part, const std::atomic<bool>& stop) {
  const std::size_t first = part * kRows;
  const std::size_t rows = std::min(kRows, shape_.rows - first);
  constexpr std::size_t kStride = kTileKeys + kPanel;
  const MatrixView<float> room{kernel::scratch().scores.at_least(kRows * kStride), rows, kTileKeys, kStride};
  CellRun keys{0, shape_.columns};
  if (hides_) {  // from what the first query sees to what the last one does
    keys = {visible_run(cells_.input().config.mask, first, shape_.columns).first,
            visible_run(cells_.input().config.mask, first + rows - 1, shape_.columns).last};
    keys.first -= keys.first % kPanel;
  }
  Pyramid::Level& lowest = pyramid_.levels.front();
  const std::size_t columns = lowest.mean.columns();
  Band band;
  for (std::size_t k = keys.first; k < keys.last && !stop.load(std::memory_order_relaxed); k += kTileKeys) {
    const CellRect tile{first, k, rows, std::min(kTileKeys, keys.last - k)};
    const MatrixView<float> values = room.block(0, 0, rows, tile.columns);
    cells_.make(stage_, head_, tile, values);
    const std::size_t groups = blocks_along(tile.columns, Pyramid::kLowest);
    for (std::size_t r = 0; r < rows; r += kSide) {
      band.sums.assign(groups, 0.0f);
      band.most.assign(groups, -kInfinite);
      band.least.assign(groups, kInfinite);
      const std::size_t at = (first + r) / kSide * columns + k / kSide;
      add_tile(tile, values, r, std::min(kSide, rows - r), band, counts_.data() + at);
      for (std::size_t g = 0; g < groups; ++g) {
        const std::uint32_t count = counts_[at + g];
        if (count == 0) continue;
        float& mean = lowest.mean.row((first + r) / kSide)[k / kSide + g];
        float& extreme = lowest.extreme.row((first + r) / kSide)[k / kSide + g];
        mean = band.sums[g] / static_cast<float>(count);
        if (band.least[g] <= band.most[g]) extreme = farther(band.most[g], band.least[g]);
      }
    }
  }
}

Pyramid PyramidMaker::finish() {
  while (pyramid_.levels.back().mean.size() > 1)
    pyramid_.levels.push_back(above(pyramid_.levels.back(), counts_));
  return std::move(pyramid_);
}

}  // namespace attn
