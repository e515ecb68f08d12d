#pragma once
// Arrays of other programs brought into the shapes of a scenario. Batches of one are taken off; several
// heads may stand before or behind the tokens, or side by side in one row.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/matrix.h"
#include "core/io/npy.h"

namespace attn::session {

/// An array as it was found: what messages call it, and its numbers.
struct FoundArray {
  std::string name;  ///< "layer.npz: self_attn.in_proj_weight"
  io::NumberArray numbers;
};

/// "(8, 12, 64)"
std::string shape_text(const std::vector<std::size_t>& shape);

/// Two dimensions, after dimensions of size 1 are taken off. Throws io::FormatError, as all below.
Matrix as_matrix(const FoundArray& array, bool transposed = false);
/// One dimension, as a matrix of one row.
Matrix as_row(const FoundArray& array);
/// A whole number of at least 1.
std::size_t as_count(const FoundArray& array);

/// Heads side by side: row i has the vectors of token i in head 0, head 1, …
struct SideBySide {
  Matrix values;
  std::size_t heads = 1;
  bool heads_second = false;  ///< the array was [n, heads, d]
};
/// [heads, n, d], [n, heads, d] where `heads` says so, or [n, heads·d]; a batch of one in front of any of
/// them. Two dimensions without `heads` are one head.
SideBySide as_heads(const FoundArray& array, std::optional<std::size_t> heads);

/// Attention weights [heads, n, m] or [n, m], a batch of one in front of either: one matrix a head.
std::vector<Matrix> as_tables(const FoundArray& array);

/// The columns [first, first + count).
Matrix columns_of(const Matrix& m, std::size_t first, std::size_t count);
Matrix transpose(const Matrix& m);
/// `a` and `b` side by side; both have as many rows.
Matrix beside(const Matrix& a, const Matrix& b);
/// [rows, count]: ones where column c is row first + c, zeros elsewhere. x times it are columns of x.
Matrix pick(std::size_t rows, std::size_t first, std::size_t count);

}  // namespace attn::session
