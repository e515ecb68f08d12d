#include "app/panels/head_composer.h"

#include "app/session/edit.h"
#include "app/session/feature_columns.h"
#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

namespace {

/// The three words in the heads' tab, with the composer.
Harness& composing(Harness& h) {
  h.post(session::ShowScenarioTab{session::ScenarioTab::heads});
  h.post(session::ShowHeadComposer{true});
  h.settle();
  return h;
}

const std::vector<std::string> kWords = {"The",    "animal",  "did", "not", "cross", "the",
                                         "street", "because", "it",  "was", "too",   "tired"};

/// The lower part of the column.
void scroll_down(Harness& h) {
  h.move(h.rect("scenario.compose_look[0]").centre());
  h.wheel(-40.0f);
  h.settle();
}

std::optional<Composed> head_of(const Harness& h, std::size_t head) {
  return recognise_head(h.document().input(), head, session::match_pairs(h.document()));
}

}  // namespace

TEST_CASE(
    "composer: a head that needs positions says so, and one button adds them and composes in one step") {
  Harness h;
  composing(h);
  h.click("scenario.compose_look[0]");
  CHECK(h.session().history().undo_steps() == 0);
  REQUIRE(h.has("scenario.compose_room"));
  CHECK_FALSE(h.has("scenario.compose_strength"));
  h.click("scenario.compose_room");
  CHECK(h.document().dimensions().d_model == 5);
  REQUIRE(head_of(h, 0).has_value());
  CHECK(head_of(h, 0)->wish.kind == Wish::Kind::previous);
  CHECK(h.session().history().undo_steps() == 1);
  CHECK(h.has("scenario.compose_strength"));
  CHECK_FALSE(h.has("scenario.compose_room"));
  h.key(Key::z, {.ctrl = true});
  CHECK(h.document().dimensions().d_model == 2);
}

TEST_CASE("composer: dragging the strength is one undo step, and arrows nudge it") {
  Harness h;
  h.post(session::Apply{session::ComposeHead{0, {}, 8.0, true}});
  composing(h);
  const Rect slider = h.rect("scenario.compose_strength");
  const std::size_t before = h.session().history().undo_steps();
  h.drag(slider.centre(), {slider.max.x, slider.centre().y});
  REQUIRE(head_of(h, 0).has_value());
  CHECK(head_of(h, 0)->strength == doctest::Approx(20.0));
  CHECK(h.session().history().undo_steps() == before + 1);
  h.key(Key::left);
  CHECK(head_of(h, 0)->strength == doctest::Approx(19.5));
  h.click("scenario.compose_strength_number");
  h.type("3");
  h.key(Key::enter);
  CHECK(head_of(h, 0)->strength == doctest::Approx(3.0));
}

TEST_CASE("composer: the pronoun looks for a living thing, and both features can be chosen") {
  Harness h;
  h.post(session::Apply{session::MakeExample{kWords, "en", false}});
  composing(h);
  h.click("scenario.compose_look[3]");
  REQUIRE(head_of(h, 0).has_value());
  CHECK(head_of(h, 0)->wish.query_feature == std::optional<std::size_t>(11));
  CHECK(head_of(h, 0)->wish.key_feature == 0);
  // "place" is the eighth feature.
  h.click("scenario.compose_key");
  h.click("scenario.compose_key_choice[7]");
  CHECK(head_of(h, 0)->wish.key_feature == 7);
  CHECK_FALSE(h.has("scenario.compose_key_choice[7]"));
  h.click("scenario.compose_query");
  h.click("scenario.compose_query_choice[0]");
  CHECK(head_of(h, 0)->wish.query_feature == std::nullopt);
}

TEST_CASE("composer: what came after a word like this one becomes possible with the word before") {
  Harness h;
  h.post(session::Apply{session::MakeExample{{"cat", "loves", "dog", "and", "cat"}, "en", false}});
  composing(h);
  h.click("scenario.compose_look[4]");
  REQUIRE(h.has("scenario.compose_room"));
  h.click("scenario.compose_room");
  CHECK(h.document().dimensions().d_model == 24);
  REQUIRE(head_of(h, 0).has_value());
  CHECK(head_of(h, 0)->wish.kind == Wish::Kind::match);
}

TEST_CASE("composer: another head is picked, and what it copies is chosen") {
  Harness h;
  h.post(session::Apply{session::MakeExample{kWords, "en", true}});
  composing(h);
  h.click("scenario.compose_head_after");
  CHECK(h.session().view().head == 1);
  scroll_down(h);
  h.click("scenario.compose_copy[1]");
  CHECK(recognise_copy(h.document().input(), 1) == std::vector<std::size_t>{0});
  h.click("scenario.compose_copied");
  h.click("scenario.compose_copied_choice[2]");
  CHECK(recognise_copy(h.document().input(), 1) == std::vector<std::size_t>{2});
  h.click("scenario.compose_copy[0]");
  CHECK(recognise_copy(h.document().input(), 1) == session::content_columns(h.document()));
  CHECK(recognise_copy(h.document().input(), 0) == session::content_columns(h.document()));
}

TEST_CASE("composer: a head that cannot be composed at all says why and offers nothing") {
  Harness h;
  h.post(session::Apply{session::SetScore{Score::cosine}});
  composing(h);
  h.click("scenario.compose_look[2]");
  CHECK_FALSE(h.has("scenario.compose_room"));
  CHECK(h.session().history().undo_steps() == 1);
  CHECK_FALSE(head_of(h, 0).has_value());
}

TEST_CASE("composer: everything is reached by keys") {
  Harness h;
  composing(h);
  h.widgets().focus({PanelId::scenario, "tab"}, true);
  bool reached = false;
  for (int i = 0; i < 60 && !reached; ++i) {
    h.tab();
    reached = h.focused() == "scenario.compose_look[2]";
  }
  REQUIRE(reached);
  h.key(Key::enter);
  REQUIRE(h.has("scenario.compose_room"));
  for (int i = 0; i < 60 && h.focused() != "scenario.compose_room"; ++i) h.tab();
  h.key(Key::enter);
  REQUIRE(head_of(h, 0).has_value());
  CHECK(head_of(h, 0)->wish.kind == Wish::Kind::same);
}
