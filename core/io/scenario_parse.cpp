#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "core/io/attention_reader.h"
#include "core/io/file.h"
#include "core/io/generator_reader.h"
#include "core/io/json_grids.h"
#include "core/io/json_reader.h"
#include "core/io/json_values.h"
#include "core/io/npy.h"
#include "core/io/scenario.h"
#include "core/io/text.h"
#include "core/io/weights_reader.h"

namespace attn::io {
namespace {

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

  std::string expected() const override {
    return in_object_ ? "a text in quotes" : "a text in quotes, or one for each language";
  }

 private:
  bool in_object_ = false;
  std::string tag_;
};

class SourceReader : public ObjectReader {
 public:
  SourceReader(const ParseLimits& limits, Budget& budget)
      : tokens(limits.tokens, limits.label_bytes, budget), x(limits.tokens, limits.d_model, budget) {
    add("tokens", tokens, Need::required);
    add("x", x, Need::required);
  }
  TokensReader tokens;
  InputMatrixReader x;
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
      : format_({Word{"attention-scenario"}}),
        version_(1, 1),
        tokens_(limits.tokens, limits.label_bytes, budget),
        x_(limits.tokens, limits.d_model, budget),
        feature_names_("a list of labels", limits.d_model, limits.label_bytes, budget),
        source_(limits, budget),
        attention_(limits, budget),
        weights_(limits, budget),
        view_(budget),
        lock_(budget),
        extensions_(budget) {
    add("format", format_, Need::required);
    add("version", version_, Need::required);
    add("title", title_);
    add("description", description_);
    add("tokens", tokens_, Need::required);
    add("x", x_, Need::required);
    add("feature_names", feature_names_);
    add("source", source_);
    add("attention", attention_);
    add("weights", weights_);
    add("view", view_);
    add("lock", lock_);
    add("extensions", extensions_);
  }

  /// Once everything has been read: puts the parts together and checks them against each other.
  Scenario build(const Origin& origin) {
    Scenario out;
    out.title = std::move(title_.value);
    out.description = std::move(description_.value);
    out.input.tokens = shared_labels(tokens_);
    out.input.x = matrix(x_, out.input.tokens->size(), "x", origin);
    out.generated = generated(tokens_, x_, out.input.tokens, out.input.x);
    if (source_.given) {
      const Tokens tokens = shared_labels(source_.tokens);
      out.input.source = Source{tokens, matrix(source_.x, tokens->size(), "source.x", origin)};
      out.generated_source = generated(source_.tokens, source_.x, tokens, out.input.source->x);
    }
    out.input.config = attention_.build();
    out.input.parameters = weights_.build();
    out.view_json = std::move(view_.json);
    out.lock_json = std::move(lock_.json);
    out.extensions_json = std::move(extensions_.json);
    try {
      attn::validate(out.input);
    } catch (const std::invalid_argument& error) {
      origin.refuse("", error.what());
    }
    if (feature_names_.value) {
      if (feature_names_.value->size() != out.input.x.columns()) {
        origin.refuse("feature_names", fmt::format(": expected {} labels, one for each column of x, found {}",
                                                   out.input.x.columns(), feature_names_.value->size()));
      }
      out.feature_names = shared_labels(feature_names_);
    }
    return out;
  }

 private:
  static Tokens shared_labels(LabelsReader& reader) {
    return std::make_shared<const std::vector<std::string>>(std::move(*reader.value));
  }

  static Generated generated(const TokensReader& tokens, const InputMatrixReader& x,
                             const Tokens& made_tokens, const SharedMatrix& made_x) {
    Generated out;
    if (tokens.generator) out.tokens = {*tokens.generator, made_tokens};
    if (x.generator) out.x = {*x.generator, made_x};
    return out;
  }

  static SharedMatrix matrix(const InputMatrixReader& reader, std::size_t rows, std::string_view field,
                             const Origin& origin) {
    if (reader.generator) return generated_matrix(*reader.generator, rows, field, origin);
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

  static SharedMatrix generated_matrix(const VectorGenerator& generator, std::size_t rows,
                                       std::string_view field, const Origin& origin) {
    if (generator.rows.kind == GeneratorKind::needle && generator.rows.position + 1 >= rows) {
      origin.refuse(field, fmt::format(".position: expected a row before the last of {}, found {}", rows,
                                       generator.rows.position));
    }
    const std::uint64_t bytes = std::uint64_t{rows} * generator.columns * sizeof(float);
    if (bytes > origin.limits.memory_bytes) {
      origin.refuse(
          field, fmt::format(": expected at most {} bytes of numbers, found {} rows of {} columns, {} bytes",
                             origin.limits.memory_bytes, rows, generator.columns, bytes));
    }
    return generate(generator, rows);
  }

  WordReader<Word> format_;
  IntegerReader version_;
  LocalisedReader title_;
  LocalisedReader description_;
  TokensReader tokens_;
  InputMatrixReader x_;
  LabelsReader feature_names_;
  SourceReader source_;
  AttentionReader attention_;
  WeightsReader weights_;
  AnyObjectReader view_;
  AnyObjectReader lock_;
  AnyObjectReader extensions_;
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

  std::string expected() const override { return "an object of arrays"; }

 private:
  Budget& budget_;
  std::optional<ArrayReader> current_;
};

class GoldenReader : public ObjectReader {
 public:
  GoldenReader(const ParseLimits& limits, Budget& budget)
      : name_("a name in quotes"),
        note_("a text in quotes"),
        scenario_(limits, budget),
        expected_arrays_(budget),
        seed_gradient_(limits.tokens, widest(limits), budget) {
    add("name", name_);
    add("note", note_);
    add("scenario", scenario_, Need::required);
    add("expected", expected_arrays_, Need::required);
    add("seed_gradient", seed_gradient_);
  }

  GoldenCase build(const Origin& origin) {
    GoldenCase out;
    out.name = name_.value.value_or("");
    out.note = note_.value.value_or("");
    out.scenario = scenario_.build(origin);
    out.expected = std::move(expected_arrays_.arrays);
    if (seed_gradient_.given()) out.seed_gradient = seed_gradient_.matrix();
    return out;
  }

 private:
  StringReader name_;
  StringReader note_;
  ScenarioReader scenario_;
  ExpectedReader expected_arrays_;
  GridReader<float> seed_gradient_;
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
  throw FormatError(fmt::format("{}: expected: expected the arrays of a golden case, found a plain scenario",
                                printable(path.string(), 300)));
}

}  // namespace attn::io
