#pragma once
// What expressions are evaluated on: a document with its trace. Other documents and other settings are
// computed on demand, by the CPU, and kept for a while.

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/session/document.h"
#include "app/session/edit.h"
#include "core/attention/backend.h"
#include "core/attention/trace.h"

namespace attn::lessons {

struct Scene {
  session::Document document;
  std::shared_ptr<const Trace> trace;
};

class Scenes {
 public:
  static constexpr std::size_t kMostKept = 24;

  Scenes();
  ~Scenes();
  /// The trace of a document. Throws RunError where it leaves float32.
  Scene of(const session::Document& document);
  /// The document after these edits. Throws session::EditRefused, RunError.
  Scene under(const session::Document& document, const std::vector<session::Edit>& edits,
              const std::string& name_of_edits);
  /// So that what the window has computed is not computed again. Only the newest is kept: a drag makes one a
  /// frame.
  void know(const session::Document& document, std::shared_ptr<const Trace> trace);

 private:
  struct Kept {
    session::Document from;
    std::string edits;
    Scene scene;
  };
  const Scene* find(const session::Document& from, const std::string& edits);
  Scene keep(const session::Document& from, std::string edits, Scene scene);

  std::unique_ptr<Backend> backend_;
  std::deque<Kept> kept_;      ///< the newest last
  std::optional<Scene> live_;  ///< what the window shows
};

}  // namespace attn::lessons
