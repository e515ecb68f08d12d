#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/io/scenario.h"
#include "tests/core/io/refusal.h"

using attn::test::complaint;
using attn::test::kHead;
using attn::test::kTwoTokens;
using attn::test::refusal;
using attn::test::with;
using attn::test::with_attention;
using attn::test::with_mask;
using attn::test::with_weights;
using attn::test::with_x;

namespace {

struct Bad {
  std::string json;
  std::string complaint;
};

void check(const std::vector<Bad>& table) {
  for (const Bad& bad : table) {
    CAPTURE(bad.json);
    CHECK(complaint(bad.json) == bad.complaint);
  }
}

const std::string kFieldsOfAScenario =
    "one of the fields format, version, title, description, tokens, x, feature_names, source, attention, "
    "weights, view, lock, extensions";

}  // namespace

TEST_CASE("the smallest scenario is read") {
  const attn::io::Scenario scenario = attn::io::parse_scenario(with(""), "good.json", "");
  CHECK(*scenario.input.tokens == std::vector<std::string>{"a", "b"});
  CHECK(scenario.input.x.dense() == attn::Matrix{{1, 2}, {3, 4}});
  CHECK_FALSE(scenario.input.source);
  CHECK(scenario.title.empty());
  CHECK(scenario.view_json.empty());
  CHECK(scenario.feature_names == nullptr);
}

TEST_CASE("a refusal is one line with file, field, what was expected and what was found") {
  CHECK(refusal(R"({"format":"attention-scenario","version":1,"tokens":["a","b","c"],"x":[[1],[2],[3]],)"
                R"("attention":{"mask":{"padding":[true,false]}}})") ==
        "bad.json: attention.mask.padding: expected 3 booleans, one a key, found 2");
}

TEST_CASE("format and version are required and exact") {
  check({
      {"{}", R"(format: expected "attention-scenario", found nothing)"},
      {R"({"format":"attention-trace"})",
       R"(format: expected "attention-scenario", found "attention-trace")"},
      {R"({"format":1})", R"(format: expected "attention-scenario", found 1)"},
      {R"({"format":"attention-scenario","version":2})", "version: expected the integer 1, found 2"},
      {R"({"format":"attention-scenario","version":1.0})", "version: expected the integer 1, found 1.0"},
      {R"({"format":"attention-scenario","version":"1"})", "version: expected the integer 1, found \"1\""},
      {R"({"format":"attention-scenario","version":true})", "version: expected the integer 1, found true"},
      {R"({"format":"attention-scenario"})", "version: expected the integer 1, found nothing"},
  });
}

TEST_CASE("titles are a text or one for each language") {
  const std::string wanted = "expected a text in quotes, or one for each language, found ";
  check({
      {with(R"("title":1)"), "title: " + wanted + "1"},
      {with(R"("title":null)"), "title: " + wanted + "null"},
      {with(R"("description":[])"), "description: " + wanted + "an array"},
      {with(R"("title":{"en":1})"), "title.en: expected a text in quotes, found 1"},
      {with(R"("title":{"en":{"en":"a"}})"), "title.en: expected a text in quotes, found an object"},
      {with(R"("title":{"en":"a","en":"b"})"), "title.en: expected the field once, found it repeated"},
      {with(R"("title":{"":"b"})"), R"(title."": expected a language tag such as "en", found "")"},
  });
}

TEST_CASE("tokens are labels, at least one, of at most 256 bytes") {
  const std::string label(256, 'x');
  const auto tokens = [](const std::string& list, const std::string& x) {
    return "{" + kHead + "\"tokens\":" + list + ",\"x\":" + x + "}";
  };
  check({
      {tokens("[]", "[[1]]"), "tokens: expected at least one token, found none"},
      {tokens("\"ab\"", "[[1]]"), "tokens: expected a list of labels, found \"ab\""},
      {tokens("null", "[[1]]"), "tokens: expected a list of labels, found null"},
      {tokens("[\"a\",1]", "[[1]]"), "tokens[1]: expected a label in quotes, found 1"},
      {tokens("[[\"a\"]]", "[[1]]"), "tokens[0]: expected a label in quotes, found an array"},
      {tokens("[\"" + label + "\"]", "[[1]]"), "accepted"},
      {tokens("[\"" + label + "y\"]", "[[1]]"),
       "tokens[0]: expected a label of at most 256 bytes, found 257 bytes"},
      {"{" + kHead + "\"x\":[[1]]}", "tokens: expected a list of labels, found nothing"},
      {with(R"("feature_names":["a"])"),
       "feature_names: expected 2 labels, one for each column of x, found 1"},
      {with(R"("feature_names":["a",2])"), "feature_names[1]: expected a label in quotes, found 2"},
      {with(R"("feature_names":null)"), "feature_names: expected a list of labels, found null"},
  });
}

TEST_CASE("x is rows of equal length of numbers that float32 holds") {
  const std::string range = "expected a number within the range of float32, found ";
  check({
      {with_x("[[1,2],[3]]"), "x[1]: expected 2 numbers, as in row 0, found 1"},
      {with_x("[[1,2],[3,4,5]]"), "x[1]: expected 2 numbers, as in row 0, found 3"},
      {with_x("[[1],[3,4]]"), "x[1]: expected 1 number, as in row 0, found 2"},
      {with_x("[[1,2]]"), "x: expected 2 rows, as many as tokens, found 1 rows"},
      {with_x("[]"), "x: expected at least one row, found none"},
      {with_x("[[],[]]"), "x[0]: expected at least one number, found none"},
      {with_x("[1,2]"), "x[0]: expected a row of numbers, found 1"},
      {with_x("[[1,[2]],[1,2]]"), "x[0][1]: expected a number, found an array"},
      {with_x("[[1,{}],[1,2]]"), "x[0][1]: expected a number, found an object"},
      {with_x("[[1,\"2\"],[1,2]]"), "x[0][1]: expected a number, found \"2\""},
      {with_x("[[1,null],[1,2]]"), "x[0][1]: expected a number, found null"},
      {with_x("[[1,true],[1,2]]"), "x[0][1]: expected a number, found true"},
      {with_x("[[1,1e39],[1,2]]"), "x[0][1]: " + range + "1e39"},
      {with_x("[[1,-1e39],[1,2]]"), "x[0][1]: " + range + "-1e39"},
      {with_x("[[1,1e400],[1,2]]"), "x[0][1]: " + range + "1e400"},
      {with_x("[[1,3.40282357e38],[1,2]]"), "x[0][1]: " + range + "3.40282357e38"},
      {with_x("[[1,3.4028235e38],[1,2]]"), "accepted"},
      {with_x("[[1,1" + std::string(50, '0') + "],[1,2]]"),
       "x[0][1]: " + range + "1" + std::string(29, '0') + "…"},
      {with_x("\"identity\""),
       R"(x: expected rows of numbers or {"npy": "file"} or {"generator": …}, found "identity")"},
      {with_x("null"), R"(x: expected rows of numbers or {"npy": "file"} or {"generator": …}, found null)"},
      {"{" + kHead + R"("tokens":["a"]})",
       R"(x: expected rows of numbers or {"npy": "file"} or {"generator": …}, found nothing)"},
  });
}

TEST_CASE("NaN and infinities are refused where they stand") {
  check({
      {with_x("[[1,NaN],[1,2]]"), "x[0][1]: expected a finite number, found NaN (line 1, column 71)"},
      {with_x("[[1,nan],[1,2]]"), "x[0][1]: expected a finite number, found nan (line 1, column 72)"},
      {with_x("[[1,Infinity],[1,2]]"),
       "x[0][1]: expected a finite number, found Infinity (line 1, column 71)"},
      {with_x("[[1,-Infinity],[1,2]]"),
       "x[0][1]: expected a finite number, found -Infinity (line 1, column 72)"},
      {with_mask("\"hidden_value\":-inf"),
       "attention.mask.hidden_value: expected a finite number, found -inf (line 1, column 118)"},
  });
}

TEST_CASE("a file beside the scenario is named without a path") {
  const std::string wanted = "x.npy: expected the name of a file beside the scenario, without a path, found ";
  check({
      {with_x(R"({"npy":"a/b.npy"})"), wanted + "\"a/b.npy\""},
      {with_x(R"({"npy":"/b.npy"})"), wanted + "\"/b.npy\""},
      {with_x(R"({"npy":"..\\b.npy"})"), wanted + "\"..\\b.npy\""},
      {with_x(R"({"npy":"C:b.npy"})"), wanted + "\"C:b.npy\""},
      {with_x(R"({"npy":".."})"), wanted + "\"..\""},
      {with_x(R"({"npy":"."})"), wanted + "\".\""},
      {with_x(R"({"npy":""})"), wanted + "\"\""},
      {with_x(R"({"npy":"a\u0000b"})"), wanted + "\"a\\u0000b\""},
      {with_x(R"({"npy":3})"), "x.npy: expected the name of a .npy file in quotes, found 3"},
      {with_x(R"({"npy":[]})"), "x.npy: expected the name of a .npy file in quotes, found an array"},
      {with_x(R"({"npy":{}})"), "x.npy: expected the name of a .npy file in quotes, found an object"},
      {with_x(R"({})"), "x: expected the field npy or generator, found nothing"},
      {with_x(R"({"npy":"a.npy","npy":"a.npy"})"), "x.npy: expected the field once, found it repeated"},
      {with_x(R"({"file":"a.npy"})"), "x.file: expected the field npy or generator, found \"file\""},
      {with_x(R"({"npy":"none.npy"})"),
       "x.npy: /nowhere/none.npy: expected a file that can be read, found No such file or directory"},
      {with_x(R"([[1,{"npy":"a.npy"}],[1,2]])"), "x[0][1]: expected a number, found an object"},
  });
}

TEST_CASE("a source needs its own tokens and vectors") {
  check({
      {with(R"("source":null)"), "source: expected an object, found null"},
      {with(R"("source":{"tokens":["k"]})"),
       R"(source.x: expected rows of numbers or {"npy": "file"} or {"generator": …}, found nothing)"},
      {with(R"("source":{"x":[[1,2]]})"), "source.tokens: expected a list of labels, found nothing"},
      {with(R"("source":{"tokens":[],"x":[[1,2]]})"),
       "source.tokens: expected at least one token, found none"},
      {with(R"("source":{"tokens":["k"],"x":[[1,2],[3,4]]})"),
       "source.x: expected 1 rows, as many as source.tokens, found 2 rows"},
      {with(R"("source":{"tokens":["k"],"x":[[1,2]],"y":1})"),
       "source.y: expected one of the fields tokens, x, found \"y\""},
  });
}

TEST_CASE("heads are integers that divide the columns") {
  const std::string wanted = "attention.heads: expected an integer from 1 to 256, found ";
  check({
      {with_attention(R"("heads":0)"), wanted + "0"},
      {with_attention(R"("heads":-1)"), wanted + "-1"},
      {with_attention(R"("heads":257)"), wanted + "257"},
      {with_attention(R"("heads":1.0)"), wanted + "1.0"},
      {with_attention(R"("heads":1e0)"), wanted + "1e0"},
      {with_attention(R"("heads":"1")"), wanted + "\"1\""},
      {with_attention(R"("heads":null)"), wanted + "null"},
      {with_attention(R"("heads":[1])"), wanted + "an array"},
      {with_attention(R"("heads":18446744073709551616)"), wanted + "18446744073709551616"},
      {with_attention(R"("heads":3)"),
       "weights.w_q: expected a number of columns that heads = 3 divides, found the identity of 2 columns"},
      {with_attention(R"("kv_heads":2)"), "attention.kv_heads: expected a divisor of heads = 1, found 2"},
      {with_attention(R"("kv_heads":0)"), "attention.kv_heads: expected an integer from 1 to 256, found 0"},
  });
}

TEST_CASE("settings are words and numbers of their own range") {
  check({
      {with("\"attention\":[]"), "attention: expected an object, found an array"},
      {with_attention(R"("score":"dots")"),
       R"(attention.score: expected "dot", "cosine", "additive" or "bilinear", found "dots")"},
      {with_attention(R"("score":1)"),
       R"(attention.score: expected "dot", "cosine", "additive" or "bilinear", found 1)"},
      {with_attention(R"("scale":"sqrt")"),
       R"(attention.scale: expected "none", "sqrt_dk" or a number, found "sqrt")"},
      {with_attention(R"("scale":true)"),
       R"(attention.scale: expected "none", "sqrt_dk" or a number, found true)"},
      {with_attention(R"("scale":1e39)"),
       "attention.scale: expected a number within the range of float32, found 1e39"},
      {with_attention(R"("scale":-3e38)"), "accepted"},
      {with_attention(R"("scale":0)"), "accepted"},
      {with_attention(R"("temperature":0)"), "attention.temperature: expected a number above 0, found 0"},
      {with_attention(R"("temperature":-0.0)"),
       "attention.temperature: expected a number above 0, found -0.0"},
      {with_attention(R"("temperature":-1)"), "attention.temperature: expected a number above 0, found -1"},
      {with_attention(R"("temperature":1e-400)"),
       "attention.temperature: expected a number above 0, found 1e-400"},
      {with_attention(R"("temperature":null)"),
       "attention.temperature: expected a number above 0, found null"},
      {with_attention(R"("position":"rotary")"),
       R"(attention.position: expected "none", "sinusoidal", "rope" or "alibi", found "rotary")"},
      {with_attention(R"("position":"rope","heads":2)"),
       R"(attention.position: expected an even number of columns a head for "rope", found 1)"},
      {with_attention(R"("normalise":"normalize")"),
       R"(attention.normalise: expected "softmax", "softmax_without_max" or "none", found "normalize")"},
      {with_attention(R"("softmax_axis":"rows")"),
       R"(attention.softmax_axis: expected "keys" or "queries", found "rows")"},
      {with_attention(R"("combine":"sum")"),
       R"(attention.combine: expected "concat" or "mean", found "sum")"},
      {with_attention(R"("attend_over":"heads")"),
       R"(attention.attend_over: expected "tokens" or "features", found "heads")"},
      {with_attention(R"("hedas":2)"),
       "attention.hedas: expected one of the fields heads, kv_heads, score, scale, temperature, position, "
       "mask, "
       "normalise, softmax_axis, dropout, combine, attend_over, found \"hedas\""},
      {with_attention(R"("heads":1,"heads":1)"),
       "attention.heads: expected the field once, found it repeated"},
  });
}

TEST_CASE("a mask is made of booleans, a window, and rows of 0 and 1") {
  const std::string window =
      "attention.mask.window: expected an integer from 0 to 9223372036854775807, found ";
  check({
      {with_mask(""), "accepted"},
      {with_attention(R"("mask":true)"), "attention.mask: expected an object, found true"},
      {with_mask(R"("causal":0)"), "attention.mask.causal: expected true or false, found 0"},
      {with_mask(R"("causal":"true")"), "attention.mask.causal: expected true or false, found \"true\""},
      {with_mask(R"("window":-1)"), window + "-1"},
      {with_mask(R"("window":-0)"), window + "-0"},
      {with_mask(R"("window":1.0)"), window + "1.0"},
      {with_mask(R"("window":1e5)"), window + "1e5"},
      {with_mask(R"("window":9223372036854775808)"), window + "9223372036854775808"},
      {with_mask(R"("window":9223372036854775807)"), "accepted"},
      {with_mask(R"("padding":[true])"), "attention.mask.padding: expected 2 booleans, one a key, found 1"},
      {with_mask(R"("padding":[])"), "attention.mask.padding: expected 2 booleans, one a key, found 0"},
      {with_mask(R"("padding":[1,0])"), "attention.mask.padding[0]: expected true or false, found 1"},
      {with_mask(R"("padding":[true,null])"),
       "attention.mask.padding[1]: expected true or false, found null"},
      {with_mask(R"("padding":true)"),
       "attention.mask.padding: expected a list of true and false, found true"},
      {with_mask(R"("padding":[[true]])"),
       "attention.mask.padding[0]: expected true or false, found an array"},
      {with_mask(R"("allow":[[1,0]])"), "attention.mask.allow: expected 2 × 2, queries × keys, found 1 × 2"},
      {with_mask(R"("allow":[[1,0],[1]])"),
       "attention.mask.allow[1]: expected 2 numbers, as in row 0, found 1"},
      {with_mask(R"("allow":[[1,2],[1,1]])"), "attention.mask.allow[0][1]: expected 0 or 1, found 2"},
      {with_mask(R"("allow":[[1,-0],[1,1]])"), "attention.mask.allow[0][1]: expected 0 or 1, found -0"},
      {with_mask(R"("allow":[[1,1.0],[1,1]])"), "attention.mask.allow[0][1]: expected 0 or 1, found 1.0"},
      {with_mask(R"("allow":[[1,true],[1,1]])"), "attention.mask.allow[0][1]: expected 0 or 1, found true"},
      {with_mask(R"("allow":[1,1])"), "attention.mask.allow[0]: expected a row of 0 and 1, found 1"},
      {with_mask(R"("hidden_value":null)"), "attention.mask.hidden_value: expected a number, found null"},
      {with_mask(R"("hidden_value":"-inf")"),
       "attention.mask.hidden_value: expected a number, found \"-inf\""},
      {with_mask(R"("hidden_value":-1e39)"),
       "attention.mask.hidden_value: expected a number within the range of float32, found -1e39"},
      {with_mask(R"("hidden":0)"),
       "attention.mask.hidden: expected one of the fields causal, window, padding, allow, hidden_value, "
       "found "
       "\"hidden\""},
  });
}

TEST_CASE("dropout names a share and a seed") {
  const std::string share = "attention.dropout.p: expected a number from 0 to below 1, found ";
  const std::string seed = "attention.dropout.seed: expected an integer from 0 to 9007199254740991, found ";
  check({
      {with_attention(R"("dropout":0.1)"), "attention.dropout: expected an object, found 0.1"},
      {with_attention(R"("dropout":{"p":1,"seed":1})"), share + "1"},
      {with_attention(R"("dropout":{"p":-0.1,"seed":1})"), share + "-0.1"},
      {with_attention(R"("dropout":{"seed":1})"), share + "nothing"},
      {with_attention(R"("dropout":{"p":0.5})"), seed + "nothing"},
      {with_attention(R"("dropout":{"p":0.5,"seed":9007199254740992})"), seed + "9007199254740992"},
      {with_attention(R"("dropout":{"p":0.5,"seed":9007199254740991})"), "accepted"},
      {with_attention(R"("dropout":{"p":0.5,"seed":-1})"), seed + "-1"},
      {with_attention(R"("dropout":{"p":0.5,"seed":1.0})"), seed + "1.0"},
  });
}

TEST_CASE("attention over features goes with nothing else") {
  const auto features = [](const std::string& more) {
    return with_attention("\"attend_over\":\"features\"," + more);
  };
  const std::vector<std::string> refused = {R"("heads":2)",
                                            R"("score":"cosine")",
                                            R"("scale":"sqrt_dk")",
                                            R"("temperature":2)",
                                            R"("position":"alibi")",
                                            R"("normalise":"none")",
                                            R"("softmax_axis":"queries")",
                                            R"("combine":"mean")",
                                            R"("mask":{"causal":true})",
                                            R"("dropout":{"p":0.5,"seed":1})"};
  for (const std::string& setting : refused) {
    CAPTURE(setting);
    const std::string field = setting.find("mask") != std::string::npos
                                  ? "attention.mask.causal"
                                  : "attention." + setting.substr(1, setting.find(':') - 2);
    CHECK(complaint(features(setting)).starts_with(field + ": expected "));
  }
  CHECK(complaint(with(R"("attention":{"attend_over":"features"},"weights":{"b_v":[1,2]})"))
            .starts_with("weights.b_v: expected none"));
  CHECK(complaint(with(R"("attention":{"attend_over":"features"},"source":{"tokens":["k"],"x":[[1,2]]})"))
            .starts_with("source: expected none"));
  CHECK(complaint(features(R"("heads":1,"temperature":1.0,"mask":{"causal":false})")) == "accepted");
}

TEST_CASE("weights have the shapes that x and the heads give") {
  check({
      {with("\"weights\":null"), "weights: expected an object, found null"},
      {with_weights(R"("w_q":"identity","w_k":"identity","w_v":"identity","w_o":"identity")"), "accepted"},
      {with_weights(R"("w_q":"id")"), R"(weights.w_q: expected rows of numbers or "identity", found "id")"},
      {with_weights(R"("w_q":[["identity"]])"), "weights.w_q[0][0]: expected a number, found \"identity\""},
      {with_weights(R"("w_q":{"npy":"w.npy"})"),
       R"(weights.w_q: expected rows of numbers or "identity", found an object)"},
      {with_weights(R"("w_q":[[1,2]])"), "weights.w_q: expected 2 × 2, found 1 × 2"},
      {with_weights(R"("w_q":[1,2])"), "weights.w_q[0]: expected a row of numbers, found 1"},
      {with_weights(R"("w_q":[[1],[2]])"), "weights.w_k: expected 1 columns a head, as w_q gives, found 2"},
      {with_weights(R"("w_o":[[1,2]])"), "weights.w_o: expected 2 × 2, found 1 × 2"},
      {with_weights(R"("b_q":[1])"), "weights.b_q: expected 2 numbers, found 1"},
      {with_weights(R"("b_q":[])"), "weights.b_q: expected at least one number, found none"},
      {with_weights(R"("b_q":[[1,2]])"), "weights.b_q[0]: expected a number, found an array"},
      {with_weights(R"("b_q":1)"), "weights.b_q: expected a list of numbers, found 1"},
      {with_weights(R"("b_q":null)"), "weights.b_q: expected a list of numbers, found null"},
      {with_weights(R"("b_q":[1,1e39])"),
       "weights.b_q[1]: expected a number within the range of float32, found 1e39"},
      {with_weights(R"("bilinear":"identity")"),
       "weights.bilinear: expected rows of numbers, found \"identity\""},
      {with_weights(R"("bilinear":[[1,2]])"), "weights.bilinear: expected 2 × 2, found 1 × 2"},
      {with_attention(R"("score":"bilinear")"),
       R"(weights.bilinear: expected a value, for score "bilinear", found none)"},
      {with_attention(R"("score":"additive")"),
       R"(weights.additive.w_q: expected a value, for score "additive", found none)"},
      {with_weights(R"("additive":{"w_q":[[1],[1]]})"),
       "weights.additive.w_k: expected rows of numbers, found nothing"},
      {with_weights(R"("additive":{"w_q":[[1],[1]],"w_k":[[1],[1]],"v":1})"),
       "weights.additive.v: expected a list of numbers, found 1"},
      {with_weights(R"("additive":{"w_q":[[1],[1]],"w_k":[[1],[1]],"v":[1,2]})"),
       "weights.additive.v: expected 1 numbers, found 2"},
      {with_weights(R"("w_z":[])"),
       "weights.w_z: expected one of the fields w_q, w_k, w_v, w_o, b_q, b_k, b_v, b_o, bilinear, additive, "
       "found \"w_z\""},
  });
}

TEST_CASE("view, lock and extensions are objects whose fields do not repeat") {
  check({
      {with(R"("view":[])"), "view: expected an object, found an array"},
      {with(R"("view":null)"), "view: expected an object, found null"},
      {with(R"("view":3)"), "view: expected an object, found 3"},
      {with(R"("lock":"all")"), "lock: expected an object, found \"all\""},
      {with(R"("extensions":true)"), "extensions: expected an object, found true"},
      {with(R"("view":{"a":{"b":1,"b":2}})"), "view.a.b: expected the field once, found it repeated"},
      {with(R"("view":{"a":[{"b":1},{"b":2},{"b":1,"\u0062":2}]})"),
       "view.a[2].b: expected the field once, found it repeated"},
  });
}

TEST_CASE("fields that are not known or come twice are refused at every level") {
  check({
      {with(R"("heads":1)"), "heads: expected " + kFieldsOfAScenario + ", found \"heads\""},
      {with(R"("x":[[1,2],[3,4]])"), "x: expected the field once, found it repeated"},
      {with(R"("\u0078":[[1,2],[3,4]])"), "x: expected the field once, found it repeated"},
      {with("\"a\\nb\\u2028\":1"),
       "a\\u000Ab\\u2028: expected " + kFieldsOfAScenario + ", found \"a\\u000Ab\\u2028\""},
      {with("\"\":1"), "\"\": expected " + kFieldsOfAScenario + ", found \"\""},
  });
}

TEST_CASE("a golden case is refused by the places in its own file") {
  const std::string scenario = "\"scenario\":{" + kTwoTokens + "}";
  const std::string four_heads = "\"scenario\":" + with_attention("\"heads\":4");
  check({
      {"{" + scenario + ",\"expected\":{\"q\":[[[1,null]]]}}", "accepted"},
      {"{" + scenario + "}", "expected: expected an object of arrays, found nothing"},
      {"{" + scenario + ",\"expected\":[]}", "expected: expected an object of arrays, found an array"},
      {"{" + scenario + ",\"expected\":{\"q\":[[1,2],[3]]}}", "expected.q[1]: expected 2 elements, found 1"},
      {"{" + scenario + ",\"expected\":{\"q\":[[1,2],3]}}",
       "expected.q[1]: expected numbers in rows of equal length, found a number"},
      {"{" + scenario + ",\"expected\":{\"q\":[1,[3]]}}",
       "expected.q[1]: expected numbers in rows of equal length, found an array"},
      {"{" + scenario + ",\"expected\":{\"q\":[]}}", "expected.q: expected at least one number, found none"},
      {"{" + scenario + ",\"expected\":{\"q\":[1],\"q\":[1]}}",
       "expected.q: expected the field once, found it repeated"},
      {"{" + scenario + ",\"expected\":{},\"seed_gradient\":[[null]]}",
       "seed_gradient[0][0]: expected a number, found null"},
      {"{\"scenario\":{},\"expected\":{}}",
       R"(scenario.format: expected "attention-scenario", found nothing)"},
      {"{" + four_heads + ",\"expected\":{}}",
       "scenario.weights.w_q: expected a number of columns that heads = 4 divides, found the identity of 2 "
       "columns"},
      {"{\"name\":1}", "name: expected a name in quotes, found 1"},
      {"{\"name\":\"a\",\"tokens\":[]}",
       "tokens: expected one of the fields name, note, scenario, expected, seed_gradient, found \"tokens\""},
      {"{" + kTwoTokens + ",\"expected\":{}}",
       "expected: expected " + kFieldsOfAScenario + ", found \"expected\""},
  });
}

TEST_CASE("limits are refused as soon as they are passed") {
  attn::io::ParseLimits limits;
  limits.tokens = 2;
  limits.d_model = 2;
  limits.heads = 2;
  const auto line = [&](const std::string& json) { return refusal(json, "/nowhere", limits); };
  CHECK(line(with("")) == "accepted");
  CHECK(line("{" + kHead + R"("tokens":["a","b","c"],"x":[[1]]})") ==
        "bad.json: tokens[2]: expected at most 2 labels, found more");
  CHECK(line(with_x("[[1,2],[3,4],[5,6]]")) == "bad.json: x[2]: expected at most 2 rows, found more");
  CHECK(line(with_x("[[1,2,3],[3,4,5]]")) == "bad.json: x[0][2]: expected at most 2 columns, found more");
  CHECK(line(with_attention("\"heads\":3")) ==
        "bad.json: attention.heads: expected an integer from 1 to 2, found 3");
  CHECK(line(with_mask("\"padding\":[true,true,true]")) ==
        "bad.json: attention.mask.padding[2]: expected at most 2 booleans, found more");
  CHECK(line(with_weights("\"b_q\":[1,2,3,4,5]")) ==
        "bad.json: weights.b_q[4]: expected at most 4 numbers, found more");

  limits = {};
  limits.file_bytes = 40;
  CHECK(line(with("")) == "bad.json: expected a file of at most 40 bytes, found 80");
  limits = {};
  limits.memory_bytes = 100;
  CHECK(line(with("")) == "accepted");
  CHECK(line(with_mask("\"padding\":[true,true],\"allow\":[[1,1],[1,1]]")) == "accepted");
  CHECK(line(with(R"("view":{"a":1})")) ==
        "bad.json: view: expected values that take at most 100 bytes of memory, found more");
}
