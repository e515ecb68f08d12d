// One statement a stage, as SCENARIO files define it.

#include <fmt/format.h>

#include "app/code/program.h"
#include "app/code/python_text.h"

namespace attn::code {
namespace {

/// A number that is a float to every framework: "0.0", "-1e9".
std::string float_number(double value) {
  std::string text = python_number(value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

void Program::write_stages() {
  body_.push_back({});
  write_positions();
  write_projection(Stage::q, ParameterId::w_q, ParameterId::b_q, "W_Q");
  write_projection(Stage::k, ParameterId::w_k, ParameterId::b_k, "W_K");
  if (has(Stage::v)) write_projection(Stage::v, ParameterId::w_v, ParameterId::b_v, "W_V");
  if (has(Stage::q_rotated)) {
    define(dialect_.rotate(),
           say("rope: turns each pair (2c, 2c + 1) of columns by position × 10000^(−2c / d_k)"));
    statement(Stage::q_rotated, "rotate(q)");
    statement(Stage::k_rotated, "rotate(k)");
  }
  write_scores();
  write_scaled();
  if (has(Stage::biased)) write_biased();
  write_masked();
  write_weights();
  if (has(Stage::dropped)) write_dropped();
  if (has(Stage::mixed)) statement(Stage::mixed, "x @ weights");
  write_head_outputs();
  write_concat();
  write_output();
  if (!functions_.empty()) {
    functions_.push_back({});
  }
}

void Program::write_positions() {
  if (!has(Stage::x_position)) return;
  define(dialect_.sinusoidal(),
         say("n × d: sines in the even columns, cosines of the same angles in the odd ones"));
  statement(Stage::x_position, "x + sinusoidal(n, d_model)");
  if (has(Stage::source_position)) statement(Stage::source_position, "source_x + sinusoidal(m, d_source)");
}

void Program::write_projection(Stage stage, ParameterId w, ParameterId b, std::string_view letter) {
  const StageInputs from = inputs_of(stage, input_);
  std::string expression(attn::name(from.front()));
  std::string remark;
  if (input_.parameters[w]) {
    expression += fmt::format(" @ {}", name(w));
  } else {
    remark = say("{0} is the identity", {std::string(letter)});
  }
  if (input_.parameters[b]) expression += fmt::format(" + {}", name(b));
  if (heads()) {
    const bool query = stage == Stage::q;
    const bool grouped = !query && d_.n_kv_heads != d_.n_heads;
    expression = dialect_.split_heads(expression, query ? "n" : keys(), grouped ? "g" : "h",
                                      stage == Stage::v ? "d_v" : "d_k");
  }
  statement(stage, expression, remark);
}

std::string Program::shared_heads(Stage of, Stage stage) {
  std::string name(attn::name(of));
  if (d_.n_kv_heads == d_.n_heads) return name;
  std::string shared = (of == Stage::v ? "v" : "k") + std::string("_shared");
  helper(stage, fmt::format("{} = {}", shared, dialect_.repeat_heads(name)),
         of == Stage::v ? say("each value head serves h / g query heads")
                        : say("each key head serves h / g query heads"));
  return shared;
}

void Program::write_scores() {
  if (features()) {
    statement(Stage::scores, dialect_.transposed_multiply("q", "k"),
              say("features ask features: Qᵀ K, not Q Kᵀ"));
    return;
  }
  const StageInputs from = inputs_of(Stage::scores, input_);
  const std::string q(attn::name(from[0]));
  const std::string k = shared_heads(from[1], Stage::scores);
  switch (input_.config.score) {
    case Score::dot:
      statement(Stage::scores, dialect_.multiply_transposed(q, k, heads()));
      return;
    case Score::cosine:
      define(dialect_.unit(), say("every row divided by its length; a row of zeros stays zeros"));
      statement(Stage::scores,
                dialect_.multiply_transposed(fmt::format("unit({})", q), fmt::format("unit({})", k), heads()),
                say("cosine of the angle between q and k"));
      return;
    case Score::bilinear:
      statement(Stage::scores, dialect_.multiply_transposed(q + " @ bilinear", k, heads()), "q W kᵀ");
      return;
    case Score::additive:
      helper(Stage::scores, fmt::format("query_part = ({} @ additive_w_q)[..., :, None, :]", q));
      helper(Stage::scores, fmt::format("key_part = ({} @ additive_w_k)[..., None, :, :]", k));
      helper(Stage::scores, "units = " + dialect_.tanh("query_part + key_part"),
             say("every query with every key, unit by unit"));
      statement(Stage::scores, dialect_.times_vector("units", "additive_v"));
      return;
  }
}

void Program::write_scaled() {
  const Config& config = input_.config;
  std::string expression = "scores";
  if (config.scale.kind == Scale::Kind::sqrt_dk) expression += " / math.sqrt(d_k)";
  if (config.scale.kind == Scale::Kind::number) expression += " * scale";
  if (config.temperature != 1.0) expression += " / temperature";
  statement(Stage::scaled, expression, expression == "scores" ? say("not scaled") : "");
}

void Program::need_positions(Stage stage) {
  if (has_positions_) return;
  has_positions_ = true;
  helper(stage, dialect_.positions("n", keys()), say("positions of queries and keys"));
}

void Program::write_biased() {
  need_positions(Stage::biased);
  helper(Stage::biased, "distance = " + dialect_.distance());
  if (heads()) {
    helper(Stage::biased, "slopes = " + dialect_.slopes(), say("ALiBi: one slope a head"));
    statement(Stage::biased, "scaled - slopes[:, None, None] * distance");
  } else {
    statement(Stage::biased, "scaled - 2.0**-8 * distance", say("ALiBi: slope 2^(−8) for one head"));
  }
}

void Program::write_masked() {
  const MaskConfig& mask = input_.config.mask;
  const std::string before(attn::name(inputs_of(Stage::masked, input_).front()));
  if (!any_mask()) {
    statement(Stage::masked, before, say("nothing is hidden"));
    return;
  }
  std::vector<std::string> parts;
  std::string names;
  const auto part = [&](const char* code, const std::string& name) {
    parts.emplace_back(code);
    names += (names.empty() ? "" : ", ") + name;
  };
  if (mask.causal || mask.window) need_positions(Stage::masked);
  if (mask.causal) part("j <= i", say("causal: no key after the query"));
  if (mask.window) part("abs(i - j) <= window", say("window: near keys only"));
  if (mask.padding) part("~padding", say("padding: no filler"));
  if (mask.allow) part("allow", say("allowed pairs"));
  std::string all;
  for (const std::string& code : parts) {
    const bool alone = parts.size() == 1 || code.find(' ') == std::string::npos;
    all += (all.empty() ? "" : " & ") + (alone ? code : "(" + code + ")");
  }
  helper(Stage::masked, "visible = " + all, names);
  const std::string hidden = mask.hidden_value ? float_number(*mask.hidden_value) : dialect_.minus_infinity();
  statement(Stage::masked, dialect_.where("visible", before, hidden));
}

void Program::write_softmax() {
  const bool rows = input_.config.softmax_axis == SoftmaxAxis::keys;
  const std::string sums = rows ? say("each row sums to 1") : say("each column sums to 1, a common mistake");
  if (!any_empty_line()) {
    helper(Stage::weights, "shifted = masked - " + dialect_.largest("masked", axis()),
           say("the largest becomes 0: exp stays finite"));
    helper(Stage::weights, "exponentials = " + dialect_.exp("shifted"));
    statement(Stage::weights, "exponentials / " + dialect_.total("exponentials", axis()), sums);
    return;
  }
  helper(Stage::weights, "highest = " + dialect_.largest("masked", axis()));
  helper(Stage::weights,
         "highest = " + dialect_.replace("highest", dialect_.is_minus_infinity("highest"), "0"),
         rows ? say("a row that sees nothing: −∞ − (−∞) would be NaN")
              : say("a column that nobody sees: −∞ − (−∞) would be NaN"));
  helper(Stage::weights, "shifted = masked - highest", say("the largest becomes 0: exp stays finite"));
  helper(Stage::weights, "exponentials = " + dialect_.exp("shifted"));
  helper(Stage::weights, "totals = " + dialect_.total("exponentials", axis()));
  statement(Stage::weights, "exponentials / " + dialect_.replace("totals", "totals == 0", "1"), sums);
}

void Program::write_weights() {
  const Config& config = input_.config;
  const bool may_be_hidden = any_mask() && !config.mask.hidden_value;
  switch (config.normalise) {
    case Normalise::softmax:
      write_softmax();
      return;
    case Normalise::softmax_without_max: {
      helper(Stage::weights, "exponentials = " + dialect_.exp("masked"),
             say("the maximum is not removed: past 88, float32 overflows"));
      const std::string shares = "exponentials / " + dialect_.total("exponentials", axis());
      statement(Stage::weights,
                may_be_hidden ? dialect_.replace(shares, dialect_.is_minus_infinity("masked"), "0") : shares);
      return;
    }
    case Normalise::none:
      statement(
          Stage::weights,
          may_be_hidden ? dialect_.replace("masked", dialect_.is_minus_infinity("masked"), "0") : "masked",
          say("no softmax: the scores themselves"));
      return;
  }
}

void Program::write_dropped() {
  define(dialect_.uniform(),
         say("Philox4x32-10: a number in [0, 1) for each head, query and key, the same on every machine"));
  const std::string drawn = heads() ? fmt::format("uniform(seed, h, n, {})", keys())
                                    : fmt::format("uniform(seed, 1, n, {})[0]", keys());
  helper(Stage::dropped, "keep = " + dialect_.kept(drawn + " >= p"));
  statement(Stage::dropped, dialect_.where("keep", "weights / (1 - p)", "0.0"));
}

void Program::write_head_outputs() {
  if (features()) {
    const bool given = input_.parameters[ParameterId::w_v].has_value();
    statement(Stage::head_outputs, given ? "mixed @ w_v" : "mixed",
              given ? "" : say("{0} is the identity", {"W_V"}));
    return;
  }
  const std::string v = shared_heads(Stage::v, Stage::head_outputs);
  const Stage used = has(Stage::dropped) ? Stage::dropped : Stage::weights;
  statement(Stage::head_outputs, fmt::format("{} @ {}", attn::name(used), v));
}

void Program::write_concat() {
  if (!heads()) {
    statement(Stage::concat, "head_outputs", say("one head"));
  } else if (input_.config.combine == Combine::mean) {
    statement(Stage::concat, dialect_.mean_of_heads("head_outputs"), say("heads averaged, a common mistake"));
  } else {
    statement(Stage::concat, dialect_.join_heads("head_outputs"), say("heads side by side"));
  }
}

void Program::write_output() {
  std::string expression = "concat";
  std::string remark;
  if (input_.parameters[ParameterId::w_o]) {
    expression += " @ w_o";
  } else {
    remark = say("{0} is the identity", {"W_O"});
  }
  if (input_.parameters[ParameterId::b_o]) expression += " + b_o";
  statement(Stage::output, expression, remark);
}

}  // namespace attn::code
