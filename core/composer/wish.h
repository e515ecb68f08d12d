#pragma once
// What a head is wished to look at, and how near its attention weights come to that.

#include <cstddef>
#include <optional>
#include <vector>

#include "core/attention/input.h"
#include "core/attention/matrix.h"

namespace attn {

/// A pair of columns that are held against each other: one of x, asked by the query, one of the key side.
struct ColumnPair {
  std::size_t query = 0;
  std::size_t key = 0;
  bool operator==(const ColumnPair&) const = default;
};

/// What every query of a head should look at.
struct Wish {
  enum class Kind {
    previous,  ///< key i − 1; for the first query nothing is wished
    first,     ///< key 0
    same,      ///< key i
    feature,   ///< keys that have a feature, asked by queries that have one
    match,     ///< keys whose columns equal the query's, pair by pair
  };
  Kind kind = Kind::previous;
  /// `feature`: the column of x that makes a query ask, by its size and sign; absent: every query asks alike.
  std::optional<std::size_t> query_feature;
  /// `feature`: the column of the key side that is looked for.
  std::size_t key_feature = 0;
  /// `match`: which columns are compared. With the features of the token before in the keys' columns, a query
  /// looks at what came after a token like itself: what induction heads do with the help of an earlier layer
  /// (Olsson et al. 2022).
  std::vector<ColumnPair> pairs;
  bool operator==(const Wish&) const = default;
};

/// The keys of one query that a wish names, which share its attention equally. Empty: nothing is wished for
/// it.
using WishedKeys = std::vector<std::size_t>;

/// For every query the keys that a wish names.
/// - previous, first, same: one key; none where there is no such key.
/// - feature: a query asks if its own feature is, in absolute value, at least half the largest of all queries
/// (all
///   ask alike without a query feature); it wishes for the visible keys where the sign of the query's feature
///   times the key's feature is largest, if that is above 0.
/// - match: the visible keys whose compared columns point the query's way, up to length (each number within
/// 1e-5 of
///   it when both have length 1); none for a query without length.
/// What the composed head tends to as its strength grows, where nothing else adds to its scores.
/// Throws std::invalid_argument where a column is not there.
std::vector<WishedKeys> wished_keys(const Input& input, const Wish& wish);

/// How far attention weights are from a wish: the mean over the queries with wished keys of the total
/// variation distance ½ Σ_j |α_ij − p_ij|, where p is 1 / (number of wished keys) at each of them. 0: as
/// wished; 1: nothing is.
struct WishDistance {
  double mean = 0.0;
  std::size_t queries = 0;  ///< how many have wished keys
};
/// `weights` [n_queries, n_keys]. Nothing where no query has wished keys.
std::optional<WishDistance> wish_distance(const std::vector<WishedKeys>& wished,
                                          MatrixView<const float> weights);

}  // namespace attn
