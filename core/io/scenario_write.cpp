#include <cmath>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "core/io/file.h"
#include "core/io/json_values.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::io {
namespace {

/// Builds an object of `name: value` lines; an object without fields can be left out by the caller.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::size_t depth) : indent_(2 * depth + 2, ' ') {}

  void add(std::string_view field, std::string_view json) {
    fields_ += fields_.empty() ? "\n" : ",\n";
    fields_ += indent_ + json_string(field) + ": ";
    fields_ += json;
  }
  void add_text(std::string_view field, std::string_view text) { add(field, json_string(text)); }
  bool empty() const { return fields_.empty(); }
  std::string finish() const {
    if (empty()) return "{}";
    return "{" + fields_ + "\n" + indent_.substr(2) + "}";
  }

 private:
  std::string indent_;
  std::string fields_;
};

std::string number(float value) {
  if (!std::isfinite(value))
    throw std::invalid_argument("a scenario cannot hold a number that is not finite");
  return shortest(value);
}

std::string number(double value) {
  if (!std::isfinite(value))
    throw std::invalid_argument("a scenario cannot hold a number that is not finite");
  return shortest(value);
}

template <class Range, class Write>
std::string list(const Range& range, Write write) {
  std::string out = "[";
  for (const auto& item : range) {
    if (out.size() > 1) out += ", ";
    out += write(item);
  }
  return out + "]";
}

std::string labels(const std::vector<std::string>& values) {
  return list(values, [](const std::string& label) { return json_string(label); });
}

std::string vector(std::span<const float> values) {
  return list(values, [](float value) { return number(value); });
}

/// One row a line.
template <class Row>
std::string rows(std::size_t n, std::size_t depth, Row row) {
  const std::string indent(2 * depth + 2, ' ');
  std::string out = "[";
  for (std::size_t i = 0; i < n; ++i) {
    out += i == 0 ? "\n" : ",\n";
    out += indent + row(i);
  }
  return out + "\n" + indent.substr(2) + "]";
}

std::string matrix(const SharedMatrix& m, std::size_t depth) {
  return rows(m.rows(), depth, [&](std::size_t i) { return vector(m.row(i)); });
}

std::string localised(const LocalisedText& text) {
  if (text.by_language.size() == 1 && text.by_language.begin()->first.empty()) {
    return json_string(text.by_language.begin()->second);
  }
  ObjectWriter out(1);
  // A plain text beside others has no tag to go under; it is what English readers see anyway.
  for (const auto& [tag, value] : text.by_language) {
    if (tag.empty() && text.by_language.count("en") != 0) continue;
    out.add_text(tag.empty() ? "en" : tag, value);
  }
  return out.finish();
}

/// `json` if it is an object that the scenario reader takes.
std::string kept_object(const std::string& json, std::string_view field) {
  Budget budget(json.size() * 200 + 4096);
  AnyObjectReader reader(budget);
  try {
    // The object stands one level deep in the file.
    read_json(json, field, ParseLimits{}.nesting - 1, reader);
  } catch (const FormatError& error) {
    throw std::invalid_argument(error.what());
  }
  return reader.json;
}

/// The fields that every generator has, without the brackets.
std::string generator_fields(const Generator& generator) {
  std::string out = fmt::format("\"generator\": \"{}\"", name(generator.kind));
  if (generator.kind == GeneratorKind::repeated) out += fmt::format(", \"period\": {}", generator.period);
  if (generator.kind == GeneratorKind::needle) out += fmt::format(", \"position\": {}", generator.position);
  return out;
}

std::string tokens_json(const Tokens& tokens, const Generated& generated) {
  if (!generated.tokens || generated.tokens->second != tokens) return labels(*tokens);
  const LabelGenerator& generator = generated.tokens->first;
  return fmt::format("{{{}, \"count\": {}}}", generator_fields(generator.rows), generator.count);
}

std::string x_json(const SharedMatrix& x, const Generated& generated, int level) {
  if (!generated.x || !generated.x->second.same_as(x)) return matrix(x, level);
  const VectorGenerator& generator = generated.x->first;
  return fmt::format("{{{}, \"columns\": {}, \"seed\": {}}}", generator_fields(generator.rows),
                     generator.columns, generator.seed);
}

std::string mask_json(const MaskConfig& mask) {
  ObjectWriter out(2);
  if (mask.causal) out.add("causal", "true");
  if (mask.window) out.add("window", fmt::format("{}", *mask.window));
  if (mask.padding) {
    out.add("padding",
            list(*mask.padding, [](std::uint8_t hidden) { return hidden != 0 ? "true" : "false"; }));
  }
  if (mask.allow) {
    const AllowMatrix& allow = *mask.allow;
    out.add("allow", rows(allow.rows, 3, [&](std::size_t i) {
              const std::span row(allow.visible.data() + i * allow.columns, allow.columns);
              return list(row, [](std::uint8_t visible) { return visible != 0 ? "1" : "0"; });
            }));
  }
  if (mask.hidden_value) out.add("hidden_value", number(*mask.hidden_value));
  return out.empty() ? std::string() : out.finish();
}

std::string attention_json(const Config& config) {
  const Config defaults;
  ObjectWriter out(1);
  const auto word = [&](std::string_view field, auto value, auto standard) {
    if (value != standard) out.add_text(field, name(value));
  };
  if (config.heads != defaults.heads) out.add("heads", fmt::format("{}", config.heads));
  if (config.kv_heads) out.add("kv_heads", fmt::format("{}", *config.kv_heads));
  word("score", config.score, defaults.score);
  if (config.scale.kind == Scale::Kind::sqrt_dk) out.add_text("scale", "sqrt_dk");
  if (config.scale.kind == Scale::Kind::number) out.add("scale", number(config.scale.number));
  if (config.temperature != defaults.temperature) out.add("temperature", number(config.temperature));
  word("position", config.position, defaults.position);
  if (const std::string mask = mask_json(config.mask); !mask.empty()) out.add("mask", mask);
  word("normalise", config.normalise, defaults.normalise);
  word("softmax_axis", config.softmax_axis, defaults.softmax_axis);
  if (config.dropout) {
    out.add("dropout",
            fmt::format("{{\"p\": {}, \"seed\": {}}}", number(config.dropout->p), config.dropout->seed));
  }
  word("combine", config.combine, defaults.combine);
  word("attend_over", config.attend_over, defaults.attend_over);
  return out.empty() ? std::string() : out.finish();
}

std::string weights_json(const Parameters& parameters) {
  ObjectWriter out(1);
  ObjectWriter additive(2);
  for (const ParameterId id : kParameterIds) {
    if (!parameters[id]) continue;
    const SharedMatrix& value = *parameters[id];
    const bool is_vector =
        (id >= ParameterId::b_q && id <= ParameterId::b_o) || id == ParameterId::additive_v;
    const bool is_additive = id >= ParameterId::additive_w_q;
    // "weights.additive.w_q": the last part is the name inside its object.
    const std::string_view place = field(id);
    ObjectWriter& object = is_additive ? additive : out;
    object.add(place.substr(place.rfind('.') + 1),
               is_vector ? vector(value.row(0)) : matrix(value, is_additive ? 3 : 2));
  }
  if (!additive.empty()) out.add("additive", additive.finish());
  return out.empty() ? std::string() : out.finish();
}

}  // namespace

std::string write_scenario(const Scenario& scenario) {
  const Input& input = scenario.input;
  ObjectWriter out(0);
  out.add_text("format", "attention-scenario");
  out.add("version", "1");
  if (!scenario.title.empty()) out.add("title", localised(scenario.title));
  if (!scenario.description.empty()) out.add("description", localised(scenario.description));
  out.add("tokens", tokens_json(input.tokens, scenario.generated));
  if (scenario.feature_names) out.add("feature_names", labels(*scenario.feature_names));
  out.add("x", x_json(input.x, scenario.generated, 1));
  if (input.source) {
    ObjectWriter source(1);
    source.add("tokens", tokens_json(input.source->tokens, scenario.generated_source));
    source.add("x", x_json(input.source->x, scenario.generated_source, 2));
    out.add("source", source.finish());
  }
  if (const std::string attention = attention_json(input.config); !attention.empty())
    out.add("attention", attention);
  if (const std::string weights = weights_json(input.parameters); !weights.empty())
    out.add("weights", weights);
  const std::pair<std::string_view, const std::string&> kept[] = {
      {"view", scenario.view_json}, {"lock", scenario.lock_json}, {"extensions", scenario.extensions_json}};
  for (const auto& [name, json] : kept) {
    if (!json.empty()) out.add(name, kept_object(json, name));
  }
  return out.finish() + "\n";
}

void save_scenario(const std::filesystem::path& path, const Scenario& scenario) {
  write_file(path, write_scenario(scenario));
}

}  // namespace attn::io
