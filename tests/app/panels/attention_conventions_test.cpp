// Lines, text and bars as the reader writes: queries as columns, column vectors, fractions and roots.

#include "tests/app/panels/screen_text.h"
#include "tests/app/panels/several_heads.h"

using namespace attn;
using namespace attn::ui;
using namespace attn::ui::testing;
using session::AttentionView;

namespace {

/// Three words whose scores are 5/√2 to 25/√2.
void show_scaled(Harness& h, AttentionView view) {
  h.post(session::OpenExample{"three_words_scaled"});
  h.post(session::ShowAttentionView{view});
  h.post(session::Select{{Stage::weights, 0, 0, 2}});
  h.settle();
}

/// Every word the same: all weights are 1/3.
void show_thirds(Harness& h, AttentionView view) {
  Input input = several_heads(3);
  input.x = SharedMatrix(Matrix(3, 4, 0.5f));
  show(h, input);
  h.post(session::ShowAttentionView{view});
  h.post(session::Select{{Stage::weights, 0, 0, 2}});
  h.settle();
}

std::string card(const Harness& h, std::string_view widget) {
  // From the sentence above the view to its end.
  Rect rect = h.rect(widget);
  rect.min.y = h.rect("heatmap.view[0]").max.y;
  return screen_text(rect);
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the sentence and the sides of the lines follow the axis of the queries") {
  Harness h;
  show_scaled(h, AttentionView::lines);
  CHECK(says(card(h, "heatmap.lines"), "rowx1asks"));
  CHECK(says(card(h, "heatmap.lines"), "rowsask"));
  CHECK(says(card(h, "heatmap.lines"), "columnsanswer"));
  h.post(session::SetQueryAxis{session::QueryAxis::columns});
  CHECK(says(card(h, "heatmap.lines"), "columnx1asks"));
  CHECK(says(card(h, "heatmap.lines"), "columnsask"));
  CHECK(says(card(h, "heatmap.lines"), "rowsanswer"));
  // Who asks stays at the left.
  CHECK(h.rect("heatmap.line_query[0]").max.x < h.rect("heatmap.line_key[0]").min.x);
}

TEST_CASE("bars say how the scores of their row, or column, were made") {
  Harness h;
  show_scaled(h, AttentionView::bars);
  CHECK(says(card(h, "heatmap.bars"), "=q1·kj÷"));
  h.post(session::SetQueryAxis{session::QueryAxis::columns});
  CHECK(says(card(h, "heatmap.bars"), "columnx1asks"));
  CHECK(says(card(h, "heatmap.bars"), "=kj·q1÷"));
  h.post(session::SetVectorForm{session::VectorForm::column});
  CHECK(says(card(h, "heatmap.bars"), "=kjTq1÷"));
  h.post(session::SetQueryAxis{session::QueryAxis::rows});
  CHECK(says(card(h, "heatmap.bars"), "=q1Tkj÷"));
}

TEST_CASE("bars show scores in their exact form where the reader wants that, and a question in decimals") {
  Harness h;
  show_scaled(h, AttentionView::bars);
  const auto score = [&](int j) {
    return screen_text(h.rect("heatmap.bar_score[weights][0][0," + std::to_string(j) + "]"));
  };
  CHECK(score(2) == "7.78");
  h.post(session::SetExactNumbers{true});
  CHECK(score(0) == "5/√2");
  CHECK(score(2) == "11/√2");
  h.click("heatmap.bar_score[weights][0][0,2]");
  h.key(session::Key::right);
  CHECK(score(2) == "7.88");
  CHECK(score(0) == "5/√2");
}

TEST_CASE("shares that are fractions stand as fractions in lines, text and bars") {
  Harness h;
  for (const AttentionView view : {AttentionView::lines, AttentionView::text, AttentionView::bars}) {
    h.post(session::SetExactNumbers{false});
    show_thirds(h, view);
    const std::string_view name = view == AttentionView::lines  ? "heatmap.lines"
                                  : view == AttentionView::text ? "heatmap.text"
                                                                : "heatmap.bars";
    CAPTURE(name);
    CHECK_FALSE(says(screen_text(h.rect(name)), "1/3"));
    h.post(session::SetExactNumbers{true});
    CHECK(says(screen_text(h.rect(name)), "1/3"));
  }
}

TEST_CASE("a bar says its cell when the mouse rests on it") {
  Harness h;
  show_scaled(h, AttentionView::bars);
  h.post(session::SetExactNumbers{true});
  h.post(session::SetQueryAxis{session::QueryAxis::columns});
  h.move(h.rect("heatmap.bar_score[weights][0][0,2]").centre());
  h.frames(120);
  CHECK(says(screen_text({{0, 0}, {1440, 900}}), "\u2083\u2081=11/√2"));
}
