#include "app/widgets/score_line_formula.h"

#include <fmt/format.h>

#include <utility>

#include "app/widgets/formula_names.h"
#include "app/widgets/number_format.h"

namespace attn::ui {

Formula score_line_formula(const Input& input, const Dimensions& d, std::size_t at, bool of_key,
                           const Conventions& conventions) {
  const Config& config = input.config;
  if (config.score != Score::dot || config.attend_over == AttendOver::features ||
      config.position == Position::alibi)
    return {};
  const std::string fixed = fmt::format("{}", at + 1);
  const auto query = [&](Ink ink) { return of_key ? symbol("i", ink) : word(fixed, ink); };
  const auto key = [&](Ink ink) { return of_key ? word(fixed, ink) : symbol("j", ink); };
  const bool turned = present(Stage::q_rotated, input);
  Formulas indices = {query(Ink::text), key(Ink::text)};
  if (conventions.query_columns) std::swap(indices[0], indices[1]);
  if (fixed.size() > 1) indices.insert(indices.begin() + 1, word(","));
  Formulas parts = {script(symbol("s"), row(std::move(indices))), word(" = "),
                    score_product(script(symbol(turned ? "q′" : "q", Ink::q), query(Ink::q)),
                                  script(symbol(turned ? "k′" : "k", Ink::k), key(Ink::k)), conventions)};
  const auto then = [&](const char* sign, Formula by) {
    parts.push_back(word(sign));
    parts.push_back(std::move(by));
  };
  if (config.scale.kind == Scale::Kind::sqrt_dk) then(" ÷ ", root(digits(fmt::format("{}", d.d_k))));
  if (config.scale.kind == Scale::Kind::number) then(" × ", digits(format_number(config.scale.number, 4)));
  if (config.temperature != 1.0) then(" ÷ ", digits(format_number(config.temperature, 4)));
  return row(std::move(parts));
}

}  // namespace attn::ui
