#pragma once
// One head set by hand: what it looks at, how sharply, what it copies, and how far its attention weights are
// from that. Its numbers are ordinary parameters, changed in their tab as any other.

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "app/panels/panel.h"
#include "core/composer/compose_head.h"

namespace attn::ui {

/// What the composer keeps from frame to frame; nothing here is saved.
struct ComposerMemory {
  /// Which list of features is unfolded.
  enum class List { none, query, key, copied };
  List unfolded = List::none;

  /// What was asked for and cannot be, until something else changes.
  std::optional<session::ComposeHead> refused_look;
  std::optional<session::ComposeCopy> refused_copy;

  /// @name What the parameters of the head say, read again when the document changes
  /// @{
  std::optional<session::Document> document;
  std::size_t head = 0;
  std::optional<Composed> composed;
  std::optional<std::vector<std::size_t>> copied;
  /// @}

  /// @name How far the weights are from the wish, of this trace
  /// @{
  std::weak_ptr<const Trace> measured;
  std::optional<WishDistance> distance;
  /// @}
};

void draw_head_composer(const session::Subject& subject, PanelContext& context, const Rect& content);

}  // namespace attn::ui
