// What stages are called over a matrix and over a card.

#include <fmt/format.h>

#include "app/widgets/formula_names.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

/// How the raw scores are made, as short as a title.
Runs score_runs(const PanelContext& context, const Input& input, const TextLook& base,
                const Conventions& conventions) {
  TextLook q = base;
  q.colour = context.colours().q;
  TextLook k = base;
  k.colour = context.colours().k;
  TextLook small = base;
  small.px = base.px * 0.72f;
  TextLook small_k = small;
  small_k.colour = k.colour;
  TextLook small_q = small;
  small_q.colour = q.colour;
  const float raise = base.px * 0.3f;
  // Turned by position, they are other vectors.
  const bool turned = present(Stage::q_rotated, input);
  const std::string queries = turned ? "Q′" : "Q";
  const std::string keys = turned ? "K′" : "K";
  // With columns as vectors Q and K are transposed, with columns as queries the whole product is.
  const bool features = input.config.attend_over == AttendOver::features;
  const bool keys_first = conventions.query_columns;
  const bool first_turned = features != conventions.column_vectors;
  TextLook small_w = base;
  small_w.px = small.px;
  const Runs left = keys_first ? Runs{{keys, k, 0}} : Runs{{queries, q, 0}};
  const Runs right = keys_first ? Runs{{queries, q, 0}} : Runs{{keys, k, 0}};
  const auto product = [&](bool with_w) {
    Runs runs = left;
    if (first_turned) runs.push_back({"T", keys_first ? small_k : small_q, raise});
    if (with_w) {
      runs.push_back({"W", base, 0});
      if (keys_first) runs.push_back({"T", small_w, raise});
    }
    runs.insert(runs.end(), right.begin(), right.end());
    if (!first_turned) runs.push_back({"T", keys_first ? small_q : small_k, raise});
    return runs;
  };
  if (features) return product(false);
  switch (input.config.score) {
    case Score::dot:
      return product(false);
    case Score::cosine:
      return {{"cos(", base, 0}, {queries, q, 0}, {", ", base, 0}, {keys, k, 0}, {")", base, 0}};
    case Score::bilinear:
      return product(true);
    case Score::additive:
      return {{"tanh(", base, 0}, {queries, q, 0}, {"+", base, 0}, {keys, k, 0}, {")", base, 0}};
  }
  return {};
}

std::string scale_text(const Config& config, const Dimensions& d) {
  std::string out;
  switch (config.scale.kind) {
    case Scale::Kind::none:
      out = config.temperature == 1.0 ? "×1" : "";
      break;
    case Scale::Kind::sqrt_dk:
      out = fmt::format("÷√{}", d.d_k);
      break;
    case Scale::Kind::number:
      out = "×" + format_number(config.scale.number, 2);
      break;
  }
  if (config.temperature != 1.0) {
    if (!out.empty()) out += " ";
    out += "÷" + format_number(config.temperature, 2);
  }
  return out;
}

}  // namespace

Runs stage_title(const PanelContext& context, const Input& input, const Dimensions& d, Stage stage,
                 const TextLook& base) {
  const Conventions conventions = conventions_of(context.session.settings());
  // The matrix of scores is turned in a product of rows with queries as columns, and in one of columns
  // without.
  const bool alpha_turned = conventions.query_columns != conventions.column_vectors;
  TextLook small = base;
  small.px = base.px * 0.72f;
  const Run turn{"T", small, base.px * 0.3f};
  TextLook own = base;
  if (ink_of(stage) != Ink::text) own.colour = colour_of(context.colours(), stage);
  const auto plain = [&](std::string_view text) { return Runs{{std::string(text), base, 0.0f}}; };
  // Vectors with their shares: α·V of rows, V·αᵀ of columns (`alpha_first` for rows), and α turned as it
  // stands.
  const auto weighted = [&](const Runs& vectors, Runs alpha, bool alpha_first) {
    if (alpha_turned) alpha.push_back(turn);
    const bool alpha_leads = alpha_first != conventions.column_vectors;
    Runs runs = alpha_leads ? alpha : vectors;
    runs.push_back({"·", base, 0.0f});
    const Runs& second = alpha_leads ? vectors : alpha;
    runs.insert(runs.end(), second.begin(), second.end());
    return runs;
  };
  const auto mixed_projection = [&](const TextLook& v) -> Runs {
    Run u{"U", base, 0.0f};
    const Run dot{"·", base, 0.0f};
    const Run w{"W", v, 0.0f};
    const Run index{"V", v, -base.px * 0.1f};
    TextLook small_v = v;
    small_v.px = small.px;
    if (conventions.column_vectors) return {w, index, {"T", small_v, base.px * 0.3f}, dot, u};
    return {u, dot, w, index};
  };
  switch (stage) {
    case Stage::x:
      return plain(input.source ? context.tr("target X") : context.tr("words X"));
    case Stage::source_x:
      return plain(context.tr("source Z"));
    case Stage::x_position:
      return plain(context.tr("X + position"));
    case Stage::source_position:
      return plain(context.tr("Z + position"));
    case Stage::q:
      return {{"Q", own, 0.0f}};
    case Stage::k:
      return {{"K", own, 0.0f}};
    case Stage::v:
      return {{"V", own, 0.0f}};
    case Stage::q_rotated:
      return {{"Q′", own, 0.0f}};
    case Stage::k_rotated:
      return {{"K′", own, 0.0f}};
    case Stage::scores:
      return format_runs(context.tr("raw {formula}"), base,
                         {{"formula", score_runs(context, input, base, conventions)}});
    case Stage::scaled:
      return format_runs(context.tr("scaled {factor}"), base,
                         {{"factor", {{scale_text(input.config, d), base, 0.0f}}}});
    case Stage::biased:
      return plain(context.tr("distance bias"));
    case Stage::masked:
      return plain(context.tr("masked"));
    case Stage::weights:
      return plain(context.tr("weights α"));
    case Stage::dropped:
      return plain(context.tr("dropout α′"));
    case Stage::mixed:
      return format_runs(context.tr("mixed {formula}"), base,
                         {{"formula", weighted({{"X", base, 0.0f}}, {{"α", base, 0.0f}}, false)}});
    case Stage::head_outputs: {
      const bool features = input.config.attend_over == AttendOver::features;
      TextLook v = base;
      v.colour = context.colours().v;
      const bool drops = present(Stage::dropped, input);
      return format_runs(
          context.tr("sum {formula}"), base,
          {{"formula", features ? mixed_projection(v)
                                : weighted({{"V", v, 0.0f}}, {{drops ? "α′" : "α", base, 0.0f}}, true)}});
    }
    case Stage::concat:
      return plain(input.config.combine == Combine::mean ? context.tr("heads averaged")
                                                         : context.tr("heads joined"));
    case Stage::output:
      return plain(context.tr("output"));
  }
  return {};
}

std::string_view stage_heading(const PanelContext& context, const Input& input, Stage stage) {
  switch (stage) {
    case Stage::x:
      return input.source ? context.tr("Target words X") : context.tr("Words X");
    case Stage::source_x:
      return context.tr("Source words Z");
    case Stage::x_position:
      return input.source ? context.tr("Target words with positions") : context.tr("Words with positions");
    case Stage::source_position:
      return context.tr("Source words with positions");
    case Stage::q:
      return context.tr("Queries Q");
    case Stage::k:
      return context.tr("Keys K");
    case Stage::v:
      return context.tr("Values V");
    case Stage::q_rotated:
      return context.tr("Queries turned by position");
    case Stage::k_rotated:
      return context.tr("Keys turned by position");
    case Stage::scores:
      return context.tr("Raw scores");
    case Stage::scaled:
      return context.tr("Scaled scores");
    case Stage::biased:
      return context.tr("Scores with distance bias");
    case Stage::masked:
      return context.tr("Masked scores");
    case Stage::weights:
      return context.tr("Attention weights α");
    case Stage::dropped:
      return context.tr("Weights after dropout");
    case Stage::mixed:
      return context.tr("Mixed features X·α");
    case Stage::head_outputs:
      return input.config.attend_over == AttendOver::features ? context.tr("Head output")
                                                              : context.tr("Weighted sums α·V");
    case Stage::concat:
      return input.config.combine == Combine::mean ? context.tr("Heads averaged")
                                                   : context.tr("Heads joined");
    case Stage::output:
      return context.tr("Output");
  }
  return {};
}

}  // namespace attn::ui
