#pragma once
// An OpenGL context without a display, through EGL: for the thread that computes and for pictures made
// from the command line.

#include <memory>

#include "app/platform/gl_context.h"

namespace attn::gl {

struct OffscreenRequest {
  Version needed{4, 3};  ///< core profile; the context may turn out newer
  /// When the first context draws on the processor, look for a graphics card among the EGL devices.
  bool prefer_hardware = false;
};

/// Tries Mesa's surfaceless platform first, then every EGL device. There is no default framebuffer: draw
/// into a framebuffer object.
class OffscreenContext final : public Context {
 public:
  /// Leaves the new context current on the calling thread.
  /// Throws ContextError: "EGL is not installed", "OpenGL 4.1 found, 4.3 needed".
  explicit OffscreenContext(const OffscreenRequest& request);
  ~OffscreenContext() override;
  OffscreenContext(const OffscreenContext&) = delete;
  OffscreenContext& operator=(const OffscreenContext&) = delete;

  void make_current() override;
  void release() override;
  const ContextInfo& info() const override;

 private:
  struct Egl;
  std::unique_ptr<Egl> egl_;
};

/// A factory for `request`, for whoever takes a ContextFactory.
ContextFactory offscreen_factory(const OffscreenRequest& request);

}  // namespace attn::gl
