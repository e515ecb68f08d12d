#include "core/io/generator.h"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/philox.h"
#include "core/io/scenario.h"
#include "tests/core/io/refusal.h"

using attn::Matrix;
using attn::io::GeneratorKind;
using attn::io::parse_scenario;
using attn::io::Scenario;
using attn::io::VectorGenerator;
using attn::io::write_scenario;
using attn::test::complaint;
using attn::test::kHead;

namespace {

std::string generated_json(const std::string& tokens, const std::string& x) {
  return "{" + kHead + R"("tokens":{)" + tokens + R"(},"x":{)" + x + "}}";
}

Scenario generated_scenario(const std::string& tokens, const std::string& x) {
  return parse_scenario(generated_json(tokens, x), "good.json", "");
}

const std::string kNine = R"("generator":"random","count":9)";

std::string x_complaint(const std::string& x) { return complaint(generated_json(kNine, x)); }
std::string token_complaint(const std::string& tokens) {
  return complaint(generated_json(tokens, R"("generator":"random","columns":2)"));
}

}  // namespace

TEST_CASE("generators: every cell is the number of its seed, row and column") {
  const Scenario s = generated_scenario(kNine, R"("generator":"random","columns":5,"seed":7)");
  REQUIRE(s.input.x.rows() == 9);
  REQUIRE(s.input.x.columns() == 5);
  for (std::uint32_t row : {0U, 4U, 8U}) {
    for (std::uint32_t column : {0U, 3U}) {
      CHECK(s.input.x(row, column) == static_cast<float>(attn::philox_normal(7, {row, column, 0, 0})));
    }
  }
  CHECK(s.input.tokens->front() == "w0");
  CHECK(s.input.tokens->back() == "w8");
}

TEST_CASE("generators: random numbers have mean 0 and variance 1") {
  const auto x = generate(VectorGenerator{{}, 64, 3}, 1000);
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (const float value : x.row(row)) {
      sum += static_cast<double>(value);
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
  }
  // 64,000 numbers: the standard errors of mean and variance are 0.004 and 0.0056.
  CHECK(std::abs(sum / 64000.0) < 0.016);
  CHECK(std::abs(squares / 64000.0 - 1.0) < 0.023);
}

TEST_CASE("generators: what is repeated comes again after its period") {
  const Scenario s = generated_scenario(R"("generator":"repeated","period":4,"count":9)",
                                        R"("generator":"repeated","period":4,"columns":3,"seed":1)");
  const auto random = generate(VectorGenerator{{}, 3, 1}, 4).dense();
  for (std::size_t i = 0; i < 9; ++i) {
    CAPTURE(i);
    CHECK(std::vector<float>(s.input.x.row(i).begin(), s.input.x.row(i).end()) ==
          std::vector<float>(random.row(i % 4).begin(), random.row(i % 4).end()));
    CHECK((*s.input.tokens)[i] == "w" + std::to_string(i % 4));
  }
}

TEST_CASE("generators: the last word finds the needle") {
  const Scenario s = generated_scenario(R"("generator":"needle","position":5,"count":9)",
                                        R"("generator":"needle","position":5,"columns":16)");
  CHECK(std::vector<float>(s.input.x.row(8).begin(), s.input.x.row(8).end()) ==
        std::vector<float>(s.input.x.row(5).begin(), s.input.x.row(5).end()));
  CHECK(s.input.x(4, 0) != s.input.x(5, 0));
  CHECK((*s.input.tokens)[5] == "needle");
  CHECK((*s.input.tokens)[8] == "needle");
  CHECK((*s.input.tokens)[4] == "w4");
}

TEST_CASE("generators: a source may be generated as well") {
  const Scenario s =
      parse_scenario("{" + kHead +
                         R"("tokens":["a"],"x":[[1,2]],"source":{"tokens":{"generator":"random","count":3},)"
                         R"("x":{"generator":"random","columns":2,"seed":5}}})",
                     "good.json", "");
  REQUIRE(s.input.source);
  CHECK(s.input.source->x.dense() == generate(VectorGenerator{{}, 2, 5}, 3).dense());
  CHECK(write_scenario(s).find(R"("x": {"generator": "random", "columns": 2, "seed": 5})") !=
        std::string::npos);
}

TEST_CASE("generators: they are written again until something of theirs is changed") {
  Scenario s = generated_scenario(R"("generator":"needle","position":5,"count":9)",
                                  R"("generator":"repeated","period":2,"columns":3,"seed":9007199254740991)");
  const std::string text = write_scenario(s);
  CHECK(text.find(R"("tokens": {"generator": "needle", "position": 5, "count": 9})") != std::string::npos);
  CHECK(text.find(R"("x": {"generator": "repeated", "period": 2, "columns": 3, "seed": 9007199254740991})") !=
        std::string::npos);
  CHECK(parse_scenario(text, "again.json", "").input.x.dense() == s.input.x.dense());

  s.input.x = s.input.x.with_cell(3, 1, 0.5f);
  const Scenario again = parse_scenario(write_scenario(s), "again.json", "");
  CHECK_FALSE(again.generated.x);
  CHECK(again.generated.tokens);
  CHECK(again.input.x.dense() == s.input.x.dense());
}

TEST_CASE("generators: what they need and do not need is said") {
  CHECK(x_complaint(R"("generator":"noise","columns":2)") ==
        R"(x.generator: expected "random", "repeated" or "needle", found "noise")");
  CHECK(x_complaint(R"("generator":"random")") ==
        "x.columns: expected an integer from 1 to 16384, found nothing");
  CHECK(x_complaint(R"("columns":2,"generator":"random")") ==
        R"(x.columns: expected the field npy or generator, found "columns")");
  CHECK(x_complaint(R"("generator":"repeated","columns":2)") ==
        R"(x: expected the field period of "repeated", found nothing)");
  CHECK(x_complaint(R"("generator":"random","columns":2,"period":3)") ==
        R"(x: expected the field period only in "repeated", found "random")");
  CHECK(x_complaint(R"("generator":"needle","columns":2,"position":8)") ==
        "x.position: expected a row before the last of 9, found 8");
  CHECK(x_complaint(R"("generator":"random","npy":"a.npy")") ==
        "x.npy: expected one of the fields generator, period, position, columns, seed, found \"npy\"");
  CHECK(x_complaint(R"("npy":"a.npy","generator":"random")") ==
        "x.generator: expected the field npy alone, found \"generator\"");
  CHECK(x_complaint(R"("generator":"random","columns":2,"seed":-1)") ==
        "x.seed: expected an integer from 0 to 9007199254740991, found -1");
  CHECK(token_complaint(R"("generator":"random")") ==
        "tokens.count: expected an integer from 1 to 65536, found nothing");
  CHECK(token_complaint(R"("generator":"random","count":65537)") ==
        "tokens.count: expected an integer from 1 to 65536, found 65537");
  CHECK(token_complaint(R"("generator":"needle","count":3,"position":2)") ==
        "tokens: expected a position before the last of 3 labels, found 2");
}

TEST_CASE("generators: more than memory allows is refused with the figures") {
  attn::io::ParseLimits limits;
  limits.memory_bytes = 1 << 20;
  CHECK(attn::test::refusal(
            generated_json(R"("generator":"random","count":2000)", R"("generator":"random","columns":1000)"),
            "/nowhere", limits) ==
        "bad.json: x: expected at most 1048576 bytes of numbers, found 2000 rows of 1000 columns, 8000000 "
        "bytes");
}
