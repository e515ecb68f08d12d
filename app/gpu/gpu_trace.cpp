#include "app/gpu/gpu_trace.h"

#include <utility>

namespace attn::gpu {

GpuTrace::GpuTrace(Input input, std::shared_ptr<GpuDevice> device, std::shared_ptr<StageStore> stages,
                   std::uint64_t revision)
    : input_(std::move(input)),
      device_(std::move(device)),
      stages_(std::move(stages)),
      arrays_(stages_->arrays()),
      stored_(input_, arrays_, revision) {
  for (const Stage stage : stages_of(input_)) {
    const StageShape shape = arrays_->shape(stage);
    here_[index(stage)].assign(shape.heads * shape.rows, stages_->on_cpu(stage));
  }
}

Read GpuTrace::read(Stage stage, std::size_t head, const CellRect& rect) const {
  Read answer = stored_.read(stage, head, rect);  // says what is wrong with the question
  if (!answer.ready()) return answer;
  try {
    bring(stage, head, rect.row, rect.rows);
  } catch (const BackendLost& error) {
    answer = {};
    answer.error = error.what();
  }
  return answer;
}

void GpuTrace::bring(Stage stage, std::size_t head, std::size_t row, std::size_t rows) const {
  if (stages_->derives(stage)) bring(StageStore::derived_from(stage), head, row, rows);
  const std::lock_guard lock(mutex_);
  std::vector<bool>& here = here_[index(stage)];
  const std::size_t start = head * arrays_->shape(stage).rows;
  const std::size_t end = start + row + rows;
  struct Run {
    std::size_t row, rows;
  };
  std::vector<Run> missing;
  for (std::size_t i = start + row; i < end; ++i) {
    if (here[i]) continue;
    const std::size_t first = i;
    while (i < end && !here[i]) ++i;
    missing.push_back({first - start, i - first});
  }
  if (missing.empty()) return;
  const auto copy = [&] {
    for (const Run& run : missing) stages_->rows_to_cpu(stage, head, run.row, run.rows);
  };
  if (stages_->derives(stage)) {
    copy();  // made here from what has been read
  } else {
    device_->thread().call_soon([&] { device_->guarded([&] { device_->forward().read(stage, copy); }); });
  }
  for (const Run& run : missing) {
    std::fill_n(here.begin() + static_cast<std::ptrdiff_t>(start + run.row), run.rows, true);
    brought_ += run.rows * arrays_->shape(stage).columns;
  }
}

std::optional<double> GpuTrace::known_largest(Stage stage) const {
  try {
    return device_->thread().call_soon([&] {
      return device_->guarded([&] { return device_->forward().largest(*stages_, stage, input_); });
    });
  } catch (const BackendLost&) {
    return std::nullopt;
  }
}

const Arrays<float>* GpuTrace::whole() const {
  try {
    for (const Stage stage : stages_of(input_)) {
      const StageShape shape = arrays_->shape(stage);
      for (std::size_t head = 0; head < shape.heads; ++head) bring(stage, head, 0, shape.rows);
    }
  } catch (const BackendLost&) {
    return nullptr;
  }
  return arrays_.get();
}

std::size_t GpuTrace::numbers_brought() const {
  const std::lock_guard lock(mutex_);
  return brought_;
}

}  // namespace attn::gpu
