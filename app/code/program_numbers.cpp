// The numbers of a scenario: matrices inline where they are small, masks, settings, sizes.

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "app/code/program.h"
#include "app/code/python_text.h"

namespace attn::code {
namespace {

bool is_long(std::size_t rows, std::size_t columns) {
  return columns > kMostColumns || rows * columns > kMostNumbers;
}

bool is_vector(ParameterId id) {
  return (id >= ParameterId::b_q && id <= ParameterId::b_o) || id == ParameterId::additive_v;
}

/// "weights.additive.w_q" as the way into a JSON object: ["weights"]["additive"]["w_q"].
std::string json_path(std::string_view place) {
  std::string path;
  while (!place.empty()) {
    const std::size_t dot = std::min(place.find('.'), place.size());
    path += fmt::format("[\"{}\"]", place.substr(0, dot));
    place.remove_prefix(std::min(dot + 1, place.size()));
  }
  return path;
}

std::string size_text(std::size_t rows, std::size_t columns) { return fmt::format("{} × {}", rows, columns); }

}  // namespace

void Program::write_rows(Lines& to, const std::string& start, const std::vector<std::string>& rows,
                         const std::string& end, const std::string& comment,
                         std::optional<Stage> stage) const {
  add(to, start, comment, stage);
  for (const std::string& line : rows) to.push_back({line, stage});
  to.push_back({end, stage});
}

void Program::write_matrix(std::string_view variable, const SharedMatrix& values, const std::string& shape,
                           const std::vector<std::string>* labels, Stage stage) {
  if (is_long(values.rows(), values.columns())) {
    needs_data_ = true;
    add(numbers_, fmt::format("{} = {}", variable, dialect_.from_file(variable)), shape, stage);
    return;
  }
  const auto label = [&](std::size_t i) { return labels == nullptr ? "" : comment_text((*labels)[i]); };
  const std::vector<std::string> rows = matrix_lines(
      values.rows(), values.columns(),
      [&](std::size_t i, std::size_t j) { return python_number(values(i, j)); }, label);
  const Dialect::Literal literal = dialect_.floats();
  write_rows(numbers_, fmt::format("{} = {}[", variable, literal.before), rows, "]" + literal.after, shape,
             stage);
}

void Program::write_parameter(ParameterId id) {
  const SharedMatrix& values = *input_.parameters[id];
  const Dialect::Literal literal = dialect_.floats();
  const std::string shape =
      is_vector(id) ? fmt::format("{}", values.columns()) : size_text(values.rows(), values.columns());
  const bool too_long =
      is_vector(id) ? values.columns() > kMostNumbers / 4 : is_long(values.rows(), values.columns());
  if (too_long) {
    needs_data_ = needs_json_ = true;
    add(numbers_,
        fmt::format("{} = {}scenario{}{}", name(id), literal.before, json_path(field(id)), literal.after),
        shape, std::nullopt);
    return;
  }
  if (!is_vector(id)) {
    const std::vector<std::string> rows = matrix_lines(
        values.rows(), values.columns(),
        [&](std::size_t i, std::size_t j) { return python_number(values(i, j)); },
        [](std::size_t) { return std::string(); });
    write_rows(numbers_, fmt::format("{} = {}[", name(id), literal.before), rows, "]" + literal.after, shape,
               std::nullopt);
    return;
  }
  std::vector<std::string> cells;
  for (const float value : values.row(0)) cells.push_back(python_number(value));
  std::vector<std::string> lines = vector_lines(cells);
  lines.front().insert(0, fmt::format("{} = {}", name(id), literal.before));
  lines.back() += literal.after;
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i].insert(0, "    ");
  add(numbers_, lines.front(), shape, std::nullopt);
  for (std::size_t i = 1; i < lines.size(); ++i) numbers_.push_back({lines[i]});
}

void Program::write_masks() {
  const MaskConfig& mask = input_.config.mask;
  const Dialect::Literal literal = dialect_.booleans();
  if (mask.window) numbers_.push_back({fmt::format("window = {}", *mask.window)});
  if (mask.padding) {
    const std::string comment = say("padding: True hides that key from every query");
    if (mask.padding->size() > 2 * kMostColumns) {
      needs_data_ = needs_json_ = true;
      add(numbers_,
          fmt::format("padding = {}scenario{}{}", literal.before, json_path("attention.mask.padding"),
                      literal.after),
          comment, std::nullopt);
    } else {
      std::vector<std::string> cells;
      for (const std::uint8_t hidden : *mask.padding) cells.emplace_back(hidden != 0 ? "True" : "False");
      std::vector<std::string> lines = vector_lines(cells);
      numbers_.push_back({"# " + comment});
      lines.front().insert(0, "padding = " + literal.before);
      lines.back() += literal.after;
      for (std::size_t i = 0; i < lines.size(); ++i) numbers_.push_back({(i > 0 ? "    " : "") + lines[i]});
    }
  }
  if (!mask.allow) return;
  const AllowMatrix& allow = *mask.allow;
  const std::string comment =
      size_text(allow.rows, allow.columns) + "; " + say("1 = this query sees this key");
  if (is_long(allow.rows, allow.columns)) {
    needs_data_ = needs_json_ = true;
    add(numbers_,
        fmt::format("allow = {}scenario{}{}", literal.before, json_path("attention.mask.allow"),
                    literal.after),
        comment, std::nullopt);
    return;
  }
  const std::vector<std::string> rows = matrix_lines(
      allow.rows, allow.columns,
      [&](std::size_t i, std::size_t j) {
        return std::string(allow.visible[i * allow.columns + j] != 0 ? "1" : "0");
      },
      [](std::size_t) { return std::string(); });
  write_rows(numbers_, fmt::format("allow = {}[", literal.before), rows, "]" + literal.after, comment,
             std::nullopt);
}

void Program::write_settings() {
  const Config& config = input_.config;
  if (config.scale.kind == Scale::Kind::number)
    numbers_.push_back({"scale = " + python_number(config.scale.number)});
  if (config.temperature != 1.0) numbers_.push_back({"temperature = " + python_number(config.temperature)});
  if (has(Stage::dropped)) {
    numbers_.push_back(
        {fmt::format("p, seed = {}, {}", python_number(config.dropout->p), config.dropout->seed)});
    numbers_.back().text += "  # " + say("dropout");
  }
}

void Program::write_sizes() {
  struct Size {
    std::string_view name;
    std::size_t value;
    std::string meaning;
  };
  const std::array<Size, 8> sizes = {
      Size{"n", d_.n_queries, input_.source ? say("queries") : say("tokens")},
      Size{"m", d_.n_keys, say("keys")},
      Size{"h", d_.n_heads, say("heads")},
      Size{"g", d_.n_kv_heads, say("key and value heads")},
      Size{"d_model", d_.d_model, say("width of x")},
      Size{"d_source", d_.d_source, say("width of source_x")},
      Size{"d_k", d_.d_k, say("width of a query or key head")},
      Size{"d_v", d_.d_v, say("width of a value head")},
  };
  for (const Size& size : sizes) {
    const auto uses = [&](const Line& line) {
      // What stands behind a "#" is no use.
      return has_word(std::string_view(line.text).substr(0, line.text.find('#')), size.name);
    };
    const bool in_rotation = size.name == "d_k" && has(Stage::q_rotated);
    if (in_rotation || std::ranges::any_of(body_, uses))
      add(numbers_, fmt::format("{} = {}", size.name, size.value), size.meaning, std::nullopt);
  }
}

void Program::write_numbers() {
  write_matrix("x", input_.x, shape_text(Stage::x), input_.tokens.get(), Stage::x);
  if (input_.source) {
    write_matrix("source_x", input_.source->x, shape_text(Stage::source_x), input_.source->tokens.get(),
                 Stage::source_x);
  }
  const Score score = input_.config.score;
  for (const ParameterId id : kParameterIds) {
    const bool additive = id >= ParameterId::additive_w_q;
    if (id == ParameterId::bilinear && score != Score::bilinear) continue;
    if (additive && score != Score::additive) continue;
    if (input_.parameters[id]) write_parameter(id);
  }
  write_masks();
  write_settings();
  write_sizes();
}

}  // namespace attn::code
