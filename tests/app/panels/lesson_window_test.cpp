// What a step of a lesson does with the rest of the window: answers in it, locks, rings, what it unfolds.

#include <string>

#include "app/panels/layout.h"
#include "app/panels/lesson_highlights.h"
#include "app/panels/lesson_pick.h"
#include "app/platform/imgui_shims.h"
#include "app/session/builtin.h"
#include "tests/app/panels/in_lesson.h"
#include "tests/app/panels/screen_text.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::InLesson;

namespace {

constexpr std::string_view kPickWord = R"(
[[step]]
id = "word"
text = { en = "Look." }
show = ["pipeline", "scenario", "heatmap", "vectors"]
view = { scenario_tab = "words" }
only = []
question = { kind = "pick", what = "token", ask = { en = "Which?" }, answer = "2" }
)";

WidgetId arrow(std::size_t row) { return WidgetId{PanelId::vectors, "arrow"}.at(Stage::x).at(row); }

}  // namespace

TEST_CASE_FIXTURE(InLesson, "a word is picked by its arrow, its card, and its name at both axes of the map") {
  for (const char* const widget : {"vectors.arrow[x][2]", "scenario.word[2]", "heatmap.row_name[weights][2]",
                                   "heatmap.column_name[weights][2]", "pipeline.cell[x][0][2,1]"}) {
    CAPTURE(widget);
    open_steps(kPickWord);
    REQUIRE(has(widget));
    click(widget);
    done();
    CHECK(state().right);
    CHECK(state().attempts == 1);
    CHECK_FALSE(widgets().typing());  // the word is not edited
  }
  CHECK(document() == session().original());
}

TEST_CASE_FIXTURE(InLesson, "a word is picked by keys") {
  for (const WidgetId& id : {arrow(2), WidgetId{PanelId::scenario, "word"}.at(2),
                             WidgetId{PanelId::heatmap, "row_name"}.at(Stage::weights).at(2)}) {
    CAPTURE(text(id));
    open_steps(kPickWord);
    widgets().focus(id, true);
    key(Key::enter);
    done();
    CHECK(state().right);
  }
}

TEST_CASE_FIXTURE(InLesson, "what is not asked for answers nothing, nor does a drag") {
  open_steps(kPickWord);
  click("heatmap.cell[weights][0][1,2]");
  click("vectors.kind[1]");
  done();
  click("vectors.kind[0]");
  done();
  const ImVec2 tip = rect("vectors.arrow[x][2]").centre();
  drag(tip, {tip.x - 60, tip.y + 20});
  done();
  CHECK(state().attempts == 0);
  click("vectors.arrow[x][0]");
  done();
  CHECK(state().attempts == 1);
  CHECK_FALSE(state().right);
}

TEST_CASE_FIXTURE(InLesson, "a cell is picked in the map, in the pipeline, and with the keys of the map") {
  constexpr std::string_view kPickCell = R"(
[[step]]
id = "cell"
text = { en = "Look." }
show = ["pipeline", "heatmap"]
focus = { stage = "weights", row = 0, column = 0 }
only = []
question = { kind = "pick", what = "cell", stage = "weights", ask = { en = "Which?" }, answer = "[1, 2]" }
)";
  for (const char* const widget : {"heatmap.cell[weights][0][1,2]", "pipeline.cell[weights][0][1,2]"}) {
    CAPTURE(widget);
    open_steps(kPickCell);
    click(widget);
    done();
    CHECK(state().right);
  }
  open_steps(kPickCell);
  click("pipeline.cell[scores][0][1,2]");
  done();
  CHECK(state().attempts == 0);  // another table
  session().post(session::Select{{Stage::weights, 0, 0, 2}});
  done();
  widgets().focus({PanelId::heatmap, "cells"}, true);
  key(Key::down);
  done();
  CHECK(state().attempts == 0);
  key(Key::enter);
  done();
  CHECK(state().right);
}

TEST_CASE("the arrow of a word that only answers picks no word that asks") {
  const session::Document document =
      session::apply(session::Document(session::builtin_scenario(session::kDefaultExample)),
                     session::SetCrossAttention{true});
  lessons::Pick pick;
  const WidgetId source = WidgetId{PanelId::vectors, "arrow"}.at(Stage::source_x).at(1);
  CHECK_FALSE(picked_by(source, pick, document));
  pick.what = session::Pickable::column;
  REQUIRE(picked_by(source, pick, document));
  CHECK(picked_by(source, pick, document)->numbers == std::vector<double>{1.0});
}

TEST_CASE("messages leave the buttons of a lesson free in every window and beside every choice of cards") {
  for (const ImVec2 window : {ImVec2{960, 600}, ImVec2{1280, 720}, ImVec2{1440, 900}, ImVec2{1024, 900}}) {
    const Style style{theme(ThemeKind::light), style_scale(window.x, window.y, 1.0f), false};
    for (int cards = 0; cards < 32; ++cards) {
      const auto on = [&](int bit) { return (cards >> bit & 1) != 0; };
      const Layout layout = arrange(window, style, false, {on(0), true, on(1), on(2), on(3), on(4)});
      const Rect area = message_area(layout, window, style);
      CAPTURE(window.x);
      CAPTURE(cards);
      Rect card = layout.lesson;
      card.max.x = std::min(card.max.x, card.min.x + style.px(kLessonTextWidth));
      const Rect buttons{{card.min.x, card.max.y - style.px(kLessonFooter)}, card.max};
      CHECK(area.intersection(buttons).empty());
      CHECK(area.width() >= style.px(300));
      CHECK(area.max.x <= window.x);
    }
  }
}

TEST_CASE_FIXTURE(InLesson, "a message that comes in a lesson lies over none of its buttons") {
  open("12_break_it", 1);
  session().notify(session::Severity::information, session::verbatim("A message that is quite long, so that "
                                                                     "it takes two lines on most screens."));
  done();
  const Rect close = rect("notice.close[0]");
  CHECK(close.min.x > rect("lesson.next").max.x);
  CHECK(close.min.x > rect("lesson.option[0]").max.x);
}

TEST_CASE_FIXTURE(InLesson, "what a step keeps is dimmed, does nothing, and says why to mouse and keys") {
  open("03_softmax_laboratory", 5);
  REQUIRE(session().lesson_rules()->only == std::vector<std::string>{"temperature"});
  const session::Document before = document();
  for (const char* const widget : {"scenario.scale[1]", "scenario.mask[1]", "scenario.heads"}) click(widget);
  drag(rect("scenario.x[0,0]").centre(), add(rect("scenario.x[0,0]").centre(), {60, 0}));
  done();
  CHECK(document() == before);
  CHECK(session().notices().empty());
  CHECK_FALSE(widgets().typing());

  const auto said = [&] { return ui::testing::screen_text({{0, 0}, {1440, 900}}); };
  const std::string why = "Thisstepofthelessonkeepsthatasitis.";
  CHECK(said().find(why) != std::string::npos);  // the mouse is on the number
  move({5, 5});
  settle();
  CHECK(said().find(why) == std::string::npos);
  widgets().focus(WidgetId{PanelId::scenario, "mask"}.at(0), true);
  settle();
  CHECK(said().find(why) != std::string::npos);
  key(Key::right);
  key(Key::enter);
  done();
  CHECK(document() == before);

  // What may be changed is as it always is.
  widgets().focus({PanelId::scenario, "temperature"}, true);
  settle();
  CHECK(said().find(why) == std::string::npos);
  key(Key::up);
  done();
  CHECK_FALSE(document() == before);
}

TEST_CASE_FIXTURE(InLesson, "the part that a step is about is unfolded in its tab") {
  open("05_query_key_value", 7);
  CHECK(has("scenario.parameter[w_k][0,0]"));
  CHECK_FALSE(has("scenario.parameter[w_v][0,0]"));
  open("08_masks", 2);
  CHECK(has("scenario.causal"));
  open("09_many_heads", 8);
  CHECK(has("scenario.parameter[w_o][0,0]"));
  // The learner's own tab gives way to that of what is ringed.
  open_steps(R"(
[[step]]
id = "one"
text = { en = "Look." }
show = ["scenario", "heatmap"]
only = []
[[step]]
id = "two"
text = { en = "Look." }
show = ["scenario", "heatmap"]
highlight = ["scenario.parameter[w_v][0,1]"]
only = ["w_v"]
[[step]]
id = "three"
text = { en = "Look." }
show = ["scenario", "heatmap"]
only = ["axis"]
)");
  session().post(session::ShowScenarioTab{session::ScenarioTab::words});
  go(2);
  CHECK(session().view().scenario_tab == session::ScenarioTab::parameters);
  CHECK(has("scenario.parameter[w_v][0,1]"));
  go(3);
  CHECK(session().view().scenario_tab == session::ScenarioTab::settings);
  CHECK(has("scenario.softmax_axis[1]"));
  // Once: what is folded afterwards stays so.
  session().post(session::ShowScenarioTab{session::ScenarioTab::words});
  done();
  CHECK(session().view().scenario_tab == session::ScenarioTab::words);
}

TEST_CASE_FIXTURE(InLesson, "the circle of a step lies around the output ring itself") {
  open_steps(R"(
[[step]]
id = "one"
text = { en = "Look." }
show = ["vectors"]
highlight = ["vectors.ring[1]"]
change = { x = [[1, 0], [0, 1], [2, 2]] }
only = []
)");
  const auto found = highlight_of(widgets(), "vectors.ring[1]");
  REQUIRE(found);
  CHECK(found->round);
  // Where the plane puts the output, from three arrows whose vectors are known.
  const auto pixel = [&](std::size_t i) { return rect(text(arrow(i))).centre(); };
  const auto& x = document().input().x;
  const auto number = [&](std::size_t i, std::size_t c) { return x(i, c); };
  const float det = number(0, 0) * number(1, 1) - number(0, 1) * number(1, 0);
  REQUIRE(det != 0.0f);
  const auto y = session().trace()->read(Stage::output, 0, {1, 0, 1, 2});
  REQUIRE(y.ready());
  const ImVec2 origin_of_three = [&] {  // x2 = a x0 + b x1, and so are the pixels around the origin
    const float a = (number(2, 0) * number(1, 1) - number(2, 1) * number(1, 0)) / det;
    const float b = (number(0, 0) * number(2, 1) - number(0, 1) * number(2, 0)) / det;
    const float rest = 1.0f - a - b;
    return ImVec2{(pixel(2).x - a * pixel(0).x - b * pixel(1).x) / rest,
                  (pixel(2).y - a * pixel(0).y - b * pixel(1).y) / rest};
  }();
  const float a = (y.values(0, 0) * number(1, 1) - y.values(0, 1) * number(1, 0)) / det;
  const float b = (number(0, 0) * y.values(0, 1) - number(0, 1) * y.values(0, 0)) / det;
  const float rest = 1.0f - a - b;
  const ImVec2 o = origin_of_three;
  CHECK(found->rect.centre().x ==
        doctest::Approx(a * pixel(0).x + b * pixel(1).x + rest * o.x).epsilon(0.001));
  CHECK(found->rect.centre().y ==
        doctest::Approx(a * pixel(0).y + b * pixel(1).y + rest * o.y).epsilon(0.001));
}

TEST_CASE_FIXTURE(InLesson, "a word of the glossary is a link there and back") {
  constexpr std::string_view kLinks = R"(
[[step]]
id = "one"
text = { en = "See {term:softmax} and {term:vector}." }
show = ["heatmap"]
only = []
)";
  const auto shown = [&] { return ui::testing::screen_text({{500, 100}, {1440, 300}}); };
  for (const bool by_key : {false, true}) {
    CAPTURE(by_key);
    open_steps(kLinks);
    REQUIRE(has("lesson.term[1]"));
    if (by_key) {
      widgets().focus(WidgetId{PanelId::lesson, "term"}.at(0), true);
      key(Key::enter);
    } else {
      click("lesson.term[0]");
    }
    done();
    REQUIRE(session().dialog() == session::Dialog::glossary);
    CHECK(shown().find("softmax") != std::string::npos);
    key(Key::escape);
    done();
    CHECK(session().dialog() == session::Dialog::none);
    CHECK(room.player() != nullptr);
    CHECK(focused() == "lesson.term[0]");
  }
}

TEST_CASE_FIXTURE(InLesson, "the buttons of a lesson stay where they are from step to step") {
  open("11b_clinic_transformer");
  const ImVec2 next = rect("lesson.next").min;
  const ImVec2 back = rect("lesson.back").min;
  for (const auto& [lesson, steps] :
       {std::pair{"11b_clinic_transformer", 8}, std::pair{"01_three_words", 12}}) {
    open(lesson);
    for (int step = 1; step <= steps; ++step) {
      go(static_cast<std::size_t>(step));
      CAPTURE(lesson);
      CAPTURE(step);
      CHECK(rect("lesson.next").min.x == next.x);
      CHECK(rect("lesson.next").min.y == next.y);
      CHECK(rect("lesson.back").min.x == back.x);
    }
  }
}

TEST_CASE_FIXTURE(InLesson, "a new step speaks of its own cell, not of what lies under a mouse at rest") {
  open_steps(R"(
[[step]]
id = "one"
text = { en = "Look." }
show = ["heatmap"]
only = []
focus = { stage = "weights", row = 0, column = 0 }
[[step]]
id = "two"
text = { en = "Look." }
show = ["heatmap"]
only = []
focus = { stage = "weights", row = 2, column = 1 }
)");
  move(rect("heatmap.cell[weights][0][1,1]").centre());
  settle();
  REQUIRE(interface().hover().cell);
  session().post(session::InLesson{session::NextLessonStep{}});
  done();
  CHECK_FALSE(interface().hover().cell);
  move(add(rect("heatmap.cell[weights][0][1,1]").centre(), {5, 3}));
  settle();
  CHECK(interface().hover().cell == CellRef{Stage::weights, 0, 1, 1});
}

TEST_CASE("the button that checks an answer is in sight, however long the question is") {
  struct Place {
    const char* lesson;
    std::size_t step;
  };
  for (const ImVec2 window : {ImVec2{1280, 720}, ImVec2{1920, 1080}}) {
    for (const Place& at : {Place{"02_how_alike", 12}, Place{"01_three_words", 10},
                            Place{"05_query_key_value", 3}, Place{"12_break_it", 2}}) {
      InLesson in(window);
      in.open(at.lesson, at.step);
      CAPTURE(at.lesson);
      CAPTURE(window.x);
      REQUIRE(in.has("lesson.answer"));
      const Rect button = in.rect("lesson.answer");
      const Rect next = in.rect("lesson.next");
      CHECK(button.max.y <= next.min.y);
      CHECK(button.height() >= 30.0f);
      REQUIRE(in.has("lesson.option[0]"));
      in.click("lesson.option[0]");
      in.done();
      CHECK(in.rect("lesson.answer").min.y == doctest::Approx(button.min.y));
      in.click("lesson.answer");
      in.done();
      CHECK(in.state().attempts == 1);
    }
  }
}

TEST_CASE_FIXTURE(InLesson, "what a lesson has not come to yet stays hidden once a step is done") {
  open_steps(R"(
[[step]]
id = "first"
text = { en = "Look." }
show = ["vectors"]
keep_hidden = ["head_outputs"]
question = { kind = "pick", what = "token", ask = { en = "Which?" }, answer = "2" }
[[step]]
text = { en = "Now." }
show = ["vectors"]
)");
  CHECK_FALSE(has("vectors.ring[0]"));
  click("vectors.arrow[x][2]");
  done();
  REQUIRE(state().right);
  CHECK_FALSE(has("vectors.ring[0]"));
  click("lesson.next");
  done();
  CHECK(has("vectors.ring[0]"));
}

TEST_CASE("no step of the first lesson shows a ring before it speaks of rings") {
  InLesson in({1280, 720});
  in.open("00_why_look_around");
  for (std::size_t step = 1; in.room.player()->step().id != "mix"; in.go(++step)) {
    for (int answered = 0; answered < 2; ++answered) {
      CAPTURE(in.room.player()->step().id);
      CHECK_FALSE(in.has("vectors.ring[0]"));
      for (int i = 0; i < 4; ++i) in.session().post(session::InLesson{session::TakeHint{}});
      in.done();
      in.session().post(session::InLesson{session::ShowLessonAnswer{}});
      in.done();
    }
  }
}

TEST_CASE("a pull leaves the plane where it is, message and all") {
  InLesson in({1280, 720});
  in.open("04_weighted_sum");
  while (in.room.player()->step().id != "middle") in.go(in.room.player()->place() + 2);
  const Rect plane = in.rect("vectors.plane");
  const ImVec2 ring = in.rect("vectors.ring[0]").centre();
  in.move(ring);
  in.press();
  for (int i = 1; i <= 4; ++i) {
    in.move({ring.x - 6.0f * static_cast<float>(i), ring.y + 4.0f * static_cast<float>(i)});
    in.settle();
    CHECK(in.session().pulling());
    CHECK(in.rect("vectors.plane").max.y == plane.max.y);
    CHECK(in.rect("vectors.plane").min.y == plane.min.y);
  }
  in.release();
  in.done();
  CHECK(in.rect("vectors.plane").max.y == plane.max.y);
}

TEST_CASE_FIXTURE(InLesson, "words that a step keeps are not moved or removed by keys, and it says why") {
  open_steps(R"(
[[step]]
id = "first"
text = { en = "Look." }
show = ["scenario"]
view = { scenario_tab = "words" }
only = ["x"]
)");
  const session::Document before = document();
  widgets().focus(WidgetId{PanelId::scenario, "x"}.at(1, 0), true);
  settle();
  key(Key::up, {.alt = true});
  done();
  CHECK(focused() == "scenario.x[1,0]");
  REQUIRE(session().notices().size() == 1);
  inject_delete(true);
  frame();
  inject_delete(false);
  done();
  CHECK(focused() == "scenario.x[1,0]");
  CHECK(document() == before);
}

TEST_CASE("beside a map of one row the name of its axis leaves free what is said below") {
  InLesson in({1280, 720});
  in.open("07_why_divide", 8);
  const Rect cell = in.rect("heatmap.cell[weights][0][0,0]");
  CHECK(ui::testing::screen_text({{cell.min.x - 50, cell.min.y - 60}, {cell.min.x, cell.max.y}})
            .find("target") != std::string::npos);
  CHECK(ui::testing::screen_text({{cell.min.x - 50, cell.max.y + 3}, {cell.min.x - 2, cell.max.y + 60}})
            .empty());
}
