#include "core/attention/packed_parameters.h"

#include <algorithm>

#include "core/kernel/pool.h"

namespace attn {
namespace {

/// w's chunks of rows are packed where they are, without a copy of w.
void pack_heads(const kernel::Table& table, const SharedMatrix& w, std::size_t heads, bool shared,
                float* panels) {
  const std::size_t columns = w.columns() / heads;
  const std::size_t size = kernel::panel_size(w.rows(), columns);
  kernel::parallel_for(heads, shared, [&](std::size_t h) {
    for (std::size_t t = 0; t < w.rows(); t += SharedMatrix::kChunkRows) {
      const std::size_t rows = std::min(SharedMatrix::kChunkRows, w.rows() - t);
      table.pack(w.row(t).data() + h * columns, w.columns(), rows, columns,
                 panels + h * size + t * kernel::kPanel, w.rows());
    }
  });
}

}  // namespace

const float* PackedParameters::panels(const kernel::Table& table, const SharedMatrix& w, std::size_t heads,
                                      bool shared) {
  const std::size_t size = heads * kernel::panel_size(w.rows(), w.columns() / heads);
  if (size > kMostKept) {
    float* const panels = kernel::scratch().panels.at_least(size);
    pack_heads(table, w, heads, shared, panels);
    return panels;
  }
  ++now_;
  const auto kept =
      std::ranges::find_if(kept_, [&](const Kept& k) { return k.heads == heads && k.of.same_as(w); });
  if (kept != kept_.end()) {
    kept->used = now_;
    return kept->panels.data();
  }
  Kept& oldest = *std::ranges::min_element(kept_, {}, &Kept::used);
  oldest.heads = 0;  // holds nothing while it is written
  float* const panels = oldest.panels.at_least(size);
  pack_heads(table, w, heads, shared, panels);
  oldest.of = w;
  oldest.heads = heads;
  oldest.used = now_;
  return panels;
}

PackedParameters& packed_parameters() {
  thread_local PackedParameters own;
  return own;
}

}  // namespace attn
