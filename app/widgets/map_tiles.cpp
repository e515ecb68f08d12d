#include "app/widgets/map_tiles.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace attn::ui {
namespace {

/// Cells that are read at a time: between two reads the loader looks whether the tile is still wanted.
constexpr std::size_t kCellsARead = std::size_t{1} << 21;

std::size_t squares_along(std::size_t cells, unsigned level) {
  return (cells + (std::size_t{1} << level) - 1) >> level;
}

bool same_map(const TileSource& a, const TileSource& b) {
  return a.key.stage == b.key.stage && a.key.head == b.key.head && a.value == b.value &&
         a.trace->shape(a.key.stage) == b.trace->shape(b.key.stage);
}

bool same_pixels(const TileSource& a, const TileSource& b) {
  return a.trace == b.trace && a.key == b.key && a.value == b.value;
}

/// Cells one by one, as they are read.
void paint_cells(const TileSource& source, const CellRect& rect, MatrixView<const float> values,
                 Colour* pixels, std::size_t stride) {
  const Input& input = source.trace->input();
  const MaskConfig& mask = input.config.mask;
  const bool hides = may_hide(input, source.key.stage);
  const bool by_cells = hides && masks_by_cells(mask);
  const std::size_t all = source.trace->shape(source.key.stage).columns;
  for (std::size_t i = 0; i < rect.rows; ++i) {
    const std::size_t row = rect.row + i;
    const CellRun run = hides ? visible_run(mask, row, all) : CellRun{0, all};
    const std::size_t first = std::max(run.first, rect.column);
    const std::size_t last = std::min(run.last, rect.column + rect.columns);
    for (std::size_t j = first; j < last; ++j) {
      if (by_cells && !visible(mask, row, j)) continue;
      pixels[i * stride + j - rect.column] = source.key.scale.at(values(i, j - rect.column));
    }
  }
}

/// The cells under squares, as far as there are cells.
CellRect cells_of_squares(const CellRect& squares, TileLevel level, const StageShape& shape) {
  const std::size_t row = squares.row << level.rows;
  const std::size_t column = squares.column << level.columns;
  return {row, column, std::min(squares.rows << level.rows, shape.rows - row),
          std::min(squares.columns << level.columns, shape.columns - column)};
}

/// Squares that are not as high as wide, of a stage without a mask.
void paint_squares(const TileSource& source, const CellRect& squares, TileLevel level,
                   MatrixView<const float> cells, Colour* pixels) {
  for (std::size_t r = 0; r < squares.rows; ++r) {
    const std::size_t last_row = std::min((r + 1) << level.rows, cells.rows);
    for (std::size_t c = 0; c < squares.columns; ++c) {
      const std::size_t last_column = std::min((c + 1) << level.columns, cells.columns);
      double sum = 0.0;
      std::size_t count = 0;
      float least = 0.0f;
      float most = 0.0f;
      for (std::size_t i = r << level.rows; i < last_row; ++i) {
        for (const float value :
             cells.row(i).subspan(c << level.columns, last_column - (c << level.columns))) {
          sum += static_cast<double>(value);
          least = std::min(least, value);
          most = std::max(most, value);
          ++count;
        }
      }
      const double mean = sum / static_cast<double>(std::max<std::size_t>(count, 1));
      const float extreme = -least > most ? least : most;
      pixels[r * squares.columns + c] =
          source.value == BlockValue::mean ? source.key.scale.at(mean) : source.key.scale.at(extreme);
    }
  }
}

}  // namespace

TileLevel top_level(Stage stage, const StageShape& shape) {
  const auto levels = [](std::size_t cells) {
    unsigned level = 0;
    while (squares_along(cells, level) > kTileSquares) ++level;
    return level;
  };
  TileLevel level{levels(shape.rows), levels(shape.columns)};
  if (is_score_like(stage)) level.rows = level.columns = std::max(level.rows, level.columns);
  return level;
}

TileLevel level_for(Stage stage, double pixels_down, double pixels_across) {
  const auto level = [](double pixels) {
    if (!(pixels > 0.0) || pixels >= 1.0) return 0u;
    // A hair of a square that is lost is not worth four times the cells.
    return static_cast<unsigned>(std::max(0.0, std::ceil(std::log2(1.0 / pixels) - 1e-3)));
  };
  if (is_score_like(stage)) {
    const unsigned both = level(std::min(pixels_down, pixels_across));
    return {both, both};
  }
  return {level(pixels_down), level(pixels_across)};
}

bool is_large_map(const Trace& trace, Stage stage) {
  constexpr std::size_t kPaintedAtOnce = std::size_t{1} << 20;
  const StageShape shape = trace.shape(stage);
  return shape.rows * shape.columns > kPaintedAtOnce || trace.streams(stage);
}

const std::shared_ptr<TileLoader>& tile_loader(PanelContext& context) {
  auto& loader = context.memory.get<std::shared_ptr<TileLoader>>();
  if (!loader) loader = std::make_shared<TileLoader>();
  return loader;
}

TileAnswer paint_tile(const TileSource& source, const TilePlace& place, const std::function<bool()>& go_on) {
  const Trace& trace = *source.trace;
  const Stage stage = source.key.stage;
  const StageShape shape = trace.shape(stage);
  const std::size_t first_row = place.row * kTileSquares;
  const std::size_t first_column = place.column * kTileSquares;
  const TileLevel level = place.level;
  const std::size_t rows = std::min(kTileSquares, squares_along(shape.rows, level.rows) - first_row);
  const std::size_t columns =
      std::min(kTileSquares, squares_along(shape.columns, level.columns) - first_column);
  HeatmapImage image{static_cast<int>(columns), static_cast<int>(rows), {}};
  image.pixels.assign(rows * columns, 0);
  const std::size_t a_square = std::size_t{1} << (level.rows + level.columns);
  const std::size_t strip = std::clamp<std::size_t>(kCellsARead / (a_square * columns), 1, rows);
  const bool incomplete = !source.playhead.complete(stage);
  for (std::size_t i = 0; i < rows; i += strip) {
    if (!go_on()) return {};
    const CellRect rect{first_row + i, first_column, std::min(strip, rows - i), columns};
    Colour* const pixels = image.pixels.data() + i * columns;
    if (level.cells() || level.rows != level.columns) {
      const CellRect cells = cells_of_squares(rect, level, shape);
      const Read read = trace.read(stage, source.key.head, cells);
      if (!read.ready()) return {read.state, {}};
      if (level.cells()) {
        paint_cells(source, rect, read.values, pixels, columns);
      } else {
        paint_squares(source, rect, level, read.values, pixels);
      }
    } else {
      const Read read = trace.read_blocks(stage, source.key.head, level.rows, source.value, rect);
      if (!read.ready()) return {read.state, {}};
      for (std::size_t r = 0; r < rect.rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
          const float value = read.values(r, c);
          if (!std::isnan(value)) pixels[r * columns + c] = source.key.scale.at(value);
        }
      }
    }
    for (std::size_t r = 0; incomplete && r < rect.rows; ++r) {
      // A square is known when its last row is.
      const std::size_t last = std::min((rect.row + r + 1) << level.rows, shape.rows) - 1;
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t column = std::min((first_column + c + 1) << level.columns, shape.columns) - 1;
        if (!source.playhead.computed({stage, source.key.head, last, column}))
          pixels[r * columns + c] = source.key.unknown;
      }
    }
  }
  return {ReadState::ready, std::move(image)};
}

// ---- TileLoader ----

TileLoader::~TileLoader() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TileLoader::ask(const void* map, int rank, Order order) {
  {
    const std::lock_guard lock(mutex_);
    Client& client = clients_[map];
    client.rank = rank;
    if (client.order.source != order.source) client.refused.clear();
    client.order = std::move(order);
    client.next = 0;
    std::vector<TilePlace>& places = client.order.places;
    const bool own = work_ && work_->map == map;
    const auto is_at_work = [&](const TilePlace& place) {
      return own && work_->place == place && work_->generation == client.order.generation;
    };
    if (own && std::ranges::none_of(places, is_at_work)) work_->wanted = false;
    const std::optional<float> making =
        client.order.source ? client.order.source->trace->making() : std::nullopt;
    std::erase_if(places, [&](const TilePlace& place) {
      const bool painted = std::ranges::any_of(client.painted, [&](const Painted& p) {
        return p.place == place && p.generation == client.order.generation;
      });
      // Asked again when the trace is further on.
      const bool refused = std::ranges::any_of(client.refused, [&](const Refused& r) {
        return r.place == place && (r.for_good || (making && r.making == making));
      });
      return painted || refused || is_at_work(place);
    });
    if (places.empty()) return;
    if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  }
  changed_.notify_all();
}

std::vector<TileLoader::Painted> TileLoader::take(const void* map, std::size_t most) {
  std::vector<Painted> taken;
  const std::lock_guard lock(mutex_);
  const auto client = clients_.find(map);
  if (client == clients_.end()) return taken;
  std::deque<Painted>& painted = client->second.painted;
  while (!painted.empty() && taken.size() < most) {
    taken.push_back(std::move(painted.front()));
    painted.pop_front();
  }
  return taken;
}

bool TileLoader::busy() const {
  const std::lock_guard lock(mutex_);
  return work_ || std::ranges::any_of(clients_, [](const auto& entry) {
           const Client& client = entry.second;
           return client.next < client.order.places.size() || !client.painted.empty();
         });
}

void TileLoader::forget(const void* map) {
  const std::lock_guard lock(mutex_);
  clients_.erase(map);
  if (work_ && work_->map == map) work_->wanted = false;
}

const void* TileLoader::next_map() const {
  const void* best = nullptr;
  int rank = 0;
  for (const auto& [map, client] : clients_) {
    if (client.next >= client.order.places.size() || (best != nullptr && client.rank >= rank)) continue;
    best = map;
    rank = client.rank;
  }
  return best;
}

void TileLoader::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    const void* map = nullptr;
    changed_.wait(lock, [&] { return stop_ || (map = next_map()) != nullptr; });
    if (stop_) return;
    Client& client = clients_[map];
    work_ = Work{map, client.order.places[client.next++], client.order.generation, true};
    const Work work = *work_;
    const std::shared_ptr<const TileSource> source = client.order.source;
    const auto wanted = [&] {
      const std::lock_guard look(mutex_);
      return !stop_ && work_->wanted;
    };
    lock.unlock();
    TileAnswer answer = paint_tile(*source, work.place, wanted);
    lock.lock();
    const bool still_wanted = work_->wanted;
    work_.reset();
    const auto found = clients_.find(map);
    if (found == clients_.end()) continue;
    if (answer.state == ReadState::ready) {
      found->second.painted.push_back({work.place, work.generation, std::move(answer.image)});
    } else if (still_wanted && found->second.order.source == source) {
      std::erase_if(found->second.refused, [&](const Refused& r) { return r.place == work.place; });
      found->second.refused.push_back(
          {work.place, answer.state == ReadState::failed, source->trace->making()});
    }
  }
}

// ---- MapTiles ----

MapTiles::~MapTiles() {
  if (loader_) loader_->forget(this);
  for (auto& [key, tile] : tiles_) maker_->destroy(tile.texture);
}

std::uint64_t MapTiles::id(const TilePlace& place) {
  return (std::uint64_t{place.level.rows} << 59) | (std::uint64_t{place.level.columns} << 54) |
         (std::uint64_t{place.row} << 27) | std::uint64_t{place.column};
}

void MapTiles::begin(const std::shared_ptr<TileLoader>& loader, TextureMaker& maker, TileSource source) {
  loader_ = loader;
  maker_ = &maker;
  ++frame_;
  wanted_.clear();
  missing_ = 0;
  if (!source_ || !same_pixels(*source_, source)) {
    if (source_ && !same_map(*source_, source)) {
      for (auto& [key, tile] : tiles_) maker.destroy(tile.texture);
      tiles_.clear();
    }
    source_ = std::make_shared<const TileSource>(std::move(source));
    shape_ = source_->trace->shape(source_->key.stage);
    ++generation_;
  }
  for (TileLoader::Painted& painted : loader->take(this, kUploadsAFrame)) put(std::move(painted));
  // Before anything else the whole map, however coarse.
  want(top());
}

void MapTiles::put(TileLoader::Painted painted) {
  Tile& tile = tiles_[id(painted.place)];
  // What comes late does not take the place of something newer.
  if (tile.texture && tile.generation > painted.generation) return;
  tile.rows = static_cast<std::size_t>(painted.image.height);
  tile.columns = static_cast<std::size_t>(painted.image.width);
  tile.generation = painted.generation;
  tile.used = frame_;
  if (tile.texture) {
    maker_->replace(tile.texture, painted.image);
  } else {
    tile.texture = maker_->create(painted.image);
    if (tiles_.size() > kMostTiles) drop_oldest();
  }
}

void MapTiles::drop_oldest() {
  const std::uint64_t top = id(MapTiles::top());
  auto oldest = tiles_.end();
  for (auto tile = tiles_.begin(); tile != tiles_.end(); ++tile) {
    if (tile->first == top) continue;
    if (oldest == tiles_.end() || tile->second.used < oldest->second.used) oldest = tile;
  }
  if (oldest == tiles_.end() || oldest->second.used == frame_) return;
  maker_->destroy(oldest->second.texture);
  tiles_.erase(oldest);
}

MapTiles::Tile* MapTiles::find(const TilePlace& place) {
  const auto found = tiles_.find(id(place));
  if (found == tiles_.end() || !found->second.texture) return nullptr;
  found->second.used = frame_;
  return &found->second;
}

void MapTiles::want(const TilePlace& place) {
  const Tile* const tile = find(place);
  if (tile != nullptr && tile->generation == generation_) return;
  ++missing_;
  if (std::ranges::find(wanted_, place) == wanted_.end()) wanted_.push_back(place);
}

std::optional<MapTiles::Part> MapTiles::part_for(const TilePlace& place) {
  const TileLevel most = top().level;
  for (unsigned up = 0;; ++up) {
    const TileLevel level{std::min(place.level.rows + up, most.rows),
                          std::min(place.level.columns + up, most.columns)};
    const unsigned up_rows = level.rows - place.level.rows;
    const unsigned up_columns = level.columns - place.level.columns;
    const TilePlace above{level, place.row >> up_rows, place.column >> up_columns};
    if (const Tile* const tile = find(above)) {
      // In squares of the tile above: how far inside it the wanted one begins, and how far it goes.
      const auto along = [](std::size_t at, std::size_t above_at, unsigned by, std::size_t squares) {
        const double smaller = std::ldexp(1.0, -static_cast<int>(by));
        const double first =
            static_cast<double>(at * kTileSquares) * smaller - static_cast<double>(above_at * kTileSquares);
        const double count =
            std::min(static_cast<double>(kTileSquares) * smaller, static_cast<double>(squares) - first);
        return std::pair(first, count);
      };
      const auto [row, rows] = along(place.row, above.row, up_rows, tile->rows);
      const auto [column, columns] = along(place.column, above.column, up_columns, tile->columns);
      const auto u = [&](double c) { return static_cast<float>(c / static_cast<double>(tile->columns)); };
      const auto v = [&](double r) { return static_cast<float>(r / static_cast<double>(tile->rows)); };
      if (rows > 0.0 && columns > 0.0) {
        return Part{tile->texture,
                    {u(column), v(row)},
                    {u(column + columns), v(row + rows)},
                    std::ldexp(rows, static_cast<int>(up_rows)),
                    std::ldexp(columns, static_cast<int>(up_columns))};
      }
    }
    if (level == most) return std::nullopt;
  }
}

namespace {

/// A part of a texture, which holds the matrix as it is; standing transposed it is turned over its diagonal.
void draw_part(ImDrawList& list, ImTextureID texture, const Rect& rect, ImVec2 from, ImVec2 to,
               bool transposed) {
  if (!transposed) {
    list.AddImage(texture, rect.min, rect.max, from, to);
    return;
  }
  list.AddImageQuad(texture, rect.min, {rect.max.x, rect.min.y}, rect.max, {rect.min.x, rect.max.y}, from,
                    {from.x, to.y}, to, {to.x, from.y});
}

}  // namespace

void MapTiles::draw(ImDrawList& list, const CellGrid& grid, TileLevel level) {
  const TileLevel most = top().level;
  level = {std::min(level.rows, most.rows), std::min(level.columns, most.columns)};
  const CellRect seen = grid.visible_cells();
  if (seen.rows == 0 || seen.columns == 0) return;
  const std::size_t high = kTileSquares << level.rows;
  const std::size_t wide = kTileSquares << level.columns;
  const Rect clip = grid.visible();
  list.PushClipRect(clip.min, clip.max, true);
  std::vector<TilePlace> asked;
  for (std::size_t r = seen.row / high; r * high < seen.row + seen.rows; ++r) {
    for (std::size_t c = seen.column / wide; c * wide < seen.column + seen.columns; ++c) {
      const TilePlace place{level, r, c};
      asked.push_back(place);
      const auto part = part_for(place);
      if (!part) continue;
      const Rect rect = grid.rect_of(static_cast<double>(r * high), static_cast<double>(c * wide),
                                     std::ldexp(part->rows, static_cast<int>(level.rows)),
                                     std::ldexp(part->columns, static_cast<int>(level.columns)));
      draw_part(list, part->texture, rect, part->from, part->to, grid.transposed);
    }
  }
  list.PopClipRect();
  // The middle of what is seen comes first.
  const auto from_middle = [&](const TilePlace& place) {
    const auto off = [](std::size_t at, std::size_t first, std::size_t count, std::size_t side) {
      const double middle = static_cast<double>(first) + static_cast<double>(count) / 2;
      const double by = (static_cast<double>(at) + 0.5) - middle / static_cast<double>(side);
      return by * by;
    };
    return off(place.row, seen.row, seen.rows, high) + off(place.column, seen.column, seen.columns, wide);
  };
  std::ranges::stable_sort(asked, {}, from_middle);
  for (const TilePlace& place : asked) want(place);
}

bool MapTiles::draw_whole(ImDrawList& list, const Rect& rect, bool transposed) {
  if (!source_) return false;
  const auto part = part_for(top());
  if (part) draw_part(list, part->texture, rect, part->from, part->to, transposed);
  return part.has_value();
}

bool MapTiles::end(int rank) {
  if (wanted_.empty()) {
    loader_->ask(this, rank, {});
    return false;
  }
  loader_->ask(this, rank, {source_, generation_, wanted_});
  return loader_->busy();
}

}  // namespace attn::ui
