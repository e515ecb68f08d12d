#include "app/session/folder.h"

#include <doctest/doctest.h>

#include <fstream>

#include "app/session/find_token.h"
#include "app/session/fuzzy.h"
#include "app/session/glance.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;
using attn::tests::TemporaryFolder;

TEST_CASE("folder: folders first, names without capitals, only what can be opened, nothing hidden") {
  const TemporaryFolder folder;
  for (const char* name : {"b.json", "A.JSON", "c.npz", "d.txt", ".hidden.json"})
    std::ofstream(folder.path() / name) << "1234567";
  std::filesystem::create_directory(folder.path() / "z");
  const auto names = [&](FolderFilter filter) {
    std::string all;
    for (const FolderEntry& entry : list_folder(folder.path(), filter).entries) all += entry.name + " ";
    return all;
  };
  CHECK(names(FolderFilter::scenarios_and_arrays) == "z A.JSON b.json c.npz ");
  CHECK(names(FolderFilter::scenarios) == "z A.JSON b.json ");
  CHECK(names(FolderFilter::arrays) == "z c.npz ");
  CHECK(names(FolderFilter::pictures) == "z ");
  const FolderListing listing = list_folder(folder.path(), FolderFilter::scenarios);
  CHECK(listing.entries[1].bytes == 7);
  CHECK(listing.entries[1].changed.size() == 16);  // 2026-11-21 11:40
  CHECK_FALSE(listing.problem.has_value());
  CHECK(matching(listing, "B.J") == std::vector<std::size_t>{2});
  CHECK(matching(listing, "") == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("folder: one that cannot be read says so and is empty") {
  const FolderListing listing = list_folder("/nowhere/at/all", FolderFilter::scenarios);
  CHECK(listing.entries.empty());
  REQUIRE(listing.problem.has_value());
  CHECK(english(*listing.problem) == "/nowhere/at/all cannot be read: No such file or directory");
}

TEST_CASE("folder: sizes have about three digits") {
  CHECK(size_text(0) == "0 B");
  CHECK(size_text(999) == "999 B");
  CHECK(size_text(1000) == "1.0 KB");
  CHECK(size_text(123456) == "123 KB");
  CHECK(size_text(999600) == "1.0 MB");
  CHECK(size_text(3400000000) == "3.4 GB");
}

TEST_CASE("folder: what is typed as a path starts at home, here or at the root") {
  const tests::Variable home("HOME", "/home/someone");
  CHECK(typed_path("~", "/a") == "/home/someone");
  CHECK(typed_path("~/b", "/a") == "/home/someone/b");
  CHECK(typed_path("b/../c", "/a") == "/a/c");
  CHECK(typed_path("/d", "/a") == "/d");
}

TEST_CASE("fuzzy: letters in their order, beginnings of words and neighbours first") {
  CHECK(fuzzy_match("", "anything") == 0.0);
  CHECK(fuzzy_match("und", "Undo").has_value());
  CHECK(fuzzy_match("UND", "undo").has_value());
  CHECK_FALSE(fuzzy_match("odnu", "Undo").has_value());
  CHECK_FALSE(fuzzy_match("undone", "Undo").has_value());
  CHECK(fuzzy_match("cm", "Causal mask").value() > fuzzy_match("cm", "Decimals").value_or(0.0));
  CHECK(fuzzy_match("mask", "Causal mask").value() > fuzzy_match("mask", "make a skein").value());
  CHECK(fuzzy_match("掩码", "因果掩码").has_value());
  CHECK_FALSE(fuzzy_match("码掩", "因果掩码").has_value());
}

TEST_CASE("find: tokens that contain what was typed, the source's last") {
  Input input = tests::three_words();
  input.tokens =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"The", "cat", "the"});
  input.source = Source{std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"athe"}),
                        SharedMatrix(Matrix{{1, 2}})};
  const auto found = find_tokens(input, "THE");
  REQUIRE(found.size() == 3);
  CHECK(found[1].index == 2);
  CHECK_FALSE(found[1].of_source);
  CHECK(found[2].of_source);
  CHECK(find_tokens(input, "").empty());
  const Document document = tests::document_of(input);
  CHECK(cell_of(document, {Stage::weights, 0, 0, 0}, found[1]) == CellRef{Stage::weights, 0, 2, 0});
  CHECK(cell_of(document, {Stage::weights, 0, 1, 0}, found[2]) == CellRef{Stage::weights, 0, 1, 0});
  CHECK(cell_of(document, {Stage::output, 0, 1, 1}, found[2]) == CellRef{Stage::source_x, 0, 0, 0});
  CHECK(cell_of(document, {Stage::k, 0, 0, 1}, found[1]) == CellRef{Stage::x, 0, 2, 0});
  CHECK(cell_of(document, {Stage::k, 0, 0, 1}, found[2]) == CellRef{Stage::k, 0, 0, 1});
}

TEST_CASE("glance: a file's words and attention weights, or why it has none") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "two.json";
  std::ofstream(file)
      << R"({"format":"attention-scenario","version":1,"title":"Two","tokens":["a","b"],"x":[[1],[1]]})";
  const Glance two = glance_of(file);
  CHECK(two.title.in("en") == "Two");
  CHECK_FALSE(two.problem.has_value());
  REQUIRE(two.weights.size() == 1);
  CHECK(two.weights[0] == Matrix{{0.5f, 0.5f}, {0.5f, 0.5f}});
  std::ofstream(folder.path() / "bad.json") << R"({"format":"attention-scenario",)";
  const Glance bad = glance_of(folder.path() / "bad.json");
  CHECK(english(*bad.problem).find("bad.json: line 1") != std::string::npos);
  CHECK_FALSE(bad.other_kind);
  GlanceLimits limits;
  limits.file_bytes = 10;
  CHECK(english(*glance_of(file, limits).problem) ==
        "Too large to be shown before it is opened: " + size_text(std::filesystem::file_size(file)) + ".");
  limits = {};
  limits.operations = 1.0;
  const Glance large = glance_of(file, limits);
  CHECK(english(*large.problem) == "Too large to be shown before it is opened: 1 heads of 2 × 2.");
  CHECK(large.input.has_value());
}

TEST_CASE("glance: a thread makes them one after the other and keeps them") {
  Glances glances;
  int made = 0;
  const auto make = [&] {
    ++made;
    return Glance{};
  };
  std::shared_ptr<const Glance> first;
  for (int i = 0; i < 5000 && !first; ++i) {
    first = glances.get("one", make);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  REQUIRE(first != nullptr);
  CHECK(glances.get("one", make) == first);
  CHECK(made == 1);
}

TEST_CASE("glance: a JSON file that never was a scenario is called another kind, not wrong") {
  const TemporaryFolder folder;
  for (const char* text : {R"({"name": "package", "dependencies": {}})", "[1, 2]", "hello", ""}) {
    CAPTURE(text);
    std::ofstream(folder.path() / "other.json") << text;
    const Glance other = glance_of(folder.path() / "other.json");
    REQUIRE(other.problem.has_value());
    CHECK(other.other_kind);
    CHECK(english(*other.problem) == "A file of another kind: nowhere does it say attention-scenario.");
  }
}

TEST_CASE("folder: a file is named after its title") {
  CHECK(file_name_for("Three words") == "Three_words");
  CHECK(file_name_for("  Who? What: \"it\" / <that>…  ") == "Who_What_it_that_…");
  CHECK(file_name_for("四个头：代词找到动物") == "四个头：代词找到动物");
  CHECK(file_name_for("layer.npz") == "layer_npz");
  CHECK(file_name_for("..") == "example");
  CHECK(file_name_for("") == "example");
  const std::string sentence =
      file_name_for("the animal did not cross the street because it was too tired and went home again");
  CHECK(sentence == "the_animal_did_not_cross_the_street_because_it_was_too_tired_and");
  // Never inside a character: each of these takes three bytes.
  std::string chinese;
  for (int i = 0; i < 40; ++i) chinese += "词";
  CHECK(file_name_for(chinese).size() == 63);
}

TEST_CASE("folder: a name that is taken gets a number") {
  const TemporaryFolder folder;
  CHECK(free_name(folder.path(), "mine", ".json") == "mine.json");
  std::ofstream(folder.path() / "mine.json") << "1";
  CHECK(free_name(folder.path(), "mine", ".json") == "mine_2.json");
  std::ofstream(folder.path() / "mine_2.json") << "1";
  CHECK(free_name(folder.path(), "mine", ".json") == "mine_3.json");
  CHECK(free_name(folder.path(), "mine", ".png") == "mine.png");
}
