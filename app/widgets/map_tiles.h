#pragma once
// A large map as tiles, like a street map: squares of many cells each have one colour, 256 × 256 of them
// are a texture. Tiles are painted by a thread; until one is there, a coarser one or the one of the trace
// before is drawn in its place.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "app/widgets/heatmap.h"

namespace attn::ui {

/// How often the side of a square is doubled, down and across. Squares of scores are as high as wide; vectors
/// are few numbers wide and many words long.
struct TileLevel {
  unsigned rows = 0;
  unsigned columns = 0;
  bool cells() const { return rows == 0 && columns == 0; }  ///< each square is one cell
  bool operator==(const TileLevel&) const = default;
};

/// Which tile: its place counts tiles of its level.
struct TilePlace {
  TileLevel level;
  std::size_t row = 0;
  std::size_t column = 0;
  bool operator==(const TilePlace&) const = default;
};

/// Everything that the pixels of a map's tiles depend on.
struct TileSource {
  std::shared_ptr<const Trace> trace;
  session::Playhead playhead;
  HeatmapKey key;  ///< of StageCells::key()
  BlockValue value = BlockValue::extreme;
};

/// The thread that paints tiles, one for all maps of a window.
class TileLoader {
 public:
  TileLoader() = default;
  ~TileLoader();
  TileLoader(const TileLoader&) = delete;
  TileLoader& operator=(const TileLoader&) = delete;

  struct Painted {
    TilePlace place;
    std::uint64_t generation = 0;
    HeatmapImage image;
  };
  /// What one map wants, the most urgent first. The newest list counts.
  struct Order {
    std::shared_ptr<const TileSource> source;
    std::uint64_t generation = 0;
    std::vector<TilePlace> places;
  };

  /// `map` names who asks; lower `rank` is served first. An empty list takes the order back.
  void ask(const void* map, int rank, Order order);
  /// What has been painted for this map since the last call, at most `most`.
  std::vector<Painted> take(const void* map, std::size_t most);
  /// Whether something is being painted, or waits to be taken: another frame will show more.
  bool busy() const;
  /// The map is gone.
  void forget(const void* map);

 private:
  /// A tile that the trace could not answer for.
  struct Refused {
    TilePlace place;
    bool for_good = false;
    std::optional<float> making;  ///< how far the trace was (Trace::making)
  };
  struct Client {
    int rank = 0;
    Order order;
    std::size_t next = 0;  ///< place of the order that is painted next
    std::deque<Painted> painted;
    std::vector<Refused> refused;  ///< of this order's source
  };
  /// What the thread is at.
  struct Work {
    const void* map = nullptr;
    TilePlace place;
    std::uint64_t generation = 0;
    bool wanted = true;
  };
  void loop();
  const void* next_map() const;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<const void*, Client> clients_;
  std::optional<Work> work_;
  bool stop_ = false;
  std::thread thread_;
};

/// Squares that a tile has along each side.
inline constexpr std::size_t kTileSquares = 256;
/// The coarsest level that is needed: the whole map is one tile.
TileLevel top_level(Stage stage, const StageShape& shape);
/// The level whose squares are a pixel or a little more where a cell takes so many pixels.
TileLevel level_for(Stage stage, double pixels_down, double pixels_across);

/// Whether a stage is drawn in tiles: more cells than are painted within a frame, or never all in memory.
bool is_large_map(const Trace& trace, Stage stage);
/// The loader of this window.
const std::shared_ptr<TileLoader>& tile_loader(PanelContext& context);

struct TileAnswer {
  ReadState state = ReadState::pending;  ///< pending as well where nobody wanted to go on
  HeatmapImage image;                    ///< when ready
};
/// One tile's pixels. `go_on` is asked now and then.
TileAnswer paint_tile(const TileSource& source, const TilePlace& place, const std::function<bool()>& go_on);

class MapTiles {
 public:
  /// Textures that a map keeps (a quarter of a megabyte each).
  static constexpr std::size_t kMostTiles = 160;
  static constexpr std::size_t kUploadsAFrame = 4;

  MapTiles() = default;
  ~MapTiles();
  MapTiles(const MapTiles&) = delete;
  MapTiles& operator=(const MapTiles&) = delete;

  /// Once a frame, before anything is drawn. `loader` and `maker` must outlive this.
  void begin(const std::shared_ptr<TileLoader>& loader, TextureMaker& maker, TileSource source);
  /// Draws the tiles of this level that can be seen, and asks for those that are missing.
  void draw(ImDrawList& list, const CellGrid& grid, TileLevel level);
  /// All of the map in a small rectangle. False while nothing of it is made.
  bool draw_whole(ImDrawList& list, const Rect& rect, bool transposed);
  /// Once a frame, when everything is drawn. Whether the next frame may show more. `rank`: see
  /// TileLoader::ask().
  bool end(int rank);
  /// Whether the last frame drew every tile as it is now.
  bool complete() const { return missing_ == 0; }

 private:
  struct Tile {
    ImTextureID texture = {};
    std::size_t rows = 0;  ///< of squares
    std::size_t columns = 0;
    std::uint64_t generation = 0;
    std::uint64_t used = 0;  ///< the frame
  };
  /// A part of a texture that stands for a tile.
  struct Part {
    ImTextureID texture;
    ImVec2 from;
    ImVec2 to;
    double rows;  ///< squares of the wanted level that it covers
    double columns;
  };
  static std::uint64_t id(const TilePlace& place);
  TilePlace top() const { return {top_level(source_->key.stage, shape_), 0, 0}; }
  Tile* find(const TilePlace& place);
  std::optional<Part> part_for(const TilePlace& place);
  void put(TileLoader::Painted painted);
  void drop_oldest();
  void want(const TilePlace& place);

  std::shared_ptr<TileLoader> loader_;
  TextureMaker* maker_ = nullptr;
  std::shared_ptr<const TileSource> source_;
  StageShape shape_;
  std::uint64_t generation_ = 0;
  std::uint64_t frame_ = 0;
  std::unordered_map<std::uint64_t, Tile> tiles_;
  std::vector<TilePlace> wanted_;
  std::size_t missing_ = 0;
};

}  // namespace attn::ui
