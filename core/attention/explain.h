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
  quotient,     ///< first ÷ each of the others, in turn
  exponential,  ///< exp(child); past the range of float32 what float32 makes of it, +∞ or 0
  maximum,      ///< largest child
  square_root,  ///< √child
  tangent,      ///< tanh(child)
  sine,         ///< sin(child)
  cosine,       ///< cos(child)
  replaced,     ///< hidden by the mask: its child is the number that was there before
  nothing,      ///< 0 because there is nothing to divide: an empty row or column (its child is the masked
                ///< score), or the cosine of a zero vector (its child is the product of the lengths)
  dropped,      ///< removed by dropout: its child is the number that was there before
};

/// What a node is called. Cells are named by their stage; the others are the steps between stages.
/// "The line" of a weight is its row, or its column where softmax runs over the queries.
enum class Role {
  cell,            ///< a cell of a stage: see ExplainNode::cell
  parameter_cell,  ///< a number of a parameter: see ExplainNode::parameter
  term,            ///< one product inside a sum
  // positions
  position_value,  ///< what the sinusoidal position adds
  cosine,          ///< cos of a rotary angle
  sine,            ///< sin of a rotary angle
  angle,           ///< position · frequency
  position,        ///< where the token stands, from 0
  frequency,       ///< radians from one position to the next
  // scores
  dot_product,      ///< q·k, inside a cosine
  norm_product,     ///< |q|·|k|
  norm,             ///< length of q (part 0) or k (part 1)
  norm_sum,         ///< Σ of its squares
  squared,          ///< one square in it
  additive_hidden,  ///< one hidden unit of the additive score: tanh of a sum
  additive_sum,     ///< query part + key part
  additive_query,   ///< (q W_q)[t]
  additive_key,     ///< (k W_k)[t]
  projection_term,  ///< one product inside (q W_q)[t], (k W_k)[t] or (q W)[t]
  bilinear_query,   ///< (q W)[t]
  // scale and ALiBi
  rescaled,        ///< raw score · scale, where a temperature divides it next
  one,             ///< the number 1
  square_root_dk,  ///< √d_k
  head_width,      ///< d_k
  temperature,
  scale_number,  ///< attention.scale as a number
  alibi_bias,    ///< −slope·|i − j|
  alibi_slope,   ///< −slope
  distance,      ///< |i − j|
  // softmax
  line_maximum,     ///< the largest masked score of the line
  shifted,          ///< masked score − maximum
  exponential,      ///< of a shifted score, or of the score itself
  exponential_sum,  ///< over the line
  // dropout and heads
  keep_probability,  ///< 1 − p
  dropout_p,
  weighted_value,  ///< α·v
  heads_sum,       ///< over the heads, before they are averaged
  head_count,      ///< h
};

/// One number of a parameter.
struct ParameterRef {
  ParameterId id = ParameterId::w_q;
  std::size_t row = 0;
  std::size_t column = 0;
  bool operator==(const ParameterRef&) const = default;
};

/// Identifies a node: equal keys are the same number, wherever in the tree they stand. What several cells
/// share has one key: `cell` is then the first of the line for a softmax, the first of the stage for a
/// setting.
struct ExplainKey {
  Role role = Role::cell;
  CellRef cell;                             ///< the stage cell this node is or serves
  std::size_t term = 0;                     ///< which term of it
  std::size_t part = 0;                     ///< which part of that term
  std::optional<ParameterRef> parameter{};  ///< set for Role::parameter_cell only
  bool operator==(const ExplainKey&) const = default;
};

/// A node of the tree: one number and how it follows from its children.
struct ExplainNode {
  Operation operation = Operation::given;
  Role role = Role::cell;
  std::optional<CellRef> cell;            ///< set when the node is a cell of a stage
  std::optional<ParameterRef> parameter;  ///< set when it is a number of a parameter
  double value = 0.0;                     ///< float64; −∞ for a hidden cell
  std::size_t n_children = 0;
  ExplainKey key;
};

/// Explains the cells of one input. What it computes on the way is kept row by row, O((n + m)·d) numbers and
/// never a table of queries × keys, so that a node opens at once after its row was first asked for. One
/// thread at a time.
class Explainer {
 public:
  /// Keeps a copy of the input (cheap: it is shared). The input must have passed validate().
  explicit Explainer(Input input);
  /// The same for a changed input: what `before` has computed and the change leaves as it is, is not computed
  /// again, so that a drag in a long text costs what was dragged.
  Explainer(Input input, const Explainer& before);
  ~Explainer();
  Explainer(Explainer&&) noexcept;
  Explainer& operator=(Explainer&&) noexcept;

  const Input& input() const;
  const Dimensions& dimensions() const;
  /// The root for one cell. Throws std::out_of_range outside the stage, or where it is not present.
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
