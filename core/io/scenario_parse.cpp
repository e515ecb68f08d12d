#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "core/io/file.h"
#include "core/io/json_grids.h"
#include "core/io/json_reader.h"
#include "core/io/json_values.h"
#include "core/io/npy.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::io {
namespace {

constexpr std::uint64_t kLargestWindow = (std::uint64_t{1} << 63) - 1;
constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 53) - 1;

/// A word in a file that has no enumeration in the engine.
struct Word {
  std::string_view text;
};
std::string_view name(const Word& word) { return word.text; }

/// A string, or an object of strings by language tag.
class LocalisedReader : public ValueReader {
 public:
  void string(std::string& text) override { value.by_language[tag_] = std::move(text); }
  void begin_object() override {
    if (in_object_) wrong_type("an object");
    in_object_ = true;
  }
  ValueReader& member(std::string& key) override {
    if (key.empty()) throw ValueError{"a language tag such as \"en\"", in_quotes(key)};
    if (value.by_language.count(key) != 0) throw ValueError{"the field once", "it repeated"};
    tag_ = std::move(key);
    return *this;
  }
  LocalisedText value;

 protected:
  std::string expected() const override {
    return in_object_ ? "a text in quotes" : "a text in quotes, or one for each language";
  }

 private:
  bool in_object_ = false;
  std::string tag_;
};

/// A matrix, or the name of a .npy file beside the scenario.
class InputMatrixReader : public GridReader<float> {
 public:
  using GridReader<float>::GridReader;
  void begin_object() override {
    if (given() || in_object_) wrong_type("an object");
    in_object_ = true;
  }
  ValueReader& member(std::string& key) override {
    if (key != "npy") throw ValueError{"the field npy", in_quotes(key)};
    if (npy_given_) throw ValueError{"the field once", "it repeated"};
    npy_given_ = true;
    return *this;
  }
  void number(const JsonNumber& number) override {
    if (in_object_) wrong_type(number.shown());
    GridReader<float>::number(number);
  }
  void begin_array() override {
    if (in_object_) wrong_type("an array");
    GridReader<float>::begin_array();
  }
  void string(std::string& text) override {
    if (!in_object_) wrong_type(in_quotes(text));
    const bool has_path =
        text.find_first_of("/\\:") != std::string::npos || text.find('\0') != std::string::npos;
    if (text.empty() || has_path || text == "." || text == "..") {
      throw ValueError{"the name of a file beside the scenario, without a path", in_quotes(text)};
    }
    npy = std::move(text);
  }
  void end_object() override {
    if (!npy_given_) throw ValueError{"the field npy", "nothing"};
  }
  std::string npy;  ///< empty when the matrix is in the scenario itself

 protected:
  std::string expected() const override {
    if (in_object_) return "the name of a .npy file in quotes";
    return given() ? GridReader<float>::expected() : "rows of numbers or {\"npy\": \"file\"}";
  }

 private:
  bool in_object_ = false;
  bool npy_given_ = false;
};

/// A matrix, or "identity".
class WeightReader : public GridReader<float> {
 public:
  using GridReader<float>::GridReader;
  void string(std::string& text) override {
    if (given() || text != "identity") wrong_type(in_quotes(text));
  }

 protected:
  std::string expected() const override {
    return given() ? GridReader<float>::expected() : "rows of numbers or \"identity\"";
  }
};

/// "none", "sqrt_dk" or a number.
class ScaleReader : public NumberReader {
 public:
  ScaleReader() : NumberReader("\"none\", \"sqrt_dk\" or a number") {}
  void string(std::string& text) override {
    if (text == "none") {
      word = Scale::Kind::none;
    } else if (text == "sqrt_dk") {
      word = Scale::Kind::sqrt_dk;
    } else {
      wrong_type(in_quotes(text));
    }
  }
  Scale scale() const {
    if (value) return {Scale::Kind::number, *value};
    return {word, 1.0};
  }
  Scale::Kind word = Scale::Kind::none;
};

class SourceReader : public ObjectReader {
 public:
  SourceReader(const ParseLimits& limits, Budget& budget)
      : tokens("a list of labels", limits.tokens, limits.label_bytes, budget),
        x(limits.tokens, limits.d_model, budget) {
    add("tokens", tokens, Need::required);
    add("x", x, Need::required);
  }
  LabelsReader tokens;
  InputMatrixReader x;
};

class MaskReader : public ObjectReader {
 public:
  MaskReader(const ParseLimits& limits, Budget& budget)
      : window(0, kLargestWindow),
        padding(limits.tokens, budget),
        allow(limits.tokens, limits.tokens, budget) {
    add("causal", causal);
    add("window", window);
    add("padding", padding);
    add("allow", allow);
    add("hidden_value", hidden_value);
  }
  BooleanReader causal;
  IntegerReader window;
  BooleansReader padding;
  GridReader<std::uint8_t> allow;
  NumberReader hidden_value;
};

class DropoutReader : public ObjectReader {
 public:
  DropoutReader()
      : p("a number from 0 to below 1", [](double value) { return value >= 0 && value < 1; }),
        seed(0, kLargestSeed) {
    add("p", p, Need::required);
    add("seed", seed, Need::required);
  }
  NumberReader p;
  IntegerReader seed;
};

class AttentionReader : public ObjectReader {
 public:
  AttentionReader(const ParseLimits& limits, Budget& budget)
      : heads(1, limits.heads),
        kv_heads(1, limits.heads),
        score({Score::dot, Score::cosine, Score::additive, Score::bilinear}),
        temperature("a number above 0", [](double value) { return value > 0; }),
        position({Position::none, Position::sinusoidal, Position::rope, Position::alibi}),
        mask(limits, budget),
        normalise({Normalise::softmax, Normalise::softmax_without_max, Normalise::none}),
        softmax_axis({SoftmaxAxis::keys, SoftmaxAxis::queries}),
        combine({Combine::concat, Combine::mean}),
        attend_over({AttendOver::tokens, AttendOver::features}) {
    add("heads", heads);
    add("kv_heads", kv_heads);
    add("score", score);
    add("scale", scale);
    add("temperature", temperature);
    add("position", position);
    add("mask", mask);
    add("normalise", normalise);
    add("softmax_axis", softmax_axis);
    add("dropout", dropout);
    add("combine", combine);
    add("attend_over", attend_over);
  }

  Config build() {
    Config config;
    config.heads = heads.value.value_or(1);
    if (kv_heads.value) config.kv_heads = *kv_heads.value;
    config.score = score.value.value_or(config.score);
    config.scale = scale.scale();
    config.temperature = temperature.value.value_or(config.temperature);
    config.position = position.value.value_or(config.position);
    config.mask = build_mask();
    config.normalise = normalise.value.value_or(config.normalise);
    config.softmax_axis = softmax_axis.value.value_or(config.softmax_axis);
    if (dropout.given) config.dropout = Dropout{*dropout.p.value, *dropout.seed.value};
    config.combine = combine.value.value_or(config.combine);
    config.attend_over = attend_over.value.value_or(config.attend_over);
    return config;
  }

 private:
  MaskConfig build_mask() {
    MaskConfig out;
    out.causal = mask.causal.value.value_or(false);
    if (mask.window.value) out.window = static_cast<std::int64_t>(*mask.window.value);
    if (mask.padding.value) {
      out.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(*mask.padding.value));
    }
    if (mask.allow.given()) {
      out.allow = std::make_shared<const AllowMatrix>(
          AllowMatrix{mask.allow.rows(), mask.allow.columns(), mask.allow.take_cells()});
    }
    out.hidden_value = mask.hidden_value.value;
    return out;
  }

  IntegerReader heads;
  IntegerReader kv_heads;
  WordReader<Score> score;
  ScaleReader scale;
  NumberReader temperature;
  WordReader<Position> position;
  MaskReader mask;
  WordReader<Normalise> normalise;
  WordReader<SoftmaxAxis> softmax_axis;
  DropoutReader dropout;
  WordReader<Combine> combine;
  WordReader<AttendOver> attend_over;
};

/// No parameter is larger than this on a side: all heads of the widest model.
std::size_t widest(const ParseLimits& limits) { return limits.heads * limits.d_model; }

class AdditiveReader : public ObjectReader {
 public:
  AdditiveReader(const ParseLimits& limits, Budget& budget)
      : w_q(widest(limits), widest(limits), budget),
        w_k(widest(limits), widest(limits), budget),
        v(widest(limits), budget) {
    add("w_q", w_q, Need::required);
    add("w_k", w_k, Need::required);
    add("v", v, Need::required);
  }
  GridReader<float> w_q;
  GridReader<float> w_k;
  VectorReader v;
};

class WeightsReader : public ObjectReader {
 public:
  WeightsReader(const ParseLimits& limits, Budget& budget)
      : w_q(widest(limits), widest(limits), budget),
        w_k(widest(limits), widest(limits), budget),
        w_v(widest(limits), widest(limits), budget),
        w_o(widest(limits), widest(limits), budget),
        b_q(widest(limits), budget),
        b_k(widest(limits), budget),
        b_v(widest(limits), budget),
        b_o(widest(limits), budget),
        bilinear(widest(limits), widest(limits), budget),
        additive(limits, budget) {
    add("w_q", w_q);
    add("w_k", w_k);
    add("w_v", w_v);
    add("w_o", w_o);
    add("b_q", b_q);
    add("b_k", b_k);
    add("b_v", b_v);
    add("b_o", b_o);
    add("bilinear", bilinear);
    add("additive", additive);
  }

  Parameters build() const {
    Parameters out;
    const auto matrix = [&](ParameterId id, const GridReader<float>& reader) {
      if (reader.given()) out[id] = SharedMatrix(reader.matrix());
    };
    const auto vector = [&](ParameterId id, const VectorReader& reader) {
      if (!reader.value) return;
      Matrix row(1, reader.value->size());
      std::copy(reader.value->begin(), reader.value->end(), row.data());
      out[id] = SharedMatrix(row);
    };
    matrix(ParameterId::w_q, w_q);
    matrix(ParameterId::w_k, w_k);
    matrix(ParameterId::w_v, w_v);
    matrix(ParameterId::w_o, w_o);
    vector(ParameterId::b_q, b_q);
    vector(ParameterId::b_k, b_k);
    vector(ParameterId::b_v, b_v);
    vector(ParameterId::b_o, b_o);
    matrix(ParameterId::bilinear, bilinear);
    matrix(ParameterId::additive_w_q, additive.w_q);
    matrix(ParameterId::additive_w_k, additive.w_k);
    vector(ParameterId::additive_v, additive.v);
    return out;
  }

 private:
  WeightReader w_q;
  WeightReader w_k;
  WeightReader w_v;
  WeightReader w_o;
  VectorReader b_q;
  VectorReader b_k;
  VectorReader b_v;
  VectorReader b_o;
  GridReader<float> bilinear;
  AdditiveReader additive;
};

/// Where a scenario comes from, for messages and for the files beside it.
struct Origin {
  std::string_view file_name;
  std::string_view prefix;  ///< of fields: "" or "scenario."
  const std::filesystem::path& directory;
  const ParseLimits& limits;

  [[noreturn]] void refuse(std::string_view field, std::string_view message) const {
    throw FormatError(fmt::format("{}: {}{}{}", printable(file_name, 300), prefix, field, message));
  }
};

class ScenarioReader : public ObjectReader {
 public:
  ScenarioReader(const ParseLimits& limits, Budget& budget)
      : format({Word{"attention-scenario"}}),
        version(1, 1),
        tokens("a list of labels", limits.tokens, limits.label_bytes, budget),
        x(limits.tokens, limits.d_model, budget),
        feature_names("a list of labels", limits.d_model, limits.label_bytes, budget),
        source(limits, budget),
        attention(limits, budget),
        weights(limits, budget),
        view(budget),
        lock(budget),
        extensions(budget) {
    add("format", format, Need::required);
    add("version", version, Need::required);
    add("title", title);
    add("description", description);
    add("tokens", tokens, Need::required);
    add("x", x, Need::required);
    add("feature_names", feature_names);
    add("source", source);
    add("attention", attention);
    add("weights", weights);
    add("view", view);
    add("lock", lock);
    add("extensions", extensions);
  }

  /// Once everything has been read: puts the parts together and checks them against each other.
  Scenario build(const Origin& origin) {
    Scenario out;
    out.title = std::move(title.value);
    out.description = std::move(description.value);
    out.input.tokens = shared_labels(tokens);
    out.input.x = matrix(x, "x", origin);
    if (source.given) {
      out.input.source = Source{shared_labels(source.tokens), matrix(source.x, "source.x", origin)};
    }
    out.input.config = attention.build();
    out.input.parameters = weights.build();
    out.view_json = std::move(view.json);
    out.lock_json = std::move(lock.json);
    out.extensions_json = std::move(extensions.json);
    try {
      attn::validate(out.input);
    } catch (const std::invalid_argument& error) {
      origin.refuse("", error.what());
    }
    if (feature_names.value) {
      if (feature_names.value->size() != out.input.x.columns()) {
        origin.refuse("feature_names", fmt::format(": expected {} labels, one for each column of x, found {}",
                                                   out.input.x.columns(), feature_names.value->size()));
      }
      out.feature_names = shared_labels(feature_names);
    }
    return out;
  }

 private:
  static Tokens shared_labels(LabelsReader& reader) {
    return std::make_shared<const std::vector<std::string>>(std::move(*reader.value));
  }

  static SharedMatrix matrix(const InputMatrixReader& reader, std::string_view field, const Origin& origin) {
    if (reader.npy.empty()) return SharedMatrix(reader.matrix());
    const std::filesystem::path path = origin.directory / reader.npy;
    std::error_code ignored;  // what cannot be looked at is reported when it is read
    if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)) {
      origin.refuse(field, fmt::format(".npy: expected an ordinary file, found {}", in_quotes(reader.npy)));
    }
    try {
      const std::string bytes = read_file(path, origin.limits.file_bytes);
      const NpyLimits limits{origin.limits.file_bytes, origin.limits.tokens, origin.limits.d_model};
      return SharedMatrix(read_npy_matrix(bytes, reader.npy, limits));
    } catch (const FormatError& error) {
      origin.refuse(field, fmt::format(".npy: {}", error.what()));
    }
  }

  WordReader<Word> format;
  IntegerReader version;
  LocalisedReader title;
  LocalisedReader description;
  LabelsReader tokens;
  InputMatrixReader x;
  LabelsReader feature_names;
  SourceReader source;
  AttentionReader attention;
  WeightsReader weights;
  AnyObjectReader view;
  AnyObjectReader lock;
  AnyObjectReader extensions;
};

/// The arrays of a golden case, by name.
class ExpectedReader : public ValueReader {
 public:
  explicit ExpectedReader(Budget& budget) : budget_(budget) {}
  void begin_object() override { given = true; }
  ValueReader& member(std::string& key) override {
    budget_.take(128 + key.size());
    const auto [at, is_new] = arrays.try_emplace(std::move(key));
    if (!is_new) throw ValueError{"the field once", "it repeated"};
    current_.emplace(at->second, budget_);
    return *current_;
  }
  bool given = false;
  std::map<std::string, NamedArray> arrays;

 protected:
  std::string expected() const override { return "an object of arrays"; }

 private:
  Budget& budget_;
  std::optional<ArrayReader> current_;
};

class GoldenReader : public ObjectReader {
 public:
  GoldenReader(const ParseLimits& limits, Budget& budget)
      : name("a name in quotes"),
        note("a text in quotes"),
        scenario(limits, budget),
        expected_arrays(budget),
        seed_gradient(limits.tokens, widest(limits), budget) {
    add("name", name);
    add("note", note);
    add("scenario", scenario, Need::required);
    add("expected", expected_arrays, Need::required);
    add("seed_gradient", seed_gradient);
  }

  GoldenCase build(const Origin& origin) {
    GoldenCase out;
    out.name = name.value.value_or("");
    out.note = note.value.value_or("");
    out.scenario = scenario.build(origin);
    out.expected = std::move(expected_arrays.arrays);
    if (seed_gradient.given()) out.seed_gradient = seed_gradient.matrix();
    return out;
  }

 private:
  StringReader name;
  StringReader note;
  ScenarioReader scenario;
  ExpectedReader expected_arrays;
  GridReader<float> seed_gradient;
};

/// Either kind of file: its first field tells which.
class RootReader : public ValueReader {
 public:
  RootReader(ScenarioReader& scenario, GoldenReader& golden) : scenario_(scenario), golden_(golden) {}
  void begin_object() override {}
  ValueReader& member(std::string& key) override {
    if (chosen_ == nullptr) {
      is_golden =
          key == "name" || key == "note" || key == "scenario" || key == "expected" || key == "seed_gradient";
      chosen_ = is_golden ? static_cast<ObjectReader*>(&golden_) : &scenario_;
    }
    return chosen_->member(key);
  }
  void end_object() override {
    (chosen_ == nullptr ? static_cast<ObjectReader*>(&scenario_) : chosen_)->end_object();
  }
  bool is_golden = false;

 protected:
  std::string expected() const override { return "a scenario, which is an object"; }

 private:
  ScenarioReader& scenario_;
  GoldenReader& golden_;
  ObjectReader* chosen_ = nullptr;
};

}  // namespace

LocalisedText LocalisedText::plain(std::string text) {
  LocalisedText out;
  if (!text.empty()) out.by_language.emplace("", std::move(text));
  return out;
}

std::string LocalisedText::in(std::string_view language) const {
  const std::string whole(language);
  const std::string first_part(language.substr(0, language.find_first_of("-_")));
  for (const std::string& tag : {whole, first_part, std::string("en"), std::string()}) {
    if (const auto found = by_language.find(tag); found != by_language.end()) return found->second;
  }
  return by_language.empty() ? std::string() : by_language.begin()->second;
}

ScenarioFile parse_scenario_file(std::string_view text, std::string_view file_name,
                                 const std::filesystem::path& directory, const ParseLimits& limits) {
  if (text.size() > limits.file_bytes) {
    throw FormatError(fmt::format("{}: expected a file of at most {} bytes, found {}",
                                  printable(file_name, 300), limits.file_bytes, text.size()));
  }
  Budget budget(limits.memory_bytes);
  ScenarioReader scenario(limits, budget);
  GoldenReader golden(limits, budget);
  RootReader root(scenario, golden);
  read_json(text, file_name, limits.nesting, root);
  if (root.is_golden) return golden.build(Origin{file_name, "scenario.", directory, limits});
  return scenario.build(Origin{file_name, "", directory, limits});
}

ScenarioFile load_scenario_file(const std::filesystem::path& path, const ParseLimits& limits) {
  return parse_scenario_file(read_file(path, limits.file_bytes), path.string(), path.parent_path(), limits);
}

Scenario parse_scenario(std::string_view text, std::string_view file_name,
                        const std::filesystem::path& directory, const ParseLimits& limits) {
  ScenarioFile file = parse_scenario_file(text, file_name, directory, limits);
  if (auto* golden = std::get_if<GoldenCase>(&file)) return std::move(golden->scenario);
  return std::get<Scenario>(std::move(file));
}

Scenario load_scenario(const std::filesystem::path& path, const ParseLimits& limits) {
  return parse_scenario(read_file(path, limits.file_bytes), path.string(), path.parent_path(), limits);
}

GoldenCase load_golden(const std::filesystem::path& path, const ParseLimits& limits) {
  ScenarioFile file = load_scenario_file(path, limits);
  if (auto* golden = std::get_if<GoldenCase>(&file)) return std::move(*golden);
  throw FormatError(
      fmt::format("{}: expected: expected a golden case with this field, found a plain scenario",
                  printable(path.string(), 300)));
}

}  // namespace attn::io
