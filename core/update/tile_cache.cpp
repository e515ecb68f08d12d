#include "core/update/tile_cache.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace attn {

bool TileKey::operator==(const TileKey& other) const {
  return kind == other.kind && stage == other.stage && head == other.head && level == other.level &&
         value == other.value && place.row == other.place.row && place.column == other.place.column &&
         place.rows == other.place.rows && place.columns == other.place.columns;
}

std::size_t TileCache::Hash::operator()(const TileKey& key) const {
  std::size_t hash = 0;
  const auto mix = [&](std::size_t value) {
    hash ^= std::hash<std::size_t>{}(value) + 0x9E3779B97F4A7C15 + (hash << 6) + (hash >> 2);
  };
  for (const std::size_t value : {static_cast<std::size_t>(key.kind), index(key.stage), key.head,
                                  std::size_t{key.level}, static_cast<std::size_t>(key.value), key.place.row,
                                  key.place.column, key.place.rows, key.place.columns})
    mix(value);
  return hash;
}

std::shared_ptr<const void> TileCache::find_any(const TileKey& key) {
  const auto found = where_.find(key);
  if (found == where_.end()) return nullptr;
  parts_.splice(parts_.begin(), parts_, found->second);
  return parts_.front().value;
}

void TileCache::forget_until(std::uint64_t bytes) {
  while (bytes_ > bytes) {
    bytes_ -= parts_.back().bytes;
    where_.erase(parts_.back().key);
    parts_.pop_back();
  }
}

void TileCache::put(const TileKey& key, std::shared_ptr<const void> part, std::uint64_t bytes) {
  if (bytes > room()) return;
  if (const auto old = where_.find(key); old != where_.end()) {
    bytes_ -= old->second->bytes;
    parts_.erase(old->second);
    where_.erase(old);
  }
  forget_until(room() - bytes);
  parts_.push_front({key, std::move(part), bytes});
  where_.emplace(key, parts_.begin());
  bytes_ += bytes;
}

void TileCache::reserve(std::uint64_t bytes) {
  reserved_ = std::min(bytes, budget_);
  forget_until(room());
}

}  // namespace attn
