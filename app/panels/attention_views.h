#pragma once
// The other three ways to look at a head: lines between words, the text shaded by one word's attention, and
// the bars of one row. All show the shares of the scene's head and move the one selection.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/attention_scene.h"
#include "app/session/what_if.h"

namespace attn::ui {

/// Which views a stage has: vectors are shown as a map alone.
bool has_view(const AttentionScene& scene, session::AttentionView view);

/// What the lines keep from frame to frame.
struct LinesMemory {
  float scroll = 0.0f;              ///< in display units, where the words do not all fit
  std::optional<std::size_t> seen;  ///< the selected row that was last brought into sight
};
void draw_lines_view(const AttentionScene& scene, LinesMemory& memory, Rect content);

struct TextLayout;  ///< text_view.cpp
struct TextMemory {
  float scroll = 0.0f;
  std::optional<std::size_t> seen;
  std::shared_ptr<TextLayout> layout;  ///< of a long text, which is laid out in parts
};
void draw_text_view(const AttentionScene& scene, TextMemory& memory, Rect content);

/// The numbers of one line, as the bars draw them.
struct BarsData {
  std::vector<double> scores;       ///< of the trace
  std::vector<double> true_shares;  ///< of the trace
  std::vector<bool> asked;          ///< whose score is a question
  session::SoftmaxLine line;        ///< as drawn: of the trace, or of the question
  double low = 0.0;
  double high = 1.0;
  double largest_exponential = 1.0;
  double largest_share = 1.0;
  double exponentials_sum = 0.0;
  double shares_sum = 0.0;
};

/// What the bars keep from frame to frame: a what-if lives here alone, never in the document.
struct BarsMemory {
  std::optional<session::WhatIf> what_if;
  std::uint64_t revision = 0;  ///< of the trace that the what-if began from
  CellRef line;                ///< head and line that it belongs to
  /// A bar under the hand.
  struct Drag {
    std::size_t place = 0;     ///< along the line
    float from = 0.0f;         ///< of the mouse at the press
    double start = 0.0;        ///< what the bar was then
    float width = 1.0f;        ///< of the whole bar, in display units
    bool pulls = false;        ///< a share: the inputs follow
    bool exponential = false;  ///< else a score
    bool moved = false;
    double range = 1.0;  ///< what the whole bar stands for
  };
  std::optional<Drag> drag;
  float scroll = 0.0f;
  std::optional<std::size_t> seen;
  /// Of the line that was drawn last, while nothing is asked of it.
  std::shared_ptr<const BarsData> data;
  const Trace* data_calm = nullptr;  ///< whose range it has
};
void draw_bars_view(const AttentionScene& scene, BarsMemory& memory, Rect content);

}  // namespace attn::ui
