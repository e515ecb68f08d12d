#pragma once
// Which tile a product of matrices is made in: measured once for a device and a class of sizes.

#include <epoxy/gl.h>

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "app/gpu/measured_file.h"

namespace attn::gpu {

/// The part of a result that one workgroup makes, and how much of the inner dimension it takes at a time.
struct ProductTile {
  GLuint rows = 16;
  GLuint columns = 16;
  GLuint step = 16;
  bool operator==(const ProductTile&) const = default;
  /// Made by matmul.comp, one thread a number; the others by matmul_blocks.comp.
  bool plain() const { return rows == 16; }
  GLuint threads() const { return plain() ? rows * columns : rows * columns / 64; }
  /// Bytes of shared memory.
  GLuint shared_bytes() const { return (plain() ? 1 : 2) * 4 * step * (rows + columns + (plain() ? 2 : 0)); }
};
/// "128x64/8"
std::string text(const ProductTile& tile);

/// The tiles that shaders exist for, the plain one first.
std::span<const ProductTile> product_tiles();

struct ProductSize {
  GLuint heads = 1;
  GLuint rows = 1;
  GLuint inner = 1;
  GLuint columns = 1;
  std::string lies;  ///< how the operands lie, as far as it matters for speed
};

class ProductTiles {
 public:
  /// Seconds that the commands given by a function take on the device.
  using Timer = std::function<double(const std::function<void()>&)>;
  using Multiply = std::function<void(const ProductTile&)>;

  struct Measuring {
    Timer timer;
    std::string device;            ///< driver and version too
    MeasuredFile* file = nullptr;  ///< outlives this
  };

  /// Without measuring, sizes alone decide.
  ProductTiles() = default;
  /// Leaves out tiles that the device has no room for.
  void set_limits(GLuint threads, GLuint shared_bytes);
  void measure(Measuring measuring) { measuring_ = std::move(measuring); }
  /// Takes one tile for everything, until called with nothing: for checks of every tile.
  void force(std::optional<ProductTile> tile) { forced_ = tile; }
  bool fits(const ProductTile& tile) const;

  /// The tile for a product. `multiply` gives the commands that make it in a tile, which is done several
  /// times with each when a class of sizes is met first; the result is the same each time.
  ProductTile choose(const ProductSize& size, const Multiply& multiply);

 private:
  ProductTile by_size(const ProductSize& size) const;
  ProductTile measured(const ProductSize& size, const Multiply& multiply);

  GLuint threads_ = 1024;
  GLuint shared_bytes_ = 32768;
  std::optional<ProductTile> forced_;
  Measuring measuring_;
  std::map<std::string, ProductTile> known_;
};

}  // namespace attn::gpu
