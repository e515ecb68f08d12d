#include "app/lessons/slips.h"

#include <array>
#include <cmath>
#include <stdexcept>

#include "app/session/edit.h"

namespace attn::lessons {
namespace {

using session::Edit;

class Slips {
 public:
  Slips(const NamedCell& answer, const Moment& moment, Scenes& scenes)
      : answer_(answer), moment_(moment), scenes_(scenes) {}

  std::vector<SlipValue> all() {
    const Config& config = moment_.document.input().config;
    const Stage stage = answer_.cell.stage;
    if (config.scale.kind != Scale::Kind::none || config.temperature != 1.0)
      under(Slip::no_scale, {session::SetScale{}, session::SetTemperature{1.0}}, "no_scale");
    if (is_score_like(stage)) mirrored();
    if (after_softmax(stage) && config.softmax_axis == SoftmaxAxis::keys)
      under(Slip::columns_normalised, {session::SetSoftmaxAxis{SoftmaxAxis::queries}}, "columns");
    if (stage == Stage::weights) {
      without_exponential();
      add(Slip::before_softmax, masked_line());
    }
    keys_as_queries();
    if (stage == Stage::output && moment_.document.dimensions().n_heads > 1 &&
        config.combine == Combine::concat)
      under(Slip::heads_averaged, {session::SetCombine{Combine::mean}}, "mean");
    if (hides(config.mask) && !config.mask.hidden_value)
      under(Slip::mask_as_zero, {session::SetHiddenValue{0.0}}, "zero");
    return std::move(found_);
  }

 private:
  static bool after_softmax(Stage stage) {
    return stage == Stage::weights || stage == Stage::dropped || stage == Stage::head_outputs ||
           stage == Stage::concat || stage == Stage::output;
  }
  static bool hides(const MaskConfig& mask) {
    return mask.causal || mask.window || mask.padding || mask.allow;
  }

  void add(Slip slip, const std::optional<List>& line) {
    if (!line || (!answer_.is_row && answer_.cell.column >= line->size())) return;
    SlipValue& found = found_.emplace_back();
    found.slip = slip;
    if (answer_.is_row) {
      found.value = *line;
    } else {
      found.value = (*line)[answer_.cell.column];
    }
  }

  std::optional<List> line_of(const Trace& trace, Stage stage) const {
    const StageShape shape = trace.shape(stage);
    if (answer_.cell.head >= shape.heads || answer_.cell.row >= shape.rows) return std::nullopt;
    const Read read = trace.read(stage, answer_.cell.head, {answer_.cell.row, 0, 1, shape.columns});
    if (!read.ready()) return std::nullopt;
    const auto row = read.values.row(0);
    return List(row.begin(), row.end());
  }

  void under(Slip slip, const std::vector<Edit>& edits, const std::string& called) {
    try {
      add(slip, line_of(*scenes_.under(moment_.document, edits, "slip " + called).trace, answer_.cell.stage));
    } catch (const std::invalid_argument&) {
      // This document has no such variant: nobody can have made that slip.
    } catch (const RunError&) {
      // The variant leaves float32: no number to compare with.
    }
  }

  /// The learner took the cell across the diagonal, or the column for the row.
  void mirrored() {
    const StageShape shape = moment_.trace->shape(answer_.cell.stage);
    if (shape.rows != shape.columns) return;
    const Read read =
        moment_.trace->read(answer_.cell.stage, answer_.cell.head, {0, answer_.cell.row, shape.rows, 1});
    if (!read.ready()) return;
    List column(shape.rows);
    for (std::size_t i = 0; i < shape.rows; ++i) column[i] = static_cast<double>(read.values(i, 0));
    add(Slip::axes_swapped, column);
  }

  std::optional<List> masked_line() const { return line_of(*moment_.trace, Stage::masked); }

  void without_exponential() {
    auto line = masked_line();
    if (!line) return;
    double sum = 0.0;
    for (double& score : *line) {
      if (std::isinf(score)) score = 0.0;
      sum += score;
    }
    if (sum == 0.0) return;
    for (double& score : *line) score /= sum;
    add(Slip::no_exponential, line);
  }

  void keys_as_queries() {
    const Dimensions& d = moment_.document.dimensions();
    const Input& input = moment_.document.input();
    if (input.source || d.n_kv_heads != d.n_heads) return;
    const Parameters& parameters = input.parameters;
    under(Slip::k_for_q,
          {session::SetParameter{ParameterId::w_q, parameters[ParameterId::w_k]},
           session::SetParameter{ParameterId::b_q, parameters[ParameterId::b_k]}},
          "k_for_q");
  }

  const NamedCell& answer_;
  const Moment& moment_;
  Scenes& scenes_;
  std::vector<SlipValue> found_;
};

}  // namespace

std::string_view name(Slip slip) {
  constexpr std::array<std::string_view, kSlipCount> kNames = {
      "no_scale", "axes_swapped",   "columns_normalised", "no_exponential",
      "k_for_q",  "heads_averaged", "mask_as_zero",       "before_softmax"};
  return kNames.at(static_cast<std::size_t>(slip));
}

session::Message message_of(Slip slip) {
  using session::message;
  switch (slip) {
    case Slip::no_scale:
      return message("That is what comes out without the scale: divide the scores first.");
    case Slip::axes_swapped:
      return message("That is who answers and who asks, swapped: read the row, not the column.");
    case Slip::columns_normalised:
      return message(
          "That makes each column sum to 1. Shares belong to the one who asks: each row sums to 1.");
    case Slip::no_exponential:
      return message("That divides the scores by their sum. The softmax takes the exponential first.");
    case Slip::k_for_q:
      return message("That compares keys with keys. The one who asks brings its query.");
    case Slip::heads_averaged:
      return message("That averages the heads. They are put side by side, then W_O mixes them.");
    case Slip::mask_as_zero:
      return message("That puts 0 where the mask hides. A score of 0 still gets a share; −∞ gets none.");
    case Slip::before_softmax:
      return message("That is the score. The share comes after the softmax.");
  }
  return {};
}

std::vector<SlipValue> slips_of(const NamedCell& answer, const Moment& moment, Scenes& scenes) {
  return Slips(answer, moment, scenes).all();
}

}  // namespace attn::lessons
