#include "app/widgets/head_survey.h"

#include <algorithm>
#include <utility>

namespace attn::ui {

bool HeadSurvey::advance(const std::shared_ptr<const Trace>& trace, const session::Playhead& playhead,
                         const ColourScale& scale, const Theme& theme, TextureMaker& textures,
                         std::size_t cells) {
  const HeatmapKey wanted = StageCells{*trace, playhead, Stage::weights, 0, scale}.key(theme, kPixels);
  while (true) {
    if (!job_) {
      if (shown_key_ == wanted) return true;
      job_ = Job{trace, wanted, playhead, 0, {}, {}, {}, {}};
    }
    work(*job_, cells);
    if (job_->head < job_->trace->shape(Stage::weights).heads) return false;
    show(*std::exchange(job_, std::nullopt), textures);
    if (cells == 0) return shown_key_ == wanted;
  }
}

std::size_t HeadSurvey::row_step(const Trace& trace) {
  if (!trace.streams(Stage::weights)) return 1;
  return std::max<std::size_t>(1, trace.shape(Stage::weights).rows / kPixels);
}

void HeadSurvey::work(Job& job, std::size_t& cells) {
  const Trace& trace = *job.trace;
  const StageShape shape = trace.shape(Stage::weights);
  const std::size_t step = row_step(trace);
  // A row that is made when it is read takes about four times as long as one in memory.
  const std::size_t a_row = step > 1 ? 4 * shape.columns : shape.columns;
  for (; job.head < shape.heads; ++job.head) {
    if (!job.painter) {
      job.painter.emplace((shape.rows + step - 1) / step, shape.columns, job.key.scale, job.key.unknown,
                          kPixels);
      job.measurer.emplace(trace.input(), shape.rows, shape.columns);
    }
    const StageCells stage{trace, job.playhead, Stage::weights, job.head, job.key.scale};
    for (std::size_t i = job.painter->rows_added() * step; i < shape.rows; i += step) {
      if (cells == 0) return;
      const Read read = trace.read(Stage::weights, job.head, {i, 0, 1, shape.columns});
      if (!read.ready()) break;
      cells -= std::min(cells, a_row);
      stage.paint_row(*job.painter, i, read.values.row(0));
      job.measurer->add_row(i, read.values.row(0));
    }
    job.images.push_back(job.painter->take());
    job.measures.push_back(job.measurer->result());
    job.painter.reset();
  }
}

void HeadSurvey::show(Job job, TextureMaker& textures) {
  heads_.resize(job.measures.size());
  for (std::size_t h = 0; h < heads_.size(); ++h) {
    heads_[h].measures = job.measures[h];
    if (!heads_[h].texture) heads_[h].texture = std::make_unique<HeatmapTexture>();
    HeatmapKey key = job.key;
    key.head = h;
    heads_[h].texture->get(textures, key, [&] { return std::move(job.images[h]); });
  }
  shown_ = std::move(job.trace);
  shown_key_ = job.key;
}

}  // namespace attn::ui
