#include "core/attention/explain_names.h"

#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace attn {
namespace {

constexpr double kScientificFrom = 1e15;
/// A text as long as this may have been rounded itself.
constexpr std::size_t kTrustedDigits = 13;

/// A label on one line: control characters become spaces.
std::string one_line(std::string label) {
  for (char& c : label) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return label;
}

std::string with_minus_sign(const std::string& ascii) {
  return ascii.starts_with('-') ? "−" + ascii.substr(1) : ascii;
}

/// A number that has at most `decimals` decimals, without zeros at its end: the shortest text of a float32,
/// or of a double up to the digits that adding ten tenths leaves behind. Empty where it has more of them.
std::string short_decimal(double value, int decimals) {
  const auto single = static_cast<float>(value);
  for (const bool as_single : {true, false}) {
    if (as_single && static_cast<double>(single) != value) continue;
    std::string text = as_single ? fmt::format("{}", single) : fmt::format("{:.13g}", value);
    if (text.find_first_of("en") != std::string::npos) {
      if (value != std::floor(value)) continue;
      text = fmt::format("{:.0f}", value);
    }
    if (text.ends_with(".0")) text.erase(text.size() - 2);
    if (!as_single && text.size() > kTrustedDigits && std::strtod(text.c_str(), nullptr) != value) continue;
    const std::size_t point = text.find('.');
    if (point == std::string::npos || text.size() - point - 1 <= static_cast<std::size_t>(decimals))
      return text;
  }
  return {};
}

std::string cell_name(const CellRef& cell) {
  const std::string stage = cell.stage == Stage::weights ? "α" : std::string(name(cell.stage));
  if (has_heads(cell.stage)) return fmt::format("{}[{}][{},{}]", stage, cell.head, cell.row, cell.column);
  return fmt::format("{}[{},{}]", stage, cell.row, cell.column);
}

std::string parameter_name(const ParameterRef& parameter) {
  switch (parameter.id) {
    case ParameterId::b_q:
    case ParameterId::b_k:
    case ParameterId::b_v:
    case ParameterId::b_o:
    case ParameterId::additive_v:
      return fmt::format("{}[{}]", name(parameter.id), parameter.column);
    default:
      return fmt::format("{}[{},{}]", name(parameter.id), parameter.row, parameter.column);
  }
}

/// q or k, and which of the two a length belongs to.
const char* side_name(const ExplainKey& key) { return key.part == 0 ? "q" : "k"; }

}  // namespace

ShownNumber show_number(double value, int decimals) {
  if (std::isnan(value)) return {"NaN", value};
  if (std::isinf(value)) return {value < 0 ? "−∞" : "∞", value};
  if (value == 0.0) return {"0", 0.0};
  if (std::abs(value) >= kScientificFrom) {
    const std::string text = fmt::format("{:.{}e}", value, decimals);
    const double read = std::strtod(text.c_str(), nullptr);
    return {with_minus_sign(text), read, read == value};
  }
  if (const std::string text = short_decimal(value, decimals); !text.empty())
    return {with_minus_sign(text), std::strtod(text.c_str(), nullptr)};
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  const double shown = std::strtod(text.c_str(), nullptr);
  if (shown == 0.0) {
    const std::string unit = fmt::format("{:.{}f}", std::pow(10.0, -decimals), decimals);
    return {value < 0 ? ">−" + unit : "<" + unit, 0.0, false};
  }
  return {with_minus_sign(text), shown, false};
}

std::string node_name(const ExplainNode& node, const Input& input) {
  const ExplainKey& key = node.key;
  const bool rows = input.config.softmax_axis == SoftmaxAxis::keys;
  switch (node.role) {
    case Role::cell:
      return cell_name(key.cell);
    case Role::parameter_cell:
      return parameter_name(*key.parameter);
    case Role::position_value:
      return "position code";
    case Role::cosine:
      return "cos of the angle";
    case Role::sine:
      return "sin of the angle";
    case Role::angle:
      return "angle";
    case Role::position:
      return "position";
    case Role::frequency:
      return "angle from one position to the next";
    case Role::dot_product:
      return "q·k";
    case Role::norm_product:
      return "|q|·|k|";
    case Role::norm:
      return fmt::format("|{}|", side_name(key));
    case Role::norm_sum:
      return fmt::format("|{}|²", side_name(key));
    case Role::additive_hidden:
      return fmt::format("hidden unit {}", key.term);
    case Role::additive_sum:
      return fmt::format("into hidden unit {}", key.term);
    case Role::additive_query:
      return "from the query";
    case Role::additive_key:
      return "from the key";
    case Role::bilinear_query:
      return fmt::format("(q W)[{}]", key.term);
    case Role::rescaled:
      return "score × scale";
    case Role::square_root_dk:
      return "√d_k";
    case Role::head_width:
      return "d_k";
    case Role::temperature:
      return "temperature";
    case Role::scale_number:
      return "scale";
    case Role::alibi_bias:
      return "ALiBi bias";
    case Role::alibi_slope:
      return "−slope of the head";
    case Role::distance:
      return "distance";
    case Role::line_maximum:
      return rows ? "maximum of the row" : "maximum of the column";
    case Role::shifted:
      return "score − maximum";
    case Role::exponential_sum:
      return "sum of exponentials";
    case Role::keep_probability:
      return "keep probability";
    case Role::dropout_p:
      return "dropout p";
    case Role::heads_sum:
      return "sum of the heads";
    case Role::head_count:
      return "number of heads";
    case Role::term:
    case Role::projection_term:
    case Role::squared:
    case Role::weighted_value:
      return "product";
    case Role::exponential:
      return "exponential";
    case Role::one:
      break;
  }
  return "one";
}

std::string cell_subject(const ExplainNode& node, const Input& input,
                         const std::vector<std::string>* features) {
  if (node.role != Role::cell) return {};
  const CellRef& cell = node.key.cell;
  const auto query = [&](std::size_t i) { return one_line((*input.tokens)[i]); };
  const auto key = [&](std::size_t j) { return one_line((*input.key_tokens())[j]); };
  const auto named = [&](std::size_t column) { return features != nullptr && column < features->size(); };
  const bool shares = cell.stage == Stage::weights || cell.stage == Stage::dropped;
  if (is_score_like(cell.stage)) {
    const char* verb = shares ? "listens to" : "asks";
    if (input.config.attend_over == AttendOver::features) {
      const auto feature = [&](std::size_t column) {
        return named(column) ? one_line((*features)[column]) : fmt::format("feature {}", column);
      };
      return fmt::format("{} {} {}", feature(cell.row), verb, feature(cell.column));
    }
    return fmt::format("{} {} {}", query(cell.row), verb, key(cell.column));
  }
  switch (cell.stage) {
    case Stage::x:
    case Stage::x_position:
      return named(cell.column) ? query(cell.row) + ": " + one_line((*features)[cell.column])
                                : query(cell.row);
    case Stage::source_x:
    case Stage::source_position:
    case Stage::k:
    case Stage::k_rotated:
    case Stage::v:
      return key(cell.row);
    default:
      return query(cell.row);
  }
}

std::string hiding_masks(const MaskConfig& mask, std::size_t i, std::size_t j) {
  std::string names;
  const auto add_if_hidden = [&](const char* name, const MaskConfig& alone) {
    if (visible(alone, i, j)) return;
    if (!names.empty()) names += ", ";
    names += name;
  };
  MaskConfig alone;
  alone.causal = mask.causal;
  add_if_hidden("causal", alone);
  alone = {};
  alone.window = mask.window;
  add_if_hidden("window", alone);
  alone = {};
  alone.padding = mask.padding;
  add_if_hidden("padding", alone);
  alone = {};
  alone.allow = mask.allow;
  add_if_hidden("allow", alone);
  return names;
}

}  // namespace attn
