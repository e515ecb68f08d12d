#pragma once
// The one picture that all letters are drawn from. Letters are added while a frame is built, each where there
// is still room, so that only those that are really shown are ever drawn.

#include <imgui.h>

#include <map>
#include <optional>

namespace attn::ui {

struct DrawnLetter;

/// Rows of the picture that have changed: first ≤ row < end.
struct TextureRows {
  int first = 0;
  int end = 0;
};

class LetterTexture {
 public:
  static constexpr int kWidth = 2048;
  static constexpr int kLeastHeight = 512;
  static constexpr int kMostHeight = 8192;

  /// Empties the picture and gives the atlas one of this height, with what ImGui itself draws with.
  void reset(ImFontAtlas& atlas, int height);

  /// Puts a letter where there is room and returns its corner; empty where the picture is full.
  struct Place {
    int x = 0;
    int y = 0;
  };
  std::optional<Place> add(ImFontAtlas& atlas, const DrawnLetter& letter);

  /// What was added since the last call; empty for nothing.
  std::optional<TextureRows> take_changed();

 private:
  std::optional<Place> find_room(int width, int height);

  /// Letters of nearly the same height stand side by side.
  struct Shelf {
    int x = 0;
    int y = 0;
  };
  std::map<int, Shelf> shelves_;  ///< by height: the one that still has room
  int free_from_ = 0;             ///< the first row that is in no shelf
  int height_ = 0;
  std::optional<TextureRows> changed_;
};

}  // namespace attn::ui
