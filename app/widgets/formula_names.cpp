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

Formula cell_symbol(const CellRef& cell, bool with_column, const Conventions& conventions) {
  const Ink ink = ink_of(cell.stage);
  const bool turned = is_score_like(cell.stage) && conventions.query_columns;
  const std::string index = !with_column ? fmt::format("{}", cell.row + 1)
                            : turned     ? indices(cell.column, cell.row)
                                         : indices(cell.row, cell.column);
  return script(symbol(std::string(letter_of(cell.stage)), ink), word(index, ink));
}

std::string cell_symbol_text(const CellRef& cell, const Conventions& conventions) {
  const bool apart = cell.row >= 9 || cell.column >= 9;
  const bool turned = is_score_like(cell.stage) && conventions.query_columns;
  const std::size_t first = turned ? cell.column : cell.row;
  const std::size_t second = turned ? cell.row : cell.column;
  return std::string(letter_of(cell.stage)) + subscript(first + 1) + (apart ? "," : "") +
         subscript(second + 1);
}

Formula score_product(Formula q, Formula k, const Conventions& conventions) {
  if (conventions.column_vectors) {
    // The scalar is the same either way round; the first factor is the one that stands first in the matrix.
    Formula& first = conventions.query_columns ? k : q;
    Formula& second = conventions.query_columns ? q : k;
    return row({script(std::move(first), {}, word("T")), std::move(second)});
  }
  if (conventions.query_columns) std::swap(q, k);
  return row({std::move(q), word("·"), std::move(k)});
}

namespace {

/// A matrix by its capital letter.
Formula matrix(std::string_view letter, Ink ink) { return symbol(std::string(letter), ink); }
Formula turned(Formula body) { return script(std::move(body), {}, word("T")); }

/// in · W + b of row vectors, Wᵀ · in + b of column vectors.
Formula projection(const Input& input, Formula in, ParameterId w, ParameterId b, std::string_view index,
                   Ink ink, const Conventions& conventions) {
  Formulas parts;
  const auto with_index = [&](const char* letter, bool transposed) {
    return script(symbol(letter, ink), word(std::string(index), ink),
                  transposed ? word("T", ink) : Formula());
  };
  const bool given = input.parameters[w].has_value();
  if (given && conventions.column_vectors) parts.push_back(with_index("W", true));
  parts.push_back(std::move(in));
  if (given && !conventions.column_vectors) parts.push_back(with_index("W", false));
  if (input.parameters[b]) {
    parts.push_back(word(" + "));
    parts.push_back(with_index("b", false));
  }
  return row(std::move(parts));
}

}  // namespace

Formula stage_formula(const Input& input, Stage stage, const Conventions& conventions) {
  const bool features = input.config.attend_over == AttendOver::features;
  const auto x_letter = [](Stage from) -> std::string_view {
    switch (from) {
      case Stage::source_x:
        return "Z";
      case Stage::source_position:
        return "Z′";
      case Stage::x_position:
        return "X′";
      default:
        return "X";
    }
  };
  const auto x_of = [&](Stage of) { return matrix(x_letter(inputs_of(of, input).front()), Ink::text); };
  const bool drops = present(Stage::dropped, input);
  const Formula alpha = symbol(drops && stage != Stage::mixed ? "α′" : "α");
  switch (stage) {
    case Stage::q:
      return row(
          {matrix("Q", Ink::q), word(" = "),
           projection(input, x_of(stage), ParameterId::w_q, ParameterId::b_q, "Q", Ink::q, conventions)});
    case Stage::k:
      return row(
          {matrix("K", Ink::k), word(" = "),
           projection(input, x_of(stage), ParameterId::w_k, ParameterId::b_k, "K", Ink::k, conventions)});
    case Stage::v:
      return row(
          {matrix("V", Ink::v), word(" = "),
           projection(input, x_of(stage), ParameterId::w_v, ParameterId::b_v, "V", Ink::v, conventions)});
    case Stage::scores: {
      if (input.config.score != Score::dot) return {};
      const bool rope = present(Stage::q_rotated, input);
      Formula q = matrix(rope ? "Q′" : "Q", Ink::q);
      Formula k = matrix(rope ? "K′" : "K", Ink::k);
      Formula& first = conventions.query_columns ? k : q;
      Formula& second = conventions.query_columns ? q : k;
      const bool first_turned = features != conventions.column_vectors;
      return first_turned ? row({symbol("S"), word(" = "), turned(std::move(first)), std::move(second)})
                          : row({symbol("S"), word(" = "), std::move(first), turned(std::move(second))});
    }
    case Stage::mixed: {
      Formula x = matrix("X", Ink::text);
      // X α of rows; αᵀ X of columns; α itself is turned where queries are its columns.
      const bool alpha_turned = conventions.query_columns != conventions.column_vectors;
      Formula a = alpha_turned ? turned(alpha) : alpha;
      return conventions.column_vectors ? row({symbol("U"), word(" = "), std::move(a), std::move(x)})
                                        : row({symbol("U"), word(" = "), std::move(x), std::move(a)});
    }
    case Stage::head_outputs: {
      if (features) {
        return row(
            {symbol("H"), word(" = "),
             projection(input, symbol("U"), ParameterId::w_v, ParameterId::b_v, "V", Ink::v, conventions)});
      }
      Formula v = matrix("V", Ink::v);
      // α V of rows; V αᵀ of columns.
      const bool alpha_turned = conventions.query_columns != conventions.column_vectors;
      Formula a = alpha_turned ? turned(alpha) : alpha;
      return conventions.column_vectors ? row({symbol("H"), word(" = "), std::move(v), std::move(a)})
                                        : row({symbol("H"), word(" = "), std::move(a), std::move(v)});
    }
    case Stage::output:
      return row(
          {symbol("Y"), word(" = "),
           projection(input, symbol("C"), ParameterId::w_o, ParameterId::b_o, "O", Ink::text, conventions)});
    default:
      return {};
  }
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
  const auto weighted = [&](Runs vectors, Runs alpha, bool alpha_first) {
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
