#pragma once
// How any number of a trace came to be, as a lazy tree: opening a node computes that node only.
// Everything is recomputed in float64, so the terms of a node give exactly its own value; the value
// agrees with the float32 trace within the stage's bound (compare.h).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/attention/input.h"
#include "core/attention/stage.h"

namespace attn {

/// How a node's value follows from the values of its children.
enum class Operation {
  given,        ///< an input, a parameter or a setting: no children
  copy,         ///< the same number under another name: one child
  sum,          ///< Σ children
  difference,   ///< first − second
  product,      ///< Π children
  quotient,     ///< first ÷ second
  exponential,  ///< exp(child)
  maximum,      ///< largest child
  square_root,  ///< √child
  tangent,      ///< tanh(child)
  replaced,     ///< hidden by the mask: its child is the number that was there before
  nothing,      ///< an empty row or column: there is nothing to share, the value is 0
  dropped,      ///< removed by dropout: its child is the number that was there before
};

/// What a node is called. Stage cells are named by their stage; these are the steps between stages.
enum class Role {
  cell,            ///< a cell of a stage: see ExplainNode::cell
  parameter_cell,  ///< a number of a parameter: see ExplainNode::parameter
  identity_cell,   ///< 1 or 0 of an identity parameter
  term,            ///< one product inside a sum
  scale_factor,    ///< what the raw score is multiplied by
  square_root_dk,  ///< √d_k
  head_width,      ///< d_k
  temperature,
  scale_number,    ///< attention.scale as a number
  cosine,          ///< cos of a position angle
  sine,            ///< sin of a position angle
  position_value,  ///< what the sinusoidal position adds
  alibi_bias,      ///< −slope·|i − j|
  alibi_slope,
  distance,      ///< |i − j|
  hidden_value,  ///< what the mask puts in place of the score
  row_maximum,   ///< over the axis of the softmax, as the next four
  shifted,       ///< score − maximum
  exponential,
  exponential_sum,
  share,             ///< exponential ÷ sum
  weighted_value,    ///< α·v
  keep_probability,  ///< 1 − p
  norm,              ///< length of a vector
  norm_product,
  squared,          ///< the square of a component, inside a norm
  additive_hidden,  ///< one hidden unit of the additive score: tanh of a sum
  additive_sum,
  head_count,  ///< h, what averaged heads are divided by
  heads_sum,
};

/// One number of a parameter.
struct ParameterRef {
  ParameterId id = ParameterId::w_q;
  std::size_t row = 0;
  std::size_t column = 0;
  bool operator==(const ParameterRef&) const = default;
};

/// A node of the tree. `key` identifies it within its Explainer; the rest is for showing it.
struct ExplainNode {
  Operation operation = Operation::given;
  Role role = Role::cell;
  std::optional<CellRef> cell;            ///< set when the node is a cell of a stage
  std::optional<ParameterRef> parameter;  ///< set when it is a number of a parameter
  double value = 0.0;                     ///< float64; −∞ for a hidden cell
  std::size_t n_children = 0;
  struct Key {
    Role role = Role::cell;
    CellRef cell;          ///< the stage cell this node serves
    std::size_t term = 0;  ///< which term of it
    std::size_t part = 0;  ///< which part of that term
    bool operator==(const Key&) const = default;
  } key;
};

class Explainer {
 public:
  /// Keeps a copy of the input (cheap: it is shared). The input must have passed validate().
  explicit Explainer(Input input);
  ~Explainer();
  Explainer(Explainer&&) noexcept;
  Explainer& operator=(Explainer&&) noexcept;

  const Input& input() const;
  /// The root for one cell. Throws std::out_of_range outside the stage.
  ExplainNode cell(const CellRef& cell);
  /// Child `i` of a node. Throws std::out_of_range past n_children.
  ExplainNode child(const ExplainNode& node, std::size_t i);
  /// Children [first, first + count), fewer at the end: long sums are read in pages.
  std::vector<ExplainNode> children(const ExplainNode& node, std::size_t first, std::size_t count);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attn
