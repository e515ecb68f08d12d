// Every field of a scenario file can be set in the window, by keyboard and by mouse. The list of fields is
// held against what the reader of files accepts, so that a new field cannot be forgotten here.

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/io/scenario.h"
#include "tests/app/panels/harness.h"
#include "tests/app/panels/scrolling.h"
#include "tests/app/panels/settings_group.h"

using namespace attn;
using namespace attn::ui;
using session::Document;
using session::Key;
using session::ScenarioTab;
using ui::testing::bring_into_sight;
using ui::testing::Group;
using ui::testing::Harness;
using ui::testing::heading;

namespace {

// ---- what the reader of files accepts ----

/// The names in "…: expected one of the fields a, b, c, found …", which is how an unknown field is refused.
std::vector<std::string> names_in_refusal(const std::string& scenario) {
  try {
    io::parse_scenario(scenario, "test", ".");
  } catch (const io::FormatError& error) {
    const std::string line = error.what();
    const std::string begins = "expected one of the fields ";
    const std::size_t from = line.find(begins);
    const std::size_t to = line.find(", found", from);
    REQUIRE(from != std::string::npos);
    std::vector<std::string> names;
    for (std::size_t at = from + begins.size(); at < to;) {
      const std::size_t end = std::min(line.find(", ", at), to);
      names.push_back(line.substr(at, end - at));
      at = end + 2;
    }
    return names;
  }
  FAIL("the field unknown is accepted");
  return {};
}

/// All fields with their places; those that are objects of fields are not named themselves.
std::set<std::string> accepted_fields() {
  const std::map<std::string, std::string> objects = {
      {"", R"({"unknown": 1})"},
      {"source", R"({"source": {"unknown": 1}})"},
      {"attention", R"({"attention": {"unknown": 1}})"},
      {"attention.mask", R"({"attention": {"mask": {"unknown": 1}}})"},
      {"attention.dropout", R"({"attention": {"dropout": {"unknown": 1}}})"},
      {"weights", R"({"weights": {"unknown": 1}})"},
      {"weights.additive", R"({"weights": {"additive": {"unknown": 1}}})"}};
  std::set<std::string> fields;
  for (const auto& [place, scenario] : objects) {
    for (const std::string& name : names_in_refusal(scenario))
      fields.insert(place.empty() ? name : place + "." + name);
  }
  for (const auto& [place, scenario] : objects) fields.erase(place);
  return fields;
}

// ---- what a person does ----

constexpr int kMostTabs = 400;

/// Tab until this widget has the keyboard.
void tab_to(Harness& h, const std::string& widget) {
  for (int i = 0; i < kMostTabs && h.focused() != widget; ++i) {
    inject_tab(true);
    h.frame();
    inject_tab(false);
    h.frame();
  }
  h.settle();
  INFO(widget);
  REQUIRE(h.focused() == widget);
}

struct Hand {
  Harness& h;
  bool mouse;

  /// One press on a button, an answer or a switch.
  void press(const std::string& widget) const {
    if (mouse) {
      bring_into_sight(h, widget);
      h.click(widget);
    } else {
      tab_to(h, widget);
      h.key(Key::enter);
    }
  }
  /// Another number: dragged by mouse, typed by keyboard.
  void number(const std::string& widget, const std::string& typed, float drag) const {
    if (mouse) {
      bring_into_sight(h, widget);
      const ImVec2 from = h.rect(widget).centre();
      h.drag(from, {from.x + drag, from.y});
    } else {
      tab_to(h, widget);
      h.key(Key::enter);
      h.type(typed);
      h.key(Key::enter);
    }
  }
  void text(const std::string& widget, const std::string& typed) const {
    press(widget);
    h.key(Key::a, {.ctrl = true});
    h.type(typed);
    h.key(Key::enter);
  }
  /// Shows a tab of the scenario.
  void show(ScenarioTab tab) const {
    if (h.session().view().scenario_tab == tab) return;
    const std::size_t index = tab == ScenarioTab::words ? 0 : tab == ScenarioTab::settings ? 1 : 2;
    press("scenario.tab[" + std::to_string(index) + "]");
    REQUIRE(h.session().view().scenario_tab == tab);
  }
  /// Shows the group of the settings that this widget belongs to.
  void show(Group group, const std::string& widget) const {
    show(ScenarioTab::settings);
    if (!h.has(widget)) press(heading(group));
  }
};

using Act = std::function<void(const Hand&)>;

Act answer(Group group, const std::string& widget) {
  return [=](const Hand& hand) {
    hand.show(group, widget);
    hand.press(widget);
  };
}
Act number(Group group, const std::string& widget, const std::string& typed, float drag = 40.0f) {
  return [=](const Hand& hand) {
    hand.show(group, widget);
    hand.number(widget, typed, drag);
  };
}
Act text(const std::string& widget, const std::string& typed) {
  return [=](const Hand& hand) {
    hand.show(Group::texts, widget);
    hand.text(widget, typed);
  };
}
Act word(const std::string& widget, const std::string& typed) {
  return [=](const Hand& hand) {
    hand.show(ScenarioTab::words);
    hand.text(widget, typed);
  };
}
Act feature_name(const std::string& typed) {
  return [=](const Hand& hand) {
    hand.show(ScenarioTab::words);
    if (!hand.h.has("scenario.feature[0]")) hand.press("scenario.names");
    hand.text("scenario.feature[0]", typed);
  };
}
Act number_of_words(const std::string& widget) {
  return [=](const Hand& hand) {
    hand.show(ScenarioTab::words);
    hand.number(widget, "7", 40.0f);
  };
}
/// The first number of a parameter; an absent bias is made first.
Act number_of_parameter(const std::string& name) {
  return [=](const Hand& hand) {
    hand.show(ScenarioTab::parameters);
    const std::string first = "scenario.parameter[" + name + "][0,0]";
    const std::string fold = "scenario.parameter[" + name + "]";
    const std::string zeros = "scenario.zeros[" + name + "]";
    if (!hand.h.has(first) && !hand.h.has(zeros)) hand.press(fold);
    if (hand.h.has(first)) {
      hand.number(first, "7", 40.0f);
    } else {
      hand.press(zeros);
    }
  };
}

/// What to do for each field, in a window that shows `before`; the field must have changed afterwards.
struct FieldEntry {
  std::string field;
  Act act;
  std::function<bool(const Document&, const Document&)> set;
  std::vector<session::Edit> before = {};
};

/// A test on one member of the configuration.
template <class Get>
std::function<bool(const Document&, const Document&)> changes(Get get) {
  return [get](const Document& before, const Document& after) {
    return !(get(before.input().config) == get(after.input().config));
  };
}

/// Fields that nobody sets by hand, and why.
const std::map<std::string, std::string>& not_by_hand() {
  static const std::map<std::string, std::string> kFields = {
      {"format", "always the same"},
      {"version", "always the same"},
      {"view", "what the window remembers by itself"},
      {"lock", "written by who writes a lesson"},
      {"extensions", "belongs to other programs"},
  };
  return kFields;
}

std::vector<FieldEntry> entries() {
  const auto c = [](auto member) {
    return changes([member](const Config& config) { return config.*member; });
  };
  const auto m = [](auto member) {
    return changes([member](const Config& config) { return config.mask.*member; });
  };
  const auto texts_change = [](const Document& before, const Document& after) {
    return !(before.scenario().title == after.scenario().title &&
             before.scenario().description == after.scenario().description);
  };
  const auto of_input = [](auto get) {
    return [get](const Document& before, const Document& after) {
      return !get(before.input()).same_as(get(after.input()));
    };
  };
  std::vector<FieldEntry> all = {
      {"tokens", word("scenario.word[1]", "queen"),
       [](const Document& before, const Document& after) {
         return *before.input().tokens != *after.input().tokens;
       }},
      {"x", number_of_words("scenario.x[0,1]"), of_input([](const Input& input) { return input.x; })},
      {"feature_names", feature_name("living"),
       [](const Document& before, const Document& after) {
         return before.scenario().feature_names != after.scenario().feature_names;
       }},
      {"source.tokens",
       word("scenario.source_word[1]", "queen"),
       [](const Document& before, const Document& after) {
         return *before.input().source->tokens != *after.input().source->tokens;
       },
       {session::SetCrossAttention{true}}},
      {"source.x",
       number_of_words("scenario.source[0,1]"),
       of_input([](const Input& input) { return input.source->x; }),
       {session::SetCrossAttention{true}}},
      {"attention.score", answer(Group::score, "scenario.score[1]"), c(&Config::score)},
      {"attention.scale", answer(Group::scale, "scenario.scale[1]"), c(&Config::scale)},
      {"attention.temperature", number(Group::scale, "scenario.temperature", "2"), c(&Config::temperature)},
      {"attention.position", answer(Group::position, "scenario.position[1]"), c(&Config::position)},
      {"attention.mask.causal", answer(Group::mask, "scenario.causal"), m(&MaskConfig::causal)},
      {"attention.mask.window", answer(Group::mask, "scenario.window"), m(&MaskConfig::window)},
      {"attention.mask.padding", answer(Group::mask, "scenario.padding"), m(&MaskConfig::padding)},
      {"attention.mask.allow", answer(Group::mask, "scenario.own_mask"), m(&MaskConfig::allow)},
      {"attention.mask.hidden_value", answer(Group::mask, "scenario.hidden_value[1]"),
       m(&MaskConfig::hidden_value)},
      {"attention.normalise", answer(Group::softmax, "scenario.normalise[1]"), c(&Config::normalise)},
      {"attention.softmax_axis", answer(Group::softmax, "scenario.softmax_axis[1]"),
       c(&Config::softmax_axis)},
      {"attention.dropout.p", number(Group::dropout, "scenario.dropout_p", "0.5"), c(&Config::dropout)},
      {"attention.dropout.seed", number(Group::dropout, "scenario.dropout_seed", "7"), c(&Config::dropout)},
      {"attention.heads", number(Group::heads, "scenario.heads", "2"), c(&Config::heads)},
      {"attention.kv_heads",
       number(Group::heads, "scenario.kv_heads", "1", -10.0f),
       c(&Config::kv_heads),
       {session::SetHeads{2}}},
      {"attention.combine", answer(Group::heads, "scenario.combine[1]"), c(&Config::combine)},
      {"attention.attend_over", answer(Group::sequences, "scenario.attend_over[1]"), c(&Config::attend_over)},
      {"title", text("scenario.title[0]", "Another"), texts_change},
      {"description", text("scenario.description[1]", "说明"), texts_change},
  };
  for (const ParameterId id : kParameterIds) {
    std::vector<session::Edit> before;
    if (id == ParameterId::bilinear) before = {session::SetScore{Score::bilinear}};
    if (id >= ParameterId::additive_w_q) before = {session::SetScore{Score::additive}};
    all.push_back({std::string(attn::field(id)), number_of_parameter(std::string(name(id))),
                   [id](const Document& was, const Document& is) {
                     const auto& a = was.input().parameters[id];
                     const auto& b = is.input().parameters[id];
                     return b && !(a && a->same_as(*b));
                   },
                   before});
  }
  return all;
}

/// Sets every field in turn in one window, undoing each: one step takes it back.
void set_every_field(bool mouse) {
  Harness h;
  for (const FieldEntry& entry : entries()) {
    CAPTURE(entry.field);
    for (const session::Edit& edit : entry.before) h.post(session::Apply{edit});
    const Document before = h.document();
    entry.act({h, mouse});
    CHECK(entry.set(before, h.document()));
    h.key(Key::z, {.ctrl = true});
    CHECK(h.document() == before);
    for (std::size_t i = 0; i < entry.before.size(); ++i) h.post(session::Undo{});
  }
}

}  // namespace

TEST_CASE("every field that files may have is in the list of what can be set in the window") {
  std::set<std::string> known;
  for (const FieldEntry& entry : entries()) CHECK(known.insert(entry.field).second);
  for (const auto& [field, why] : not_by_hand()) CHECK(known.insert(field).second);
  CHECK(known == accepted_fields());
}

TEST_CASE("every field is reached by Tab and set by keyboard, and one undo takes it back") {
  set_every_field(false);
}

TEST_CASE("every field is set by mouse, and one undo takes it back") { set_every_field(true); }
