#pragma once
// What a streamed trace has made and may forget: the part that was read longest ago goes first.

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/attention/trace.h"

namespace attn {

/// A part of one head of a stage.
struct TileKey {
  enum class Kind {
    cells,    ///< place counts cells
    blocks,   ///< place counts squares of 2^level cells
    pyramid,  ///< all of the head
  };
  Kind kind = Kind::cells;
  Stage stage = Stage::scores;
  std::size_t head = 0;
  unsigned level = 0;
  BlockValue value = BlockValue::mean;
  CellRect place;
  bool operator==(const TileKey& other) const;
};

/// For one thread at a time.
class TileCache {
 public:
  /// Bytes that may be kept.
  explicit TileCache(std::uint64_t budget) : budget_(budget) {}

  /// Empty when it is not there. What is found was read just now.
  template <class T>
  std::shared_ptr<const T> find(const TileKey& key) {
    return std::static_pointer_cast<const T>(find_any(key));
  }
  /// Keeps it and forgets others until it fits; not at all where it never would. Whoever holds a part that is
  /// forgotten may go on reading it.
  void put(const TileKey& key, std::shared_ptr<const void> part, std::uint64_t bytes);
  /// Leaves so many bytes of the budget to somebody else, until the next call.
  void reserve(std::uint64_t bytes);

  std::uint64_t budget() const { return budget_; }
  /// What is left to parts by reserve().
  std::uint64_t room() const { return budget_ - reserved_; }
  std::uint64_t bytes() const { return bytes_; }
  std::size_t size() const { return parts_.size(); }

 private:
  struct Part {
    TileKey key;
    std::shared_ptr<const void> value;
    std::uint64_t bytes = 0;
  };
  struct Hash {
    std::size_t operator()(const TileKey& key) const;
  };
  std::shared_ptr<const void> find_any(const TileKey& key);
  void forget_until(std::uint64_t bytes);

  std::uint64_t budget_;
  std::uint64_t reserved_ = 0;
  std::uint64_t bytes_ = 0;
  std::list<Part> parts_;  ///< the one read last is the first
  std::unordered_map<TileKey, std::list<Part>::iterator, Hash> where_;
};

}  // namespace attn
