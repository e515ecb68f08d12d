#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;
using Words = std::vector<std::string>;

namespace {

Words words(const Harness& h) { return *h.document().input().tokens; }

/// Three words that ask a source of two.
void open_cross(Harness& h) {
  const auto path =
      std::filesystem::temp_directory_path() / fmt::format("attentionscope_words_{}.json", getpid());
  std::ofstream(path) << R"({"format":"attention-scenario","version":1,"tokens":["a","b","c"],
    "x":[[1,0],[0,1],[1,1]],"source":{"tokens":["le","chat"],"x":[[1,2],[3,4]]}})";
  h.open(path);
  std::filesystem::remove(path);
}

}  // namespace

TEST_CASE("a word is typed in place, keeps its vector, and one undo takes it back") {
  Harness h;
  h.click("scenario.word[1]");
  h.type("queen");
  h.key(Key::enter);
  CHECK(words(h) == Words{"x1", "queen", "x3"});
  CHECK(h.document().input().x(1, 1) == 3.0f);
  CHECK(h.focused() == "scenario.word[1]");
  h.key(Key::z, {.ctrl = true});
  CHECK(words(h) == Words{"x1", "x2", "x3"});
}

TEST_CASE("Chinese comes by input method and by paste") {
  Harness h;
  h.click("scenario.word[0]");
  for (const char* character : {"国", "王"}) {
    inject_text(character);
    h.frame();
  }
  h.key(Key::enter);
  h.click("scenario.word[2]");
  ImGui::SetClipboardText("王后");
  h.key(Key::v, {.ctrl = true});
  h.key(Key::enter);
  CHECK(words(h) == Words{"国王", "x2", "王后"});
}

TEST_CASE("a word is left by a click elsewhere, and by Esc without a trace") {
  Harness h;
  h.click("scenario.word[0]");
  h.type("cat");
  h.click("scenario.word[2]");
  CHECK(words(h) == Words{"cat", "x2", "x3"});
  h.type("dog");
  h.key(Key::escape);
  CHECK(words(h) == Words{"cat", "x2", "x3"});
  CHECK(h.session().history().undo_steps() == 1);
}

TEST_CASE("a word of more than 256 bytes is refused beside the field, which stays open") {
  Harness h;
  h.click("scenario.word[0]");
  h.type(std::string(257, 'a'));
  h.key(Key::enter);
  CHECK(words(h) == Words{"x1", "x2", "x3"});
  CHECK(h.widgets().typing());
  h.key(Key::escape);
  CHECK_FALSE(h.widgets().typing());
}

TEST_CASE("words are added after the one that was used last, one Enter after the other") {
  Harness h;
  h.click("scenario.x[0,0]");
  h.key(Key::escape);
  h.click("scenario.add");
  REQUIRE(h.has("scenario.new_word"));
  h.type("one");
  h.key(Key::enter);
  h.type("x3");
  h.key(Key::enter);
  CHECK(words(h) == Words{"x1", "one", "x3", "x2", "x3"});
  // What is not known has zeros, what is known already its vector.
  CHECK(h.document().input().x(1, 0) == 0.0f);
  CHECK(h.document().input().x(2, 1) == 4.0f);
  h.key(Key::escape);
  CHECK_FALSE(h.has("scenario.new_word"));
  CHECK_FALSE(h.widgets().typing());
  CHECK(h.session().history().undo_steps() == 2);
}

TEST_CASE("a word is taken out by its button and by Delete, but never the last one") {
  Harness h;
  h.click("scenario.x[1,0]");
  h.key(Key::escape);
  h.click("scenario.remove");
  CHECK(words(h) == Words{"x1", "x3"});
  h.widgets().focus(*h.widgets().focused(), true);
  inject_delete(true);
  h.frame();
  inject_delete(false);
  h.settle();
  CHECK(words(h).size() == 1);
  h.click("scenario.remove");
  CHECK(words(h).size() == 1);
}

TEST_CASE("Alt with the arrows moves a word, and the keyboard goes with it") {
  Harness h;
  h.click("scenario.word[0]");
  h.key(Key::escape);
  h.key(Key::down, {.alt = true});
  CHECK(words(h) == Words{"x2", "x1", "x3"});
  CHECK(h.focused() == "scenario.word[1]");
  h.key(Key::down, {.alt = true});
  h.key(Key::down, {.alt = true});
  CHECK(words(h) == Words{"x2", "x3", "x1"});
  h.key(Key::up, {.alt = true});
  CHECK(words(h) == Words{"x2", "x1", "x3"});
  h.click("scenario.down");
  CHECK(words(h) == Words{"x2", "x3", "x1"});
  h.click("scenario.up");
  CHECK(words(h) == Words{"x2", "x1", "x3"});
}

TEST_CASE("a row is dragged by its handle as one undo step, and Esc takes it back") {
  Harness h;
  const ImVec2 from = h.rect("scenario.handle[0]").centre();
  const ImVec2 to = h.rect("scenario.handle[2]").centre();
  h.drag(from, to);
  CHECK(words(h) == Words{"x2", "x3", "x1"});
  CHECK(h.document().input().x(2, 0) == 1.0f);
  CHECK(h.session().history().undo_steps() == 1);
  CHECK(h.focused() == "scenario.word[2]");
  h.move(h.rect("scenario.handle[2]").centre());
  h.press();
  h.move({from.x, from.y + 10});
  h.move(from);
  CHECK(words(h) == Words{"x1", "x2", "x3"});
  h.key(Key::escape);
  CHECK(words(h) == Words{"x2", "x3", "x1"});
  h.release();
  CHECK(h.session().history().undo_steps() == 1);
}

TEST_CASE("a word dragged by its name moves, and no field opens") {
  Harness h;
  h.drag(h.rect("scenario.word[2]").centre(), h.rect("scenario.word[0]").centre());
  CHECK(words(h) == Words{"x3", "x1", "x2"});
  CHECK_FALSE(h.widgets().typing());
}

TEST_CASE("a sentence of several lines is pasted and cut into words") {
  Harness h;
  h.click("scenario.paste");
  ImGui::SetClipboardText("The x2\nsat,\ttired.");
  h.key(Key::v, {.ctrl = true});
  h.key(Key::enter);
  CHECK(words(h) == Words{"The", "x2", "sat", ",", "tired", "."});
  CHECK(h.document().input().x(1, 0) == 2.0f);
  CHECK(h.document().input().x(0, 0) == 0.0f);
  CHECK(h.session().history().undo_steps() == 1);
  CHECK_FALSE(h.has("scenario.sentence"));
}

TEST_CASE("Esc leaves the sentence as it was") {
  Harness h;
  h.click("scenario.paste");
  h.type("nothing of this");
  h.key(Key::escape);
  CHECK(words(h) == Words{"x1", "x2", "x3"});
  CHECK_FALSE(h.has("scenario.sentence"));
}

TEST_CASE("a new example of a sentence has the lexicon's vectors, and one undo brings the old one back") {
  Harness h;
  h.click("scenario.paste");
  h.type("the queen eats bread");
  h.click("scenario.make[1]");
  CHECK(words(h) == Words{"the", "queen", "eats", "bread"});
  CHECK(h.document().dimensions().d_model >= 8);
  CHECK_FALSE(h.has("scenario.sentence"));
  h.click("scenario.word[1]");
  h.key(Key::escape);
  const std::vector<float> queen(h.document().input().x.row(1).begin(), h.document().input().x.row(1).end());
  // Numbers of one's own can be given back for the lexicon's.
  h.post(session::Apply{session::SetXCell{1, 0, 9.0f}});
  h.click("scenario.lexicon");
  CHECK(std::ranges::equal(h.document().input().x.row(1), queen));
  h.post(session::Undo{});
  h.post(session::Undo{});
  h.post(session::Undo{});
  CHECK(words(h) == Words{"x1", "x2", "x3"});
}

TEST_CASE("the source side has the same: type, add, move, paste") {
  Harness h;
  open_cross(h);
  h.click("scenario.source_word[1]");
  h.type("chien");
  h.key(Key::enter);
  h.click("scenario.add");
  h.type("dort");
  h.key(Key::enter);
  h.key(Key::escape);
  const auto source = [&] { return *h.document().input().source->tokens; };
  CHECK(source() == Words{"le", "chien", "dort"});
  h.drag(h.rect("scenario.source_handle[0]").centre(), h.rect("scenario.source_handle[1]").centre());
  CHECK(source() == Words{"chien", "le", "dort"});
  CHECK(words(h) == Words{"a", "b", "c"});
  h.click("scenario.paste");
  ImGui::SetClipboardText("le roi");
  h.key(Key::v, {.ctrl = true});
  h.key(Key::enter);
  CHECK(source() == Words{"le", "roi"});
  CHECK(h.document().input().source->x(0, 1) == 2.0f);
}

TEST_CASE("features get names above their columns") {
  Harness h;
  CHECK_FALSE(h.has("scenario.feature[0]"));
  h.click("scenario.names");
  REQUIRE(h.has("scenario.feature[1]"));
  h.click("scenario.feature[1]");
  h.type("royal");
  h.key(Key::enter);
  CHECK(session::feature_name(h.document(), 1) == "royal");
  CHECK(session::feature_name(h.document(), 0) == "1");
}

TEST_CASE("of 512 words only the rows in sight are drawn, and the last one can be reached") {
  const auto path = std::filesystem::temp_directory_path() / "attentionscope_words_512.json";
  {
    std::ofstream file(path);
    file << R"({"format":"attention-scenario","version":1,"tokens":["w0")";
    for (int i = 1; i < 512; ++i) file << ",\"w" << i << "\"";
    file << R"(],"x":[[0,1])";
    for (int i = 1; i < 512; ++i) file << ",[" << i << ",1]";
    file << "]}";
  }
  Harness h;
  h.open(path);
  std::filesystem::remove(path);
  std::size_t rows = 0;
  for (const WidgetRecord& widget : h.widgets().records()) {
    if (widget.id.kind.text == "word") ++rows;
  }
  CHECK(rows > 8);
  CHECK(rows < 40);
  h.move(h.rect("scenario.word[2]").centre());
  for (int i = 0; i < 400 && !h.has("scenario.word[511]"); ++i) h.wheel(-10.0f);
  REQUIRE(h.has("scenario.word[511]"));
  h.wheel(-10.0f);
  h.settle();
  h.click("scenario.word[511]");
  h.type("last");
  h.key(Key::enter);
  CHECK(words(h).back() == "last");
}

TEST_CASE("what is selected goes with its word: by keys, by a drag, and back by Esc, undo and redo") {
  Harness h;
  h.post(session::Select{{Stage::weights, 0, 0, 2}});
  h.post(session::SetAlsoRows{{0, 1}});
  const auto at = [&](std::size_t row, std::size_t column) {
    return h.session().view().selection == CellRef{Stage::weights, 0, row, column};
  };
  h.click("scenario.word[0]");
  h.key(Key::escape);
  h.key(Key::down, {.alt = true});
  CHECK(words(h) == Words{"x2", "x1", "x3"});
  CHECK(at(1, 2));
  CHECK(h.session().view().also_rows == std::vector<std::size_t>{0, 1});
  h.key(Key::down, {.alt = true});
  CHECK(at(2, 1));
  CHECK(h.session().view().also_rows == std::vector<std::size_t>{0, 2});
  h.post(session::Undo{});
  CHECK(at(1, 2));
  h.post(session::Redo{});
  CHECK(at(2, 1));
  h.post(session::Undo{});
  h.post(session::Undo{});
  CHECK(at(0, 2));

  h.move(h.rect("scenario.handle[0]").centre());
  h.press();
  const ImVec2 last = h.rect("scenario.handle[2]").centre();
  h.move({last.x, last.y - 20});
  h.move(last);
  CHECK(words(h) == Words{"x2", "x3", "x1"});
  CHECK(at(2, 1));
  h.key(Key::escape);
  CHECK(at(0, 2));
  h.release();
  h.drag(h.rect("scenario.handle[0]").centre(), last);
  CHECK(at(2, 1));
}

TEST_CASE("a selected key of another sequence goes with its word, and its query stays") {
  Harness h;
  h.post(session::OpenExample{"translation"});
  h.post(session::Select{{Stage::weights, 0, 1, 0}});
  h.post(session::Apply{session::MoveToken{session::TokenSide::source, 0, 2}});
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 1, 2});
  h.post(session::Apply{session::MoveToken{session::TokenSide::queries, 1, 0}});
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 0, 2});
}
