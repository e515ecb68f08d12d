#pragma once
// What the rest of the program needs of an OpenGL context, wherever it comes from: made without a
// display, or shared with the window's.

#include <compare>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace attn::gl {

/// A context could not be had. One line, for people: "OpenGL 4.1 found, 4.3 needed".
struct ContextError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Version {
  int major = 0;
  int minor = 0;
  auto operator<=>(const Version&) const = default;  // NOLINT(modernize-use-nullptr): not about <=>
};

/// "4.3"
std::string text(Version version);

/// What the driver says of itself.
struct ContextInfo {
  std::string vendor;
  std::string renderer;        ///< "llvmpipe (LLVM 15.0.6, 256 bits)"
  std::string version_string;  ///< "4.5 (Core Profile) Mesa 22.3.6"
  Version version;
  std::string how;  ///< where the context came from: "EGL surfaceless", "EGL device 0", "window"
};

/// "NVIDIA H200 (OpenGL 4.6, NVIDIA Corporation)": one line for the status.
std::string describe(const ContextInfo& info);

/// Whether this renderer draws on the processor, judged by its name (llvmpipe, softpipe, swrast, …).
bool is_software_renderer(std::string_view renderer);

/// An OpenGL context. It is current on at most one thread at a time; the one that destroys it must be
/// that thread, or it must be current on none.
class Context {
 public:
  virtual ~Context() = default;
  /// Makes it current on the calling thread. Throws ContextError where the driver refuses.
  virtual void make_current() = 0;
  /// Makes no context current on the calling thread.
  virtual void release() = 0;
  virtual const ContextInfo& info() const = 0;
};

/// Makes a context, or hands over one that was made earlier; throws ContextError with the reason.
/// It is called on the thread that will use the context.
using ContextFactory = std::function<std::unique_ptr<Context>()>;

/// Reads the description of the context that is current on this thread.
ContextInfo current_context_info(std::string how);

}  // namespace attn::gl
