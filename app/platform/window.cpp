#include "app/platform/window.h"

#include <epoxy/gl.h>
#include <fmt/format.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <utility>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/platform/canvas.h"
#include "app/platform/input_queue.h"

namespace attn::ui {
namespace {

constexpr int kWidth = 1440;
constexpr int kHeight = 900;
constexpr int kLeastWidth = 960;
constexpr int kLeastHeight = 600;

/// "X11: The DISPLAY environment variable is missing"
std::string last_error() {
  const char* words = nullptr;
  glfwGetError(&words);
  return words ? words : "no reason was given";
}

GLFWwindow* open_window(const std::string& title, int major, int minor, int width, int height) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, major);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, minor);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);  // needed on a Mac
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  return glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
}

/// What the callbacks of the window fill.
struct Events {
  InputQueue input;
  bool close_request = false;
  std::vector<std::filesystem::path> dropped;
};

Events& events_of(GLFWwindow* window) { return *static_cast<Events*>(glfwGetWindowUserPointer(window)); }

}  // namespace

struct Window::State : Events {
  GLFWwindow* window = nullptr;
  bool imgui = false;

  State() {
    if (glfwInit() == GLFW_FALSE) throw WindowError(fmt::format("no window: {}", last_error()));
  }
  ~State() {
    if (imgui) {
      ImGui_ImplOpenGL3_Shutdown();
      ImGui_ImplGlfw_Shutdown();
    }
    if (window) glfwDestroyWindow(window);
    glfwTerminate();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

namespace {

#if IMGUI_VERSION_NUM < 18700
InputQueue& queue_of(GLFWwindow* window) { return events_of(window).input; }

/// Takes the callbacks that ImGui's own part would take, to put what they say in order first.
void queue_input(GLFWwindow* window) {
  glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
    queue_of(w).add_key(action != GLFW_RELEASE,
                        [=] { ImGui_ImplGlfw_KeyCallback(w, key, scancode, action, mods); });
  });
  glfwSetCharCallback(window, [](GLFWwindow* w, unsigned character) {
    queue_of(w).add_other([=] { ImGui_ImplGlfw_CharCallback(w, character); });
  });
  glfwSetScrollCallback(window, [](GLFWwindow* w, double x, double y) {
    queue_of(w).add_other([=] { ImGui_ImplGlfw_ScrollCallback(w, x, y); });
  });
  glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int) {
    queue_of(w).add_button(button, action == GLFW_PRESS);
  });
  glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
    queue_of(w).add_position({static_cast<float>(x), static_cast<float>(y)});
  });
  glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
    ImGui_ImplGlfw_CursorEnterCallback(w, entered);
    bool dragging = false;
    for (int button = 0; button < InputQueue::kButtons; ++button) dragging |= queue_of(w).is_down(button);
    if (entered == GLFW_FALSE && !dragging) queue_of(w).add_position({-FLT_MAX, -FLT_MAX});
  });
  glfwSetWindowFocusCallback(window, ImGui_ImplGlfw_WindowFocusCallback);
}

/// ImGui's part has just asked the mouse where it is now; what it said in its turn counts.
void give_queued_mouse(const InputQueue& input) {
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = input.position();
  for (int button = 0; button < InputQueue::kButtons; ++button) io.MouseDown[button] = input.is_down(button);
}
#endif

}  // namespace

Window::Window(const std::string& title) : state_(std::make_unique<State>()) {
  // No larger than the screen leaves room for.
  int width = kWidth;
  int height = kHeight;
  if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
    int x = 0;
    int y = 0;
    int room_x = width;
    int room_y = height;
    glfwGetMonitorWorkarea(monitor, &x, &y, &room_x, &room_y);
    if (room_x > 0 && room_y > 0) {
      width = std::min(width, room_x);
      height = std::min(height, room_y);
    }
  }
  state_->window = open_window(title, 4, 3, width, height);
  if (!state_->window) state_->window = open_window(title, 3, 3, width, height);
  if (!state_->window) throw WindowError(fmt::format("no window with OpenGL 3.3: {}", last_error()));
  GLFWwindow* window = state_->window;
  glfwSetWindowSizeLimits(window, kLeastWidth, kLeastHeight, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwSetWindowUserPointer(window, static_cast<Events*>(state_.get()));
  glfwSetWindowCloseCallback(window, [](GLFWwindow* w) {
    events_of(w).close_request = true;
    glfwSetWindowShouldClose(w, GLFW_FALSE);  // the session decides, and may ask first
  });
  glfwSetDropCallback(window, [](GLFWwindow* w, int count, const char** paths) {
    auto& dropped = events_of(w).dropped;
    for (int i = 0; i < count; ++i) dropped.emplace_back(std::filesystem::path(paths[i]));
  });
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
#if IMGUI_VERSION_NUM < 18700
  constexpr bool kOwnCallbacks = true;
  queue_input(window);
#else
  constexpr bool kOwnCallbacks = false;
#endif
  if (!ImGui_ImplGlfw_InitForOpenGL(window, !kOwnCallbacks) || !ImGui_ImplOpenGL3_Init("#version 330 core"))
    throw WindowError("no window: the interface does not start with this OpenGL");
  state_->imgui = true;
}

Window::~Window() = default;

void Window::handle_events(std::optional<double> wait_at_most) {
  if (!wait_at_most) {
    glfwWaitEvents();
  } else if (*wait_at_most > 0.0) {
    glfwWaitEventsTimeout(*wait_at_most);
  } else {
    glfwPollEvents();
  }
}

void Window::wake() { glfwPostEmptyEvent(); }

ImVec2 Window::size() const {
  int width = 0;
  int height = 0;
  glfwGetWindowSize(state_->window, &width, &height);
  return {static_cast<float>(width), static_cast<float>(height)};
}

float Window::pixels_per_unit() const {
  int width = 0;
  int height = 0;
  glfwGetFramebufferSize(state_->window, &width, &height);
  const ImVec2 units = size();
  return units.x > 0.0f && width > 0 ? static_cast<float>(width) / units.x : 1.0f;
}

float Window::display_scale() const {
  float x = 1.0f;
  float y = 1.0f;
  glfwGetWindowContentScale(state_->window, &x, &y);
  return std::max(1.0f, std::max(x, y) / pixels_per_unit());
}

bool Window::minimised() const {
  const ImVec2 units = size();
  return units.x < 1.0f || units.y < 1.0f || glfwGetWindowAttrib(state_->window, GLFW_ICONIFIED) == GLFW_TRUE;
}

void Window::set_title(const std::string& title) { glfwSetWindowTitle(state_->window, title.c_str()); }

bool Window::take_close_request() { return std::exchange(state_->close_request, false); }

std::vector<std::filesystem::path> Window::take_dropped_files() { return std::exchange(state_->dropped, {}); }

void Window::begin_frame() {
  ImGui_ImplOpenGL3_NewFrame();
#if IMGUI_VERSION_NUM < 18700
  state_->input.give();
  ImGui_ImplGlfw_NewFrame();
  give_queued_mouse(state_->input);
#else
  ImGui_ImplGlfw_NewFrame();
#endif
  ImGui::NewFrame();
}

bool Window::has_more_input() const { return !state_->input.empty(); }

void Window::end_frame(ImU32 background, Picture* taken) {
  ImGui::Render();
  int width = 0;
  int height = 0;
  glfwGetFramebufferSize(state_->window, &width, &height);
  glViewport(0, 0, width, height);
  const ImVec4 clear = ImGui::ColorConvertU32ToFloat4(background);
  glClearColor(clear.x, clear.y, clear.z, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  if (taken) *taken = read_pixels(width, height);
  glfwSwapBuffers(state_->window);
}

}  // namespace attn::ui
