#include "core/io/scenario.h"
#include "tests/app/panels/harness.h"
#include "tests/app/panels/scrolling.h"
#include "tests/app/panels/settings_group.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::bring_into_sight;
using ui::testing::Group;
using ui::testing::Harness;
using ui::testing::heading;

namespace {

/// A click on what may be scrolled out of sight.
void click(Harness& h, const std::string& widget) {
  bring_into_sight(h, widget);
  h.click(widget);
}

/// Unfolds a group of the settings.
void unfold(Harness& h, Group group) {
  h.post(session::ShowScenarioTab{session::ScenarioTab::settings});
  click(h, heading(group));
}

void type_number(Harness& h, const std::string& field, const std::string& number) {
  click(h, field);
  h.type(number);
  h.key(Key::enter);
}

const Config& config(Harness& h) { return h.document().input().config; }

}  // namespace

TEST_CASE("the settings show one group at a time, all headings always there") {
  Harness h;
  click(h, "scenario.tab[1]");
  CHECK(h.session().view().scenario_tab == session::ScenarioTab::settings);
  CHECK(h.has("scenario.group[9]"));
  CHECK_FALSE(h.has("scenario.score[0]"));
  click(h, "scenario.group[0]");
  CHECK(h.has("scenario.score[0]"));
  click(h, "scenario.group[2]");
  CHECK_FALSE(h.has("scenario.score[0]"));
  CHECK(h.has("scenario.position[3]"));
  click(h, "scenario.group[2]");
  CHECK_FALSE(h.has("scenario.position[3]"));
}

TEST_CASE("an additive score brings its parameters, and their width can be changed") {
  Harness h;
  unfold(h, Group::score);
  click(h, "scenario.score[2]");
  CHECK(config(h).score == Score::additive);
  type_number(h, "scenario.d_additive", "5");
  CHECK(h.document().dimensions().d_additive == 5);
  h.key(Key::z, {.ctrl = true});
  h.key(Key::z, {.ctrl = true});
  CHECK(config(h).score == Score::dot);
}

TEST_CASE("up and down choose among answers") {
  Harness h;
  unfold(h, Group::score);
  click(h, "scenario.score[0]");
  h.key(Key::down);
  CHECK(config(h).score == Score::cosine);
  CHECK(h.focused() == "scenario.score[1]");
  h.key(Key::up);
  CHECK(config(h).score == Score::dot);
  CHECK(h.focused() == "scenario.score[0]");
}

TEST_CASE("a scale that becomes a number begins where it was") {
  Harness h;
  unfold(h, Group::scale);
  click(h, "scenario.scale[1]");
  click(h, "scenario.scale[2]");
  CHECK(config(h).scale.number == doctest::Approx(0.70710678));
  type_number(h, "scenario.scale_number", "-3");
  CHECK(config(h).scale == Scale{Scale::Kind::number, -3.0});
}

TEST_CASE("RoPE is refused with a line where the width of a head is odd") {
  Harness h;
  h.post(session::Apply{session::SetWidth{session::Width::d_model, 3}});
  unfold(h, Group::position);
  click(h, "scenario.position[2]");
  CHECK(config(h).position == Position::none);
  REQUIRE(h.session().refusal().has_value());
  CHECK(english(h.session().refusal()->reason) == "RoPE turns pairs of numbers: d_k must be even, not 3");
}

TEST_CASE("padding is switched on, and its words are clicked one by one") {
  Harness h;
  unfold(h, Group::mask);
  CHECK_FALSE(h.has("scenario.padded_key[0]"));
  click(h, "scenario.padding");
  REQUIRE(config(h).mask.padding != nullptr);
  click(h, "scenario.padded_key[0]");
  CHECK(*config(h).mask.padding == std::vector<std::uint8_t>{1, 0, 1});
  click(h, "scenario.padded_key[2]");
  CHECK(*config(h).mask.padding == std::vector<std::uint8_t>{1, 0, 0});
  click(h, "scenario.padding");
  CHECK(config(h).mask.padding == nullptr);
}

TEST_CASE("features attend alone: other settings are out of reach until words attend again") {
  Harness h;
  unfold(h, Group::sequences);
  click(h, "scenario.attend_over[1]");
  CHECK(config(h).attend_over == AttendOver::features);
  click(h, "scenario.group[0]");
  click(h, "scenario.score[1]");
  CHECK(config(h).score == Score::dot);
  click(h, "scenario.group[8]");
  click(h, "scenario.attend_over[0]");
  CHECK(config(h).attend_over == AttendOver::tokens);
}

TEST_CASE("with a source features are refused, and the line says what to change") {
  Harness h;
  unfold(h, Group::sequences);
  click(h, "scenario.sequences[1]");
  CHECK(h.document().input().source.has_value());
  click(h, "scenario.attend_over[1]");
  CHECK(config(h).attend_over == AttendOver::tokens);
  REQUIRE(h.session().refusal().has_value());
}

TEST_CASE("a seed of sixteen digits is edited as it stands") {
  Harness h;
  h.post(session::Apply{session::SetDropout{{0.5, 9007199254740991}}});
  unfold(h, Group::dropout);
  click(h, "scenario.dropout_seed");
  h.key(Key::enter);
  CHECK(config(h).dropout == Dropout{0.5, 9007199254740991});
}

TEST_CASE("a title is typed in each language") {
  Harness h;
  unfold(h, Group::texts);
  click(h, "scenario.title[1]");
  h.key(Key::a, {.ctrl = true});
  h.type("新的标题");
  h.key(Key::enter);
  CHECK(h.document().scenario().title.in("zh") == "新的标题");
  CHECK(h.document().scenario().title.in("en") == "Three words");
  CHECK(h.session().history().undo_steps() == 1);
}

TEST_CASE("masked scores say of each mask what it hides, and each can be left out") {
  Harness h;
  h.post(session::Apply{session::SetCausal{true}});
  h.post(session::Apply{session::SetWindow{1}});
  h.post(session::ShowStage{Stage::masked});
  CHECK(h.has("heatmap.mask_layer[0]"));
  CHECK(h.has("heatmap.mask_layer[1]"));
  CHECK_FALSE(h.has("heatmap.mask_layer[2]"));
  const int all = h.vertices();
  h.click("heatmap.mask_layer[1]");
  h.move({-1, -1});
  h.settle();
  CHECK(h.vertices() < all);
  h.post(session::ShowStage{Stage::weights});
  CHECK_FALSE(h.has("heatmap.mask_layer[0]"));
}
