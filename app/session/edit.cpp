#include "app/session/edit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "app/session/edit_heads.h"
#include "app/session/input_message.h"

namespace attn::session {
namespace {

void require_finite(double value) {
  if (!std::isfinite(value)) throw EditRefused(message("A finite number is needed"));
}

void require_cell(std::size_t row, std::size_t column, std::size_t rows, std::size_t columns) {
  if (row < rows && column < columns) return;
  throw EditRefused(message("There is no number in row {0}, column {1}",
                            {std::to_string(row + 1), std::to_string(column + 1)}));
}

SharedMatrix with_cell(const SharedMatrix& m, std::size_t row, std::size_t column, float value) {
  require_cell(row, column, m.rows(), m.columns());
  require_finite(static_cast<double>(value));
  return m(row, column) == value ? m : m.with_cell(row, column, value);
}

SharedMatrix with_row(const SharedMatrix& m, std::size_t row, const std::vector<float>& values) {
  require_cell(row, 0, m.rows(), m.columns());
  if (values.size() != m.columns()) {
    throw EditRefused(message("A row has {0} numbers, not {1}",
                              {std::to_string(m.columns()), std::to_string(values.size())}));
  }
  for (const float value : values) require_finite(static_cast<double>(value));
  return std::ranges::equal(m.row(row), values) ? m : m.with_row(row, values);
}

Source source_of(const Input& input) {
  if (!input.source) throw EditRefused(message("This example has no source"));
  return *input.source;
}

/// The input after an edit, or the document where more than the input changes.
struct Applier {
  const Document& document;

  template <class Other>
  Document operator()(const Other& e) const {
    return changed(document, e);
  }

  Input operator()(const SetXCell& e) const {
    Input input = document.input();
    input.x = with_cell(input.x, e.row, e.column, e.value);
    return input;
  }
  Input operator()(const SetXRow& e) const {
    Input input = document.input();
    input.x = with_row(input.x, e.row, e.values);
    return input;
  }
  Input operator()(const SetSourceCell& e) const {
    Input input = document.input();
    Source source = source_of(input);
    source.x = with_cell(source.x, e.row, e.column, e.value);
    input.source = std::move(source);
    return input;
  }
  Input operator()(const SetSourceRow& e) const {
    Input input = document.input();
    Source source = source_of(input);
    source.x = with_row(source.x, e.row, e.values);
    input.source = std::move(source);
    return input;
  }
  Input operator()(const SetParameterCell& e) const {
    Input input = document.input();
    const ParameterId id = e.cell.id;
    std::optional<SharedMatrix> values = parameter_values(document, id);
    if (!values && is_bias(id)) {
      const ParameterShape shape = parameter_shape(document.dimensions(), id);
      values = SharedMatrix(Matrix(shape.rows, shape.columns));
    }
    if (!values)
      throw EditRefused(message("{0} takes no part in this score", {std::string(display_name(id))}));
    SharedMatrix changed = with_cell(*values, e.cell.row, e.cell.column, e.value);
    if (!changed.same_as(*values)) input.parameters[id] = std::move(changed);
    return input;
  }
  Input operator()(const SetParameter& e) const {
    Input input = document.input();
    if (!e.value) {
      const bool optional = is_projection(e.id) || is_bias(e.id) || !takes_part(input, e.id);
      if (!optional && input.parameters[e.id]) {
        throw EditRefused(message("{0} is needed by this score", {std::string(display_name(e.id))}));
      }
      input.parameters[e.id].reset();
      return input;
    }
    for (std::size_t i = 0; i < e.value->rows(); ++i) {
      for (const float value : e.value->row(i)) require_finite(static_cast<double>(value));
    }
    if (!input.parameters[e.id] || !equal_values(*input.parameters[e.id], *e.value)) {
      input.parameters[e.id] = e.value;
    }
    return input;
  }
  Input operator()(const SetScale& e) const {
    if (e.scale.kind == Scale::Kind::number) require_finite(e.scale.number);
    Input input = document.input();
    if (!(input.config.scale == e.scale)) require_attention_over_words(document);
    input.config.scale = e.scale;
    return input;
  }
  Input operator()(const SetTemperature& e) const {
    require_finite(e.temperature);
    if (!(e.temperature > 0)) throw EditRefused(message("The temperature must be above 0"));
    Input input = document.input();
    if (input.config.temperature != e.temperature) require_attention_over_words(document);
    input.config.temperature = e.temperature;
    return input;
  }
  Input operator()(const SetCausal& e) const {
    Input input = document.input();
    if (input.config.mask.causal != e.causal) require_attention_over_words(document);
    input.config.mask.causal = e.causal;
    return input;
  }
  Input operator()(const SetHeads& e) const {
    if (document.input().config.heads != e.heads) require_attention_over_words(document);
    return with_heads(document, e.heads);
  }
  Input operator()(const SetInput& e) const { return e.input; }
};

std::string token(const Tokens& tokens, std::size_t row) {
  return row < tokens->size() ? (*tokens)[row] : std::string();
}

struct Labeller {
  const Input& input;

  Message operator()(const SetXCell& e) const { return message("Move {0}", {token(input.tokens, e.row)}); }
  Message operator()(const SetXRow& e) const { return message("Move {0}", {token(input.tokens, e.row)}); }
  Message operator()(const SetSourceCell& e) const {
    return message("Move {0}", {token(input.key_tokens(), e.row)});
  }
  Message operator()(const SetSourceRow& e) const {
    return message("Move {0}", {token(input.key_tokens(), e.row)});
  }
  Message operator()(const SetParameterCell& e) const {
    return message("Change {0}", {std::string(display_name(e.cell.id))});
  }
  Message operator()(const SetParameter& e) const {
    return message("Change {0}", {std::string(display_name(e.id))});
  }
  Message operator()(const SetScale&) const { return message("Scale"); }
  Message operator()(const SetTemperature&) const { return message("Temperature"); }
  Message operator()(const SetCausal&) const { return message("Mask"); }
  Message operator()(const SetHeads&) const { return message("Heads"); }
  Message operator()(const SetInput& e) const { return e.label; }
  template <class Other>
  Message operator()(const Other& e) const {
    if constexpr (requires { label_of(input, e); }) {
      return label_of(input, e);
    } else {
      return label_of(e);
    }
  }
};

Document document_with(const Document&, Document after) { return after; }
Document document_with(const Document& before, Input input) { return before.with_input(std::move(input)); }

}  // namespace

Document apply(const Document& document, const Edit& edit) {
  try {
    return std::visit([&](const auto& e) { return document_with(document, Applier{document}(e)); }, edit);
  } catch (const EditRefused&) {
    throw;
  } catch (const std::invalid_argument& error) {
    throw EditRefused(translatable(error.what()));
  }
}

std::optional<Message> problem_of(const Document& document, const Edit& edit) {
  try {
    apply(document, edit);
    return std::nullopt;
  } catch (const EditRefused& refused) {
    return refused.reason;
  }
}

Message label_of(const Document& before, const Edit& edit) {
  return std::visit(Labeller{before.input()}, edit);
}

std::string_view display_name(ParameterId id) {
  static constexpr std::array<std::string_view, kParameterCount> kNames = {
      "W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V", "b_O", "W", "W_q", "W_k", "v"};
  return kNames[static_cast<std::size_t>(id)];
}

std::optional<SharedMatrix> parameter_values(const Document& document, ParameterId id) {
  const std::optional<SharedMatrix>& value = document.input().parameters[id];
  if (value || !is_projection(id)) return value;
  return SharedMatrix(identity_matrix(parameter_shape(document.dimensions(), id).rows));
}

}  // namespace attn::session
