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

Formula cell_symbol(const CellRef& cell, bool with_column, const Conventions& conventions,
                    std::string_view feature) {
  const Ink ink = ink_of(cell.stage);
  const bool turned = is_score_like(cell.stage) && conventions.query_columns;
  const std::string index = !with_column       ? fmt::format("{}", cell.row + 1)
                            : !feature.empty() ? fmt::format("{}, {}", cell.row + 1, feature)
                            : turned           ? indices(cell.column, cell.row)
                                               : indices(cell.row, cell.column);
  return script(symbol(std::string(letter_of(cell.stage)), ink), word(index, ink));
}

std::string cell_symbol_text(const CellRef& cell, const Conventions& conventions, std::string_view feature) {
  if (!feature.empty())
    return fmt::format("{}{} {}", letter_of(cell.stage), subscript(cell.row + 1), feature);
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

std::string_view feature_name(const Input& input, std::span<const std::string> features,
                              const CellRef& cell) {
  const bool of_source = cell.stage == Stage::source_x || cell.stage == Stage::source_position;
  if (!of_source && cell.stage != Stage::x && cell.stage != Stage::x_position) return {};
  const std::size_t width = of_source ? input.source->x.columns() : input.x.columns();
  return features.size() == width && cell.column < width ? features[cell.column] : std::string_view();
}

Formula parameter_letter(ParameterId id) {
  const std::string_view full = session::display_name(id);
  const std::size_t bar = full.find('_');
  if (bar == std::string_view::npos) return symbol(std::string(full), ink_of(id));
  return script(symbol(std::string(full.substr(0, bar)), ink_of(id)),
                word(std::string(full.substr(bar + 1)), ink_of(id)));
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

namespace {

/// A token of nothing but spaces has a sign that can be seen.
std::string_view visible(const Tokens& tokens, std::size_t i) {
  if (i >= tokens->size()) return {};
  const std::string_view word = (*tokens)[i];
  return word.find_first_not_of(" \t\r\n") == std::string_view::npos ? std::string_view("␣") : word;
}

}  // namespace

std::string_view row_word(const Input& input, Stage stage, std::size_t row) {
  const bool features = input.config.attend_over == AttendOver::features;
  if (is_score_like(stage) && features) return {};
  return visible(rows_are_keys(stage) ? input.key_tokens() : input.tokens, row);
}

std::string_view column_word(const Input& input, Stage stage, std::size_t column) {
  if (!is_score_like(stage) || input.config.attend_over == AttendOver::features) return {};
  return visible(input.key_tokens(), column);
}

}  // namespace attn::ui
