#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/composer_section.h"
#include "app/panels/matrix_fields.h"
#include "app/widgets/controls.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

using session::ComposeHead;

constexpr double kLeastStrength = 0.5;
constexpr double kMostStrength = 20.0;

/// How sharply the head looks, and how near its attention weights come to the wish.
class StrengthSection : ComposerSection {
 public:
  using ComposerSection::ComposerSection;

  void draw() {
    draw_strength();
    draw_distance();
  }

  /// What the strength means, for patterns of positions: the least weight of the wished key.
  void draw_least_share() {
    const Wish::Kind kind = memory_.composed->wish.kind;
    if (kind == Wish::Kind::feature || kind == Wish::Kind::match) {
      say(context_.tr("the scaled score of a query and a key that both have 1"));
      return;
    }
    const auto others = static_cast<double>(document().dimensions().n_keys - 1);
    const double share = 1.0 / (1.0 + others * std::exp(-strength()));
    say(context_.say("the wished word gets α ≥ {share}", fmt::arg("share", format_number(share, 3))));
  }

 private:
  void draw_strength() {
    Rect line = column_.take(style().control_height(), style().px(2));
    const Rect words = line.cut_left(column_.label_width, style().px(8));
    context_.text.draw_in(*context_.list, words, context_.look(TextSize::body, context_.colours().ink_muted),
                          context_.tr("strength"));
    const ComposeHead edit{head(), memory_.composed->wish, strength(), false};
    const auto with = [&](double value) {
      ComposeHead changed = edit;
      changed.strength = value;
      return changed;
    };
    NumberFieldOptions options;
    options.low = 0.1;
    options.step = kLeastStrength;
    options.decimals = 2;
    options.problem = problem_with(context_, [&](double value) -> session::Edit { return with(value); });
    const NumberFieldResult number =
        number_field(context_, {PanelId::scenario, "compose_strength_number"}, line, strength(), options);
    post_edit(context_, number, [&](double value) -> session::Edit { return with(value); });
    column_.error(number.error);
    const SliderResult slid = slider(context_, {PanelId::scenario, "compose_strength"},
                                     column_.take(style().control_height(), style().px(4)),
                                     std::clamp(strength(), kLeastStrength, kMostStrength), kLeastStrength,
                                     kMostStrength, kLeastStrength);
    if (slid.value) context_.post(session::Preview{with(*slid.value)});
    if (slid.ended) context_.post(session::EndGesture{});
  }

  void draw_distance() {
    measure();
    const bool known = column_.subject.playhead.complete(Stage::weights);
    Rect line = column_.take(style().px(30), style().px(2));
    context_.text.draw_in(*context_.list, line, context_.look(TextSize::body), context_.tr("distance"));
    std::string value = "?";
    if (known && memory_.distance) value = format_number(memory_.distance->mean, 4);
    if (known && !memory_.distance) value = "–";  // nothing to compare, or too much
    const Colour ink = context_.colours().accent;
    context_.text.draw_in(
        *context_.list, line,
        context_.look(TextSize::title, column_.subject.current ? ink : context_.colours().ink_muted,
                      Face::mono),
        value, Align::right);
    context_.widgets.add({PanelId::scenario, "compose_distance"}, line, Focusable::no);
    const Trace* trace = context_.session.trace().get();
    if (trace != nullptr && trace->streams(Stage::weights)) {
      say(context_.tr("the map of so long a text is not compared as a whole"));
      return;
    }
    if (!memory_.distance) {
      say(context_.tr("no word asks for this, so there is nothing to compare"));
      return;
    }
    say(context_.say("½ Σ |α − wished|, mean of {count} words; 0 is exact",
                     fmt::arg("count", memory_.distance->queries)));
  }

  /// Of the newest trace, once it belongs to the document.
  void measure() {
    const std::shared_ptr<const Trace>& trace = context_.session.trace();
    if (!trace || !column_.subject.current || memory_.measured.lock() == trace) return;
    if (!trace->has(Stage::weights)) return;
    if (trace->streams(Stage::weights)) return memory_.distance.reset();
    const Read weights = trace->read_head(Stage::weights, head());
    if (!weights.ready()) return;
    memory_.measured = trace;
    memory_.distance = wish_distance(wished_keys(trace->input(), memory_.composed->wish), weights.values);
  }
};

}  // namespace

void draw_composer_strength(ScenarioColumn& column, ComposerMemory& memory) {
  StrengthSection(column, memory).draw();
}

void draw_least_share(ScenarioColumn& column, ComposerMemory& memory) {
  StrengthSection(column, memory).draw_least_share();
}

}  // namespace attn::ui
