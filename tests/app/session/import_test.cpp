#include "app/session/import.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "core/attention/attention.h"
#include "core/io/file.h"
#include "core/io/npz.h"
#include "core/io/trace_npz.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;

namespace {

std::filesystem::path array(const std::string& name) {
  return std::filesystem::path(ATTN_SOURCE_DIR) / "tests/app/session/arrays" / name;
}

Imported import_of(const std::vector<std::string>& names, const ImportOptions& options = {}) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : names) files.push_back(array(name));
  return import_files(files, options);
}

Arrays<float> run(const Imported& imported) {
  Arrays<float> arrays;
  forward(imported.scenario.input, validate(imported.scenario.input), arrays);
  return arrays;
}

float number(const Arrays<float>& arrays, Stage stage, std::size_t head, std::size_t row,
             std::size_t column) {
  return arrays.at({stage, head, row, column});
}

bool says(const Imported& imported, std::string_view part) {
  for (const Message& note : imported.notes) {
    if (english(note).find(part) != std::string::npos) return true;
  }
  std::string all;
  for (const Message& note : imported.notes) all += english(note) + "\n";
  MESSAGE(all);
  return false;
}

std::string refusal(const std::vector<NamedArray>& arrays, const ImportOptions& options = {}) {
  try {
    import_arrays(arrays, options);
    return "accepted";
  } catch (const std::exception& error) {
    return error.what();
  }
}

NamedArray named(ArrayRole role, std::vector<std::size_t> shape, float value = 1.0f) {
  std::size_t count = 1;
  for (const std::size_t size : shape) count *= size;
  return {{role, false}, {std::string(name(role)), {std::move(shape), std::vector<float>(count, value)}}, {}};
}

}  // namespace

TEST_CASE("import: names are those of engineers, with or without the layer in front") {
  struct Case {
    const char* name;
    ArrayRole role;
    bool transposed;
  };
  for (const Case& c : {Case{"Q", ArrayRole::q, false}, Case{"queries", ArrayRole::q, false},
                        Case{"W_Q", ArrayRole::w_q, false},
                        Case{"layers.0.self_attn.in_proj_weight", ArrayRole::in_proj_weight, true},
                        Case{"encoder/out_proj.weight", ArrayRole::w_o, true},
                        Case{"bert.attention.self.query.weight", ArrayRole::w_q, true},
                        Case{"query", ArrayRole::q, false}, Case{"to_out.0.bias", ArrayRole::b_o, false},
                        Case{"attn_output_weights", ArrayRole::weights, false}}) {
    CAPTURE(c.name);
    const auto found = role_of(c.name);
    REQUIRE(found.has_value());
    CHECK(found->role == c.role);
    CHECK(found->transposed == c.transposed);
  }
  for (const char* name : {"", "embedding_table", "cross_attn", "qq", "weight", "conv.weight"}) {
    CAPTURE(name);
    CHECK_FALSE(role_of(name).has_value());
  }
}

TEST_CASE("import: q, k and v of NumPy give NumPy's attention weights and outputs") {
  const Imported imported = import_of({"qkv.npz"});
  CHECK(imported.kind == ImportKind::vectors);
  const Arrays<float> arrays = run(imported);
  CHECK(arrays.dimensions().n_heads == 2);
  CHECK(arrays.dimensions().d_v == 3);
  CHECK(number(arrays, Stage::weights, 1, 4, 0) == doctest::Approx(0.22863910813004215).epsilon(1e-6));
  CHECK(number(arrays, Stage::output, 0, 2, 5) == doctest::Approx(0.6413998036050154).epsilon(1e-6));
  CHECK(says(imported, "come out to within"));
  CHECK(says(imported, "÷ √d_k"));
  CHECK(says(imported, "W_Q, W_K and W_V pick them out"));
  CHECK(says(imported, "The outputs differ from those of the file by at most"));
}

TEST_CASE(
    "import: the same vectors in files of their own, of other types and orders, give the same numbers") {
  const Arrays<float> together = run(import_of({"qkv.npz"}));
  const Arrays<float> apart = run(import_of({"q.npy", "k.npy", "v.npy"}));
  for (const Stage stage : {Stage::q, Stage::k, Stage::v, Stage::weights, Stage::output}) {
    CAPTURE(name(stage));
    CHECK(std::ranges::equal(together.all(stage), apart.all(stage)));
  }
}

TEST_CASE("import: q, k and v are taken over bit by bit") {
  const Imported imported = import_of({"q.npy", "k.npy", "v.npy"});
  const io::NumberArray k = io::read_npy_numbers(io::read_file(array("k.npy"), 1 << 20), "k", 1000);
  CHECK(std::ranges::equal(run(imported).all(Stage::k), k.values));
}

TEST_CASE("import: without v the outputs are the attention weights") {
  const Imported imported = import_of({"q.npy", "k.npy"});
  CHECK(says(imported, "v was not given"));
  const Arrays<float> arrays = run(imported);
  CHECK(std::ranges::equal(arrays.all(Stage::weights), arrays.all(Stage::head_outputs)));
}

TEST_CASE("import: a layer of PyTorch gives what PyTorch answered") {
  const Imported imported = import_of({"torch_layer.npz"});
  CHECK(imported.kind == ImportKind::parameters);
  const Arrays<float> arrays = run(imported);
  CHECK(arrays.dimensions().n_heads == 2);
  CHECK(number(arrays, Stage::output, 0, 5, 7) == doctest::Approx(0.6671903729438782).epsilon(1e-5));
  CHECK((number(arrays, Stage::weights, 0, 3, 1) + number(arrays, Stage::weights, 1, 3, 1)) / 2 ==
        doctest::Approx(0.025043172761797905).epsilon(1e-5));
  CHECK(says(imported, "split into W_Q, W_K and W_V"));
  CHECK(says(imported, "out_proj.weight was transposed"));
  CHECK(says(imported, "come out to within"));
}

TEST_CASE("import: cross-attention of PyTorch has its source") {
  const Imported imported = import_of({"torch_cross.npz"});
  const Arrays<float> arrays = run(imported);
  CHECK(arrays.dimensions().n_keys == 5);
  CHECK(arrays.dimensions().d_source == 3);
  CHECK(says(imported, "The outputs differ from those of the file by at most"));
  CHECK(*imported.scenario.input.source->tokens->begin() == "s1");
}

TEST_CASE("import: parameters alone take the open example's words where they fit, else x is asked for") {
  ImportOptions options;
  Input open;
  open.tokens = tests::numbered_tokens(3);
  open.x = tests::random_matrix(3, 8, 5);
  options.open = tests::document_of(open);
  options.heads = 2;
  const Imported imported = import_of({"torch_state.npz"}, options);
  CHECK(imported.scenario.input.x.same_as(open.x));
  CHECK(imported.scenario.input.config.heads == 2);
  CHECK(says(imported, "x was not given: tokens and x are those of the example that was open."));
  options.open = tests::three_word_document();
  CHECK_THROWS_WITH_AS(
      import_of({"torch_state.npz"}, options),
      "expected an array called x of 8 columns for these parameters, found none; x of the open example has 2",
      io::FormatError);
  CHECK_THROWS_AS(import_of({"torch_state.npz"}), io::FormatError);
}

TEST_CASE("import: fewer key heads than query heads, and the mask, are found out") {
  const Imported imported = import_of({"grouped.npz"});
  CHECK(imported.scenario.input.config.kv_heads == std::size_t{2});
  CHECK(imported.scenario.input.config.mask.causal);
  CHECK(says(imported, "÷ √d_k, causal"));
}

TEST_CASE("import: attention weights alone come back to rounding, hidden keys as exact zeros") {
  const Imported imported = import_of({"weights.npy"});
  CHECK(imported.kind == ImportKind::weights);
  CHECK(imported.scenario.input.config.mask.causal);
  const io::NumberArray given = io::read_npy_numbers(io::read_file(array("weights.npy"), 1 << 20), "w", 1000);
  const Arrays<float> arrays = run(imported);
  const auto shown = arrays.all(Stage::weights);
  REQUIRE(shown.size() == given.values.size());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    CHECK(shown[i] == doctest::Approx(given.values[i]).epsilon(1e-6));
    CHECK((shown[i] == 0.0f) == (given.values[i] == 0.0f));
  }
  CHECK(std::ranges::equal(shown, arrays.all(Stage::head_outputs)));
  CHECK(says(imported, "scores are reconstructed as log α"));
  CHECK(import_kind(imported.scenario) == ImportKind::weights);
  CHECK_FALSE(import_kind(io::Scenario{}).has_value());
}

TEST_CASE("import: a batch of one with words on both sides is cross-attention") {
  const Imported imported = import_of({"translation.npz"});
  CHECK(*imported.scenario.input.tokens == std::vector<std::string>{"the", "red", "house"});
  REQUIRE(imported.scenario.input.source.has_value());
  CHECK(imported.scenario.input.source->tokens->back() == "。");
  CHECK(says(imported, "their names say nothing: cross_attn"));
}

TEST_CASE("import: float16 weights in a file of any name are known by their rows") {
  const Imported imported = import_of({"layer11.npy"});
  CHECK(imported.kind == ImportKind::weights);
  CHECK(imported.scenario.input.config.heads == 3);
}

TEST_CASE("import: weights whose rows do not sum to 1 stand as they are") {
  const Imported imported = import_of({"attn_weights.npy"});
  const io::NumberArray given =
      io::read_npy_numbers(io::read_file(array("attn_weights.npy"), 1 << 20), "w", 1000);
  CHECK(std::ranges::equal(run(imported).all(Stage::weights), given.values));
  CHECK(imported.scenario.input.config.normalise == Normalise::none);
  CHECK(says(imported, "rows do not sum to 1"));
}

TEST_CASE("import: a trace of this program opens as its scenario") {
  const tests::TemporaryFolder folder;
  io::Scenario scenario;
  scenario.title = io::LocalisedText::plain("mine");
  scenario.input = tests::random_input(4, 6, 2, 11);
  Arrays<float> arrays;
  forward(scenario.input, validate(scenario.input), arrays);
  const std::filesystem::path file = folder.path() / "trace.npz";
  io::save_trace(file, scenario, arrays);
  const Imported imported = import_files(std::vector{file});
  CHECK(imported.kind == ImportKind::trace);
  CHECK(io::write_scenario(imported.scenario) == io::write_scenario(scenario));
}

TEST_CASE("import: what was imported is saved and opened again as it is") {
  for (const char* name : {"qkv.npz", "weights.npy", "torch_layer.npz"}) {
    CAPTURE(name);
    const Imported imported = import_of({name});
    const std::string written = io::write_scenario(imported.scenario);
    const io::Scenario again = io::parse_scenario(written, "again.json", {});
    CHECK(io::write_scenario(again) == written);
    CHECK(import_kind(again) == imported.kind);
  }
}

TEST_CASE("import: arrays that do not fit are refused with one line") {
  using R = ArrayRole;
  CHECK(refusal({}) == "expected arrays called x, q and k, w_q … or weights, found none of them");
  CHECK(refusal({named(R::q, {2, 3})}) ==
        "expected arrays called x, q and k, w_q … or weights, found none of them");
  CHECK(refusal({named(R::x, {2, 3, 4})}) ==
        "x: shape: expected a matrix, one sequence at a time, found (2, 3, 4)");
  CHECK(refusal({named(R::x, {3, 4}), named(R::w_q, {5, 4})}) == "weights.w_q: expected 4 × 4, found 5 × 4");
  CHECK(refusal({named(R::x, {3, 4}), named(R::heads, {}, 3.0f)}) ==
        "weights.w_q: expected a number of columns that heads = 3 divides, found the identity of 4 columns");
  CHECK(refusal({named(R::x, {3, 4}), named(R::heads, {}, 0.5f)}) ==
        "heads: expected one whole number of at least 1, found 0.5");
  CHECK(refusal({named(R::x, {3, 4}), named(R::in_proj_weight, {4, 4})}) ==
        "in_proj_weight: shape: expected three parts of equal size, found (4, 4)");
  CHECK(refusal({named(R::q, {2, 3, 4}), named(R::k, {2, 3, 5})}) ==
        "k: expected heads of 4 columns, as q has, found 10 columns");
  CHECK(refusal({named(R::q, {2, 3, 4}), named(R::k, {2, 3, 4}), named(R::v, {2, 5, 4})}) ==
        "v: expected 3 rows, as k has, found 5");
  CHECK(refusal({named(R::weights, {3})}) == "weights: shape: expected (heads, n, m) or (n, m), found (3,)");
  CHECK(refusal({named(R::weights, {1, 2, 2}, -1.0f)}) ==
        "weights: head 0, row 0: expected attention weights, none below 0, found -1");
  CHECK(refusal({named(R::weights, {300, 2, 2}, 0.5f)}) ==
        "weights: shape: expected about 16 heads of 512 queries and keys at most, found 300 heads of 2 × 2");
  CHECK(refusal({named(R::x, {3, 4}), named(R::x, {3, 4})}) ==
        "x: expected one array for x, found x as well");
  NamedArray tokens{{R::tokens, false}, {"tokens", {}}, {"a", "b"}};
  CHECK(refusal({named(R::x, {3, 4}), tokens}) == "tokens: expected 3 labels, found 2");
  CHECK_THROWS_WITH_AS(import_of({"make.py"}), "make.py: expected a .npy or .npz file, found \".py\"",
                       io::FormatError);
}

TEST_CASE("import: what was not in the file is called a stand-in, and what was is not") {
  const auto line = [](ImportKind kind, Stage stage, Normalise normalise = Normalise::softmax) {
    const auto found = stand_in(kind, stage, normalise);
    return found ? english(*found) : "";
  };
  for (const Stage stage : kStages) {
    CAPTURE(name(stage));
    CHECK(line(ImportKind::parameters, stage).empty());
    CHECK(line(ImportKind::trace, stage).empty());
    CHECK(line(ImportKind::weights, stage).empty() == (stage == Stage::weights));
    CHECK(line(ImportKind::vectors, stage).empty() == (stage != Stage::x && stage != Stage::source_x));
  }
  CHECK(line(ImportKind::weights, Stage::scaled) ==
        "Reconstructed: log α. Only attention weights were given.");
  CHECK(line(ImportKind::weights, Stage::scores, Normalise::none) ==
        "Reconstructed: the attention weights as they were given.");
  CHECK(line(ImportKind::weights, Stage::output) == "The attention weights once more: no values were given.");
}
