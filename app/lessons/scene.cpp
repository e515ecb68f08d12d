#include "app/lessons/scene.h"

#include <algorithm>
#include <utility>

namespace attn::lessons {

Scenes::Scenes() : backend_(make_cpu_backend()) {}
Scenes::~Scenes() = default;

const Scene* Scenes::find(const session::Document& from, const std::string& edits) {
  const auto found =
      std::ranges::find_if(kept_, [&](const Kept& kept) { return kept.from == from && kept.edits == edits; });
  return found == kept_.end() ? nullptr : &found->scene;
}

Scene Scenes::keep(const session::Document& from, std::string edits, Scene scene) {
  if (kept_.size() == kMostKept) kept_.pop_front();
  kept_.push_back({from, std::move(edits), std::move(scene)});
  return kept_.back().scene;
}

Scene Scenes::of(const session::Document& document) {
  if (live_ && live_->document == document) return *live_;
  if (const Scene* const known = find(document, {})) return *known;
  return keep(document, {}, {document, backend_->run(document.input(), {}).trace});
}

Scene Scenes::under(const session::Document& document, const std::vector<session::Edit>& edits,
                    const std::string& name_of_edits) {
  if (const Scene* const known = find(document, name_of_edits)) return *known;
  session::Document changed = document;
  for (const session::Edit& edit : edits) changed = session::apply(changed, edit);
  auto trace = backend_->run(changed.input(), {}).trace;
  return keep(document, name_of_edits, {std::move(changed), std::move(trace)});
}

void Scenes::know(const session::Document& document, std::shared_ptr<const Trace> trace) {
  live_ = Scene{document, std::move(trace)};
}

}  // namespace attn::lessons
