#include "app/gpu/device_timer.h"

#include <epoxy/gl.h>

#include <chrono>

namespace attn::gpu {
namespace {

/// Nothing is over sooner; software rasterisers answer 0 or 1.
constexpr GLuint64 kCredible = 100;

}  // namespace

double device_seconds(const std::function<void()>& commands) {
  glFinish();
  const auto start = std::chrono::steady_clock::now();
  GLuint query = 0;
  glGenQueries(1, &query);
  glBeginQuery(GL_TIME_ELAPSED, query);
  commands();
  glEndQuery(GL_TIME_ELAPSED);
  GLuint64 nanoseconds = 0;
  glGetQueryObjectui64v(query, GL_QUERY_RESULT, &nanoseconds);
  glDeleteQueries(1, &query);
  glFinish();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return nanoseconds >= kCredible ? 1e-9 * static_cast<double>(nanoseconds) : wall.count();
}

}  // namespace attn::gpu
