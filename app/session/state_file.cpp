#include <utility>

#include "app/session/state_json.h"
#include "core/io/file.h"

namespace attn::session {

StateFile::StateFile(std::filesystem::path path, std::chrono::milliseconds interval)
    : path_(std::move(path)), interval_(interval) {}

bool StateFile::update(const Session& session, std::string_view widgets,
                       std::chrono::steady_clock::time_point now) {
  std::string state = state_json(session, widgets);
  waiting_ = false;
  if (state == written_) return false;
  if (written_at_ && now - *written_at_ < interval_) {
    waiting_ = true;
    return false;
  }
  io::write_file(path_, state);
  written_ = std::move(state);
  written_at_ = now;
  return true;
}

}  // namespace attn::session
