#include "app/widgets/text.h"

#include <doctest/doctest.h>

#include "app/platform/imgui_owner.h"

using namespace attn::ui;

namespace {

/// Letters at 18 pixels, without a window.
struct Letters {
  ImGuiOwner imgui;
  Fonts fonts;
  Text text{fonts};
  TextLook look{Face::sans, 18.0f, IM_COL32_BLACK};

  Letters() { fonts.update(*ImGui::GetIO().Fonts); }
  std::vector<std::string> lines(std::string_view words, float width) const {
    std::vector<std::string> all;
    for (const Line& line : text.wrap(look, words, width)) {
      std::string whole;
      for (const Run& run : line.runs) whole += run.text;
      all.push_back(whole);
    }
    return all;
  }
};
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("words wrap at spaces, and the space is not drawn") {
  const Letters l;
  const float two = l.text.measure(l.look, "one two").x + 1.0f;
  CHECK(l.lines("one two three", two) == Lines{"one two", "three"});
}

TEST_CASE("Chinese wraps between characters, and no line begins with 。") {
  const Letters l;
  const float one = l.text.measure(l.look, "注").x;
  CHECK(l.lines("注意力机制", one * 3.1f) == Lines{"注意力", "机制"});
  // 。 would begin the second line: the character before it comes along.
  CHECK(l.lines("注意力。机制", one * 3.1f) == Lines{"注意", "力。机", "制"});
}

TEST_CASE("no line ends with an opening bracket") {
  const Letters l;
  const float one = l.text.measure(l.look, "注").x;
  CHECK(l.lines("注意（力机）", one * 3.1f) == Lines{"注意", "（力", "机）"});
}

TEST_CASE("where a line may break") {
  CHECK(may_break_between(U'中', U'文'));
  CHECK(may_break_between(U'a', U'中'));
  CHECK(may_break_between(U' ', U'a'));
  CHECK_FALSE(may_break_between(U'a', U'b'));
  for (const char32_t closing : std::u32string_view(U"。，、；：？！）】"))
    CHECK_FALSE(may_break_between(U'中', closing));
  for (const char32_t opening : std::u32string_view(U"（【《“"))
    CHECK_FALSE(may_break_between(opening, U'中'));
}

TEST_CASE("a word wider than the line is broken inside, and nothing is lost") {
  const Letters l;
  const Lines lines = l.lines("abcdefghijkl", l.text.measure(l.look, "abc").x);
  CHECK(lines.size() > 2);
  std::string joined;
  for (const std::string& line : lines) joined += line;
  CHECK(joined == "abcdefghijkl");
}

TEST_CASE("a line that is far too narrow still ends") {
  const Letters l;
  CHECK(l.lines("ab", 0.0f) == Lines{"a", "b"});
  CHECK(l.lines("", 100.0f) == Lines{""});
  CHECK(l.lines("a\nb", 100.0f) == Lines{"a", "b"});
}

TEST_CASE("lines are 1.6 letters apart") {
  const Letters l;
  CHECK(l.text.wrap(l.look, "a", 100.0f).front().height == doctest::Approx(29.0));  // 18 · 1.6 = 28.8
}

TEST_CASE("an ellipsis never cuts inside a character") {
  const Letters l;
  const std::string words = "注意力机制";
  for (float width = 0.0f; width < 120.0f; width += 1.0f) {
    const std::string cut = l.text.ellipsis(l.look, words, width);
    for (std::size_t at = 0; at < cut.size();) CHECK(next_code_point(cut, at) != 0xFFFD);
    if (cut != words) CHECK(cut.ends_with("…"));
  }
  CHECK(l.text.ellipsis(l.look, words, 1000.0f) == words);
}

TEST_CASE("what no font has is a box with its code, and takes its place in the line") {
  const Letters l;
  const float box = l.text.measure(l.look, "🙂").x;
  CHECK(box > 20.0f);
  CHECK(l.text.measure(l.look, "a🙂b").x ==
        doctest::Approx(l.text.measure(l.look, "a").x + box + l.text.measure(l.look, "b").x));
  SUBCASE("but joiners and variation selectors are nothing at all") {
    CHECK(l.text.measure(l.look, "a\u200d\ufe0f").x == l.text.measure(l.look, "a").x);
  }
}

TEST_CASE("names in a message are replaced by runs of their own look") {
  const TextLook plain{Face::sans, 18.0f, 1};
  const TextLook orange{Face::sans_bold, 18.0f, 2};
  const Runs runs = format_runs("row {query} asks → {unknown}", plain, {{"query", {{"x1", orange, 0.0f}}}});
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].text == "row ");
  CHECK(runs[1].text == "x1");
  CHECK(runs[1].look.colour == 2);
  CHECK(runs[2].text == " asks → {unknown}");
}

TEST_CASE("what is cut off between two runs is marked there") {
  const Letters l;
  const Runs runs = {{"first", l.look, 0.0f}, {" second", l.look, 0.0f}};
  const float first = l.text.measure(l.look, "first").x;
  const Runs cut = l.text.ellipsis(runs, first + 1.0f);
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].text.ends_with("…"));
  CHECK(l.text.measure(cut).x <= first + 1.0f);
  CHECK(l.text.ellipsis(runs, l.text.measure(runs).x + 0.1f).size() == 2);
}

TEST_CASE("a long file name keeps its end") {
  const Letters l;
  const std::string name = "The_queen_said_that_she_was_tired_2.json";
  const float width = l.text.measure(l.look, name).x * 0.6f;
  const std::string cut = l.text.ellipsis_inside(l.look, name, width);
  CHECK(cut.starts_with("The_queen"));
  CHECK(cut.ends_with("_2.json"));
  CHECK(cut.find("…") != std::string::npos);
  CHECK(l.text.measure(l.look, cut).x <= width);
  CHECK(l.text.ellipsis_inside(l.look, name, width * 2) == name);
  // Never inside a character.
  const float four = l.text.measure(l.look, "注意力…").x;
  CHECK(l.text.ellipsis_inside(l.look, "注意力机制的权重", four + 1.0f) == "注意…重");
}
