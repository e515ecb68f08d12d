#include "app/widgets/formula_names.h"

#include <fmt/format.h>

#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

std::string_view letter_of(Stage stage) {
  switch (stage) {
    case Stage::x:
      return "x";
    case Stage::source_x:
      return "z";
    case Stage::x_position:
      return "x′";
    case Stage::source_position:
      return "z′";
    case Stage::q:
      return "q";
    case Stage::k:
      return "k";
    case Stage::v:
      return "v";
    case Stage::q_rotated:
      return "q′";
    case Stage::k_rotated:
      return "k′";
    case Stage::scores:
      return "s";
    case Stage::scaled:
      return "s′";
    case Stage::biased:
      return "s′′";  // two primes: the double one is not in every atlas
    case Stage::masked:
      return "m";
    case Stage::weights:
      return "α";
    case Stage::dropped:
      return "α′";
    case Stage::mixed:
      return "u";
    case Stage::head_outputs:
      return "h";
    case Stage::concat:
      return "c";
    case Stage::output:
      return "y";
  }
  return "?";
}

std::string indices(std::size_t row, std::size_t column) {
  // From 1, as on the axes. "α₁₁₂" would be two things at once.
  const std::string_view between = row < 9 && column < 9 ? "" : ",";
  return fmt::format("{}{}{}", row + 1, between, column + 1);
}

/// How the raw scores are made, as short as a title.
Runs score_runs(const PanelContext& context, const Input& input, const TextLook& base) {
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
  if (input.config.attend_over == AttendOver::features) {
    return {{"Q", q, 0}, {"T", small_q, raise}, {"K", k, 0}};
  }
  // Turned by position, they are other vectors.
  const bool turned = present(Stage::q_rotated, input);
  const std::string queries = turned ? "Q′" : "Q";
  const std::string keys = turned ? "K′" : "K";
  switch (input.config.score) {
    case Score::dot:
      return {{queries, q, 0}, {keys, k, 0}, {"T", small_k, raise}};
    case Score::cosine:
      return {{"cos(", base, 0}, {queries, q, 0}, {", ", base, 0}, {keys, k, 0}, {")", base, 0}};
    case Score::bilinear:
      return {{queries, q, 0}, {"W", base, 0}, {keys, k, 0}, {"T", small_k, raise}};
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

Ink ink_of(Stage stage) {
  switch (stage) {
    case Stage::q:
    case Stage::q_rotated:
      return Ink::q;
    case Stage::k:
    case Stage::k_rotated:
      return Ink::k;
    case Stage::v:
      return Ink::v;
    default:
      return Ink::text;
  }
}

Ink ink_of(ParameterId id) {
  switch (id) {
    case ParameterId::w_q:
    case ParameterId::b_q:
    case ParameterId::additive_w_q:
      return Ink::q;
    case ParameterId::w_k:
    case ParameterId::b_k:
    case ParameterId::additive_w_k:
      return Ink::k;
    case ParameterId::w_v:
    case ParameterId::b_v:
      return Ink::v;
    default:
      return Ink::text;
  }
}

Colour colour_of(const Theme& theme, Stage stage) {
  return formula_colours(theme)[static_cast<std::size_t>(ink_of(stage))];
}

Formula cell_symbol(const CellRef& cell, bool with_column) {
  const Ink ink = ink_of(cell.stage);
  const std::string index = with_column ? indices(cell.row, cell.column) : fmt::format("{}", cell.row + 1);
  return script(symbol(std::string(letter_of(cell.stage)), ink), word(index, ink));
}

std::string cell_symbol_text(const CellRef& cell) {
  const bool apart = cell.row >= 9 || cell.column >= 9;
  return std::string(letter_of(cell.stage)) + subscript(cell.row + 1) + (apart ? "," : "") +
         subscript(cell.column + 1);
}

Formula parameter_symbol(const ParameterRef& parameter) {
  const Ink ink = ink_of(parameter.id);
  const std::string_view full = session::display_name(parameter.id);  // "W_Q", "b_V", "W"
  const std::size_t bar = full.find('_');
  const std::string index = indices(parameter.row, parameter.column);
  if (bar == std::string_view::npos) return script(symbol(std::string(full), ink), word(index, ink));
  return script(symbol(std::string(full.substr(0, bar)), ink), word(index, ink),
                word(std::string(full.substr(bar + 1)), ink));
}

Runs stage_title(const PanelContext& context, const Input& input, const Dimensions& d, Stage stage,
                 const TextLook& base) {
  TextLook own = base;
  if (ink_of(stage) != Ink::text) own.colour = colour_of(context.colours(), stage);
  const auto plain = [&](std::string_view text) { return Runs{{std::string(text), base, 0.0f}}; };
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
      return format_runs(context.tr("raw {formula}"), base, {{"formula", score_runs(context, input, base)}});
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
      return plain(context.tr("mixed X·α"));
    case Stage::head_outputs: {
      const bool features = input.config.attend_over == AttendOver::features;
      TextLook v = base;
      v.colour = context.colours().v;
      const bool drops = present(Stage::dropped, input);
      return format_runs(
          context.tr("sum {formula}"), base,
          {{"formula", features ? Runs{{"U·", base, 0.0f}, {"W", v, 0.0f}, {"V", v, -base.px * 0.1f}}
                                : Runs{{drops ? "α′·" : "α·", base, 0.0f}, {"V", v, 0.0f}}}});
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

std::string_view row_word(const Input& input, Stage stage, std::size_t row) {
  const bool features = input.config.attend_over == AttendOver::features;
  if (is_score_like(stage) && features) return {};
  const bool keys = stage == Stage::source_x || stage == Stage::source_position || stage == Stage::k ||
                    stage == Stage::k_rotated || stage == Stage::v;
  const Tokens& tokens = keys ? input.key_tokens() : input.tokens;
  return row < tokens->size() ? std::string_view((*tokens)[row]) : std::string_view();
}

std::string_view column_word(const Input& input, Stage stage, std::size_t column) {
  if (!is_score_like(stage) || input.config.attend_over == AttendOver::features) return {};
  const Tokens& tokens = input.key_tokens();
  return column < tokens->size() ? std::string_view((*tokens)[column]) : std::string_view();
}

}  // namespace attn::ui
