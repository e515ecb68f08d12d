#include <cstdlib>

#include "tests/app/panels/several_heads.h"

using namespace attn;
using namespace attn::ui;
using namespace attn::ui::testing;
using session::AttentionView;
using session::Key;

namespace {

using Numbers = std::vector<std::size_t>;

void show_view(Harness& h, AttentionView view, std::size_t n = 6) {
  show(h, several_heads(n));
  h.post(session::ShowAttentionView{view});
  h.post(session::Select{{Stage::weights, 0, 1, 2}});
}

void click_with(Harness& h, std::string_view widget, Modifiers held) {
  inject_modifiers(held);
  h.click(widget);
  inject_modifiers({});
  h.settle();
}

}  // namespace

TEST_CASE("the view of the attention card is chosen by click, and by arrows") {
  Harness h;
  show(h, several_heads());
  h.click("heatmap.view[1]");
  CHECK(h.session().view().attention_view == AttentionView::lines);
  // After a click arrows are for what is shown: the keyboard has the choice once the ring is on it.
  h.widgets().focus(WidgetId{PanelId::heatmap, "view"}.at(1), true);
  h.key(Key::right);
  CHECK(h.session().view().attention_view == AttentionView::text);
}

TEST_CASE("lines, text and bars show attention weights, and vectors are always a map") {
  Harness h;
  show(h, several_heads());
  h.post(session::ShowStage{Stage::q});
  h.post(session::ShowAttentionView{AttentionView::lines});
  CHECK(h.has("heatmap.cells"));
  h.click("heatmap.view[3]");
  CHECK(h.session().view().stage == Stage::weights);
  CHECK(h.has("heatmap.bars"));
}

TEST_CASE("lines: a click selects who asks, Ctrl and a click adds one, a plain click is alone again") {
  Harness h;
  show_view(h, AttentionView::lines);
  h.click("heatmap.line_query[3]");
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 3, 2});
  CHECK(h.session().view().also_rows.empty());
  click_with(h, "heatmap.line_query[5]", {.ctrl = true});
  CHECK(h.session().view().also_rows == Numbers{3, 5});
  click_with(h, "heatmap.line_query[3]", {.ctrl = true});
  CHECK(h.session().view().also_rows == Numbers{5});
  CHECK(h.session().view().selection.row == 5);
  h.click("heatmap.line_query[0]");
  CHECK(h.session().view().also_rows.empty());
  h.click("heatmap.line_key[4]");
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 0, 4});
}

TEST_CASE("lines: arrows move who asks, with Shift they add one") {
  Harness h;
  show_view(h, AttentionView::lines);
  h.click("heatmap.line_query[1]");
  h.key(Key::down, {.shift = true});
  h.key(Key::down, {.shift = true});
  CHECK(h.session().view().selection.row == 3);
  CHECK(h.session().view().also_rows == Numbers{1, 2});
  h.key(Key::down);
  CHECK(h.session().view().also_rows.empty());
  h.key(Key::right);
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 4, 3});
}

TEST_CASE("lines: heads are added by their chips, and the threshold leaves weak lines out") {
  Harness h;
  show_view(h, AttentionView::lines);
  h.click("heatmap.line_head[2]");
  CHECK(h.session().view().also_heads == Numbers{2});
  CHECK(h.session().view().head == 0);
  // The head that is shown leaves to the other one.
  h.click("heatmap.line_head[0]");
  CHECK(h.session().view().head == 2);
  h.click("heatmap.line_all");
  CHECK(h.session().view().also_rows.size() == 6);
  h.move({-1, -1});
  h.settle();
  const int all = h.vertices();
  h.post(session::SetLineThreshold{1.0});
  CHECK(h.vertices() < all);
}

TEST_CASE("lines of 200 words: all lines of two heads stay few enough to draw") {
  Harness h;
  show_view(h, AttentionView::lines, 200);
  h.post(session::SetAlsoHeads{{1}});
  h.click("heatmap.line_all");
  CHECK(h.session().view().also_rows.size() == 200);
  h.move({-1, -1});
  h.settle();
  CHECK(h.vertices() < 90000);
  // A list that scrolls shows each word at a readable height.
  h.click("heatmap.line_fit");
  CHECK_FALSE(h.session().view().lines_fit);
  CHECK(h.rect("heatmap.line_query[1]").height() > 20.0f);
}

TEST_CASE("text: a click pins another word, with Ctrl it selects who answers") {
  Harness h;
  show_view(h, AttentionView::text);
  h.click("heatmap.word[4]");
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 4, 2});
  click_with(h, "heatmap.word[0]", {.ctrl = true});
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 4, 0});
  h.key(Key::right);
  CHECK(h.session().view().selection.row == 5);
  h.key(Key::left, {.shift = true});
  CHECK(h.session().view().selection.column == 0);
}

TEST_CASE("text of two sequences: those that ask are pinned, those that answer are selected") {
  Harness h;
  Input cross = several_heads();
  cross.source =
      Source{std::make_shared<const std::vector<std::string>>(4, "z"), SharedMatrix(Matrix(4, 4, 0.5f))};
  show(h, cross);
  h.post(session::ShowAttentionView{AttentionView::text});
  h.click("heatmap.asking_word[3]");
  CHECK(h.session().view().selection.row == 3);
  h.click("heatmap.word[2]");
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 3, 2});
}

TEST_CASE("bars: a dragged score asks what if, the document stays, Reset and Esc take it back") {
  Harness h;
  show_view(h, AttentionView::bars);
  const auto revision = h.session().revision();
  const Rect bar = h.rect("heatmap.bar_score[weights][0][1,2]");
  h.drag(bar.centre(), {bar.centre().x + 60, bar.centre().y});
  CHECK(h.session().revision() == revision);
  CHECK(h.session().history().undo_steps() == 1);  // the scenario itself
  REQUIRE(h.has("heatmap.what_if_reset"));
  h.click("heatmap.what_if_reset");
  CHECK_FALSE(h.has("heatmap.what_if_reset"));
  h.click("heatmap.bar_score[weights][0][1,2]");
  h.key(Key::right);
  CHECK(h.has("heatmap.what_if_reset"));
  h.key(Key::escape);
  CHECK_FALSE(h.has("heatmap.what_if_reset"));
}

TEST_CASE("bars: a what-if ends when another row is looked at") {
  Harness h;
  show_view(h, AttentionView::bars);
  const Rect bar = h.rect("heatmap.bar_exponential[weights][0][1,2]");
  h.drag(bar.centre(), {bar.centre().x + 30, bar.centre().y});
  REQUIRE(h.has("heatmap.what_if_reset"));
  h.post(session::Select{{Stage::weights, 0, 3, 2}});
  CHECK_FALSE(h.has("heatmap.what_if_reset"));
}

TEST_CASE("bars: a dragged share pulls the words, one undo step takes it back") {
  Harness h;
  show_view(h, AttentionView::bars);
  const float before = weight(h, 0, 1, 2);
  const Rect bar = h.rect("heatmap.bar_share[weights][0][1,2]");
  h.drag(bar.centre(), {bar.centre().x + bar.width() * 0.4f, bar.centre().y});
  CHECK_FALSE(h.session().pulling());
  REQUIRE(h.session().pull());
  CHECK(h.session().pull()->goal.at(0) == doctest::Approx(static_cast<double>(before) + 0.4).epsilon(0.05));
  CHECK(weight(h, 0, 1, 2) > before + 0.05f);
  CHECK(h.session().history().undo_steps() == 2);
  h.key(Key::z, {.ctrl = true});
  h.settle();
  CHECK(weight(h, 0, 1, 2) == before);
}

TEST_CASE("bars: up and down go along the row, with Shift to another row, page up pulls") {
  Harness h;
  show_view(h, AttentionView::bars);
  h.click("heatmap.bar_share[weights][0][1,3]");
  CHECK(h.session().view().selection.column == 3);
  h.key(Key::down);
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 1, 4});
  h.key(Key::down, {.shift = true});
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 2, 4});
  const float before = weight(h, 0, 2, 4);
  h.key(Key::page_up);
  CHECK(weight(h, 0, 2, 4) == doctest::Approx(before + 0.05f).epsilon(0.02));
}

TEST_CASE("bars with softmax over the queries are a column") {
  Harness h;
  Input input = several_heads();
  input.config.softmax_axis = SoftmaxAxis::queries;
  show(h, input);
  h.post(session::ShowAttentionView{AttentionView::bars});
  h.post(session::Select{{Stage::weights, 0, 1, 2}});
  h.click("heatmap.bar_share[weights][0][4,2]");
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 4, 2});
  CHECK_FALSE(h.has("heatmap.bar_share[weights][0][4,1]"));
}

TEST_CASE("lines are not drawn before their shares are computed") {
  Harness h;
  show_view(h, AttentionView::lines);
  h.post(session::SetAlsoRows{{0, 1, 2, 3, 4, 5}});
  // The threshold takes away what lines there are.
  const auto corners_of_lines = [&] {
    h.post(session::SetLineThreshold{0.0});
    const int with = h.vertices();
    h.post(session::SetLineThreshold{1.0});
    return with - h.vertices();
  };
  CHECK(corners_of_lines() > 1000);
  h.post(session::SetPlayhead{h.session().playhead().order().begin_of(Stage::weights)});
  CHECK(std::abs(corners_of_lines()) < 100);
}

TEST_CASE("bars that are not computed yet are neither asked nor pulled") {
  Harness h;
  show_view(h, AttentionView::bars);
  h.post(session::ToStart{});
  for (const std::string_view bar :
       {"heatmap.bar_score[weights][0][1,2]", "heatmap.bar_share[weights][0][1,2]"}) {
    const Rect rect = h.rect(bar);
    h.drag(rect.centre(), {rect.centre().x + 60, rect.centre().y});
  }
  CHECK_FALSE(h.has("heatmap.what_if_reset"));
  CHECK(h.session().history().undo_steps() == 1);
}

TEST_CASE("the output is taken apart by heads, and a part picks its head") {
  Harness h;
  show(h, several_heads());
  h.post(session::Select{{Stage::output, 0, 1, 2}});
  h.click("heatmap.head_part[3]");
  CHECK(h.session().view().head == 3);
  h.post(session::Select{{Stage::concat, 0, 1, 0}});
  h.click("heatmap.head_part[1]");
  CHECK(h.session().view().head == 1);
  h.post(session::Select{{Stage::weights, 0, 1, 2}});
  CHECK_FALSE(h.has("heatmap.head_part[1]"));
  // An output that is asked about while another stage is shown has its parts beside its arithmetic.
  h.post(session::ExplainFollow{{Stage::output, 0, 1, 2}});
  CHECK(h.has("explain.head_part[1]"));
}
