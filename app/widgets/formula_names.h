#pragma once
// What stages and cells are called on screen: titles in the reader's language, symbols with their indices
// counted from 1, and the colour that goes with each.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/widgets/conventions.h"
#include "app/widgets/formula.h"
#include "app/widgets/panel_context.h"
#include "core/attention/explain.h"

namespace attn::ui {

/// Q orange, K blue, V green; everything else is ink.
Ink ink_of(Stage stage);
/// W_Q and b_Q are as orange as Q.
Ink ink_of(ParameterId id);
Colour colour_of(const Theme& theme, Stage stage);

/// α₁₃, q₁: a cell's letter with its indices; without `with_column` the whole row's (a vector). From ten
/// rows on the indices are kept apart by a comma. The first index of a score counts rows as they are drawn:
/// queries, or keys where the queries are columns. A column that has a name (`feature`) is called by it.
Formula cell_symbol(const CellRef& cell, bool with_column, const Conventions& conventions,
                    std::string_view feature = {});
/// The same as text, for places where a formula cannot stand: "α₁₃", "x₂ animal".
std::string cell_symbol_text(const CellRef& cell, const Conventions& conventions,
                             std::string_view feature = {});
/// What the column of a word's vector is called; empty where columns have no names, and for other stages.
std::string_view feature_name(const Input& input, std::span<const std::string> features, const CellRef& cell);
/// q·k as the reader writes it: q₁ · k₃, or q₁ᵀ k₃ of column vectors.
Formula score_product(Formula q, Formula k, const Conventions& conventions);
/// How a stage follows from those before it, as matrices: Q = X W_Q, or Q = W_Qᵀ X of column vectors. Empty
/// for inputs and where there is no short formula.
Formula stage_formula(const Input& input, Stage stage, const Conventions& conventions);
/// The same of one row where it is a projection, q₁ = x₁ W_Q; of the whole stage elsewhere.
Formula row_formula(const Input& input, const CellRef& cell, const Conventions& conventions);
/// The parameter that a stage's rows are multiplied by; nothing for stages that are no projection.
std::optional<ParameterId> projected_with(Stage stage, const Input& input);
/// W with its index, and one number of it.
Formula parameter_letter(ParameterId id);
Formula parameter_symbol(const ParameterRef& parameter);

/// The short title over a matrix of the pipeline: "raw QKᵀ", "scaled ÷√2", "weights α", in one line of
/// runs that look like `base`.
Runs stage_title(const PanelContext& context, const Input& input, const Dimensions& d, Stage stage,
                 const TextLook& base);
/// The full title: "Attention weights α".
std::string_view stage_heading(const PanelContext& context, const Input& input, Stage stage);

/// Name of the word that a row (column) of a stage belongs to; for columns that are features "2" or the
/// feature's name is the caller's business, and the result is empty.
std::string_view row_word(const Input& input, Stage stage, std::size_t row);
std::string_view column_word(const Input& input, Stage stage, std::size_t column);

}  // namespace attn::ui
