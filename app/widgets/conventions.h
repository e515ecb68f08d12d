#pragma once
// How matrices and formulas are written, as the reader prefers: the numbers are the same, what is a row and
// what a column is not. The engine always computes with rows: queries are the rows of a score, vectors are
// rows.

#include "app/session/settings.h"
#include "core/attention/stage.h"

namespace attn::ui {

struct Conventions {
  bool query_columns = false;   ///< scores stand with their queries as columns
  bool column_vectors = false;  ///< x, q, k, v and outputs stand as columns: q = W_Qᵀ x

  /// Whether the matrix of a stage is drawn with rows and columns exchanged.
  bool transposes(Stage stage) const { return is_score_like(stage) ? query_columns : column_vectors; }
  bool operator==(const Conventions&) const = default;
};

inline Conventions conventions_of(const session::Settings& settings) {
  return {settings.query_axis == session::QueryAxis::columns,
          settings.vector_form == session::VectorForm::column};
}

}  // namespace attn::ui
