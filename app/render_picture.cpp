// The window as a picture, without a display: `attentionscope render`.

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "app/lessons/classroom.h"
#include "app/panels/interface.h"
#include "app/platform/canvas.h"
#include "app/platform/imgui_owner.h"
#include "app/platform/offscreen.h"
#include "app/session/import.h"
#include "app/session/session.h"
#include "app/widgets/heatmap_gl_texture.h"
#include "app/window_app.h"

namespace attn::ui {
namespace {

void select(session::Session& session, const CellRef& cell) {
  const session::Document& document = session.document();
  const StageShape shape = shape_of(cell.stage, document.input(), document.dimensions());
  if (cell.head >= shape.heads || cell.row >= shape.rows || cell.column >= shape.columns) {
    throw std::invalid_argument(fmt::format("--select: {} has {} × {} × {} numbers, found {},{},{}",
                                            name(cell.stage), shape.heads, shape.rows, shape.columns,
                                            cell.head, cell.row, cell.column));
  }
  session.post(session::Select{cell});
}

void go_to(session::Session& session, const cli::Place& place) {
  const session::Document& document = session.document();
  const session::StepOrder& order = session.playhead().order();
  const StageShape shape = shape_of(place.stage, document.input(), document.dimensions());
  if (shape.cells() == 0 || place.row.value_or(0) >= shape.rows ||
      place.column.value_or(0) >= shape.columns) {
    throw std::invalid_argument(fmt::format("--at: {} has {} × {} numbers, found {},{}", name(place.stage),
                                            shape.rows, shape.columns, place.row.value_or(0),
                                            place.column.value_or(0)));
  }
  if (!order.has(place.stage)) {
    session.post(session::ToStart{});  // an input: known before the first step
  } else if (!place.row) {
    session.post(session::SetPlayhead{order.end_of(place.stage)});
  } else {
    session.post(session::GoToMoment{{place.stage, *place.row, place.column.value_or(shape.columns - 1)}});
  }
}

void prepare(session::Session& session, lessons::Classroom& classroom, const cli::RenderOptions& options) {
  session.post(session::Open{options.file});
  session.post(
      session::SetTheme{options.theme == cli::Theme::dark ? session::Theme::dark : session::Theme::light});
  session.post(
      session::SetLanguage{options.language == "zh" ? session::Language::zh : session::Language::en});
  session.post(session::SetReducedMotion{true});
  session.post(session::SetExactNumbers{options.exact_numbers});
  session.post(
      session::SetQueryAxis{options.query_columns ? session::QueryAxis::columns : session::QueryAxis::rows});
  session.post(session::SetVectorForm{options.column_vectors ? session::VectorForm::column
                                                             : session::VectorForm::row});
  session.post(session::ShowPerformance{options.performance});
  session.apply_posted();
  classroom.update();
  if (options.step) {
    if (classroom.player() == nullptr || *options.step == 0 ||
        *options.step > classroom.player()->lesson().steps.size()) {
      throw std::invalid_argument(
          fmt::format("--step: expected a step of a lesson, found {}", *options.step));
    }
    session.post(session::InLesson{session::GoToLessonStep{*options.step - 1}});
    session.apply_posted();
    classroom.update();
  }
  session.settle();
  if (options.select) select(session, *options.select);
  if (options.at) go_to(session, *options.at);
  if (options.dialog) session.post(session::ShowDialog{*options.dialog});
  session.settle();
  if (const auto error = session.status().error) throw std::invalid_argument(*error);
}

}  // namespace

int render_picture(const cli::RenderOptions& options) {
  // Once for its message: the session would only show it in the picture.
  check_openable(options.file);
  gl::OffscreenContext context({.needed = {3, 3}});
  const ImGuiOwner imgui;
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(options.width), static_cast<float>(options.height)};
  io.DeltaTime = 1.0f / 60.0f;
  const Canvas canvas(static_cast<int>(options.width), static_cast<int>(options.height));

  session::SessionOptions session_options;
  session_options.backends = {make_cpu_backend()};
  session_options.runner.direct = session_options.backends.front();
  session_options.memory_limit = options.memory;
  session::Session session(std::move(session_options));
  lessons::Classroom classroom(session, {});
  prepare(session, classroom, options);

  const FrameRenderer renderer;
  GlTextures textures;
  Interface interface(session, textures);
  interface.set_classroom(&classroom);
  if (options.zoom > 1.0) interface.zoom_map(options.zoom);
  Surroundings surroundings;
  surroundings.size = io.DisplaySize;
  surroundings.display_scale = static_cast<float>(options.scale);
  // Panels settle within a few frames.
  constexpr int kFrames = 5;
  // What a sheet shows of files and examples is computed on a thread of its own.
  constexpr int kMostFrames = 2000;
  // A trace that makes what is read takes its time over a long text, and says how far it is.
  const auto making = [&] { return session.trace() && session.trace()->making().has_value(); };
  const auto waits = [&] { return interface.animating() || making(); };
  for (int frame = 0; frame < kFrames || (waits() && (frame < kMostFrames || making())); ++frame) {
    if (frame >= kFrames) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (interface.prepare(*io.Fonts)) FrameRenderer::upload_fonts();
    FrameRenderer::begin_frame();
    interface.draw(surroundings);
    ImGui::Render();
    session.apply_posted();
    classroom.update();
  }
  if (const auto letters = interface.fonts().take_changed()) FrameRenderer::upload_letters(*letters);
  canvas.clear(interface.background());
  FrameRenderer::submit();
  write_png(options.output, canvas.read());
  return cli::kSuccess;
}

}  // namespace attn::ui
