#include <fstream>

#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;

namespace {

std::string clipboard() {
  const char* const text = ImGui::GetClipboardText();
  return text == nullptr ? "" : text;
}

void show_code(Harness& h) {
  h.click("explain.tab[1]");
  REQUIRE(h.session().view().reason_tab == session::ReasonTab::code);
}

}  // namespace

TEST_CASE("the tab shows the code of the scenario, and a click on a line goes to its stage") {
  Harness h;
  CHECK_FALSE(h.has("explain.code_line[weights]"));
  show_code(h);
  h.click("explain.code_line[scores]");
  CHECK(h.session().view().stage == Stage::scores);
  CHECK(h.session().playhead().at_end());  // everything stays computed
  h.post(session::GoToMoment{{Stage::scores, 0, 0}});
  h.frames(3);
  h.click("explain.code_line[weights]");
  REQUIRE(h.session().playhead().moment().has_value());
  CHECK(h.session().playhead().moment()->stage == Stage::weights);
  h.click("explain.tab[0]");
  CHECK(h.has("explain.number[0,0]"));
}

TEST_CASE("lines of code are reached by keys, and Page keys scroll") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  show_code(h);
  h.widgets().focus(WidgetId(PanelId::explain, "code_line").at(Stage::head_outputs), true);
  h.frames(3);
  CHECK(h.rect("explain.code_line[head_outputs]").height() > 4);  // scrolled into sight
  h.key(Key::enter);
  CHECK(h.session().view().stage == Stage::head_outputs);
  const float before = h.rect("explain.code_line[head_outputs]").min.y;
  h.key(Key::page_up);
  h.frames(2);
  CHECK(h.rect("explain.code_line[head_outputs]").min.y != before);
}

TEST_CASE("the lines of the playhead's stage are scrolled into sight") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  show_code(h);
  h.post(session::ToStart{});
  h.frames(3);
  CHECK(h.rect("explain.code_line[x]").height() > 4);
  h.post(session::GoToMoment{{Stage::output, 0, 0}});
  h.frames(3);
  CHECK(h.rect("explain.code_line[output]").height() > 4);
}

TEST_CASE("the framework is chosen and kept as a setting, the code is copied as a whole") {
  Harness h;
  show_code(h);
  h.click("explain.copy_code");
  CHECK(clipboard().find("import numpy as np\n") != std::string::npos);
  h.click("explain.framework[1]");
  CHECK(h.session().settings().framework == session::Framework::pytorch);
  h.click("explain.copy_code");
  CHECK(clipboard().find("import torch\n") != std::string::npos);
  CHECK(clipboard().ends_with("print(\"output\", output, sep=\"\\n\")\n"));
}

TEST_CASE("the comments follow the language") {
  Harness h;
  show_code(h);
  h.post(session::SetLanguage{session::Language::zh});
  h.click("explain.copy_code");
  CHECK(clipboard().find("W_Q 是单位矩阵") != std::string::npos);  // the names of a program have no indices
  CHECK(clipboard().find("is the identity") == std::string::npos);
}

TEST_CASE("a drag changes the numbers in the code") {
  Harness h;
  show_code(h);
  h.post(session::Apply{session::SetXCell{0, 0, 1.25F}});
  h.settle();
  h.click("explain.copy_code");
  CHECK(clipboard().find("[1.25, 2],  # x1") != std::string::npos);
}

TEST_CASE("the code is saved under the path that is typed") {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "attention_code_panel_test.py";
  std::filesystem::remove(file);
  Harness h;
  show_code(h);
  h.click("explain.save_code");
  h.key(Key::a, {true, false, false});
  h.type(file.string());
  h.key(Key::enter);
  h.frames(2);
  std::ifstream stream(file);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  CHECK(text.find("scores = q @ k.T") != std::string::npos);
  CHECK_FALSE(h.has("explain.code_path"));
  std::filesystem::remove(file);
}
