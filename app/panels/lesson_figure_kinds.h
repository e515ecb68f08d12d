#pragma once
// The kinds of figures, one function each; what they show has been computed.

#include <span>

#include "app/panels/lesson_panel.h"

namespace attn::ui {

/// The look of what is written beside a figure.
TextLook figure_note(const PanelContext& context);

/// One bar a number, with its label or the key's.
void draw_bars_figure(const LessonColumn& lesson, const lessons::BarsFigure& figure,
                      std::span<const double> values);
void draw_histogram_figure(const LessonColumn& lesson, const lessons::HistogramFigure& figure,
                           std::span<const double> values);
/// `xs` and `ys` are of one length.
void draw_curve_figure(const LessonColumn& lesson, const lessons::CurveFigure& figure,
                       std::span<const double> xs, std::span<const double> ys);
/// Maps side by side, as large as the room for the figure allows.
void draw_map_figure(const LessonColumn& lesson, const lessons::MapFigure& figure,
                     std::span<const MatrixD> matrices);
/// `shapes`: rows and columns of each factor; `fits`: whether the inner sizes agree.
void draw_shapes_figure(const LessonColumn& lesson, const lessons::ShapesFigure& figure,
                        std::span<const lessons::List> shapes, bool fits);

}  // namespace attn::ui
