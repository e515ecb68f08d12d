#pragma once
// Textures for heatmaps, behind an interface so small that tests need no OpenGL. A heatmap keeps its
// texture until what it shows changes.

#include <imgui.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "app/widgets/heatmap_image.h"

namespace attn::ui {

/// Makes, fills and frees textures that ImGui can draw, with nearest filtering: cells have sharp edges.
class TextureMaker {
 public:
  virtual ~TextureMaker() = default;
  /// A texture with these pixels; never 0.
  virtual ImTextureID create(const HeatmapImage& image) = 0;
  /// Other pixels, of any size, for the same texture.
  virtual void replace(ImTextureID texture, const HeatmapImage& image) = 0;
  virtual void destroy(ImTextureID texture) = 0;
};

/// Makes no texture: for tests and for pictures that are only counted.
class NoTextures final : public TextureMaker {
 public:
  ImTextureID create(const HeatmapImage&) override { return next(); }
  void replace(ImTextureID, const HeatmapImage&) override { ++n_replaced_; }
  void destroy(ImTextureID) override { ++n_destroyed_; }
  int n_created() const { return n_created_; }
  int n_replaced() const { return n_replaced_; }
  int n_destroyed() const { return n_destroyed_; }

 private:
  ImTextureID next();
  int n_created_ = 0;
  int n_replaced_ = 0;
  int n_destroyed_ = 0;
};

/// Everything that the pixels of a heatmap depend on.
struct HeatmapKey {
  std::uint64_t revision = 0;
  const void* trace = nullptr;
  Stage stage = Stage::x;
  std::size_t head = 0;
  std::size_t playhead = 0;  ///< only as far as it is inside the stage
  ColourScale scale;
  Colour unknown = 0;
  std::size_t max_side = 0;
  session::Veil veil = {};
  bool operator==(const HeatmapKey&) const = default;
};

/// One texture that is painted anew only when its key changes.
class HeatmapTexture {
 public:
  HeatmapTexture() = default;
  ~HeatmapTexture();
  HeatmapTexture(const HeatmapTexture&) = delete;
  HeatmapTexture& operator=(const HeatmapTexture&) = delete;

  /// `paint` is called only when `key` is another one than last time; an empty image gives 0. The same
  /// maker must be given every time, and outlive this.
  template <class Paint>
  ImTextureID get(TextureMaker& maker, const HeatmapKey& key, const Paint& paint) {
    if (key_ != key) show(maker, key, paint());
    return texture_;
  }
  /// What was got last; empty before.
  ImTextureID shown() const { return texture_; }

 private:
  void show(TextureMaker& maker, const HeatmapKey& key, const HeatmapImage& image);

  TextureMaker* maker_ = nullptr;
  ImTextureID texture_ = {};
  std::optional<HeatmapKey> key_;
};

}  // namespace attn::ui
