#pragma once
// The map of the attention card: the whole matrix as cells with numbers, its names, sums and colour bar. It
// zooms, pans, selects, and its attention weights can be pulled.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/panels/attention_scene.h"
#include "app/panels/mask_painting.h"
#include "app/widgets/controls.h"
#include "app/widgets/head_parts.h"
#include "app/widgets/heatmap_axes.h"
#include "app/widgets/map_tiles.h"

namespace attn::ui {

/// A press on a weight: a click until the mouse has moved up or down, then a pull.
struct MapPress {
  CellRef cell;
  ImVec2 at;
  double start = 0.0;
  double range = 1.0;  ///< how far a drag of the handle's length pulls
  bool pulling = false;
};

/// What the cells of one square of a large map come to.
struct SquareCells {
  std::shared_ptr<const void> trace;  ///< that they belong to
  Stage stage = Stage::x;
  std::size_t head = 0;
  std::size_t playhead = 0;
  CellRect cells;
  std::optional<CellRef> strongest;  ///< nothing where none can be seen
  double mean = 0.0;                 ///< of those that can be seen
  std::size_t count = 0;
};

/// Asks the map to look closer at the selected cell: taken in the next frame.
struct WantedZoom {
  std::optional<double> zoom;
};

/// What the map keeps from frame to frame.
struct MapMemory {
  HeatmapTexture texture;
  double zoom = 1.0;
  FarPoint pan;      ///< of the top left corner, in cells
  CellRef shown;     ///< stage and head that zoom and pan belong to
  CellRef selected;  ///< when it moves, what is zoomed is panned to it
  std::optional<MapPress> press;
  bool panning = false;
  MaskPainting painting;
  HeadPartsMemory parts;
  MapTiles tiles;                     ///< of a large map
  std::optional<ImVec2> dragged;      ///< where the mouse was, while it moves a large map
  std::optional<SquareCells> square;  ///< the one that was looked at last
};

class MapView {
 public:
  MapView(const AttentionScene& scene, MapMemory& memory);
  void draw(Rect content);

 private:
  /// Brings a selection that was moved elsewhere (keys, a word that was found) into what is zoomed.
  void follow_selection(double n_rows, double n_columns);
  /// Everything in and around the cells, measured once a frame.
  struct Frame {
    CellGrid grid;
    Rect bar;
    Rect notes;
    float label_width = 0.0f;
    ColumnLabelPlan columns;
    bool row_sums = false;       ///< beside the cells
    bool column_sums = false;    ///< below them
    bool sequences = false;      ///< two sequences: each axis is called by its own
    float legend_height = 0.0f;  ///< of the masks one by one, below the colour bar
    Rect hint;                   ///< of a large map: how many cells a square of the picture is
    Rect parts;                  ///< what each head adds; empty where there is nothing to take apart
  };

  AxisLabels row_labels() const;
  AxisLabels column_labels() const;
  void draw_sequences(const Frame& frame) const;
  AxisLabels left_labels() const { return scene_.transposed() ? column_labels() : row_labels(); }
  AxisLabels top_labels() const { return scene_.transposed() ? row_labels() : column_labels(); }
  TextLook label_look(bool selected, bool hovered, std::size_t count, Colour colour) const;
  TextLook smaller(TextLook look) const;
  Frame measure(Rect content);
  CellGrid grid_in(const Rect& clip, ImVec2 cell);
  void draw_matrix(const Frame& frame, const CellNumbers& numbers);
  void draw_marks(const CellGrid& grid, float rounding) const;
  /// Columns of concat that belong to heads.
  bool has_blocks() const;
  void draw_head_blocks(const Frame& frame);
  void draw_notes(const Frame& frame, const CellNumbers& numbers);
  /// The stage in which masks are told apart.
  bool shows_layers() const;

  // map_view_input.cpp
  void use_mouse_and_keys(const Frame& frame);
  void register_cells(const CellGrid& grid) const;
  /// Names at both axes can be chosen while a question of a lesson asks for one.
  void offer_names(const Frame& frame, float right, float bottom);
  void pan_and_zoom(const CellGrid& grid, const Interaction& use, const WidgetId& id);
  void zoom_by(double factor, const CellGrid& grid, ImVec2 fixed);
  void begin_press(const CellRef& cell, ImVec2 mouse);
  void continue_press(const Interaction& use, ImVec2 mouse, const CellGrid& grid);
  double goal(const MapPress& press, ImVec2 mouse) const;
  double pull_range() const;
  void use_keys(const WidgetId& id, const CellGrid& grid);
  void draw_handle(const CellGrid& grid) const;

  // map_view_large.cpp
  /// Whether the map is drawn in tiles: more cells than a texture is made of in one frame, or never all of
  /// them in memory.
  bool large() const;
  /// How large the squares of the picture are.
  TileLevel level(const CellGrid& grid) const;
  std::function<void()> tiles(const CellGrid& grid);
  /// The square under this cell as it is drawn; reads at most some ten thousand cells.
  const SquareCells& square_at(const CellGrid& grid, const CellGrid::Position& at);
  std::string square_tooltip(const SquareCells& square) const;
  /// Whether a drag from this cell pulls it; in a large map it moves the map otherwise.
  bool drag_pulls(const CellGrid& grid, const CellRef& cell) const;
  void use_overview(const CellGrid& grid);
  void draw_squares_choice(const CellGrid& grid, const Rect& area);
  /// How many cells a square of the picture stands for.
  std::string scale_words(const CellGrid& grid) const;
  void draw_making(const CellGrid& grid) const;
  void pan_to(double across, double down, const CellGrid& grid);

  const AttentionScene& scene_;
  PanelContext& context_;
  MapMemory& memory_;
  float cell_estimate_ = 0.0f;  ///< side of a cell, before labels have their room
  mutable std::string name_;    ///< what an AxisLabels made last
};

/// Moves the selection of this stage by the arrow keys, `step` cells at a time; the first arrow brings it
/// into the stage.
void take_arrows(const AttentionScene& scene, const WidgetId& id, int step = 1);
/// "α₁₃ = 0.12345678   x1 → x3"
std::string cell_tooltip(const AttentionScene& scene, const CellRef& cell);

}  // namespace attn::ui
