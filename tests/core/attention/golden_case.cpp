#include "tests/core/attention/golden_case.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <memory>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace attn::test {
namespace {

using Json = nlohmann::json;

Matrix read_matrix(const Json& json) {
  const bool vector = !json.at(0).is_array();
  const std::size_t rows = vector ? 1 : json.size();
  Matrix result(rows, vector ? json.size() : json.at(0).size());
  for (std::size_t i = 0; i < rows; ++i) {
    const Json& row = vector ? json : json.at(i);
    for (std::size_t j = 0; j < result.columns(); ++j) result(i, j) = row.at(j).get<float>();
  }
  return result;
}

Tokens read_tokens(const Json& json) {
  return std::make_shared<const std::vector<std::string>>(json.get<std::vector<std::string>>());
}

/// The value whose name in files is `text`.
template <class Enum>
Enum named(const Json& json, const char* key, std::initializer_list<Enum> values) {
  if (!json.contains(key)) return *values.begin();
  for (const Enum value : values) {
    if (name(value) == json.at(key).get<std::string>()) return value;
  }
  throw std::runtime_error("golden case: unknown word in " + std::string(key));
}

MaskConfig read_mask(const Json& json) {
  MaskConfig mask;
  mask.causal = json.value("causal", false);
  if (json.contains("window")) mask.window = json.at("window").get<std::int64_t>();
  if (json.contains("padding")) {
    std::vector<std::uint8_t> padding;
    for (const Json& hidden : json.at("padding")) padding.push_back(hidden.get<bool>() ? 1 : 0);
    mask.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(padding));
  }
  if (json.contains("allow")) {
    AllowMatrix allow{json.at("allow").size(), json.at("allow").at(0).size(), {}};
    for (const Json& row : json.at("allow")) {
      for (const Json& cell : row) allow.visible.push_back(cell.get<std::uint8_t>());
    }
    mask.allow = std::make_shared<const AllowMatrix>(std::move(allow));
  }
  if (json.contains("hidden_value")) mask.hidden_value = json.at("hidden_value").get<double>();
  return mask;
}

Scale read_scale(const Json& json) {
  if (json.is_number()) return {Scale::Kind::number, json.get<double>()};
  return {json.get<std::string>() == "sqrt_dk" ? Scale::Kind::sqrt_dk : Scale::Kind::none, 1.0};
}

Config read_config(const Json& json) {
  Config config;
  config.heads = json.value("heads", std::size_t{1});
  if (json.contains("kv_heads")) config.kv_heads = json.at("kv_heads").get<std::size_t>();
  config.score = named(json, "score", {Score::dot, Score::cosine, Score::additive, Score::bilinear});
  if (json.contains("scale")) config.scale = read_scale(json.at("scale"));
  config.temperature = json.value("temperature", 1.0);
  config.position =
      named(json, "position", {Position::none, Position::sinusoidal, Position::rope, Position::alibi});
  if (json.contains("mask")) config.mask = read_mask(json.at("mask"));
  config.normalise =
      named(json, "normalise", {Normalise::softmax, Normalise::softmax_without_max, Normalise::none});
  config.softmax_axis = named(json, "softmax_axis", {SoftmaxAxis::keys, SoftmaxAxis::queries});
  if (json.contains("dropout")) {
    const Json& dropout = json.at("dropout");
    config.dropout = Dropout{dropout.at("p").get<double>(), dropout.at("seed").get<std::uint64_t>()};
  }
  config.combine = named(json, "combine", {Combine::concat, Combine::mean});
  config.attend_over = named(json, "attend_over", {AttendOver::tokens, AttendOver::features});
  return config;
}

void read_parameter(const Json& group, const char* key, ParameterId id, Parameters& parameters) {
  if (!group.contains(key) || group.at(key).is_string()) return;  // absent, or "identity"
  parameters[id] = SharedMatrix(read_matrix(group.at(key)));
}

Parameters read_parameters(const Json& json) {
  Parameters parameters;
  for (const ParameterId id : kParameterIds) {
    if (id < ParameterId::additive_w_q) read_parameter(json, std::string(name(id)).c_str(), id, parameters);
  }
  if (json.contains("additive")) {
    read_parameter(json.at("additive"), "w_q", ParameterId::additive_w_q, parameters);
    read_parameter(json.at("additive"), "w_k", ParameterId::additive_w_k, parameters);
    read_parameter(json.at("additive"), "v", ParameterId::additive_v, parameters);
  }
  return parameters;
}

void flatten(const Json& json, std::size_t depth, ExpectedArray& array) {
  if (!json.is_array()) {
    array.values.push_back(json.is_null() ? -std::numeric_limits<double>::infinity() : json.get<double>());
    return;
  }
  if (array.shape.size() == depth) array.shape.push_back(json.size());
  for (const Json& element : json) flatten(element, depth + 1, array);
}

}  // namespace

GoldenCase read_golden_case(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("golden case: cannot open " + file.string());
  const Json json = Json::parse(stream);
  const Json& scenario = json.at("scenario");
  GoldenCase result;
  result.name = file.stem().string();
  result.input.tokens = read_tokens(scenario.at("tokens"));
  result.input.x = SharedMatrix(read_matrix(scenario.at("x")));
  if (scenario.contains("source")) {
    const Json& source = scenario.at("source");
    result.input.source = Source{read_tokens(source.at("tokens")), SharedMatrix(read_matrix(source.at("x")))};
  }
  if (scenario.contains("attention")) result.input.config = read_config(scenario.at("attention"));
  if (scenario.contains("weights")) result.input.parameters = read_parameters(scenario.at("weights"));
  for (const auto& [key, value] : json.at("expected").items()) flatten(value, 0, result.expected[key]);
  if (json.contains("seed_gradient")) result.seed_gradient = read_matrix(json.at("seed_gradient"));
  return result;
}

std::vector<GoldenCase> read_golden_cases(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(ATTN_GOLDEN_DIR) + "/" + folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (files.empty()) throw std::runtime_error("golden cases: none in " + folder);
  std::ranges::sort(files);
  std::vector<GoldenCase> cases;
  for (const auto& file : files) cases.push_back(read_golden_case(file));
  return cases;
}

}  // namespace attn::test
