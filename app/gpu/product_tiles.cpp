#include "app/gpu/product_tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

namespace attn::gpu {
namespace {

constexpr std::array kTiles = {ProductTile{16, 16, 16}, ProductTile{64, 64, 16}, ProductTile{128, 64, 16},
                               ProductTile{128, 128, 8}, ProductTile{128, 128, 16}};
/// A product of fewer multiplications is over before a choice could pay.
constexpr std::uint64_t kWorthMeasuring = std::uint64_t{1} << 21;
/// With fewer tiles than this, a large device stands partly idle.
constexpr std::uint64_t kManyTiles = 128;
constexpr int kTimedRuns = 3;

std::uint64_t ceil_divide(GLuint a, GLuint b) { return a / b + (a % b != 0 ? 1 : 0); }

std::uint64_t tiles_of(const ProductSize& size, const ProductTile& tile) {
  return size.heads * ceil_divide(size.rows, tile.rows) * ceil_divide(size.columns, tile.columns);
}

std::uint64_t multiplications(const ProductSize& size) {
  return std::uint64_t{size.heads} * size.rows * size.inner * size.columns;
}

/// Sizes between two powers of two are one class.
int size_class(GLuint count) { return std::bit_width(count); }

}  // namespace

std::string text(const ProductTile& tile) {
  return fmt::format("{}x{}/{}", tile.rows, tile.columns, tile.step);
}

std::span<const ProductTile> product_tiles() { return kTiles; }

void ProductTiles::set_limits(GLuint threads, GLuint shared_bytes) {
  threads_ = threads;
  shared_bytes_ = shared_bytes;
}

bool ProductTiles::fits(const ProductTile& tile) const {
  return tile.plain() || (tile.threads() <= threads_ && tile.shared_bytes() <= shared_bytes_);
}

ProductTile ProductTiles::choose(const ProductSize& size, const Multiply& multiply) {
  if (forced_) return *forced_;
  if (!measuring_.timer || multiplications(size) < kWorthMeasuring) return by_size(size);
  return measured(size, multiply);
}

ProductTile ProductTiles::by_size(const ProductSize& size) const {
  if (multiplications(size) < kWorthMeasuring) return kTiles.front();
  // The largest that leaves enough tiles; a narrow result wastes no half-empty ones.
  for (const ProductTile& tile : {kTiles[3], kTiles[2], kTiles[1]}) {
    if (fits(tile) && tile.columns < 2 * size.columns && tile.rows < 2 * size.rows &&
        tiles_of(size, tile) >= kManyTiles)
      return tile;
  }
  return kTiles.front();
}

ProductTile ProductTiles::measured(const ProductSize& size, const Multiply& multiply) {
  const std::string what =
      fmt::format("product {} {} {} {} {}", size_class(size.heads), size_class(size.rows),
                  size_class(size.inner), size_class(size.columns), size.lies);
  if (const auto known = known_.find(what); known != known_.end()) return known->second;
  if (measuring_.file != nullptr) {
    const auto kept = measuring_.file->find(measuring_.device, what);
    for (const ProductTile& tile : kTiles) {
      if (kept && *kept == text(tile) && fits(tile)) return known_[what] = tile;
    }
  }
  ProductTile best;
  double least = 0;
  for (const ProductTile& tile : kTiles) {
    if (!fits(tile)) continue;
    multiply(tile);  // compiles the shader, warms the device
    double seconds = measuring_.timer([&] { multiply(tile); });
    for (int run = 1; run < kTimedRuns; ++run)
      seconds = std::min(seconds, measuring_.timer([&] { multiply(tile); }));
    if (tile == kTiles.front() || seconds < least) {
      best = tile;
      least = seconds;
    }
  }
  if (measuring_.file != nullptr) measuring_.file->keep(measuring_.device, what, text(best));
  return known_[what] = best;
}

}  // namespace attn::gpu
