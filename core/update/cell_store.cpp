#include "core/update/cell_store.h"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/attention/block_values.h"
#include "core/kernel/pool.h"

namespace attn {
namespace {

/// A side of the parts that are kept, in cells and in squares.
constexpr std::size_t kTileSide = 256;
constexpr std::size_t kBlockSide = 128;
/// Fewer numbers are made again rather than kept.
constexpr std::size_t kWorthKeeping = 4096;
/// A read whose tiles would be so many times larger is made as it is.
constexpr std::size_t kMostWaste = 4;

std::size_t side_of(const TileKey& key) { return key.kind == TileKey::Kind::cells ? kTileSide : kBlockSide; }

std::size_t numbers_of(const CellRect& place) { return place.rows * place.columns; }
std::uint64_t bytes_of(const CellRect& place) { return std::uint64_t{numbers_of(place)} * sizeof(float); }

bool is_inside(const CellRect& part, const CellRect& whole) {
  return part.row >= whole.row && part.row + part.rows <= whole.row + whole.rows &&
         part.column >= whole.column && part.column + part.columns <= whole.column + whole.columns;
}

CellRect common(const CellRect& a, const CellRect& b) {
  const std::size_t row = std::max(a.row, b.row);
  const std::size_t column = std::max(a.column, b.column);
  return {row, column, std::min(a.row + a.rows, b.row + b.rows) - row,
          std::min(a.column + a.columns, b.column + b.columns) - column};
}

/// Of the numbers of `from`, those of `place`.
MatrixView<const float> part_of(const Matrix& numbers, const CellRect& from, const CellRect& place) {
  return view(numbers).block(place.row - from.row, place.column - from.column, place.rows, place.columns);
}

Read ready_read(MatrixView<const float> values, std::shared_ptr<const void> keeps_alive) {
  Read answer;
  answer.state = ReadState::ready;
  answer.values = values;
  answer.keeps_alive = std::move(keeps_alive);
  return answer;
}

Read pending_read() {
  Read answer;
  answer.state = ReadState::pending;
  return answer;
}

Read failed_read(std::string error) {
  Read answer;
  answer.error = std::move(error);
  return answer;
}

}  // namespace

CellStore::CellStore(std::shared_ptr<const ScoreCells> cells, std::uint64_t budget,
                     std::function<void()> wake)
    : cells_(std::move(cells)), wake_(std::move(wake)), cache_(budget) {}

CellStore::~CellStore() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::uint64_t CellStore::bytes() const {
  const std::lock_guard lock(mutex_);
  return cache_.bytes() + (cache_.budget() - cache_.room());
}

std::optional<float> CellStore::making() const {
  const std::lock_guard lock(mutex_);
  if (pyramid_made_) return fraction_;
  if (pyramid_wanted_ || parts_made_ || !parts_wanted_.empty()) return 0.0f;
  return std::nullopt;
}

void CellStore::keep(Stage stage, std::size_t head, Pyramid pyramid) {
  const std::uint64_t bytes = pyramid.bytes();
  const TileKey key{TileKey::Kind::pyramid, stage, head, 0, BlockValue::mean, {}};
  const std::lock_guard lock(mutex_);
  cache_.put(key, std::make_shared<const Pyramid>(std::move(pyramid)), bytes);
}

// --- reads ------------------------------------------------------------------------------------------

Read CellStore::read(Stage stage, std::size_t head, const CellRect& cells) {
  const StageShape shape = shape_of(stage, cells_->input(), cells_->dimensions());
  const TileKey key{TileKey::Kind::cells, stage, head, 0, BlockValue::mean, cells};
  if (numbers_of(cells) > kMostStreamedCells) {
    return failed_read(fmt::format("{}[{}]: {} × {} cells are too many to make at once, at most {}",
                                   name(stage), head, cells.rows, cells.columns, kMostStreamedCells));
  }
  if (numbers_of(cells) <= std::max(kCellsAtOnce, 4 * shape.columns)) return read_part(key);
  return read_tiles(key);
}

Read CellStore::read_blocks(Stage stage, std::size_t head, unsigned level, BlockValue value,
                            const CellRect& blocks) {
  TileKey key{TileKey::Kind::blocks, stage, head, level, value, blocks};
  if (level >= Pyramid::kLowest) {
    key = {TileKey::Kind::pyramid, stage, head, 0, BlockValue::mean, {}};
    const Read whole = read_pyramid(key);
    if (!whole.ready()) return whole;
    const auto& pyramid = *static_cast<const Pyramid*>(whole.keeps_alive.get());
    return ready_read(
        view(pyramid.at(level, value)).block(blocks.row, blocks.column, blocks.rows, blocks.columns),
        whole.keeps_alive);
  }
  if (numbers_of(blocks) > kMostStreamedCells) {
    return failed_read(fmt::format("{}[{}]: {} × {} squares are too many to make at once, at most {}",
                                   name(stage), head, blocks.rows, blocks.columns, kMostStreamedCells));
  }
  if (numbers_of(blocks) << (2 * level) <= kCellsAtOnce) return read_part(key);
  return read_tiles(key);
}

StageShape CellStore::values_of(const TileKey& key) const {
  const StageShape shape = shape_of(key.stage, cells_->input(), cells_->dimensions());
  return {shape.heads, blocks_along(shape.rows, key.level), blocks_along(shape.columns, key.level)};
}

TileKey CellStore::tile_at(const TileKey& key, std::size_t row, std::size_t column) const {
  const std::size_t side = side_of(key);
  const StageShape all = values_of(key);
  TileKey tile = key;
  tile.place.row = row - row % side;
  tile.place.column = column - column % side;
  tile.place.rows = std::min(side, all.rows - tile.place.row);
  tile.place.columns = std::min(side, all.columns - tile.place.column);
  return tile;
}

CellStore::Keys CellStore::tiles_of(const TileKey& key) const {
  const CellRect& place = key.place;
  const std::size_t side = side_of(key);
  Keys tiles;
  std::size_t numbers = 0;
  for (std::size_t i = place.row - place.row % side; i < place.row + place.rows; i += side) {
    for (std::size_t j = place.column - place.column % side; j < place.column + place.columns; j += side) {
      tiles.push_back(tile_at(key, i, j));
      numbers += numbers_of(tiles.back().place);
      if (numbers > kMostWaste * numbers_of(place)) return {key};
    }
  }
  return tiles;
}

Read CellStore::find(const TileKey& key) {
  if (const auto found = cache_.find<Matrix>(key)) return ready_read(view(*found), found);
  if (numbers_of(key.place) == 0) return pending_read();
  const TileKey tile = tile_at(key, key.place.row, key.place.column);
  if (!is_inside(key.place, tile.place)) return pending_read();
  const auto found = cache_.find<Matrix>(tile);
  return found ? ready_read(part_of(*found, tile.place, key.place), found) : pending_read();
}

Read CellStore::read_part(const TileKey& key) {
  const bool keeps = numbers_of(key.place) >= kWorthKeeping;
  {
    const std::lock_guard lock(mutex_);
    if (Read found = find(key); found.ready()) return found;
  }
  const auto made = std::make_shared<Matrix>(key.place.rows, key.place.columns);
  make(key, view(*made));
  if (keeps) {
    const std::lock_guard lock(mutex_);
    cache_.put(key, made, bytes_of(key.place));
  }
  return ready_read(view(std::as_const(*made)), made);
}

Read CellStore::read_tiles(const TileKey& key) {
  const Keys tiles = tiles_of(key);
  std::uint64_t bytes = 0;
  for (const TileKey& tile : tiles) bytes += bytes_of(tile.place);
  std::vector<Read> found;
  {
    const std::lock_guard lock(mutex_);
    if (Read whole = find(key); whole.ready()) return whole;
    Keys missing;
    for (const TileKey& tile : tiles) {
      found.push_back(find(tile));
      if (!found.back().ready()) missing.push_back(tile);
    }
    // Where the tiles of two such reads have no room, one would be forgotten before it is read.
    if (!missing.empty() && 2 * bytes <= cache_.room()) {
      std::erase_if(missing, [&](const TileKey& tile) {
        return std::ranges::find(parts_wanted_, tile) != parts_wanted_.end();
      });
      parts_wanted_.insert(parts_wanted_.end(), missing.begin(), missing.end());
      start();
      return pending_read();
    }
    if (!missing.empty()) found.clear();
  }
  const auto made = std::make_shared<Matrix>(key.place.rows, key.place.columns);
  if (found.empty()) make(key, view(*made));
  for (std::size_t t = 0; t < found.size(); ++t) {
    const CellRect shared = common(key.place, tiles[t].place);
    for (std::size_t i = 0; i < shared.rows; ++i) {
      const auto from = found[t].values.row(shared.row - tiles[t].place.row + i);
      std::ranges::copy(from.subspan(shared.column - tiles[t].place.column, shared.columns),
                        made->row(shared.row - key.place.row + i).begin() +
                            static_cast<std::ptrdiff_t>(shared.column - key.place.column));
    }
  }
  return ready_read(view(std::as_const(*made)), made);
}

Read CellStore::read_pyramid(const TileKey& key) {
  constexpr std::chrono::seconds kStillRead{2};
  const StageShape shape = shape_of(key.stage, cells_->input(), cells_->dimensions());
  const std::uint64_t bytes = PyramidMaker::bytes(shape.rows, shape.columns);
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  std::erase_if(readings_, [&](const Reading& r) { return r.key == key || now - r.last > kStillRead; });
  if (auto found = cache_.find<Pyramid>(key)) {
    readings_.push_back({key, bytes, now});
    return ready_read({}, found);
  }
  // What others look at stays, or two readers would take the room from each other for ever.
  std::uint64_t taken = 0;
  for (const Reading& reading : readings_) taken += reading.bytes;
  if (taken + bytes > cache_.budget()) {
    return failed_read(fmt::format("{}[{}] seen from afar needs {} bytes, {} of {} are free", name(key.stage),
                                   key.head, bytes, cache_.budget() - std::min(taken, cache_.budget()),
                                   cache_.budget()));
  }
  readings_.push_back({key, bytes, now});
  if (pyramid_made_ != key) pyramid_wanted_ = key;
  start();
  return pending_read();
}

// --- the thread -------------------------------------------------------------------------------------

void CellStore::make(const TileKey& key, MatrixView<float> out) const {
  if (key.kind == TileKey::Kind::cells) return cells_->make(key.stage, key.head, key.place, out);
  // Some rows of squares at a time, of as many rows of cells as a product likes to have.
  const StageShape shape = shape_of(key.stage, cells_->input(), cells_->dimensions());
  BlockRow squares(cells_->input(), key.stage, shape.columns, key.level, key.place.column, key.place.columns);
  const std::size_t end = std::min(shape.rows, (key.place.row + key.place.rows) << key.level);
  const std::size_t first = key.place.row << key.level;
  const std::size_t most = std::min<std::size_t>(PyramidMaker::kRows, end - std::min(first, end));
  Matrix cells(most, squares.columns());
  squares.clear();
  for (std::size_t i = first; i < end; i += most) {
    const std::size_t rows = std::min(most, end - i);
    const MatrixView<float> some = view(cells).block(0, 0, rows, squares.columns());
    cells_->make(key.stage, key.head, {i, squares.first_column(), rows, squares.columns()}, some);
    for (std::size_t r = 0; r < rows; ++r) {
      squares.add(i + r, some.row(r));
      const std::size_t next = i + r + 1;
      if (next % (std::size_t{1} << key.level) != 0 && next != end) continue;
      squares.write(key.value, out.row(((i + r) >> key.level) - key.place.row));
      squares.clear();
    }
  }
}

void CellStore::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  changed_.notify_all();
}

void CellStore::wake() const {
  if (wake_) wake_();
}

void CellStore::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || !parts_wanted_.empty() || pyramid_wanted_; });
    if (stop_) return;
    if (!parts_wanted_.empty()) {
      make_parts(lock);
    } else {
      make_pyramid(lock);
    }
    lock.unlock();
    wake();
    lock.lock();
  }
}

void CellStore::make_parts(std::unique_lock<std::mutex>& lock) {
  const Keys keys = std::exchange(parts_wanted_, {});
  parts_made_ = true;
  lock.unlock();
  std::vector<std::shared_ptr<Matrix>> made;
  try {
    for (const TileKey& key : keys)
      made.push_back(std::make_shared<Matrix>(key.place.rows, key.place.columns));
  } catch (const std::bad_alloc&) {
    made.clear();  // whoever waits asks again
  }
  kernel::parallel_for(made.size(), made.size() > 1, [&](std::size_t k) { make(keys[k], view(*made[k])); });
  lock.lock();
  for (std::size_t k = 0; k < made.size(); ++k) cache_.put(keys[k], made[k], bytes_of(keys[k].place));
  parts_made_ = false;
}

void CellStore::make_pyramid(std::unique_lock<std::mutex>& lock) {
  constexpr std::size_t kPartsAtATime = 16;
  constexpr std::chrono::milliseconds kWakesEvery{100};
  const TileKey key = *std::exchange(pyramid_wanted_, std::nullopt);
  if (cache_.find<Pyramid>(key)) return;
  const StageShape shape = shape_of(key.stage, cells_->input(), cells_->dimensions());
  pyramid_made_ = key;
  fraction_ = 0.0f;
  cache_.reserve(PyramidMaker::bytes(shape.rows, shape.columns));
  lock.unlock();
  std::shared_ptr<Pyramid> pyramid;
  try {
    PyramidMaker maker(*cells_, key.stage, key.head);
    auto woken = Clock::now();
    std::size_t part = 0;
    while (part < maker.parts()) {
      const std::size_t count = std::min(kPartsAtATime, maker.parts() - part);
      kernel::parallel_for(count, true, [&](std::size_t k) { maker.make(part + k, stop_); });
      part += count;
      lock.lock();
      fraction_ = static_cast<float>(part) / static_cast<float>(maker.parts());
      if (stop_) return;
      const bool had_parts = !parts_wanted_.empty();
      if (had_parts) make_parts(lock);  // they take little, and somebody looks at them
      lock.unlock();
      if (!had_parts && Clock::now() - woken < kWakesEvery) continue;
      wake();
      woken = Clock::now();
    }
    pyramid = std::make_shared<Pyramid>(maker.finish());
  } catch (const std::bad_alloc&) {
    pyramid.reset();
  }
  lock.lock();
  cache_.reserve(0);
  if (pyramid) cache_.put(key, pyramid, pyramid->bytes());
  pyramid_made_.reset();
}

}  // namespace attn
