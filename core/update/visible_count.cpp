#include "core/update/visible_count.h"

#include <algorithm>
#include <cstdint>

#include "core/attention/stage_range.h"

namespace attn {

std::size_t visible_keys(const MaskConfig& mask, std::size_t query, std::size_t first, std::size_t count) {
  const CellRun run = visible_run(mask, query, first + count);
  const std::size_t begin = std::max(first, run.first);
  if (begin >= run.last) return 0;
  const std::size_t length = run.last - begin;
  if (!masks_by_cells(mask)) return length;
  const std::uint8_t* const hides = mask.padding ? mask.padding->data() + begin : nullptr;
  const std::uint8_t* const shows =
      mask.allow ? mask.allow->visible.data() + query * mask.allow->columns + begin : nullptr;
  std::size_t visible = 0;
  for (std::size_t j = 0; j < length; ++j) {
    const bool hidden = (hides != nullptr && hides[j] != 0) || (shows != nullptr && shows[j] == 0);
    visible += hidden ? 0 : 1;
  }
  return visible;
}

}  // namespace attn
