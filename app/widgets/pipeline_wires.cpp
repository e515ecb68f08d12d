#include "app/widgets/pipeline_wires.h"

#include <algorithm>

namespace attn::ui {
namespace {

class Wires {
 public:
  Wires(PanelContext& context, const PipelineLayout& layout, const Input& input)
      : list_(*context.list),
        style_(context.style),
        theme_(context.colours()),
        layout_(layout),
        input_(input) {}

  void draw() const {
    const Stage queries = input_.config.position == Position::sinusoidal ? Stage::x_position : Stage::x;
    const Stage keys = !input_.source        ? queries
                       : queries == Stage::x ? Stage::source_x
                                             : Stage::source_position;
    if (queries != Stage::x) {
      arrow(Stage::x, queries, theme_.ink_muted);
      if (keys != queries) arrow(Stage::source_x, keys, theme_.ink_muted);
    }
    fan(queries, Stage::q, theme_.q);
    fan(keys, Stage::k, theme_.k);
    fan(keys, Stage::v, theme_.v);
    const bool rope = layout_.find(Stage::q_rotated) != nullptr;
    if (rope) {
      fan(Stage::q, Stage::q_rotated, theme_.q);
      fan(Stage::k, Stage::k_rotated, theme_.k);
    }
    join(rope ? Stage::q_rotated : Stage::q, Stage::scores, theme_.q, 0.36f);
    join(rope ? Stage::k_rotated : Stage::k, Stage::scores, theme_.k, 0.64f);
    const PipelineBox* before = nullptr;
    for (const PipelineBox& box : layout_.boxes) {
      if (index(box.stage) < index(Stage::scores)) continue;
      if (before != nullptr) arrow(before->stage, box.stage, theme_.ink_muted);
      before = &box;
    }
    if (input_.config.attend_over == AttendOver::features) {
      under(queries, Stage::mixed, theme_.ink_muted);
    } else {
      under(Stage::v, Stage::head_outputs, theme_.v);
    }
  }

 private:
  float stroke() const { return style_.px(1.75f); }

  void head(ImVec2 tip, ImVec2 along, Colour colour) const {
    const float length = style_.px(9);
    const float width = style_.px(4);
    const ImVec2 back{tip.x - along.x * length, tip.y - along.y * length};
    const ImVec2 side{-along.y * width, along.x * width};
    list_.AddTriangleFilled(tip, {back.x + side.x, back.y + side.y}, {back.x - side.x, back.y - side.y},
                            colour);
  }

  void arrow(Stage from, Stage to, Colour colour) const {
    const PipelineBox* a = layout_.find(from);
    const PipelineBox* b = layout_.find(to);
    if (a == nullptr || b == nullptr) return;
    const float y = b->matrix.centre().y;
    const ImVec2 start{a->frame.max.x + style_.px(3), a->stacked ? a->matrix.centre().y : y};
    const ImVec2 tip{b->frame.min.x - style_.px(3), y};
    if (tip.x - start.x < style_.px(6)) return;
    list_.AddLine(start, {tip.x - style_.px(6), tip.y}, colour, stroke());
    head(tip, {1, 0}, colour);
  }

  /// A curve from the right side of one matrix to the left side of a stacked one.
  void fan(Stage from, Stage to, Colour colour) const {
    const PipelineBox* a = layout_.find(from);
    const PipelineBox* b = layout_.find(to);
    if (a == nullptr || b == nullptr) return;
    curve({a->matrix.max.x + style_.px(5), a->matrix.centre().y},
          {b->title.min.x - style_.px(5), b->matrix.centre().y}, colour);
  }

  void join(Stage from, Stage to, Colour colour, float at) const {
    const PipelineBox* a = layout_.find(from);
    const PipelineBox* b = layout_.find(to);
    if (a == nullptr || b == nullptr) return;
    curve({a->matrix.max.x + style_.px(5), a->matrix.centre().y},
          {b->frame.min.x - style_.px(1), b->matrix.min.y + b->matrix.height() * at}, colour);
  }

  void curve(ImVec2 from, ImVec2 to, Colour colour) const {
    const float middle = (from.x + to.x) / 2;
    list_.AddBezierCubic(from, {middle, from.y}, {middle, to.y}, to, colour, stroke());
  }

  /// Below everything that stands between, then up to the left side of the target.
  void under(Stage from, Stage to, Colour colour) const {
    const PipelineBox* a = layout_.find(from);
    const PipelineBox* b = layout_.find(to);
    if (a == nullptr || b == nullptr) return;
    float low = a->matrix.centre().y;
    for (const PipelineBox& box : layout_.boxes) {
      if (box.column > a->column && box.column < b->column) low = std::max(low, box.frame.max.y);
    }
    low += style_.px(9);
    const ImVec2 start{a->matrix.max.x + style_.px(5), a->matrix.centre().y};
    const float reach = style_.px(46);
    const ImVec2 tip{b->frame.min.x - style_.px(1), b->matrix.min.y + b->matrix.height() * 0.8f};
    const float turn = tip.x - style_.px(20);
    list_.AddBezierCubic(start, {start.x + reach * 0.6f, start.y}, {start.x + reach * 0.4f, low},
                         {start.x + reach, low}, colour, stroke());
    list_.AddLine({start.x + reach, low}, {turn, low}, colour, stroke());
    list_.AddBezierCubic({turn, low}, {tip.x - style_.px(8), low}, {tip.x - style_.px(10), tip.y}, tip,
                         colour, stroke());
  }

  ImDrawList& list_;
  const Style& style_;
  const Theme& theme_;
  const PipelineLayout& layout_;
  const Input& input_;
};

}  // namespace

void draw_pipeline_wires(PanelContext& context, const PipelineLayout& layout, const Input& input) {
  Wires(context, layout, input).draw();
}

}  // namespace attn::ui
