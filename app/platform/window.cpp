#include "app/platform/window.h"

#include <epoxy/gl.h>
#include <fmt/format.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <cmath>
#include <utility>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

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

}  // namespace

struct Window::State {
  GLFWwindow* window = nullptr;
  bool imgui = false;
  bool close_request = false;
  std::vector<std::filesystem::path> dropped;

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
  glfwSetWindowUserPointer(window, state_.get());
  glfwSetWindowCloseCallback(window, [](GLFWwindow* w) {
    static_cast<State*>(glfwGetWindowUserPointer(w))->close_request = true;
    glfwSetWindowShouldClose(w, GLFW_FALSE);  // the session decides, and may ask first
  });
  glfwSetDropCallback(window, [](GLFWwindow* w, int count, const char** paths) {
    auto& dropped = static_cast<State*>(glfwGetWindowUserPointer(w))->dropped;
    for (int i = 0; i < count; ++i) dropped.emplace_back(std::filesystem::path(paths[i]));
  });
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  if (!ImGui_ImplGlfw_InitForOpenGL(window, true) || !ImGui_ImplOpenGL3_Init("#version 330 core"))
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

void Window::upload_fonts() {
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
}

void Window::begin_frame() {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
}

void Window::end_frame(ImU32 background) {
  ImGui::Render();
  int width = 0;
  int height = 0;
  glfwGetFramebufferSize(state_->window, &width, &height);
  glViewport(0, 0, width, height);
  const ImVec4 clear = ImGui::ColorConvertU32ToFloat4(background);
  glClearColor(clear.x, clear.y, clear.z, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glfwSwapBuffers(state_->window);
}

}  // namespace attn::ui
