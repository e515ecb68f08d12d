#include "app/session/import.h"

#include <array>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/session/import_match.h"
#include "app/session/import_vectors.h"
#include "app/session/import_weights.h"

namespace attn::session {
namespace {

[[noreturn]] void refuse(const std::string& line) { throw io::FormatError(line); }

Tokens numbered(std::string_view letter, std::size_t n) {
  auto labels = std::make_shared<std::vector<std::string>>();
  for (std::size_t i = 0; i < n; ++i) labels->push_back(fmt::format("{}{}", letter, i + 1));
  return labels;
}

/// Puts the arrays of one layer together.
class Assembly {
 public:
  Assembly(const std::vector<NamedArray>& arrays, const ImportOptions& options) : options_(options) {
    for (const NamedArray& array : arrays) {
      const auto [at, is_new] = found_.emplace(array.name.role, &array);
      if (!is_new) {
        refuse(fmt::format("{}: expected one array for {}, found {} as well", array.array.name,
                           name(array.name.role), at->second->array.name));
      }
    }
    if (const NamedArray* const heads = find(ArrayRole::heads)) heads_ = as_count(heads->array);
    if (options.heads) heads_ = options.heads;
    if (const NamedArray* const heads = find(ArrayRole::kv_heads)) kv_heads_ = as_count(heads->array);
  }

  Imported run() {
    const bool has_parameters = has(ArrayRole::in_proj_weight) || has(ArrayRole::w_q) ||
                                has(ArrayRole::w_k) || has(ArrayRole::w_v) || has(ArrayRole::w_o);
    const bool has_vectors = has(ArrayRole::q) && has(ArrayRole::k);
    const bool only_weights = has(ArrayRole::weights) && !has_parameters && !has_vectors;
    const bool from_x = has(ArrayRole::x) && (has_parameters || !has_vectors) && !only_weights;
    if (from_x || (has_parameters && !has_vectors)) {
      from_parameters();
    } else if (has_vectors) {
      from_vectors();
    } else if (has(ArrayRole::weights)) {
      from_weights();
    } else {
      refuse("expected arrays called x, q and k, w_q … or weights, found none of them");
    }
    finish();
    return std::move(out_);
  }

 private:
  bool has(ArrayRole role) const { return found_.count(role) != 0; }
  const NamedArray* find(ArrayRole role) {
    const auto at = found_.find(role);
    if (at == found_.end()) return nullptr;
    used_.insert(role);
    return at->second;
  }
  const NamedArray& need(ArrayRole role) {
    const NamedArray* const array = find(role);
    if (!array) refuse(fmt::format("expected an array called {}, found none", name(role)));
    return *array;
  }
  Input& input() { return out_.scenario.input; }
  void note(Message line) { out_.notes.push_back(std::move(line)); }

  std::vector<Matrix> given_weights() {
    const NamedArray* const weights = find(ArrayRole::weights);
    return weights ? as_tables(weights->array) : std::vector<Matrix>{};
  }

  // ---- x and parameters ----

  void from_parameters() {
    out_.kind = ImportKind::parameters;
    read_projections();
    read_outputs_projection();
    take_x();
    input().config.heads = heads_.value_or(1);
    if (kv_heads_) input().config.kv_heads = kv_heads_;
    if (heads_) {
      note(message("Read as {0} heads.", {fmt::format("{}", *heads_)}));
    } else {
      note(message("The arrays do not say how many heads there are: read as 1. Settings can change it."));
    }
    label();
    masks();
    match_settings(out_.scenario, given_weights(), options_.compare, out_.notes);
  }

  void read_projections() {
    if (const NamedArray* const joint = find(ArrayRole::in_proj_weight)) {
      const Matrix all = as_matrix(joint->array, joint->name.transposed);
      split(joint->array, all, {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v});
      note(message("{0} was split into W_Q, W_K and W_V and transposed: PyTorch keeps columns as rows.",
                   {joint->array.name}));
    }
    if (const NamedArray* const joint = find(ArrayRole::in_proj_bias))
      split(joint->array, as_row(joint->array), {ParameterId::b_q, ParameterId::b_k, ParameterId::b_v});
    parameter(ArrayRole::w_q, ParameterId::w_q);
    parameter(ArrayRole::w_k, ParameterId::w_k);
    parameter(ArrayRole::w_v, ParameterId::w_v);
    parameter(ArrayRole::b_q, ParameterId::b_q);
    parameter(ArrayRole::b_k, ParameterId::b_k);
    parameter(ArrayRole::b_v, ParameterId::b_v);
  }
  void read_outputs_projection() {
    parameter(ArrayRole::w_o, ParameterId::w_o);
    parameter(ArrayRole::b_o, ParameterId::b_o);
  }

  void split(const FoundArray& array, const Matrix& all, const std::array<ParameterId, 3>& ids) {
    if (all.columns() % 3 != 0) {
      refuse(fmt::format("{}: shape: expected three parts of equal size, found {}", array.name,
                         shape_text(array.numbers.shape)));
    }
    const std::size_t width = all.columns() / 3;
    for (std::size_t part = 0; part < ids.size(); ++part)
      input().parameters[ids[part]] = SharedMatrix(columns_of(all, part * width, width));
  }

  void parameter(ArrayRole role, ParameterId id) {
    const NamedArray* const array = find(role);
    if (!array) return;
    if (input().parameters[id])
      refuse(fmt::format("{}: expected one of in_proj and {}, found both", array->array.name, name(role)));
    const bool vector = id >= ParameterId::b_q && id <= ParameterId::b_o;
    input().parameters[id] =
        SharedMatrix(vector ? as_row(array->array) : as_matrix(array->array, array->name.transposed));
    if (array->name.transposed)
      note(message("{0} was transposed: PyTorch keeps columns as rows.", {array->array.name}));
  }

  void take_x() {
    if (const NamedArray* const x = find(ArrayRole::x)) {
      input().x = SharedMatrix(as_matrix(x->array));
      if (const NamedArray* const source = find(ArrayRole::source_x))
        input().source = Source{nullptr, SharedMatrix(as_matrix(source->array))};
      return;
    }
    const auto& w_q = input().parameters[ParameterId::w_q];
    if (!options_.open) refuse("expected an array called x for these parameters, found none");
    const Input& open = options_.open->input();
    if (w_q && w_q->rows() != open.x.columns()) {
      refuse(fmt::format(
          "expected an array called x of {} columns for these parameters, found none; x of the open "
          "example has {}",
          w_q->rows(), open.x.columns()));
    }
    input().x = open.x;
    input().tokens = open.tokens;
    input().source = open.source;
    out_.scenario.feature_names = options_.open->scenario().feature_names;
    note(message("x was not given: tokens and x are those of the example that was open."));
  }

  // ---- q, k and v ----

  void from_vectors() {
    out_.kind = ImportKind::vectors;
    const FoundArray& keys = need(ArrayRole::k).array;
    const SideBySide q = queries(keys);
    const SideBySide k = as_heads(keys, q.heads_second && !kv_heads_ ? q.heads : kv_heads_);
    const std::size_t d_k = q.values.columns() / q.heads;
    if (k.values.columns() % d_k != 0) {
      refuse(fmt::format("{}: expected heads of {} columns, as q has, found {} columns", keys.name, d_k,
                         k.values.columns()));
    }
    const std::size_t g = k.values.columns() / d_k;
    if (q.heads % g != 0)
      refuse(fmt::format("{}: expected a divisor of {} heads, found {}", keys.name, q.heads, g));
    const bool given_v = has(ArrayRole::v);
    const Matrix v =
        given_v ? as_heads(need(ArrayRole::v).array, q.heads_second ? std::optional(g) : std::nullopt).values
                : one_hot_values(k.values.rows(), g);
    if (v.rows() != k.values.rows()) {
      refuse(fmt::format("{}: expected {} rows, as k has, found {}", need(ArrayRole::v).array.name,
                         k.values.rows(), v.rows()));
    }
    input().config.heads = q.heads;
    if (g != q.heads) input().config.kv_heads = g;
    put_vectors(input(), q.values, k.values, v, !has(ArrayRole::source_tokens), out_.notes);
    if (!given_v) {
      note(
          message("v was not given: one-hot vectors stand for it, so that each head's output is its "
                  "attention weights."));
    }
    read_outputs_projection();
    label();
    masks();
    match_settings(out_.scenario, given_weights(), options_.compare, out_.notes);
  }

  /// q side by side. Where its own shape does not tell the number of heads, that of the keys may.
  SideBySide queries(const FoundArray& keys) {
    const FoundArray& array = need(ArrayRole::q).array;
    SideBySide q = as_heads(array, heads_);
    if (heads_ || q.heads > 1) return q;
    const SideBySide k = as_heads(keys, std::nullopt);
    const std::size_t d_k = k.values.columns() / k.heads;
    return k.heads > 1 && q.values.columns() % d_k == 0 ? as_heads(array, q.values.columns() / d_k) : q;
  }

  // ---- attention weights alone ----

  void from_weights() {
    out_.kind = ImportKind::weights;
    const NamedArray& weights = need(ArrayRole::weights);
    input() = input_from_weights(as_tables(weights.array), weights.array.name, out_.notes);
    label();
  }

  // ---- what every kind has ----

  Tokens labels(ArrayRole role, std::string_view letter, std::size_t n, const Tokens& known) {
    const NamedArray* const given = find(role);
    if (!given) return known ? known : numbered(letter, n);
    if (given->labels.size() != n)
      refuse(fmt::format("{}: expected {} labels, found {}", given->array.name, n, given->labels.size()));
    return std::make_shared<const std::vector<std::string>>(given->labels);
  }

  void label() {
    Input& in = input();
    in.tokens = labels(ArrayRole::tokens, "t", in.x.rows(), in.tokens);
    if (in.source)
      in.source->tokens = labels(ArrayRole::source_tokens, "s", in.source->x.rows(), in.source->tokens);
  }

  void masks() {
    MaskConfig& mask = input().config.mask;
    if (const NamedArray* const padding = find(ArrayRole::padding)) {
      const Matrix row = as_row(padding->array);
      mask.padding = std::make_shared<const std::vector<std::uint8_t>>(bits(row));
    }
    if (const NamedArray* const allow = find(ArrayRole::allow)) {
      const Matrix table = as_matrix(allow->array);
      mask.allow =
          std::make_shared<const AllowMatrix>(AllowMatrix{table.rows(), table.columns(), bits(table)});
    }
  }
  static std::vector<std::uint8_t> bits(const Matrix& m) {
    std::vector<std::uint8_t> out;
    for (const float value : m.values()) out.push_back(value != 0.0f ? 1 : 0);
    return out;
  }

  void finish() {
    validate(input());  // what does not fit together is said here
    if (const NamedArray* const output = find(ArrayRole::output);
        output && options_.compare && out_.kind != ImportKind::weights)
      compare_output(out_.scenario, as_matrix(output->array), out_.notes);
    std::string unused;
    for (const auto& [role, array] : found_) {
      if (used_.count(role) == 0) unused += (unused.empty() ? "" : ", ") + array->array.name;
    }
    if (!unused.empty()) note(message("Not used: {0}.", {unused}));
    const nlohmann::json own = {{"import", name(out_.kind)}};
    out_.scenario.extensions_json = nlohmann::json{{"attentionscope", own}}.dump();
  }

  const ImportOptions& options_;
  std::map<ArrayRole, const NamedArray*> found_;
  std::set<ArrayRole> used_;
  std::optional<std::size_t> heads_;
  std::optional<std::size_t> kv_heads_;
  Imported out_;
};

}  // namespace

Imported import_arrays(const std::vector<NamedArray>& arrays, const ImportOptions& options) {
  return Assembly(arrays, options).run();
}

}  // namespace attn::session
