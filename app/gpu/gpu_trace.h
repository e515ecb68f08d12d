#pragma once
// A trace whose numbers stay on the GPU. Rows that somebody looks at are read back then, and kept.

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "app/gpu/gpu_device.h"
#include "core/attention/trace.h"

namespace attn::gpu {

/// Any thread may read but the GPU's own. A read waits for the rows that nobody has read before: they pass
/// every run that the device has at hand, and none is ever pending. It fails once the device is lost.
class GpuTrace final : public Trace {
 public:
  GpuTrace(Input input, std::shared_ptr<GpuDevice> device, std::shared_ptr<StageStore> stages,
           std::uint64_t revision);

  const Input& input() const override { return input_; }
  const Dimensions& dimensions() const override { return arrays_->dimensions(); }
  std::uint64_t revision() const override { return stored_.revision(); }
  Read read(Stage stage, std::size_t head, const CellRect& rect) const override;
  bool row_ready(Stage, std::size_t, std::size_t) const override { return true; }
  std::optional<double> known_largest(Stage stage) const override;
  const Arrays<float>* whole() const override;

  /// How many numbers have been read back so far.
  std::size_t numbers_brought() const;

 private:
  /// Throws BackendLost.
  void bring(Stage stage, std::size_t head, std::size_t row, std::size_t rows) const;

  Input input_;
  std::shared_ptr<GpuDevice> device_;
  std::shared_ptr<StageStore> stages_;  ///< after device_, so that it is gone before
  std::shared_ptr<Arrays<float>> arrays_;
  StoredTrace stored_;  ///< answers once the rows are there
  mutable std::mutex mutex_;
  mutable std::array<std::vector<bool>, kStageCount> here_;  ///< by head and row
  mutable std::size_t brought_ = 0;
};

}  // namespace attn::gpu
