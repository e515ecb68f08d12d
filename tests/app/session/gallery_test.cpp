// What the descriptions of the examples claim, checked on the numbers that the program computes.

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "app/session/builtin.h"
#include "app/session/engine_runner.h"
#include "core/attention/attention.h"
#include "core/io/scenario.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;

namespace {

struct Example {
  Document document;
  Arrays<float> arrays;

  explicit Example(std::string_view name, const std::function<void(Input&)>& change = {})
      : document(builtin_scenario(name)) {
    if (change) {
      Input input = document.input();
      change(input);
      document = document.with_input(input);
    }
    forward(document.input(), document.dimensions(), arrays);
  }
  MatrixView<const float> weights(std::size_t head = 0) const { return arrays.head(Stage::weights, head); }
  const std::vector<std::string>& tokens() const { return *document.input().tokens; }
  std::size_t strongest(std::size_t row, std::size_t head = 0) const {
    const auto values = weights(head).row(row);
    return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
  }
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

TEST_CASE("gallery: at least twelve examples, each with a title and a description in both languages") {
  const auto& titles = builtin_titles();
  CHECK(titles.size() >= 12);
  std::set<std::string> seen;
  for (const BuiltinTitle& example : titles) {
    CAPTURE(std::string(example.name));
    for (const char* language : {"en", "zh"}) {
      CHECK(example.title.by_language.count(language) == 1);
      CHECK(example.description.by_language.count(language) == 1);
      CHECK(seen.insert(example.title.in(language)).second);
    }
    // Loads and is computed in a moment.
    const Document document = builtin_scenario(example.name);
    CHECK(estimated_operations(document.input(), document.dimensions()) < 1.0e8);
  }
}

TEST_CASE("gallery: in 512 dimensions softmax is saturated without the scale, and not with it") {
  const Example raw("wide");
  const Example scaled("wide", [](Input& input) { input.config.scale.kind = Scale::Kind::sqrt_dk; });
  CHECK(raw.document.dimensions().d_model == 512);
  double square = 0.0;
  for (const float score : raw.arrays.all(Stage::scores))
    square += static_cast<double>(score) * static_cast<double>(score);
  CHECK(std::sqrt(square / 48.0) == doctest::Approx(std::sqrt(512.0)).epsilon(0.15));
  std::size_t saturated = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    saturated += std::ranges::max(raw.weights().row(i)) > 0.95f ? 1 : 0;
    CHECK(std::ranges::max(scaled.weights().row(i)) < 0.75f);
  }
  CHECK(saturated >= 5);
}

TEST_CASE("gallery: each word of the translation finds its own, red and cats crosswise") {
  const Example e("translation");
  const std::vector<std::string>& source = *e.document.input().key_tokens();
  const std::vector<std::string> expected = {"j'", "aime", "rouges", "chats"};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(source[e.strongest(i)] == expected[i]);
    CHECK(std::ranges::max(e.weights().row(i)) > 0.9f);
  }
}

TEST_CASE("gallery: the pronoun looks at the cat, words that ask for nothing look everywhere alike") {
  const Example e("pronoun");
  CHECK(e.tokens()[6] == "it");
  CHECK(e.tokens()[e.strongest(6)] == "cat");
  CHECK(e.weights()(6, 1) > 0.9f);
  CHECK(e.weights()(6, 4) < 0.001f);  // the box
  for (const float weight : e.weights().row(2)) CHECK(weight == doctest::Approx(1.0 / 9).epsilon(1e-5));
}

TEST_CASE("gallery: in the long text head 1 looks at the word before, head 2 at the same word") {
  const Example e("long_text");
  const std::size_t n = e.tokens().size();
  CHECK(n >= 200);
  for (std::size_t i = 1; i < n; ++i) {
    CAPTURE(i);
    CHECK(e.weights(0)(i, i - 1) > 0.9f);
    float same = 0.0f;
    for (std::size_t j = 0; j <= i; ++j)
      same += lower(e.tokens()[j]) == lower(e.tokens()[i]) ? e.weights(1)(i, j) : 0.0f;
    CHECK(same > 0.9f);
  }
}

TEST_CASE("gallery: words with nothing to look for rest on the sink, which gives nothing") {
  const Example e("sinks");
  for (std::size_t i = 1; i < 10; ++i) CHECK(e.weights()(i, 0) > 0.5f);
  for (const std::size_t row : {3, 4, 6, 8}) CHECK(e.weights()(row, 0) > 0.7f);
  CHECK(e.arrays.at({Stage::v, 0, 0, 0}) == 0.0f);
  CHECK(e.arrays.at({Stage::v, 0, 0, 1}) == 0.0f);
}

TEST_CASE("gallery: the window lets nobody see farther than two words") {
  const Example e("local");
  for (std::size_t h = 0; h < 2; ++h) {
    for (std::size_t i = 0; i < 13; ++i) {
      for (std::size_t j = 0; j < 13; ++j) {
        const bool near = (i > j ? i - j : j - i) <= 2;
        CHECK((e.weights(h)(i, j) > 0.0f) == near);
      }
    }
  }
}

TEST_CASE("gallery: padding gets nothing, and would be listened to without the mask") {
  const Example e("padding");
  const Example open("padding", [](Input& input) { input.config.mask.padding.reset(); });
  for (std::size_t i = 0; i < 7; ++i) {
    for (std::size_t j = 4; j < 7; ++j) CHECK(e.weights()(i, j) == 0.0f);
    CHECK(open.weights()(i, 4) > 0.01f);
  }
}

TEST_CASE("gallery: four heads share two heads of keys and values, and still differ") {
  const Example e("grouped");
  CHECK(e.document.dimensions().n_heads == 4);
  CHECK(e.document.dimensions().n_kv_heads == 2);
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      float largest = 0.0f;
      for (std::size_t i = 0; i < 8; ++i) {
        for (std::size_t j = 0; j < 8; ++j)
          largest = std::max(largest, std::abs(e.weights(a)(i, j) - e.weights(b)(i, j)));
      }
      CHECK(largest > 0.1f);
    }
  }
}

TEST_CASE("gallery: with nothing but positions every word looks at the one before") {
  const Example e("previous");
  for (const float value : e.arrays.all(Stage::x)) CHECK(value == 0.0f);
  for (std::size_t i = 1; i < e.tokens().size(); ++i) CHECK(e.weights()(i, i - 1) > 0.9f);
}

TEST_CASE("gallery: the last owl looks at what came after the first, and hands it on") {
  const Example e("induction");
  CHECK(e.tokens()[7] == "owl");
  CHECK(e.tokens()[e.strongest(7)] == "saw");
  CHECK(e.weights()(7, 2) > 0.9f);
  CHECK(e.arrays.at({Stage::output, 0, 7, 2}) > 0.9f);  // the column of "saw"
}

TEST_CASE("gallery: patches look at like colours with one head, at their neighbours with the other") {
  const Example e("image_patches");
  const auto patch = [](std::size_t row, std::size_t column) { return row * 8 + column; };
  const std::set<std::size_t> sun = {patch(1, 5), patch(1, 6), patch(2, 5), patch(2, 6)};
  for (const std::size_t i : sun) {
    float shared = 0.0f;
    for (const std::size_t j : sun) shared += e.weights(0)(i, j);
    CHECK(shared > 0.95f);
  }
  for (std::size_t r = 0; r < 8; ++r) {
    for (std::size_t c = 0; c < 8; ++c) {
      float near = 0.0f;
      for (std::size_t r2 = 0; r2 < 8; ++r2) {
        for (std::size_t c2 = 0; c2 < 8; ++c2) {
          const std::size_t far = std::max(r > r2 ? r - r2 : r2 - r, c > c2 ? c - c2 : c2 - c);
          if (far <= 1) near += e.weights(1)(patch(r, c), patch(r2, c2));
        }
      }
      CHECK(near > 0.9f);
    }
  }
  // The scores are negative squared distances, but for what is the same along a row.
  const Input& input = e.document.input();
  const auto distance = [&](std::size_t i, std::size_t j) {
    double sum = 0.0;
    for (std::size_t c = 0; c < 3; ++c)
      sum += std::pow(static_cast<double>(input.x(i, c) - input.x(j, c)), 2);
    return sum;
  };
  const auto score = [&](std::size_t i, std::size_t j) {
    return static_cast<double>(e.arrays.at({Stage::scores, 0, i, j}));
  };
  CHECK(score(10, 3) - score(10, 60) ==
        doctest::Approx(40 * (distance(10, 60) - distance(10, 3))).epsilon(1e-3));
}
