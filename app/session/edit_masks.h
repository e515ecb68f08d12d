#pragma once
// Edits of the masks that are painted cell by cell. Part of edit.h.

#include <cstddef>
#include <vector>

#include "app/session/document.h"
#include "app/session/message.h"

namespace attn::session {

struct MaskCell {
  std::size_t query = 0;
  std::size_t key = 0;
  bool operator==(const MaskCell&) const = default;
};
/// Cells of mask.allow, the mask of one's own: shown or hidden, whatever the other masks say. The mask is
/// made, all visible, where there is none, and dropped where every cell is visible again.
struct PaintMask {
  std::vector<MaskCell> cells;
  bool visible = false;
};
/// Keys that mask.padding hides from every query, or shows again. Made and dropped as above.
struct PadKeys {
  std::vector<std::size_t> keys;
  bool hidden = true;
};

/// @name What each edit makes of a document. Throw EditRefused.
/// @{
Document changed(const Document& document, const PaintMask& edit);
Document changed(const Document& document, const PadKeys& edit);
Message label_of(const Input& before, const PaintMask& edit);
Message label_of(const Input& before, const PadKeys& edit);
/// @}

/// What the mask of one's own says of a cell; true where there is none.
bool allowed(const MaskConfig& mask, std::size_t query, std::size_t key);
/// Whether padding hides this key.
bool padded(const MaskConfig& mask, std::size_t key);

}  // namespace attn::session
