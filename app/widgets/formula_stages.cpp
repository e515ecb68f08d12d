// How a stage follows from those before it, as a formula of matrices or of one row.

#include "app/widgets/formula_names.h"

namespace attn::ui {
namespace {

/// A matrix by its capital letter.
Formula matrix(std::string_view letter, Ink ink) { return symbol(std::string(letter), ink); }
Formula turned(Formula body) { return script(std::move(body), {}, word("T")); }

/// in · W + b of row vectors, Wᵀ · in + b of column vectors. An identity is written as well.
Formula projection(const Input& input, Formula in, ParameterId b, std::string_view index, Ink ink,
                   const Conventions& conventions) {
  Formulas parts;
  const auto with_index = [&](const char* letter, bool transposed) {
    return script(symbol(letter, ink), word(std::string(index), ink),
                  transposed ? word("T", ink) : Formula());
  };
  if (conventions.column_vectors) parts.push_back(with_index("W", true));
  parts.push_back(std::move(in));
  if (!conventions.column_vectors) parts.push_back(with_index("W", false));
  if (input.parameters[b]) {
    parts.push_back(word(" + "));
    parts.push_back(with_index("b", false));
  }
  return row(std::move(parts));
}

}  // namespace

std::optional<ParameterId> projected_with(Stage stage, const Input& input) {
  switch (stage) {
    case Stage::q:
      return ParameterId::w_q;
    case Stage::k:
      return ParameterId::w_k;
    case Stage::v:
      return ParameterId::w_v;
    case Stage::head_outputs:
      if (input.config.attend_over == AttendOver::features) return ParameterId::w_v;
      return std::nullopt;
    case Stage::output:
      return ParameterId::w_o;
    default:
      return std::nullopt;
  }
}

Formula row_formula(const Input& input, const CellRef& cell, const Conventions& conventions) {
  const std::optional<ParameterId> w = projected_with(cell.stage, input);
  if (!w) return stage_formula(input, cell.stage, conventions);
  const auto vector = [&](Stage stage) { return cell_symbol({stage, 0, cell.row, 0}, false, conventions); };
  const bool over_features = cell.stage == Stage::head_outputs;
  const Stage from = cell.stage == Stage::output ? Stage::concat
                     : over_features             ? Stage::mixed
                                                 : inputs_of(cell.stage, input).front();
  const ParameterId b = cell.stage == Stage::q        ? ParameterId::b_q
                        : cell.stage == Stage::k      ? ParameterId::b_k
                        : cell.stage == Stage::output ? ParameterId::b_o
                                                      : ParameterId::b_v;
  const std::string_view index = *w == ParameterId::w_q   ? "Q"
                                 : *w == ParameterId::w_k ? "K"
                                 : *w == ParameterId::w_o ? "O"
                                                          : "V";
  return row(
      {vector(cell.stage), word(" = "), projection(input, vector(from), b, index, ink_of(*w), conventions)});
}

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
      return row({matrix("Q", Ink::q), word(" = "),
                  projection(input, x_of(stage), ParameterId::b_q, "Q", Ink::q, conventions)});
    case Stage::k:
      return row({matrix("K", Ink::k), word(" = "),
                  projection(input, x_of(stage), ParameterId::b_k, "K", Ink::k, conventions)});
    case Stage::v:
      return row({matrix("V", Ink::v), word(" = "),
                  projection(input, x_of(stage), ParameterId::b_v, "V", Ink::v, conventions)});
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
        return row({symbol("H"), word(" = "),
                    projection(input, symbol("U"), ParameterId::b_v, "V", Ink::v, conventions)});
      }
      Formula v = matrix("V", Ink::v);
      // α V of rows; V αᵀ of columns.
      const bool alpha_turned = conventions.query_columns != conventions.column_vectors;
      Formula a = alpha_turned ? turned(alpha) : alpha;
      return conventions.column_vectors ? row({symbol("H"), word(" = "), std::move(v), std::move(a)})
                                        : row({symbol("H"), word(" = "), std::move(a), std::move(v)});
    }
    case Stage::output:
      return row({symbol("Y"), word(" = "),
                  projection(input, symbol("C"), ParameterId::b_o, "O", Ink::text, conventions)});
    default:
      return {};
  }
}

}  // namespace attn::ui
