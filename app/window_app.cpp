#include "app/window_app.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

#include "app/gpu/backend_choice.h"
#include "app/lessons/classroom.h"
#include "app/lessons/lesson_file.h"
#include "app/panels/interface.h"
#include "app/platform/canvas.h"
#include "app/platform/imgui_owner.h"
#include "app/platform/imgui_shims.h"
#include "app/platform/window.h"
#include "app/session/file_message.h"
#include "app/session/import.h"
#include "app/session/session.h"
#include "app/session/state_json.h"
#include "app/widgets/heatmap_gl_texture.h"

namespace attn::ui {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kFrame = 1.0 / 60.0;
/// While a long computation runs, its progress is shown this often (seconds).
constexpr double kProgress = 0.1;
/// After an event ImGui needs a frame to notice and one to show what follows.
constexpr int kFramesAfterEvent = 2;
/// A fault that comes back in so many frames in a row ends the program.
constexpr int kMostFaults = 3;

/// Processor time of this thread, in seconds.
double thread_seconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::shared_ptr<gpu::ChosenBackend> chosen_backend(const cli::WindowOptions& options) {
  gpu::ChosenBackend::Parts parts;
  parts.measured = gpu::measured_file();
  parts.start_gpu = [shaders = options.shader_dir](bool refuse_software) {
    gpu::GpuOptions gpu;
    gpu.shader_dir = shaders;
    gpu.measured = gpu::measured_file();
    gpu.refuse_software = refuse_software;
    return gpu::make_gpu_backend(gpu);
  };
  return std::make_shared<gpu::ChosenBackend>(options.backend, std::move(parts));
}

session::SessionOptions session_options(const cli::WindowOptions& options,
                                        const std::shared_ptr<gpu::ChosenBackend>& chosen) {
  session::SessionOptions session;
  session.backends = {chosen, make_cpu_backend()};
  // Small inputs are computed within the frame, unless the GPU was asked for by name.
  if (options.backend != gpu::BackendChoice::gpu) session.runner.direct = make_cpu_backend();
  session.runner.wake = [] { Window::wake(); };
  session.settings_file = session::settings_file();
  session.memory_limit = options.memory;
  return session;
}

/// Runs the frames of one window.
class Loop {
 public:
  Loop(const cli::WindowOptions& options, Window& window, session::Session& session,
       lessons::Classroom& classroom, Interface& interface, const gpu::ChosenBackend& backend)
      : window_(window), session_(session), classroom_(classroom), interface_(interface), backend_(backend) {
    if (options.state) state_.emplace(*options.state);
  }

  void run() {
    while (!session_.quit()) {
      window_.handle_events(wait_at_most());
      if (events_waited_) frames_ = kFramesAfterEvent;
      const double frame_began = thread_seconds();
      take_requests();
      const double now = seconds_since(start_);
      if (session_.apply_posted()) frames_ = kFramesAfterEvent;
      if (session_.advance(now - last_)) frames_ = kFramesAfterEvent;
      if (classroom_.update()) frames_ = kFramesAfterEvent;
      last_ = now;
      if (window_.minimised()) continue;
      draw(now);
      interface_.note_frame(thread_seconds() - frame_began);
      // What was drawn, said before anything changes: widgets and values belong together.
      write_state();
      // What the frame asked for is done now, so that the next one shows it.
      const bool applied = session_.apply_posted();
      if (classroom_.update() || applied || window_.has_more_input()) frames_ = kFramesAfterEvent;
    }
  }

 private:
  /// How long nothing will happen by itself: empty is for ever.
  std::optional<double> wait_at_most() {
    events_waited_ = false;
    if (frames_ > 0) {
      --frames_;
      return 0.0;
    }
    if (interface_.animating()) return std::max(0.001, kFrame - (seconds_since(start_) - last_));
    events_waited_ = true;
    if (state_ && state_->waiting()) return kFrame;
    const std::optional<double> wakes_in = interface_.wakes_in();
    if (session_.status().computing) return std::min(kProgress, wakes_in.value_or(kProgress));
    return wakes_in;
  }

  void take_requests() {
    if (window_.take_close_request()) session_.post(session::Quit{});
    if (auto files = window_.take_dropped_files(); !files.empty())
      session_.post(session::OpenDropped{std::move(files)});
    std::string title = session_.file().empty() ? "AttentionScope"
                                                : session_.file().filename().string() + " – AttentionScope";
    if (session_.has_unsaved_work()) title = "• " + title;
    if (title != title_) window_.set_title(title_ = title);
  }

  void draw(double now) {
    interface_.fonts().set_pixels_per_unit(window_.pixels_per_unit());
    interface_.note_engine(backend_.status().note);
    Surroundings surroundings;
    surroundings.size = window_.size();
    surroundings.display_scale = window_.display_scale();
    surroundings.seconds = now;
    if (interface_.prepare(*ImGui::GetIO().Fonts)) FrameRenderer::upload_fonts();
    window_.begin_frame();
    try {
      interface_.draw(surroundings);
      faults_ = 0;
    } catch (const std::exception& fault) {
      abandon_frame();
      if (++faults_ >= kMostFaults) throw;
      fmt::print(stderr, "attentionscope: {}\n", fault.what());
      session_.notify(session::Severity::error, session::verbatim(fault.what()));
      frames_ = kFramesAfterEvent;
    }
    if (const auto letters = interface_.fonts().take_changed()) FrameRenderer::upload_letters(*letters);
    show();
  }

  /// Shows the frame; it is a picture in a file as well where one was asked for.
  void show() {
    const auto file = session_.take_picture_request();
    Picture picture;
    window_.end_frame(interface_.background(), file ? &picture : nullptr);
    if (!file) return;
    frames_ = kFramesAfterEvent;
    try {
      write_png(*file, picture);
      session_.picture_written(*file, std::nullopt);
    } catch (const std::exception& problem) {
      session_.picture_written(*file, problem.what());
    }
  }

  void write_state() {
    if (!state_) return;
    try {
      if (state_->update(session_, widgets_json(interface_.widgets(), window_.pixels_per_unit())))
        state_was_written_ = true;
    } catch (const std::exception& problem) {
      // A wrong --state is said at once; but nobody loses unsaved work because the disk is full later.
      if (!state_was_written_) throw;
      state_.reset();
      fmt::print(stderr, "attentionscope: {}\n", problem.what());
      session_.notify(session::Severity::warning, session::file_message(problem.what()));
      frames_ = kFramesAfterEvent;
    }
  }

  Window& window_;
  session::Session& session_;
  lessons::Classroom& classroom_;
  Interface& interface_;
  const gpu::ChosenBackend& backend_;
  std::optional<session::StateFile> state_;
  bool state_was_written_ = false;
  Clock::time_point start_ = Clock::now();
  double last_ = 0.0;
  int frames_ = kFramesAfterEvent;
  bool events_waited_ = false;
  int faults_ = 0;
  std::string title_;
};

}  // namespace

void check_openable(const std::filesystem::path& file) {
  if (file.extension() == ".toml") {
    lessons::Player(std::make_shared<lessons::Lesson>(lessons::load_lesson(file)));
  } else {
    session::check_file(file);
  }
}

int run_window(const cli::WindowOptions& options) {
  // A file that cannot be read is said in the terminal, before a window flashes up.
  if (options.file) check_openable(*options.file);
  try {
    const ImGuiOwner imgui;
    Window window("AttentionScope");
    GlTextures textures;
    const auto backend = chosen_backend(options);
    session::Session session(session_options(options, backend));
    lessons::Classroom classroom(session, lessons::progress_file());
    if (options.file) session.post(session::Open{*options.file});
    Interface interface(session, textures, window.pixels_per_unit());
    interface.set_classroom(&classroom);
    Loop(options, window, session, classroom, interface, *backend).run();
    return cli::kSuccess;
  } catch (const WindowError& error) {
    fmt::print(stderr, "attentionscope: {}\n", error.what());
    return cli::kCheckFailed;
  }
}

}  // namespace attn::ui
