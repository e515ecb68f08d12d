#include "app/code/listing.h"

#include <algorithm>
#include <memory>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/io/scenario.h"

namespace attn::code {
namespace {

io::Scenario golden(const std::string& name) {
  return io::load_scenario(fmt::format("{}/forward/{}.json", ATTN_GOLDEN_DIR, name));
}

Listing in_numpy(const io::Scenario& scenario) { return write_listing(scenario, {}); }

bool has_line(const Listing& listing, const std::string& text) {
  return std::ranges::find(listing.lines, text, &Line::text) != listing.lines.end();
}

}  // namespace

TEST_CASE("the three words in NumPy are the worked example, line by line") {
  const Listing listing = in_numpy(golden("three_words_scaled"));
  CAPTURE(listing.text());
  CHECK(listing.text() == R"(# Attention step by step, in NumPy. Rows are queries, columns are keys.
# Every stage is a variable with the name that AttentionScope gives it.
# three words

import math

import numpy as np

np.set_printoptions(precision=4, suppress=True)

x = np.array([  # n × d_model = 3 × 2
    [1, 2],  # w1
    [2, 3],  # w2
    [3, 4],  # w3
], dtype=np.float32)
d_k = 2  # width of a query or key head

q = x  # n × d_k = 3 × 2; W_Q is the identity
k = x  # n × d_k = 3 × 2; W_K is the identity
v = x  # n × d_v = 3 × 2; W_V is the identity
scores = q @ k.T  # n × n = 3 × 3
scaled = scores / math.sqrt(d_k)  # n × n = 3 × 3
masked = scaled  # n × n = 3 × 3; nothing is hidden
shifted = masked - masked.max(axis=-1, keepdims=True)  # the largest becomes 0: exp stays finite
exponentials = np.exp(shifted)
# n × n = 3 × 3; each row sums to 1
weights = exponentials / exponentials.sum(axis=-1, keepdims=True)
head_outputs = weights @ v  # n × d_v = 3 × 2
concat = head_outputs  # n × d_v = 3 × 2; one head
output = concat  # n × d_out = 3 × 2; W_O is the identity

print("weights", weights, sep="\n")
print("output", output, sep="\n")
)");
  CHECK_FALSE(listing.needs_data);
}

TEST_CASE("every stage of a scenario has its lines, together, ending in the statement that makes it") {
  for (const char* name : {"three_words", "grouped_rope", "cross_sinusoidal_odd", "alibi", "dropout",
                           "features_002", "additive_004", "three_masks", "custom_mask_empty_row"}) {
    const io::Scenario scenario = golden(name);
    for (const Framework framework : kFrameworks) {
      Options options;
      options.framework = framework;
      const Listing listing = write_listing(scenario, options);
      for (const Stage stage : kStages) {
        CAPTURE(name);
        CAPTURE(attn::name(stage));
        const Listing::Range range = listing.lines_of(stage);
        const auto of_stage = [&](const Line& line) { return line.stage == stage; };
        CHECK(static_cast<std::size_t>(std::ranges::count_if(listing.lines, of_stage)) ==
              range.last - range.first);
        if (!present(stage, scenario.input)) {
          CHECK(range.first == range.last);
          continue;
        }
        REQUIRE(range.first < range.last);
        const std::string start = fmt::format("{} = ", attn::name(stage));
        const bool is_input = stage == Stage::x || stage == Stage::source_x;
        CHECK(listing.lines[is_input ? range.first : range.last - 1].text.starts_with(start));
      }
    }
  }
}

TEST_CASE("only what a scenario uses is written") {
  const Listing bare = in_numpy(golden("bare"));
  for (const char* unused : {"math", "w_q", "visible", "def ", "seed", "\nn = ", "json"}) {
    CAPTURE(unused);
    CHECK(bare.text().find(unused) == std::string::npos);
  }
  const Listing rope = in_numpy(golden("rope"));
  CHECK(has_line(rope, "def rotate(t):"));
  CHECK(has_line(rope, "d_k = 4  # width of a query or key head"));
  CHECK_FALSE(has_line(rope, "def unit(t):"));
}

TEST_CASE("masks, shared heads and their mistakes are written as they are") {
  const Listing masks = in_numpy(golden("three_masks"));
  CHECK(has_line(masks, "visible = (j <= i) & ~padding & allow"));
  CHECK(has_line(masks, "# causal: no key after the query, padding: no filler, allowed pairs"));
  CHECK(has_line(in_numpy(golden("mask_zero")),
                 "masked = np.where(visible, scaled, 0.0)  # h × n × n = 2 × 6 × 6"));
  CHECK(has_line(in_numpy(golden("grouped_query")),
                 "v_shared = np.repeat(v, h // g, axis=0)  # each value head serves h / g query heads"));
  CHECK(has_line(in_numpy(golden("heads_averaged")),
                 "concat = head_outputs.mean(axis=0)  # n × d_v = 5 × 4; heads averaged, a common mistake"));
}

TEST_CASE("numbers past what a page holds are read from the trace file, whose name is given") {
  Options options;
  options.data_file = "words.npz";
  const Listing listing = write_listing(golden("multi_head_64"), options);
  CHECK(listing.needs_data);
  CHECK(has_line(
      listing, "data = np.load(\"words.npz\")  # made by: attentionscope trace SCENARIO.json -o words.npz"));
  CHECK(has_line(listing, "x = data[\"x\"]  # n × d_model = 24 × 64"));
  CHECK(has_line(listing, "w_q = np.array(scenario[\"weights\"][\"w_q\"], dtype=np.float32)  # 64 × 64"));
  CHECK(listing.lines.size() < 100);  // 24 × 64 and four times 64 × 64 numbers do not stand here
}

TEST_CASE("the same statements are spelled as each framework's users spell them") {
  const io::Scenario scenario = golden("grouped_query");
  Options options;
  options.framework = Framework::pytorch;
  const Listing torch = write_listing(scenario, options);
  CHECK(has_line(torch, "scores = q @ k_shared.transpose(-1, -2)  # h × n × n = 4 × 6 × 6"));
  CHECK(has_line(torch,
                 "k_shared = k.repeat_interleave(h // g, dim=0)  # each key head serves h / g query heads"));
  options.framework = Framework::tensorflow;
  const Listing tensorflow = write_listing(scenario, options);
  CHECK(has_line(tensorflow, "scores = tf.matmul(q, k_shared, transpose_b=True)  # h × n × n = 4 × 6 × 6"));
  CHECK(has_line(tensorflow, "print(\"output\", output.numpy(), sep=\"\\n\")"));
}

TEST_CASE("comments are in the reader's language, code is not") {
  Options options;
  options.language = "zh";
  options.say = [](const session::Message& m) { return "说:" + english(m); };
  io::Scenario scenario = golden("three_words");
  scenario.title.by_language = {{"en", "words"}, {"zh", "词"}};
  const Listing listing = write_listing(scenario, options);
  CHECK(listing.lines[2].text == "# 词");
  CHECK(has_line(listing, "masked = scaled  # n × n = 3 × 3; 说:nothing is hidden"));
  CHECK(has_line(listing, "exponentials = np.exp(shifted)"));
}

TEST_CASE("titles and labels stay inside their comments") {
  io::Scenario scenario = golden("three_words");
  scenario.title = io::LocalisedText::plain("one\nimport os\u2028two");
  scenario.input.tokens =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a\r\nb", "\u202Ex", "#"});
  const Listing listing = in_numpy(scenario);
  CHECK(listing.lines[2].text == "# one\\u000Aimport os\\u2028two");
  CHECK(has_line(listing, "    [1, 2],  # a\\u000D\\u000Ab"));
  CHECK(has_line(listing, "    [2, 3],  # x"));
  for (const Line& line : listing.lines) CHECK(line.text.find_first_of("\r\n") == std::string::npos);
}

TEST_CASE("frameworks have names that commands and files use") {
  std::set<std::string_view> names;
  for (const Framework framework : kFrameworks) {
    CHECK(framework_from_name(session::name(framework)) == framework);
    names.insert(title(framework));
  }
  CHECK(names.size() == 3);
  CHECK_FALSE(framework_from_name("jax").has_value());
}

}  // namespace attn::code
