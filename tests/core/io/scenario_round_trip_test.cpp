#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "core/io/scenario.h"
#include "tests/core/io/refusal.h"
#include "tests/core/io/temporary_folder.h"

using attn::Matrix;
using attn::SharedMatrix;
using attn::io::GoldenCase;
using attn::io::LocalisedText;
using attn::io::Scenario;
using attn::test::with;

namespace {

std::vector<std::filesystem::path> golden_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(ATTN_GOLDEN_DIR)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Equal to the last bit: 0 and -0 differ.
bool same_bits(const SharedMatrix& a, const SharedMatrix& b) {
  if (a.rows() != b.rows() || a.columns() != b.columns()) return false;
  for (std::size_t row = 0; row < a.rows(); ++row) {
    for (std::size_t column = 0; column < a.columns(); ++column) {
      const auto bits = [&](const SharedMatrix& m) { return std::bit_cast<std::uint32_t>(m(row, column)); };
      if (bits(a) != bits(b)) return false;
    }
  }
  return true;
}

bool same_bits(const std::optional<SharedMatrix>& a, const std::optional<SharedMatrix>& b) {
  return a.has_value() == b.has_value() && (!a || same_bits(*a, *b));
}

template <class T>
bool same_pointed(const std::shared_ptr<const T>& a, const std::shared_ptr<const T>& b) {
  return a && b ? *a == *b : !a && !b;
}

void check_same(const Scenario& a, const Scenario& b) {
  CHECK(a.title == b.title);
  CHECK(a.description == b.description);
  CHECK(same_pointed(a.feature_names, b.feature_names));
  CHECK(same_pointed(a.input.tokens, b.input.tokens));
  CHECK(same_bits(a.input.x, b.input.x));
  REQUIRE(a.input.source.has_value() == b.input.source.has_value());
  if (a.input.source) {
    CHECK(same_pointed(a.input.source->tokens, b.input.source->tokens));
    CHECK(same_bits(a.input.source->x, b.input.source->x));
  }
  for (const attn::ParameterId id : attn::kParameterIds) {
    CHECK(same_bits(a.input.parameters[id], b.input.parameters[id]));
  }
  const attn::Config& c = a.input.config;
  const attn::Config& d = b.input.config;
  CHECK(c.heads == d.heads);
  CHECK(c.kv_heads == d.kv_heads);
  CHECK(c.score == d.score);
  CHECK(c.scale == d.scale);
  CHECK(c.temperature == d.temperature);
  CHECK(c.position == d.position);
  CHECK(c.mask.causal == d.mask.causal);
  CHECK(c.mask.window == d.mask.window);
  CHECK(same_pointed(c.mask.padding, d.mask.padding));
  CHECK(same_pointed(c.mask.allow, d.mask.allow));
  CHECK(c.mask.hidden_value == d.mask.hidden_value);
  CHECK(c.normalise == d.normalise);
  CHECK(c.softmax_axis == d.softmax_axis);
  CHECK(c.dropout == d.dropout);
  CHECK(c.combine == d.combine);
  CHECK(c.attend_over == d.attend_over);
  CHECK(a.view_json == b.view_json);
  CHECK(a.lock_json == b.lock_json);
  CHECK(a.extensions_json == b.extensions_json);
}

const std::string kEverything = R"({
  "format": "attention-scenario",
  "version": 1,
  "title": {
    "en": "Three \"words\"",
    "zh": "三个词"
  },
  "description": "one line\nand another",
  "tokens": ["a", "b", "a"],
  "feature_names": ["noun", "verb"],
  "x": [
    [0.1, -0.0],
    [1e-10, 16777216],
    [3.4028235e38, 1e-45]
  ],
  "source": {
    "tokens": ["k1", "嵌入"],
    "x": [
      [1, 2],
      [3, 4]
    ]
  },
  "attention": {
    "heads": 2,
    "kv_heads": 1,
    "score": "additive",
    "scale": 0.1414213562373095,
    "temperature": 0.3,
    "position": "alibi",
    "mask": {
      "causal": true,
      "window": 3,
      "padding": [false, true],
      "allow": [
        [1, 0],
        [0, 1],
        [1, 1]
      ],
      "hidden_value": -1e9
    },
    "normalise": "none",
    "softmax_axis": "queries",
    "dropout": {"p": 0.25, "seed": 9007199254740991},
    "combine": "mean"
  },
  "weights": {
    "w_k": [
      [1],
      [2]
    ],
    "w_v": [
      [1, 2, 3],
      [4, 5, 6]
    ],
    "b_q": [0.5, -0.5],
    "b_o": [1, 2, 3],
    "additive": {
      "w_q": [
        [1, 2]
      ],
      "w_k": [
        [3, 4]
      ],
      "v": [5, 6]
    }
  },
  "view": {"selected": {"stage": "q", "row": 0}, "zoom": 1.50, "nothing": null, "list": [true, [], {}]},
  "lock": {},
  "extensions": {"big": 123456789012345678901234567890, "tiny": -0}
}
)";

}  // namespace

TEST_CASE("a scenario with everything is read and written back letter by letter") {
  CHECK(attn::io::write_scenario(attn::io::parse_scenario(kEverything, "all.json", "")) == kEverything);
}

TEST_CASE("the example in the description of the formats can be opened") {
  const std::string text = attn::test::bytes_of(std::string(ATTN_SOURCE_DIR) + "/core/io/README.md");
  const std::string fence = "```json\n";
  const auto begin = text.find(fence);
  REQUIRE(begin != std::string::npos);
  const auto first = begin + fence.size();
  const Scenario s =
      attn::io::parse_scenario(text.substr(first, text.find("```", first) - first), "README.md", "");
  CHECK(s.input.config.heads == 2);
  CHECK(s.input.parameters[attn::ParameterId::b_o]->columns() == 4);
}

TEST_CASE("what a scenario says arrives in the engine's input") {
  const Scenario s = attn::io::parse_scenario(kEverything, "all.json", "");
  CHECK(s.title.in("zh") == "三个词");
  CHECK(s.title.in("zh-CN") == "三个词");
  CHECK(s.title.in("fr") == "Three \"words\"");
  CHECK(s.description.in("zh") == "one line\nand another");
  CHECK(s.feature_names->at(1) == "verb");
  CHECK(std::signbit(s.input.x(0, 1)));
  CHECK(s.input.x(2, 0) == std::numeric_limits<float>::max());
  CHECK(s.input.source->tokens->at(1) == "嵌入");
  const attn::Config& config = s.input.config;
  CHECK(config.heads == 2);
  CHECK(config.kv_heads == 1);
  CHECK(config.score == attn::Score::additive);
  CHECK(config.scale == attn::Scale{attn::Scale::Kind::number, 0.1414213562373095});
  CHECK(config.temperature == 0.3);
  CHECK(config.position == attn::Position::alibi);
  CHECK(config.mask.causal);
  CHECK(config.mask.window == 3);
  CHECK(*config.mask.padding == std::vector<std::uint8_t>{0, 1});
  CHECK(config.mask.allow->rows == 3);
  CHECK(config.mask.allow->visible == std::vector<std::uint8_t>{1, 0, 0, 1, 1, 1});
  CHECK(config.mask.hidden_value == -1e9);
  CHECK(config.normalise == attn::Normalise::none);
  CHECK(config.softmax_axis == attn::SoftmaxAxis::queries);
  CHECK(config.dropout == attn::Dropout{0.25, 9007199254740991});
  CHECK(config.combine == attn::Combine::mean);
  CHECK(config.attend_over == attn::AttendOver::tokens);
  using attn::ParameterId;
  CHECK_FALSE(s.input.parameters[ParameterId::w_q]);
  CHECK(s.input.parameters[ParameterId::w_k]->dense() == Matrix{{1}, {2}});
  CHECK(s.input.parameters[ParameterId::b_q]->dense() == Matrix{{0.5f, -0.5f}});
  CHECK(s.input.parameters[ParameterId::additive_w_k]->dense() == Matrix{{3, 4}});
  CHECK(s.input.parameters[ParameterId::additive_v]->dense() == Matrix{{5, 6}});
  CHECK(s.view_json.starts_with("{\"selected\": {\"stage\": \"q\""));
}

TEST_CASE("words stand for every setting of the engine") {
  const auto config = [](const std::string& fields) {
    return attn::io::parse_scenario(attn::test::with_attention(fields), "a.json", "").input.config;
  };
  CHECK(config(R"("score":"dot")").score == attn::Score::dot);
  CHECK(config(R"("score":"cosine")").score == attn::Score::cosine);
  CHECK(config(R"("scale":"none")").scale == attn::Scale{});
  CHECK(config(R"("scale":"sqrt_dk")").scale == attn::Scale{attn::Scale::Kind::sqrt_dk, 1});
  CHECK(config(R"("position":"none")").position == attn::Position::none);
  CHECK(config(R"("position":"sinusoidal")").position == attn::Position::sinusoidal);
  CHECK(config(R"("position":"rope")").position == attn::Position::rope);
  CHECK(config(R"("normalise":"softmax")").normalise == attn::Normalise::softmax);
  CHECK(config(R"("normalise":"softmax_without_max")").normalise == attn::Normalise::softmax_without_max);
  CHECK(config(R"("softmax_axis":"keys")").softmax_axis == attn::SoftmaxAxis::keys);
  CHECK(config(R"("combine":"concat")").combine == attn::Combine::concat);
  CHECK(config(R"("attend_over":"tokens")").attend_over == attn::AttendOver::tokens);
  CHECK(config(R"("attend_over":"features")").attend_over == attn::AttendOver::features);
  CHECK(config("").heads == 1);
  CHECK_FALSE(config("").kv_heads);
  CHECK(config("").temperature == 1.0);
}

TEST_CASE("texts fall back to a language that is there") {
  CHECK(LocalisedText::plain("a").in("zh") == "a");
  CHECK(LocalisedText::plain("").empty());
  CHECK(LocalisedText{}.in("en").empty());
  LocalisedText text;
  text.by_language = {{"de", "d"}, {"pt", "p"}};
  CHECK(text.in("pt_BR") == "p");
  CHECK(text.in("zh") == "d");
  text.by_language["en"] = "e";
  CHECK(text.in("zh") == "e");
}

TEST_CASE("a plain text beside others is written as English") {
  Scenario s = attn::io::parse_scenario(with(""), "a.json", "");
  s.title.by_language = {{"", "plain"}, {"zh", "中"}};
  Scenario again = attn::io::parse_scenario(attn::io::write_scenario(s), "a.json", "");
  CHECK(again.title.in("en") == "plain");
  s.title.by_language["en"] = "english";
  again = attn::io::parse_scenario(attn::io::write_scenario(s), "a.json", "");
  CHECK(again.title.in("en") == "english");
  CHECK(again.title.by_language.size() == 2);
}

TEST_CASE("every golden case loads, and its scenario survives writing and reading") {
  const auto files = golden_files();
  REQUIRE(files.size() >= 80);
  for (const auto& path : files) {
    CAPTURE(path.string());
    const GoldenCase golden = attn::io::load_golden(path);
    CHECK(golden.name == path.stem().string());
    CHECK_FALSE(golden.expected.empty());
    for (const auto& [name, array] : golden.expected) {
      CAPTURE(name);
      std::size_t cells = 1;
      for (const std::size_t size : array.dims) cells *= size;
      CHECK(cells == array.values.size());
    }
    const std::string written = attn::io::write_scenario(golden.scenario);
    const Scenario again = attn::io::parse_scenario(written, "again.json", "");
    check_same(golden.scenario, again);
    CHECK(attn::io::write_scenario(again) == written);
  }
}

TEST_CASE("null in an expected array is minus infinity") {
  const GoldenCase golden = attn::io::load_golden(std::string(ATTN_GOLDEN_DIR) + "/forward/causal.json");
  const attn::io::NamedArray& masked = golden.expected.at("masked");
  REQUIRE(masked.dims.size() == 3);
  CHECK(masked.values.at(1) == -std::numeric_limits<double>::infinity());
  CHECK(std::isfinite(masked.values.at(0)));
}

TEST_CASE("a golden case is told from a scenario") {
  const attn::test::TemporaryFolder folder;
  const auto path = folder / "plain.json";
  attn::test::put(path, with(""));
  CHECK(std::holds_alternative<Scenario>(attn::io::load_scenario_file(path)));
  CHECK_THROWS_WITH_AS(
      attn::io::load_golden(path),
      (path.string() + ": expected: expected the arrays of a golden case, found a plain scenario").c_str(),
      attn::io::FormatError);
  const std::string golden = std::string(ATTN_GOLDEN_DIR) + "/gradients/three_words.json";
  CHECK(std::holds_alternative<GoldenCase>(attn::io::load_scenario_file(golden)));
  CHECK(attn::io::load_scenario(golden).input.tokens->size() == 3);
}

TEST_CASE("any float32 is written in a form that reads back to the same bits") {
  // xorshift32 over all bit patterns: subnormals, both zeros, the largest numbers.
  std::uint32_t state = 2463534242U;
  Matrix x(500, 20);
  for (std::size_t i = 0; i < x.size(); ++i) {
    float value = std::numeric_limits<float>::infinity();
    while (!std::isfinite(value)) {
      state ^= state << 13U, state ^= state >> 17U, state ^= state << 5U;
      value = std::bit_cast<float>(state);
    }
    x.data()[i] = value;
  }
  x.data()[0] = -0.0f;
  x.data()[1] = std::numeric_limits<float>::denorm_min();
  Scenario s;
  s.input.tokens = std::make_shared<const std::vector<std::string>>(500, "t");
  s.input.x = SharedMatrix(x);
  CHECK(same_bits(attn::io::parse_scenario(attn::io::write_scenario(s), "r.json", "").input.x, s.input.x));
}

TEST_CASE("what could not be read again is not written") {
  const Scenario good = attn::io::parse_scenario(with(""), "a.json", "");
  Scenario bad = good;
  bad.input.x = good.input.x.with_cell(0, 0, std::numeric_limits<float>::quiet_NaN());
  CHECK_THROWS_AS(attn::io::write_scenario(bad), std::invalid_argument);
  bad = good;
  bad.input.tokens = std::make_shared<const std::vector<std::string>>(2, "\xff");
  CHECK_THROWS_AS(attn::io::write_scenario(bad), std::invalid_argument);
  bad = good;
  bad.input.config.temperature = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(attn::io::write_scenario(bad), std::invalid_argument);
  for (const char* json : {"[]", "{", "{\"a\":1,\"a\":2}", "null", "{} {}"}) {
    CAPTURE(json);
    bad = good;
    bad.view_json = json;
    CHECK_THROWS_AS(attn::io::write_scenario(bad), std::invalid_argument);
  }
}

TEST_CASE("a scenario that cannot be saved leaves the old file as it was") {
  const attn::test::TemporaryFolder folder;
  const auto path = folder / "lesson.json";
  Scenario s = attn::io::parse_scenario(with(""), "a.json", "");
  attn::io::save_scenario(path, s);
  const std::string old = attn::test::bytes_of(path);
  CHECK(old == attn::io::write_scenario(s));
  s.lock_json = "broken";
  CHECK_THROWS_AS(attn::io::save_scenario(path, s), std::invalid_argument);
  CHECK(attn::test::bytes_of(path) == old);
  CHECK(folder.files() == 1);
  CHECK_THROWS_AS(attn::io::save_scenario(folder / "none/a.json", s), std::invalid_argument);
  s.lock_json.clear();
  CHECK_THROWS_AS(attn::io::save_scenario(folder / "none/a.json", s), attn::io::FormatError);
}
