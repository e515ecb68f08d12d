#include "app/lessons/change.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/app/lessons/lesson_inputs.h"

using attn::lessons::Change;
using attn::lessons::changed;
using attn::lessons::merged_json;
using attn::lessons::tests::complaint_of;
using attn::lessons::tests::document_of;
using attn::lessons::tests::Here;
using attn::lessons::tests::three_words;
using attn::session::Document;

namespace {

Document with(const Document& document, const std::string& json) { return changed(document, Change{json}); }
std::string reads(const Document& document, const std::string& expression) {
  return Here(document).text(expression);
}
std::string change_refusal(const Document& document, const std::string& json) {
  return complaint_of([&] { with(document, json); });
}

}  // namespace

TEST_CASE("change: tables merge, everything else replaces") {
  const Document masked =
      with(three_words(), R"({"attention": {"mask": {"causal": true}, "temperature": 2}})");
  CHECK(reads(masked, "causal") == "true");
  const Document scaled = with(masked, R"({"attention": {"scale": "sqrt_dk", "mask": {"window": 1}}})");
  CHECK(reads(scaled, "scale") == "sqrt_dk");
  CHECK(reads(scaled, "causal") == "true");
  CHECK(reads(scaled, "visible(2, 0)") == "false");  // the window, too
  CHECK(reads(scaled, "temperature") == "2");
  CHECK(reads(scaled, "x") == "1, 2; 2, 3; 3, 4");
  CHECK(reads(with(scaled, R"({"tokens": ["a"], "x": [[7, 8]]})"), "x") == "7, 8");
  CHECK(reads(scaled, "token(0)") == "x1");  // a document is never written
}

TEST_CASE("change: nothing changed is the same document") {
  const Document words = three_words();
  CHECK(changed(words, Change{}) == words);
}

TEST_CASE("change: \"default\" removes a field, whether it is there or not") {
  const Document scaled = with(three_words(), R"({"attention": {"scale": 3, "mask": {"causal": true}}})");
  CHECK(reads(with(scaled, R"({"attention": {"scale": "default"}})"), "scale") == "none");
  CHECK(reads(with(scaled, R"({"attention": {"mask": "default"}})"), "causal") == "false");
  CHECK(reads(with(scaled, R"({"attention": "default"})"), "scale") == "none");
  CHECK(reads(with(three_words(), R"({"attention": {"mask": {"causal": "default"}}})"), "causal") == "false");
  CHECK(reads(with(three_words(), R"({"weights": {"w_q": "default"}})"), "w_q") == "1, 0; 0, 1");
}

TEST_CASE("change: one row or one number of a matrix") {
  CHECK(reads(with(three_words(), R"({"x": {"row": 1, "to": [7, 8]}})"), "x") == "1, 2; 7, 8; 3, 4");
  CHECK(reads(with(three_words(), R"({"x": {"row": 2, "column": 0, "to": 9}})"), "x") == "1, 2; 2, 3; 9, 4");
  const Document biased = with(three_words(), R"({"weights": {"b_v": [1, 2]}})");
  CHECK(reads(with(biased, R"({"weights": {"b_v": {"row": 1, "to": 5}}})"), "b_v") == "1, 5");
}

TEST_CASE("change: an identity is written out before one number of it changes") {
  const std::string change = R"({"weights": {"w_q": {"row": 0, "column": 1, "to": 0.5}}})";
  CHECK(reads(with(three_words(), change), "w_q") == "1, 0.5; 0, 1");
  const Document named = with(three_words(), R"({"weights": {"w_q": "identity"}})");
  CHECK(reads(with(named, change), "w_q") == "1, 0.5; 0, 1");
  CHECK(reads(with(named, change), "w_k") == "1, 0; 0, 1");
}

TEST_CASE("change: what does not fit says where") {
  const Document words = three_words();
  CHECK(change_refusal(words, R"({"x": {"row": 3, "to": [1, 2]}})") ==
        "change.x.row: expected a whole number below 3, found 3");
  CHECK(change_refusal(words, R"({"x": {"row": -1, "to": [1, 2]}})") ==
        "change.x.row: expected a whole number below 3, found -1");
  CHECK(change_refusal(words, R"({"x": {"row": 0.5, "to": [1, 2]}})") ==
        "change.x.row: expected a whole number below 3, found 0.5");
  CHECK(change_refusal(words, R"({"x": {"row": 0, "column": 2, "to": 1}})") ==
        "change.x.column: expected a whole number below 2, found 2");
  CHECK(change_refusal(words, R"({"weights": {"bilinear": {"row": 0, "to": [1, 2]}}})") ==
        "change.weights.bilinear: expected a matrix whose rows can change, found \"identity\" or no matrix: "
        "give "
        "it whole first");
  CHECK(
      change_refusal(words, R"({"x": {"row": 0, "to": [1, 2, 3]}})").starts_with("change: x[1]: expected "));
  CHECK(change_refusal(words, R"({"attention": {"colour": 1}})").starts_with("change: attention.colour: "));
  CHECK(change_refusal(words, R"({"attention": {"heads": 3}})").starts_with("change: "));
  CHECK(change_refusal(words, R"({"attention": 3})").starts_with("change: attention: expected "));
}

TEST_CASE("a scenario inside a lesson needs neither format nor version, and is checked") {
  CHECK(reads(document_of(R"({"tokens": ["a"], "x": [[1]]})"), "n_keys") == "1");
  CHECK(complaint_of([] { document_of(R"({"tokens": ["a"]})"); }).starts_with("test: x: expected "));
  CHECK(complaint_of([] {
          document_of(R"({"version": 2, "tokens": ["a"], "x": [[1]]})");
        }).starts_with("test: version: expected "));
}

TEST_CASE("views merge as JSON objects") {
  CHECK(merged_json("", "") == "");
  CHECK(merged_json(R"({"a":1})", "") == R"({"a":1})");
  CHECK(merged_json("", R"({"a":1})") == R"({"a":1})");
  CHECK(merged_json(R"({"a":1,"b":{"c":2}})", R"({"a":3,"b":{"d":4}})") == R"({"a":3,"b":{"c":2,"d":4}})");
}
