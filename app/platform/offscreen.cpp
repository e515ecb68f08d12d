#include "app/platform/offscreen.h"

// X11's macros (None, Status, …) are of no use here.
#define EGL_NO_X11
#include <dlfcn.h>
#include <epoxy/egl.h>
#include <epoxy/gl.h>
#include <fmt/core.h>

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace attn::gl {
namespace {

/// Extension functions that work without a display. They are asked for by name because libepoxy looks
/// such functions up among the extensions of the current display, where they are not listed.
template <class Function>
Function client_function(const char* name) {
  return reinterpret_cast<Function>(eglGetProcAddress(name));
}

bool has_client_extension(const char* name) { return epoxy_has_egl_extension(EGL_NO_DISPLAY, name); }

/// libepoxy ends the program when it finds no OpenGL library: look first.
bool has_opengl_library() {
  for (const char* name : {"libOpenGL.so.0", "libGL.so.1"}) {
    if (void* library = dlopen(name, RTLD_LAZY | RTLD_LOCAL)) {
      dlclose(library);
      return true;
    }
  }
  return false;
}

struct Candidate {
  EGLDisplay display = EGL_NO_DISPLAY;
  std::string how;
};

std::optional<Candidate> surfaceless_display() {
  if (!has_client_extension("EGL_EXT_platform_base") ||
      !has_client_extension("EGL_MESA_platform_surfaceless"))
    return std::nullopt;
  const auto get_display = client_function<PFNEGLGETPLATFORMDISPLAYEXTPROC>("eglGetPlatformDisplayEXT");
  if (get_display == nullptr) return std::nullopt;
  // The display's handle is a macro with a C cast in it.
  EGLDisplay display = get_display(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
  if (display == EGL_NO_DISPLAY) return std::nullopt;
  return Candidate{display, "EGL surfaceless"};
}

std::vector<Candidate> device_displays() {
  std::vector<Candidate> found;
  if (!has_client_extension("EGL_EXT_platform_base") || !has_client_extension("EGL_EXT_platform_device"))
    return found;
  const auto get_display = client_function<PFNEGLGETPLATFORMDISPLAYEXTPROC>("eglGetPlatformDisplayEXT");
  const auto query_devices = client_function<PFNEGLQUERYDEVICESEXTPROC>("eglQueryDevicesEXT");
  if (get_display == nullptr || query_devices == nullptr) return found;
  std::array<EGLDeviceEXT, 16> devices{};
  EGLint count = 0;
  if (query_devices(static_cast<EGLint>(devices.size()), devices.data(), &count) != EGL_TRUE) return found;
  for (EGLint i = 0; i < count; ++i) {
    EGLDisplay display = get_display(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(i)], nullptr);
    if (display != EGL_NO_DISPLAY) found.push_back({display, fmt::format("EGL device {}", i)});
  }
  return found;
}

/// A core profile context of at least `version`, null where the driver has none. Where it can, the
/// driver is asked to report resets instead of ending the program.
EGLContext create_context(EGLDisplay display, EGLConfig config, Version version) {
  std::vector<EGLint> attributes = {EGL_CONTEXT_MAJOR_VERSION,       version.major,
                                    EGL_CONTEXT_MINOR_VERSION,       version.minor,
                                    EGL_CONTEXT_OPENGL_PROFILE_MASK, EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT};
  if (epoxy_egl_version(display) >= 15) {
    std::vector<EGLint> robust = attributes;
    robust.insert(robust.end(), {EGL_CONTEXT_OPENGL_RESET_NOTIFICATION_STRATEGY, EGL_LOSE_CONTEXT_ON_RESET,
                                 EGL_CONTEXT_OPENGL_ROBUST_ACCESS, EGL_TRUE, EGL_NONE});
    EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, robust.data());
    if (context != EGL_NO_CONTEXT) return context;
  }
  attributes.push_back(EGL_NONE);
  return eglCreateContext(display, config, EGL_NO_CONTEXT, attributes.data());
}

}  // namespace

struct OffscreenContext::Egl {
  Egl(const Candidate& candidate, Version needed) : display(candidate.display) {
    // Initialising twice is allowed. The display is never terminated: every context of this process on it
    // would end with it, those of other threads too.
    if (eglInitialize(display, nullptr, nullptr) != EGL_TRUE)
      throw ContextError(fmt::format("EGL does not start (error 0x{:04x})", eglGetError()));
    if (!epoxy_has_egl_extension(display, "EGL_KHR_surfaceless_context"))
      throw ContextError("EGL cannot work without a surface (EGL_KHR_surfaceless_context is missing)");
    if (eglBindAPI(EGL_OPENGL_API) != EGL_TRUE) throw ContextError("EGL has no OpenGL, only OpenGL ES");
    constexpr std::array<EGLint, 5> kWanted = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE,
                                               EGL_OPENGL_BIT, EGL_NONE};
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (eglChooseConfig(display, kWanted.data(), &config, 1, &count) != EGL_TRUE || count == 0)
      throw ContextError("EGL has no configuration for OpenGL");
    context = create_context(display, config, needed);
    if (context == EGL_NO_CONTEXT) throw ContextError(refusal(config, needed));
    try {
      make_current();
      info = current_context_info(candidate.how);
      if (info.version < needed)
        throw ContextError(fmt::format("OpenGL {} found, {} needed", text(info.version), text(needed)));
    } catch (...) {
      destroy();
      throw;
    }
  }
  ~Egl() { destroy(); }
  Egl(const Egl&) = delete;
  Egl& operator=(const Egl&) = delete;

  void make_current() const {
    if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) != EGL_TRUE) {
      throw ContextError(
          fmt::format("EGL does not make the context current (error 0x{:04x})", eglGetError()));
    }
  }
  void release() const { eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT); }

  /// Why there is no context of the needed version: what an older request gives instead.
  std::string refusal(EGLConfig config, Version needed) const {
    const EGLint error = eglGetError();
    for (const Version older : {Version{4, 1}, Version{3, 3}, Version{3, 1}}) {
      if (older >= needed) continue;
      EGLContext found = create_context(display, config, older);
      if (found == EGL_NO_CONTEXT) continue;
      Version version = older;
      if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, found) == EGL_TRUE) {
        version = current_context_info({}).version;
        release();
      }
      eglDestroyContext(display, found);
      return fmt::format("OpenGL {} found, {} needed", text(version), text(needed));
    }
    return fmt::format("no OpenGL {} context (EGL error 0x{:04x})", text(needed), error);
  }

  void destroy() {
    if (context == EGL_NO_CONTEXT) return;
    if (eglGetCurrentContext() == context) release();
    eglDestroyContext(display, context);
    context = EGL_NO_CONTEXT;
  }

  EGLDisplay display;
  EGLContext context = EGL_NO_CONTEXT;
  ContextInfo info;
};

OffscreenContext::OffscreenContext(const OffscreenRequest& request) {
  if (!epoxy_has_egl()) throw ContextError("EGL is not installed");
  if (!has_opengl_library()) throw ContextError("OpenGL is not installed (libOpenGL.so.0 or libGL.so.1)");
  // The first reason is kept: what the surfaceless platform says is plainer than what a device says.
  std::string reason;
  const auto attempt = [&](const Candidate& candidate) -> std::unique_ptr<Egl> {
    try {
      return std::make_unique<Egl>(candidate, request.needed);
    } catch (const ContextError& error) {
      if (reason.empty()) reason = error.what();
      return nullptr;
    }
  };
  if (const auto candidate = surfaceless_display()) egl_ = attempt(*candidate);
  if (egl_ == nullptr || (request.prefer_hardware && is_software_renderer(egl_->info.renderer))) {
    for (const Candidate& candidate : device_displays()) {
      if (egl_ != nullptr) egl_->release();
      auto other = attempt(candidate);
      if (other == nullptr) continue;
      const bool software = is_software_renderer(other->info.renderer);
      if (egl_ == nullptr || !software) egl_ = std::move(other);
      if (!request.prefer_hardware || !software) break;
    }
  }
  if (egl_ == nullptr) throw ContextError(reason.empty() ? "EGL has no device" : reason);
  egl_->make_current();
}

OffscreenContext::~OffscreenContext() = default;
void OffscreenContext::make_current() { egl_->make_current(); }
void OffscreenContext::release() { egl_->release(); }
const ContextInfo& OffscreenContext::info() const { return egl_->info; }

ContextFactory offscreen_factory(const OffscreenRequest& request) {
  return [request] { return std::make_unique<OffscreenContext>(request); };
}

}  // namespace attn::gl
