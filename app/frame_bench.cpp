// How much processor time the window's thread spends on a frame: drawing it into ImGui's lists and handing
// them to OpenGL. What OpenGL does with them afterwards, in its own threads or on the card, is not counted.

#include <epoxy/gl.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "app/cli/commands.h"
#include "app/panels/interface.h"
#include "app/platform/canvas.h"
#include "app/platform/imgui_owner.h"
#include "app/platform/imgui_shims.h"
#include "app/platform/offscreen.h"
#include "app/session/session.h"
#include "app/widgets/heatmap_gl_texture.h"
#include "app/window_app.h"
#include "core/attention/ops.h"

namespace attn::ui {
namespace {

constexpr int kWidth = 1440;
constexpr int kHeight = 900;

SharedMatrix numbers(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Matrix values(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      values(i, j) = static_cast<float>(2 * dropout_uniform(seed, 0, i, j) - 1);
    }
  }
  return SharedMatrix(values);
}

/// One head over n words; only what is drawn matters.
Input long_text(std::size_t n) {
  Input input;
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < n; ++i) tokens.push_back(fmt::format("word{}", i + 1));
  input.tokens = std::make_shared<const std::vector<std::string>>(std::move(tokens));
  input.x = numbers(n, 64, 1);
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  input.config.mask.causal = true;
  return input;
}

/// Heads of width 64 over n words, with parameters of their own: what a layer of a model looks like.
Input layer(std::size_t n, std::size_t heads) {
  Input input = long_text(n);
  const std::size_t d_model = heads * 64;
  input.x = numbers(n, d_model, 1);
  input.config.heads = heads;
  std::uint64_t seed = 2;
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v, ParameterId::w_o}) {
    Matrix values = numbers(d_model, d_model, seed++).dense();
    for (std::size_t i = 0; i < d_model; ++i) {
      for (float& value : values.row(i)) value *= 0.1f;
    }
    input.parameters[id] = SharedMatrix(values);
  }
  return input;
}

session::SessionOptions cpu_session() {
  session::SessionOptions options;
  options.backends = {make_cpu_backend()};
  options.runner.direct = options.backends.front();
  return options;
}

/// A window without a screen, whose mouse wanders over the map. A change may come before a frame.
class Frames {
 public:
  explicit Frames(std::optional<Input> input)
      : session_(cpu_session()), interface_((open(std::move(input)), session_), textures_) {
    surroundings_.size = {kWidth, kHeight};
    for (int i = 0; i < kUntilLettersAreBaked; ++i) draw();
  }

  /// One frame, built and submitted. The mouse moves in each, so that hovering has its share.
  void draw() {
    ImGuiIO& io = ImGui::GetIO();
    step_ = (step_ + 1) % 100;
    io.MousePos = {380.0f + 2.0f * static_cast<float>(step_), 500.0f + 2.0f * static_cast<float>(step_)};
    if (interface_.prepare(*io.Fonts)) FrameRenderer::upload_fonts();
    FrameRenderer::begin_frame();
    interface_.draw(surroundings_);
    ImGui::Render();
    if (const auto letters = interface_.fonts().take_changed()) FrameRenderer::upload_letters(*letters);
    canvas_.clear(interface_.background());
    FrameRenderer::submit();
    session_.apply_posted();
  }

  /// What a drag of one word does before a frame: the document changes, and its trace has come.
  void change() {
    drag();
    session_.settle();
  }
  /// From the movement of the mouse to the picture of its whole trace. A frame is drawn while the engine
  /// computes, as in the window.
  void follow() {
    compute();
    draw();
    glFinish();
  }
  /// The first part of it: until the trace is whole.
  void compute() {
    drag();
    draw();
    session_.settle();
  }
  /// A text of so many words in the place of what was shown.
  void show(std::size_t n) {
    if (words_ == n) return;
    words_ = n;
    session_.post(session::Apply{session::SetInput{long_text(n), session::verbatim("")}});
    session_.apply_posted();
    session_.settle();
    // What is made in parts and by threads is there before a frame is timed.
    for (int i = 0; i < 4000 && (i < 10 || interface_.animating() || session_.trace()->making()); ++i) {
      draw();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  /// A step nearer to what the mouse is over, and after many back again.
  void wheel() { inject_wheel((++turns_ / 12) % 2 == 0 ? 1.0f : -1.0f); }
  void look(session::AttentionView view, session::ScenarioTab tab) {
    session_.post(session::ShowAttentionView{view});
    session_.post(session::ShowScenarioTab{tab});
    session_.apply_posted();
    // What is made once for a view, or once for a gesture, is there.
    for (int i = 0; i < kUntilLettersAreBaked; ++i) {
      change();
      draw();
    }
    glFinish();  // no case waits for the frames of another
  }

 private:
  static constexpr int kUntilLettersAreBaked = 5;

  void drag() {
    const SharedMatrix& x = session_.document().input().x;
    constexpr std::size_t kDragged = 100;
    std::vector<float> row(x.row(kDragged).begin(), x.row(kDragged).end());
    row[0] = std::sin(0.1f * static_cast<float>(++changes_));
    session_.post(session::Preview{session::SetXRow{kDragged, row}});
    session_.apply_posted();
  }

  void open(std::optional<Input> input) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {kWidth, kHeight};
    io.DeltaTime = 1.0f / 60.0f;
    if (input) session_.post(session::Apply{session::SetInput{std::move(*input), session::verbatim("")}});
    session_.apply_posted();
    session_.settle();
  }

  ImGuiOwner imgui_;
  session::Session session_;
  Canvas canvas_{kWidth, kHeight};
  FrameRenderer renderer_;
  GlTextures textures_;
  Interface interface_;
  Surroundings surroundings_;
  int step_ = 0;
  int changes_ = 0;
  int turns_ = 0;
  std::size_t words_ = 0;
};

struct LayerSize {
  std::size_t words = 0;
  std::size_t heads = 0;
  bool causal = true;
  bool operator==(const LayerSize&) const = default;
};

/// One ImGui at a time: to enter another window leaves the one before.
class OneWindow {
 public:
  Frames& enter(const LayerSize& size) {
    if (frames_ && size_ == size) return *frames_;
    frames_.reset();
    Input input = layer(size.words, size.heads);
    input.config.mask.causal = size.causal;
    frames_ = std::make_unique<Frames>(std::move(input));
    size_ = size;
    return *frames_;
  }
  Frames& current() { return *frames_; }

 private:
  LayerSize size_;
  std::unique_ptr<Frames> frames_;
};

/// Movements whose slowest hundredth says something.
constexpr std::size_t kMoves = 100;

/// Frames of texts so long that their maps are drawn in tiles. Asked for by name alone: what they show takes
/// seconds to compute.
void add_long_texts(const cli::BenchOptions& options, std::vector<cli::BenchCase>& cases,
                    const std::shared_ptr<OneWindow>& frames) {
  if (options.only.empty()) return;
  using session::AttentionView;
  using session::ScenarioTab;
  struct Look {
    const char* name;
    AttentionView view;
    ScenarioTab tab;
  };
  constexpr std::array<Look, 6> kLooks = {{{"map", AttentionView::map, ScenarioTab::words},
                                           {"map zoomed and moved", AttentionView::map, ScenarioTab::words},
                                           {"all heads", AttentionView::map, ScenarioTab::heads},
                                           {"lines", AttentionView::lines, ScenarioTab::words},
                                           {"text", AttentionView::text, ScenarioTab::words},
                                           {"bars", AttentionView::bars, ScenarioTab::words}}};
  for (const std::size_t n : {std::size_t{4096}, std::size_t{16384}, std::size_t{65536}}) {
    for (const Look& look : kLooks) {
      const bool moves = std::string_view(look.name) == "map zoomed and moved";
      cases.push_back({fmt::format("frame of a long text, {} words, {}", n, look.name),
                       [frames, moves] {
                         if (moves) frames->current().wheel();
                         frames->current().draw();
                       },
                       [frames, n, look] {
                         Frames& window = frames->enter({512, 8, true});
                         window.show(n);
                         window.look(look.view, look.tab);
                       }});
    }
  }
}

}  // namespace

int bench_with_frames(const cli::BenchOptions& options) {
  if (options.gpu) return cli::bench_gpu(options, stdout);
  std::optional<gl::OffscreenContext> context;
  try {
    context.emplace(gl::OffscreenRequest{.needed = {3, 3}});
  } catch (const gl::ContextError& error) {
    fmt::print(stderr, "attentionscope: no frames are timed: {}\n", error.what());
    return cli::bench(options, stdout);
  }
  using session::AttentionView;
  using session::ScenarioTab;
  const auto frames = std::make_shared<OneWindow>();
  std::vector<cli::BenchCase> cases;
  for (const LayerSize& size : {LayerSize{512, 8, true}, LayerSize{1024, 12, false}}) {
    const auto frame = [&](std::string name, AttentionView view, ScenarioTab tab, bool changes) {
      cases.push_back({std::move(name),
                       [frames, changes] {
                         if (changes) frames->current().change();
                         frames->current().draw();
                       },
                       [frames, size, view, tab] { frames->enter(size).look(view, tab); }});
    };
    const auto timed = [&](std::string name, void (Frames::*run)()) {
      cases.push_back({std::move(name), [frames, run] { (frames->current().*run)(); },
                       [frames, size] { frames->enter(size).look(AttentionView::map, ScenarioTab::words); },
                       true, 0, 0, kMoves});
    };
    frame(fmt::format("frame of {} words, {} heads of 64", size.words, size.heads), AttentionView::map,
          ScenarioTab::words, false);
    frame("  after a drag, map", AttentionView::map, ScenarioTab::words, true);
    frame("  after a drag, map and all heads", AttentionView::map, ScenarioTab::heads, true);
    frame("  after a drag, lines", AttentionView::lines, ScenarioTab::words, true);
    frame("  after a drag, text", AttentionView::text, ScenarioTab::words, true);
    frame("  after a drag, bars", AttentionView::bars, ScenarioTab::words, true);
    timed("  from a drag to its whole trace", &Frames::compute);
    timed("  from a drag to the picture of its trace", &Frames::follow);
  }
  add_long_texts(options, cases, frames);
  return cli::bench(options, stdout, cases);
}

}  // namespace attn::ui
