#pragma once
// One row as bars: its scores, their exponentials, and the shares that these are of their sum. A score or an
// exponential that is dragged asks "what if" and changes nothing; a share that is dragged pulls the words.

#include <algorithm>
#include <optional>

#include "app/panels/attention_views.h"
#include "app/panels/bars_line.h"
#include "app/widgets/controls.h"
#include "app/widgets/formula.h"

namespace attn::ui {

class BarsView {
 public:
  BarsView(const AttentionScene& scene, BarsMemory& memory);
  void draw(Rect content);

 private:
  struct BarEnds {
    float from = 0.0f;
    float to = 0.0f;
  };

  const Style& style() const { return context_.style; }
  bool asking_what_if() const { return memory_.what_if && !memory_.what_if->scores.empty(); }

  void measure(const Rect& content);
  Rect row_rect(const Rect& content, std::size_t i) const;
  Rect part_rect(const Rect& row, std::size_t place) const;
  std::optional<std::size_t> row_at(const Rect& content, float y) const;
  std::optional<BarPart> part_at(const Rect& content, float x) const;

  // bars_view_draw.cpp
  void draw_formula(const Rect& line, const Formula& formula) const;
  void draw_titles(const Rect& line) const;
  void draw_row(const Rect& content, std::size_t i) const;
  void draw_bar(const Rect& place, BarPart part, std::size_t i) const;
  void draw_true_share(const Rect& place, std::size_t i) const;
  void draw_bar_number(const Rect& place, std::optional<BarEnds> bar, BarPart part, std::size_t i,
                       Colour ink) const;
  void draw_sums(const Rect& line) const;
  void draw_foot(Rect foot);

  // bars_view_input.cpp
  void use_mouse(const Interaction& use, const Rect& content);
  void begin_drag(std::size_t i, std::optional<BarPart> part, float x);
  void continue_drag(float x);
  double score_of(double exponential) const;
  void ask(std::size_t place, double score);
  void use_keys(const WidgetId& id);
  std::string tooltip_of(BarPart part, std::size_t i) const;

  const AttentionScene& scene_;
  PanelContext& context_;
  BarsMemory& memory_;
  BarsLine line_;
  float name_width_ = 0.0f;
  float row_height_ = 0.0f;
  float part_width_ = 0.0f;
  float gap_ = 0.0f;
  float left_ = 0.0f;
};

}  // namespace attn::ui
