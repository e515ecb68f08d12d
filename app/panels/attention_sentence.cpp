// The sentence over every view of the attention card: who asks, who answers, and with how much.

#include <algorithm>

#include "app/panels/attention_scene.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/stage_meaning.h"

namespace attn::ui {
namespace {

class Sentence {
 public:
  /// No word is written wider than `widest`.
  Sentence(const AttentionScene& scene, float widest)
      : scene_(scene), context_(scene.context()), focus_(scene.focus()), widest_(widest) {}

  /// Empty where it would name more columns than anybody reads.
  Runs runs(bool all_columns, float size) const {
    TextLook base = context_.look(TextSize::body);
    base.px *= size;
    if (!scene_.score_like())
      return {{std::string(stage_meaning(context_, scene_.input(), scene_.stage())), base, 0.0f}};
    const bool transposed = scene_.transposed();
    if (scene_.features())
      return {{std::string(context_.tr("here features ask, and features answer")), base, 0.0f}};
    const Run row = query(size);
    constexpr std::size_t kAllNamed = 4;
    if (all_columns) {
      if (scene_.shape().columns > kAllNamed) return {};
      Runs keys;
      for (std::size_t j = 0; j < scene_.shape().columns; ++j) {
        const std::string space = j > 0 ? " " : "";
        keys.push_back(
            word(space + std::string(column_word(scene_.input(), scene_.stage(), j)), colours().k, size));
      }
      return format_runs(cross()      ? context_.tr("target {query} asks → source {keys} answer")
                         : transposed ? context_.tr("column {query} asks → rows {keys} answer")
                                      : context_.tr("row {query} asks → columns {keys} answer"),
                         base, {{"query", {row}}, {"keys", keys}});
    }
    return format_runs(cross()      ? context_.tr("target {query} asks → source {key} answers with {value}")
                       : transposed ? context_.tr("column {query} asks → row {key} answers with {value}")
                                    : context_.tr("row {query} asks → column {key} answers with {value}"),
                       base, {{"query", {row}}, {"key", {key(size)}}, {"value", {value(size)}}});
  }

  Runs shortest() const {
    if (!scene_.score_like() || scene_.features()) return runs(false, 0.92f);
    return format_runs(cross() ? context_.tr("target {query} → source {key}: {value}")
                               : context_.tr("{query} asks → {key} answers {value}"),
                       context_.look(TextSize::body),
                       {{"query", {query(1.0f)}}, {"key", {key(1.0f)}}, {"value", {value(1.0f)}}});
  }

 private:
  /// Two sequences: which one a word belongs to is said.
  bool cross() const { return scene_.input().source.has_value(); }
  const Theme& colours() const { return context_.colours(); }
  Run word(std::string_view text, Colour colour, float size) const {
    TextLook look = context_.look(TextSize::body, colour, Face::sans_bold);
    look.px *= size;
    return {context_.text.ellipsis(look, text, widest_), look, 0.0f};
  }
  Run query(float size) const {
    return word(row_word(scene_.input(), scene_.stage(), focus_.row), colours().q, size);
  }
  Run key(float size) const {
    return word(column_word(scene_.input(), scene_.stage(), focus_.column), colours().k, size);
  }
  Run value(float size) const {
    const NumberStyle style{std::min(2, context_.session.settings().decimals)};
    return word(cell_text(scene_.cells(), focus_.row, focus_.column, style), colours().ink, size);
  }

  const AttentionScene& scene_;
  const PanelContext& context_;
  CellRef focus_;
  float widest_;
};

}  // namespace

void draw_attention_sentence(const AttentionScene& scene, const Rect& area) {
  const PanelContext& context = scene.context();
  const Sentence whole(scene, area.width());
  for (const float size : {1.0f, 0.92f}) {
    for (const bool all : {true, false}) {
      const Runs runs = whole.runs(all, size);
      if (runs.empty() || context.text.measure(runs).x > area.width()) continue;
      context.text.draw_in(*context.list, area, runs);
      return;
    }
  }
  // The number matters more than the ends of long words.
  Runs shortest = whole.shortest();
  for (float widest = area.width() * 0.5f;
       context.text.measure(shortest).x > area.width() && widest > context.style.px(30); widest *= 0.85f)
    shortest = Sentence(scene, widest).shortest();
  context.text.draw_in(*context.list, area, shortest);
}

}  // namespace attn::ui
