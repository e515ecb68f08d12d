#include "app/widgets/pipeline.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/controls.h"
#include "app/widgets/conventions.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/pipeline_wires.h"
#include "app/widgets/stage_meaning.h"
#include "app/widgets/stand_in_note.h"
#include "app/widgets/vector_plane.h"

namespace attn::ui {
namespace {

class Strip {
 public:
  Strip(const session::Subject& subject, const Trace& trace, PanelContext& context, const Rect& area,
        PipelineMemory& memory)
      : subject_(subject),
        trace_(trace),
        context_(context),
        conventions_(conventions_of(context.session.settings())),
        area_(area),
        memory_(memory) {}

  void draw() {
    const Input& input = trace_.input();
    layout_ = lay_out();
    scroll();
    context_.list->PushClipRect(area_.min, area_.max, true);
    draw_pipeline_wires(context_, layout_, input);
    for (const PipelineBox& box : layout_.boxes) draw_box(box);
    context_.list->PopClipRect();
    draw_scrollbar();
  }

 private:
  PipelineLayout lay_out() {
    const Input& input = trace_.input();
    PipelineMetrics metrics;
    metrics.title_px = context_.style.text(TextSize::body);
    metrics.number_px = context_.style.text(TextSize::body);
    metrics.least_number_px = context_.style.px(13);
    metrics.small_number_px = context_.style.px(11);
    metrics.advance = context_.text.measure({Face::mono, 100.0f, 0}, "0").x / 100.0f;
    metrics.gap = context_.style.px(34);
    metrics.least_gap = context_.style.px(20);
    metrics.scale = context_.style.scale;
    metrics.decimals = std::min(2, context_.session.settings().decimals);
    std::vector<PipelineStage> stages;
    for (const Stage stage : stages_of(input)) {
      PipelineStage s;
      s.stage = stage;
      const StageShape shape = trace_.shape(stage);
      const bool transposed = conventions_.transposes(stage);
      s.rows = transposed ? shape.columns : shape.rows;
      s.columns = transposed ? shape.rows : shape.columns;
      s.title_width = context_.text.measure(title(stage, metrics.title_px, context_.colours().ink)).x;
      // Beyond this no numbers will be shown, and how wide they are does not matter.
      if (shape.rows * shape.columns <= 1024) {
        const Read read = trace_.read_head(stage, shown_head(subject_, stage));
        for (std::size_t i = 0; read.ready() && i < read.values.rows; ++i) {
          for (const float value : read.values.row(i)) s.widths.add(static_cast<double>(value));
        }
      }
      stages.push_back(s);
    }
    Rect area = area_;
    area.max.y -= context_.style.px(14);  // the way of V
    area.min.x += context_.style.px(4);
    area.max.x -= context_.style.px(4);
    if (context_.session.pressed() && same_place(area)) {
      for (std::size_t i = 0; i < std::min(stages.size(), memory_.held_stages.size()); ++i)
        stages[i].widths.add(memory_.held_stages[i].widths);
      if (const auto refilled = refill_pipeline(memory_.held, memory_.held_stages, stages, metrics)) {
        memory_.held_stages = std::move(stages);
        return *refilled;
      }
    }
    memory_.held = lay_out_pipeline(stages, area, metrics);
    memory_.held_stages = std::move(stages);
    memory_.held_area = area;
    return memory_.held;
  }

  bool same_place(const Rect& area) const {
    const Rect& held = memory_.held_area;
    return held.min.x == area.min.x && held.min.y == area.min.y && held.max.x == area.max.x &&
           held.max.y == area.max.y;
  }

  Runs title(Stage stage, float px, Colour colour) const {
    return stage_title(context_, trace_.input(), trace_.dimensions(), stage, {Face::sans_bold, px, colour});
  }

  void scroll() {
    const float most = std::max(0.0f, layout_.width - area_.width() + context_.style.px(8));
    const ImGuiIO& io = ImGui::GetIO();
    if (most > 0 && ImGui::IsWindowHovered() && area_.contains(io.MousePos)) {
      memory_.scroll -= (io.MouseWheelH + io.MouseWheel) * context_.style.px(60);
      if (ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0.0f)) memory_.scroll -= io.MouseDelta.x;
    }
    if (memory_.scrolled_to != subject_.view.stage) {
      memory_.scrolled_to = subject_.view.stage;
      if (const PipelineBox* box = layout_.find(subject_.view.stage)) {
        const float left = box->frame.min.x - area_.min.x - context_.style.px(40);
        const float right = box->frame.max.x - area_.max.x + context_.style.px(40);
        memory_.scroll = std::clamp(memory_.scroll, right, std::max(left, right));
      }
    }
    memory_.scroll = std::clamp(memory_.scroll, 0.0f, most);
    const float by = std::round(memory_.scroll);
    for (PipelineBox& box : layout_.boxes) {
      for (Rect* rect : {&box.frame, &box.title, &box.matrix}) {
        rect->min.x -= by;
        rect->max.x -= by;
      }
    }
  }

  void draw_scrollbar() const {
    const float all = layout_.width + context_.style.px(8);
    if (all <= area_.width() + 1) return;
    const float y = area_.max.y - context_.style.px(3);
    const float width = area_.width() * area_.width() / all;
    const float x = area_.min.x + memory_.scroll / all * area_.width();
    context_.list->AddRectFilled({x, y - context_.style.px(2)}, {x + width, y + context_.style.px(2)},
                                 context_.colours().button_border, context_.style.px(2));
  }

  void draw_box(const PipelineBox& box) {
    const Theme& theme = context_.colours();
    const std::size_t head = shown_head(subject_, box.stage);
    const WidgetId id = WidgetId(PanelId::pipeline, "stage").at(box.stage);
    const Rect seen = box.frame.intersection(area_);
    const Interaction use = interact(context_, id, seen.empty() ? Rect{box.frame.min, box.frame.min} : seen);
    if (context_.widgets.focus_arrived(id)) bring_into_sight(box);
    const bool chosen = subject_.view.stage == box.stage;
    const float rounding = context_.style.small_rounding();
    if (use.hovered && !chosen)
      context_.list->AddRectFilled(box.frame.min, box.frame.max, theme.box_hover, rounding);
    draw_title(box, chosen);
    const auto stand_in = stand_in_of(context_, subject_.document, box.stage);
    if (use.hovered && (stand_in || !box.matrix.contains(ImGui::GetIO().MousePos))) {
      std::string words(stage_meaning(context_, subject_.document.input(), box.stage));
      if (stand_in) words = context_.tr(*stand_in) + (words.empty() ? "" : "\n") + words;
      tooltip(context_, words);
    }
    const CellGrid grid = grid_of(box);
    const StageCells cells{trace_,
                           subject_.playhead,
                           box.stage,
                           head,
                           colour_scale(subject_, box.stage, theme.kind),
                           exact_cells(context_, subject_)};
    draw_matrix(box, grid, cells);
    if (stand_in) mark_stand_in(box);
    if (chosen) {
      context_.list->AddRect(box.frame.min, box.frame.max, theme.accent, rounding, 0, context_.style.px(2));
    }
    focus_ring(context_, id, box.frame, rounding);
    use_box(box, grid, use, head);
  }

  /// A dashed frame: these numbers were not in the imported file.
  void mark_stand_in(const PipelineBox& box) {
    const Rect rect = box.matrix.inset(-context_.style.px(3));
    const Colour colour = context_.colours().warning;
    const float width = context_.style.px(2);
    const float dash = context_.style.px(5);
    const ImVec2 right_top{rect.max.x, rect.min.y};
    const ImVec2 left_bottom{rect.min.x, rect.max.y};
    draw_dashes(*context_.list, rect.min, right_top, colour, width, dash);
    draw_dashes(*context_.list, right_top, rect.max, colour, width, dash);
    draw_dashes(*context_.list, rect.max, left_bottom, colour, width, dash);
    draw_dashes(*context_.list, left_bottom, rect.min, colour, width, dash);
    context_.widgets.add(WidgetId(PanelId::pipeline, "stand_in").at(box.stage), rect.intersection(area_),
                         Focusable::no);
  }

  CellGrid grid_of(const PipelineBox& box) const {
    const StageShape shape = trace_.shape(box.stage);
    CellGrid grid{box.matrix.intersection(area_),    box.matrix.min, {}, shape.rows, shape.columns,
                  conventions_.transposes(box.stage)};
    grid.cell = {box.matrix.width() / static_cast<float>(std::max<std::size_t>(grid.across(), 1)),
                 box.matrix.height() / static_cast<float>(std::max<std::size_t>(grid.down(), 1))};
    return grid;
  }

  void draw_title(const PipelineBox& box, bool chosen) const {
    const Theme& theme = context_.colours();
    Runs runs = title(box.stage, layout_.title_px, theme.ink);
    if (chosen && ink_of(box.stage) == Ink::text) {
      for (Run& run : runs) run.look.colour = theme.accent;
    }
    const float width = context_.text.measure(runs).x;
    const float x = box.stacked ? box.title.min.x : box.title.centre().x - width / 2;
    const float y = box.title.centre().y - layout_.title_px * 0.62f;
    context_.text.draw(*context_.list, {std::round(x), std::round(y)}, runs);
  }

  void draw_not_made_yet(const Rect& area) {
    context_.list->AddRectFilled(area.min, area.max, context_.colours().hatch_background);
    context_.text.draw_in(*context_.list, area, context_.look(TextSize::body, context_.colours().ink_muted),
                          "…", Align::centre);
  }

  void draw_matrix(const PipelineBox& box, const CellGrid& grid, const StageCells& cells) {
    CellsLook look;
    look.numbers = {box.numbers, box.style, box.number_px};
    look.gap = box.stacked ? context_.style.px(1) : context_.style.px(2);
    look.rounding = grid.cell.y > context_.style.px(12) ? context_.style.px(2.5f) : 0.0f;
    if (!box.numbers) look.gap = grid.cell.y > context_.style.px(8) ? 1.0f : 0.0f;
    ImTextureID texture = {};
    const auto& trace = context_.session.trace();
    MapTiles& tiles = memory_.tiles[index(box.stage)];
    if (is_large_map(trace_, box.stage) && trace.get() == &trace_) {
      tiles.begin(tile_loader(context_), context_.textures,
                  {trace, subject_.playhead, cells.key(context_.colours(), 0), BlockValue::extreme});
      look.picture = [&] {
        if (!tiles.draw_whole(*context_.list, box.matrix, grid.transposed)) draw_not_made_yet(box.matrix);
      };
    } else if (uses_texture(grid)) {
      constexpr std::size_t kPixels = 128;  // as many as a small matrix can show
      texture =
          memory_.textures[index(box.stage)].get(context_.textures, cells.key(context_.colours(), kPixels),
                                                 [&] { return cells.paint(context_.colours(), kPixels); });
    }
    draw_cells(context_, grid, cells, look, texture);
    if (look.picture && tiles.end(1)) context_.animating = true;
    draw_marks(box, grid, look.rounding);
  }

  /// What is selected, what is hovered anywhere, and what the playhead has just computed.
  void draw_marks(const PipelineBox& box, const CellGrid& grid, float rounding) const {
    const Theme& theme = context_.colours();
    ImDrawList& list = *context_.list;
    list.PushClipRect(area_.min, area_.max, true);
    const bool large = grid.cell.y >= context_.style.px(9) && grid.cell.x >= context_.style.px(9);
    if (large) {
      const Input& input = trace_.input();
      if (grid.rows * grid.columns <= kCellsDrawnOneByOne) {
        for (std::size_t i = 0; i < grid.rows; ++i) {
          for (std::size_t j = 0; j < grid.columns; ++j) {
            if (hover_touches(context_.hover, input, box.stage, i, j)) {
              draw_hover_frame(list, context_.style, grid.rect(i, j).inset(1), rounding);
            }
          }
        }
      }
      const CellRef& selected = subject_.view.selection;
      if (selected.stage == box.stage && selected.row < grid.rows && selected.column < grid.columns) {
        draw_selection_frame(list, context_.style, grid.rect(selected.row, selected.column).inset(1),
                             rounding);
      }
    }
    const auto moment = subject_.playhead.moment();
    if (moment && !subject_.playhead.at_end() && moment->stage == box.stage && moment->row < grid.rows) {
      Rect cell = grid.rect(moment->row, std::min(moment->column, grid.columns - 1));
      if (subject_.playhead.order().by_rows()) cell = grid.row_rect(moment->row);
      list.AddRect(cell.min, cell.max, theme.accent, rounding, 0, context_.style.px(2.5f));
    }
    list.PopClipRect();
  }

  void use_box(const PipelineBox& box, const CellGrid& grid, const Interaction& use, std::size_t head) {
    const Input& input = trace_.input();
    std::optional<CellRef> pointed;
    if (use.hovered) {
      if (const auto at = grid.at(ImGui::GetIO().MousePos)) {
        pointed = CellRef{box.stage, head, at->row, at->column};
        context_.hover_next = hover_of(input, *pointed);
      }
    }
    if (box.numbers) {
      for (std::size_t i = 0; i < grid.rows; ++i) {
        for (std::size_t j = 0; j < grid.columns; ++j) {
          const Rect cell = grid.rect(i, j).intersection(area_);
          if (cell.empty()) continue;
          context_.widgets.add(WidgetId(PanelId::pipeline, "cell").at(CellRef{box.stage, head, i, j}), cell,
                               Focusable::no);
        }
      }
    }
    if (!use.clicked) return;
    const bool by_mouse = use.released;
    if (by_mouse && pointed) {
      context_.post(session::Select{*pointed});
      context_.widgets.choose(WidgetId(PanelId::pipeline, "cell").at(*pointed));
    } else {
      context_.post(session::ShowStage{box.stage});
    }
  }

  void bring_into_sight(const PipelineBox& box) {
    if (box.frame.min.x < area_.min.x) memory_.scroll -= area_.min.x - box.frame.min.x;
    if (box.frame.max.x > area_.max.x) memory_.scroll += box.frame.max.x - area_.max.x;
  }

  const session::Subject& subject_;
  const Trace& trace_;
  PanelContext& context_;
  Conventions conventions_;
  Rect area_;
  PipelineMemory& memory_;
  PipelineLayout layout_;
};

}  // namespace

void draw_pipeline(const session::Subject& subject, const Trace& trace, PanelContext& context,
                   const Rect& area, PipelineMemory& memory) {
  Strip(subject, trace, context, area, memory).draw();
}

}  // namespace attn::ui
