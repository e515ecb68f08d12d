#pragma once
// All heads of a trace at a glance: a small picture of each one's attention weights, and what is measured of
// it. Made in parts, so that no frame waits for it: of a long text some rows a frame. What is shown is always
// one whole trace; the next one takes its place when it is whole.

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "app/widgets/heatmap.h"
#include "core/attention/head_measures.h"

namespace attn::ui {

class HeadSurvey {
 public:
  /// About what one frame may take: measuring a cell takes some nanoseconds.
  static constexpr std::size_t kCellsAFrame = 300'000;
  /// Pixels a side of a small picture.
  static constexpr std::size_t kPixels = 128;

  /// `scale` gives the weights of this trace their colours. Goes on for at most about `cells` cells: at what
  /// is under way, which is finished first, or else at this trace. True when what is shown belongs to this
  /// trace, playhead and theme.
  bool advance(const std::shared_ptr<const Trace>& trace, const session::Playhead& playhead,
               const ColourScale& scale, const Theme& theme, TextureMaker& textures,
               std::size_t cells = kCellsAFrame);

  /// Every how manieth row is looked at: 1, but for a trace that does not hold them.
  static std::size_t row_step(const Trace& trace);

  /// The trace that is shown; empty before the first is whole.
  const std::shared_ptr<const Trace>& trace() const { return shown_; }
  std::size_t heads() const { return heads_.size(); }
  const HeadMeasures& measures(std::size_t head) const { return heads_[head].measures; }
  ImTextureID picture(std::size_t head) const { return heads_[head].texture->shown(); }

 private:
  struct Head {
    HeadMeasures measures;
    std::unique_ptr<HeatmapTexture> texture;
  };
  /// A trace that is being surveyed.
  struct Job {
    std::shared_ptr<const Trace> trace;
    HeatmapKey key;
    session::Playhead playhead;
    std::size_t head = 0;
    std::optional<HeadMeasurer> measurer;
    std::optional<HeatmapPainter> painter;
    std::vector<HeadMeasures> measures;
    std::vector<HeatmapImage> images;
  };
  static void work(Job& job, std::size_t& cells);
  void show(Job job, TextureMaker& textures);

  std::shared_ptr<const Trace> shown_;
  std::optional<HeatmapKey> shown_key_;
  std::vector<Head> heads_;
  std::optional<Job> job_;
};

}  // namespace attn::ui
