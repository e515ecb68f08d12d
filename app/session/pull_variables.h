#pragma once
// The numbers that a pull may move, as one long vector.

#include <cstddef>
#include <vector>

#include "app/session/view.h"
#include "core/attention/gradient.h"
#include "core/attention/input.h"

namespace attn::session {

class FreeVariables {
 public:
  /// `row` is the pulled word. Over features, where a row of the weights is no word, all words are free.
  FreeVariables(const Input& pressed, const Dimensions& d, PullFreedom freedom, std::size_t row);

  std::size_t size() const { return pressed_.size(); }
  /// The numbers as they were at the press, identities written out.
  const std::vector<float>& pressed() const { return pressed_; }
  /// The pressed input with other numbers; `values` has size() of them.
  Input with(const std::vector<float>& values) const;
  /// The part of a gradient that belongs to the free numbers.
  std::vector<double> pick(const Gradients<double>& gradients) const;

 private:
  enum class Home { x_row, x, source_x, parameter };
  struct Block {
    Home home;
    ParameterId id;  ///< of a parameter
    std::size_t first;
    std::size_t rows;
    std::size_t columns;
    std::size_t size() const { return rows * columns; }
  };
  void add(Home home, ParameterId id, const Matrix& values);
  void add_parameter(const Dimensions& d, ParameterId id);

  Input input_;
  std::size_t row_;
  std::vector<Block> blocks_;
  std::vector<float> pressed_;
};

}  // namespace attn::session
