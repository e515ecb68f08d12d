#pragma once
// What each framework calls the operations of attention, written as its users write them.

#include <string>
#include <string_view>
#include <vector>

#include "app/code/listing.h"

namespace attn::code {

/// Every function returns an expression, or the lines of a definition; arguments are expressions without
/// operators unless said otherwise.
class Dialect {
 public:
  explicit Dialect(Framework framework) : framework_(framework) {}

  Framework framework() const { return framework_; }
  /// "import numpy as np"
  std::string import_line() const;
  std::string set_print_options() const;

  /// What stands before and after the brackets of numbers: "np.array(", ", dtype=np.float32)".
  struct Literal {
    std::string before;
    std::string after;
  };
  Literal floats() const;
  Literal booleans() const;  ///< of 0 and 1, or of True and False
  /// data["x"], an array of the .npz, as the framework's own.
  std::string from_file(std::string_view array) const;

  /// a · bᵀ (aᵀ · b) over the last two axes; `heads` tells whether there are more than two.
  std::string multiply_transposed(std::string_view a, std::string_view b, bool heads) const;
  std::string transposed_multiply(std::string_view a, std::string_view b) const;
  /// n × h·d to h × n × d. `matrix` may have operators.
  std::string split_heads(const std::string& matrix, std::string_view rows, std::string_view heads,
                          std::string_view width) const;
  std::string join_heads(std::string_view heads) const;
  std::string mean_of_heads(std::string_view heads) const;
  std::string repeat_heads(std::string_view heads) const;

  std::string exp(std::string_view x) const { return call("exp", x); }
  std::string tanh(std::string_view x) const { return call("tanh", x); }
  std::string abs(std::string_view x) const { return call("abs", x); }
  /// Along `axis` ("-1", "-2"), which stays with length 1.
  std::string largest(std::string_view x, std::string_view axis) const;
  std::string total(std::string_view x, std::string_view axis) const;
  /// `x` where `condition`, else the number. `condition` may have operators, and so may `x`.
  std::string where(std::string_view condition, std::string_view x, std::string_view otherwise) const;
  /// `x` with the number put where `condition` is true.
  std::string replace(std::string_view x, std::string_view condition, std::string_view number) const;
  std::string minus_infinity() const;
  std::string is_minus_infinity(std::string_view x) const;
  /// (… × d) · (d): the sum over the last axis of x times the vector. `x` has no operators.
  std::string times_vector(std::string_view x, std::string_view vector) const;

  /// "i, j = …": positions of queries, as a column, and of keys, as a row.
  std::string positions(std::string_view queries, std::string_view keys) const;
  std::string distance() const;  ///< |i − j| as floats
  std::string slopes() const;    ///< one a head
  /// What NumPy made, as the framework's own booleans.
  std::string kept(const std::string& condition) const;

  // Definitions of functions, as lines.
  std::vector<std::string> unit() const;
  std::vector<std::string> sinusoidal() const;
  std::vector<std::string> rotate() const;
  std::vector<std::string> uniform() const;  ///< Philox4x32-10, in NumPy for all

 private:
  std::string_view prefix() const;
  std::string call(std::string_view function, std::string_view x) const;
  std::string cast(const std::string& x) const;
  bool numpy() const { return framework_ == Framework::numpy; }
  bool torch() const { return framework_ == Framework::pytorch; }

  Framework framework_;
};

}  // namespace attn::code
