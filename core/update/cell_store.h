#pragma once
// Answers reads of the tables of a streamed trace: from what it has made and still keeps, at once where
// little is asked for, later where it is much. One thread makes what is waited for, joined by others
// (kernel/pool.h); it starts when it is first needed and ends with the store.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/attention/trace.h"
#include "core/update/pyramid.h"
#include "core/update/score_cells.h"
#include "core/update/tile_cache.h"

namespace attn {

class CellStore {
 public:
  /// Keeps at most `budget` bytes. `wake` is called by the thread (RunOptions::wake); it may be empty.
  CellStore(std::shared_ptr<const ScoreCells> cells, std::uint64_t budget, std::function<void()> wake);
  ~CellStore();
  CellStore(const CellStore&) = delete;
  CellStore& operator=(const CellStore&) = delete;

  /// Trace::read() and read_blocks() of a stage of queries × keys. The place must lie inside the stage. Any
  /// thread may ask.
  Read read(Stage stage, std::size_t head, const CellRect& cells);
  Read read_blocks(Stage stage, std::size_t head, unsigned level, BlockValue value, const CellRect& blocks);
  std::optional<float> making() const;

  /// A pyramid that somebody else has made; kept if there is room.
  void keep(Stage stage, std::size_t head, Pyramid pyramid);
  /// Bytes that are kept, or taken by what is being made.
  std::uint64_t bytes() const;

 private:
  using Keys = std::vector<TileKey>;
  using Clock = std::chrono::steady_clock;
  /// A pyramid that somebody has read, and when last.
  struct Reading {
    TileKey key;
    std::uint64_t bytes = 0;
    Clock::time_point last;
  };

  Read read_part(const TileKey& key);
  Read read_tiles(const TileKey& key);
  /// All levels, as what keeps the answer alive.
  Read read_pyramid(const TileKey& key);
  /// What is kept of this place; mutex_ is held.
  Read find(const TileKey& key);
  Keys tiles_of(const TileKey& key) const;
  TileKey tile_at(const TileKey& key, std::size_t row, std::size_t column) const;
  StageShape values_of(const TileKey& key) const;
  /// The numbers of a part into `out`, [place.rows, place.columns].
  void make(const TileKey& key, MatrixView<float> out) const;

  void start();
  void loop();
  void make_parts(std::unique_lock<std::mutex>& lock);
  void make_pyramid(std::unique_lock<std::mutex>& lock);
  void wake() const;

  const std::shared_ptr<const ScoreCells> cells_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  TileCache cache_;
  std::vector<Reading> readings_;
  Keys parts_wanted_;
  std::optional<TileKey> pyramid_wanted_;  ///< the newest
  std::optional<TileKey> pyramid_made_;    ///< under way
  bool parts_made_ = false;                ///< some are under way
  float fraction_ = 0.0f;                  ///< of the pyramid
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace attn
