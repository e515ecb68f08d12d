#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "core/io/scenario.h"
#include "tests/app/panels/harness.h"
#include "tests/app/panels/screen_text.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using ui::testing::Harness;
namespace fs = std::filesystem;

namespace {

/// A folder with a scenario, arrays, a broken file and a folder in it; the recent file leads the browser
/// here.
struct Folder {
  fs::path path = fs::temp_directory_path() / fmt::format("attentionscope_browser_{}", getpid());
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path / "deeper");
    const std::string two =
        R"({"format":"attention-scenario","version":1,"title":"Two","tokens":["left","right"],"x":[[1,0],[0,1]]})";
    std::ofstream(path / "two.json") << two;
    std::ofstream(path / "deeper" / "below.json") << two;
    std::ofstream(path / "broken.json") << "{";
    std::ofstream(path / "notes.txt") << "no scenario";
    for (const char* name : {"q.npy", "k.npy", "v.npy", "weights.npy"})
      fs::copy_file(fs::path(ATTN_SOURCE_DIR) / "tests/app/session/arrays" / name, path / name);
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

/// The browser open on that folder.
void browse(Harness& h, const Folder& folder, session::Dialog dialog) {
  h.post(session::Open{folder.path / "two.json"});
  h.post(session::ShowDialog{dialog});
}

/// The browser that opens files, in that folder.
struct OpenBrowser {
  const Folder folder;
  Harness h;
  OpenBrowser() { browse(h, folder, session::Dialog::open); }
};

}  // namespace

TEST_CASE("the browser opens by Ctrl+O and closes by Esc, nothing changed") {
  Harness h;
  h.key(Key::o, {.ctrl = true});
  CHECK(h.session().dialog() == session::Dialog::open);
  CHECK(h.has("dialog.filter"));
  h.key(Key::escape);
  CHECK(h.session().dialog() == session::Dialog::none);
  CHECK_FALSE(h.has("dialog.filter"));
}

TEST_CASE_FIXTURE(OpenBrowser,
                  "typing finds a name, the arrows move, Enter enters a folder and opens a file") {
  REQUIRE(h.has("dialog.file[0]"));
  h.type("deep");
  h.settle();
  CHECK_FALSE(h.has("dialog.file[1]"));
  h.key(Key::enter);
  h.settle();
  CHECK(h.session().dialog() == session::Dialog::open);
  h.key(Key::enter);
  CHECK(h.session().file() == folder.path / "deeper" / "below.json");
  CHECK(h.session().dialog() == session::Dialog::none);
}

TEST_CASE_FIXTURE(OpenBrowser, "Esc empties the filter first, and closes then") {
  h.type("zzz");
  h.settle();
  CHECK_FALSE(h.has("dialog.file[0]"));
  h.key(Key::escape);
  CHECK(h.has("dialog.file[0]"));
  h.key(Key::escape);
  CHECK(h.session().dialog() == session::Dialog::none);
}

TEST_CASE_FIXTURE(OpenBrowser,
                  "the folder above is a click or Alt+Up away, and the one left has the cursor") {
  h.type("deep");
  h.settle();
  h.key(Key::enter);
  h.settle();
  CHECK_FALSE(h.has("dialog.file[1]"));
  h.key(Key::up, {.alt = true});
  CHECK(h.has("dialog.file[1]"));
  h.key(Key::enter);  // it has the cursor
  h.settle();
  CHECK_FALSE(h.has("dialog.file[1]"));
  h.click("dialog.up");
  CHECK(h.has("dialog.file[1]"));
}

TEST_CASE_FIXTURE(OpenBrowser, "a double click opens, a single one only shows") {
  // deeper, broken.json, k.npy, q.npy, two.json, v.npy, weights.npy
  h.click("dialog.file[4]");
  CHECK(h.session().dialog() == session::Dialog::open);
  const ImVec2 at = h.rect("dialog.file[6]").centre();
  for (int i = 0; i < 2; ++i) {
    h.move(at);
    h.press();
    h.release();
  }
  h.settle();
  CHECK(h.session().dialog() == session::Dialog::none);
  CHECK(h.document().dimensions().n_heads == 2);  // weights.npy, imported
}

TEST_CASE_FIXTURE(OpenBrowser,
                  "a file that is none stays in the browser's list and says why it cannot be opened") {
  const session::Document before = h.document();
  h.type("broken");
  h.settle();
  h.key(Key::enter);
  CHECK(h.document() == before);
  REQUIRE_FALSE(h.session().notices().empty());
  CHECK(english(h.session().notices().back().text).find("broken.json") != std::string::npos);
}

TEST_CASE_FIXTURE(OpenBrowser, "the button enters a folder that has the cursor") {
  h.click("dialog.file[0]");
  h.click("dialog.answer[1]");
  CHECK(h.session().dialog() == session::Dialog::open);
  CHECK(h.has("dialog.file[0]"));
  CHECK_FALSE(h.has("dialog.file[1]"));
  CHECK(h.session().notices().empty());
}

TEST_CASE_FIXTURE(OpenBrowser, "the path field goes to a folder or opens a file") {
  h.click("dialog.path");
  h.type((folder.path / "deeper").string());
  h.key(Key::enter);
  h.settle();
  CHECK_FALSE(h.has("dialog.file[1]"));
  h.click("dialog.path");
  h.type("below.json");
  h.key(Key::enter);
  CHECK(h.session().file() == folder.path / "deeper" / "below.json");
}

TEST_CASE_FIXTURE(OpenBrowser, "a path that leads nowhere leaves the browser open") {
  h.click("dialog.path");
  h.type("nowhere.json");
  h.key(Key::enter);
  h.settle();
  CHECK(h.session().dialog() == session::Dialog::open);
  CHECK(h.session().notices().empty());
  CHECK(h.has("dialog.file[0]"));
}

TEST_CASE("recent files are kept and open by a click") {
  const Folder folder;
  Harness h;
  h.post(session::Open{folder.path / "deeper" / "below.json"});
  h.post(session::Open{folder.path / "two.json"});
  REQUIRE(h.session().settings().recent_files.size() == 2);
  CHECK(h.session().settings().recent_files[0] == (folder.path / "two.json").string());
  h.key(Key::o, {.ctrl = true});
  h.click("dialog.recent[1]");
  CHECK(h.session().file() == folder.path / "deeper" / "below.json");
  CHECK(h.session().settings().recent_files[0] == (folder.path / "deeper" / "below.json").string());
}

TEST_CASE("several arrays are marked by Space and imported together, as one undoable opening") {
  const Folder folder;
  Harness h;
  browse(h, folder, session::Dialog::import);
  // deeper, k.npy, q.npy, v.npy, weights.npy
  h.click("dialog.file[1]");
  for (int i = 0; i < 3; ++i) {
    h.key(Key::space);
    h.key(Key::down);
  }
  h.click("dialog.answer[1]");
  CHECK(h.session().dialog() == session::Dialog::none);
  CHECK(h.document().dimensions().n_heads == 2);
  CHECK(h.document().dimensions().d_k == 4);
  CHECK(h.session().file().empty());  // saving does not write over the arrays
}

TEST_CASE("the number of heads can be given where the arrays do not tell") {
  const Folder folder;
  Harness h;
  browse(h, folder, session::Dialog::import);
  fs::remove(folder.path / "k.npy");
  fs::copy_file(folder.path / "q.npy", folder.path / "k.npy");
  fs::remove(folder.path / "v.npy");
  h.click("dialog.heads");
  h.type("4");
  h.key(Key::enter);
  h.click("dialog.file[1]");
  h.key(Key::space);
  h.key(Key::down);
  h.key(Key::space);
  h.click("dialog.answer[1]");
  CHECK(h.document().dimensions().n_heads == 4);
  CHECK(h.document().dimensions().d_k == 2);
}

TEST_CASE("saving over a file asks first") {
  const Folder folder;
  Harness h;
  browse(h, folder, session::Dialog::save_as);
  h.type("copy");
  h.key(Key::enter);
  CHECK(fs::exists(folder.path / "copy.json"));
  CHECK(h.session().file() == folder.path / "copy.json");
  h.post(session::Apply{session::SetXCell{0, 0, 7.0f}});
  h.key(Key::s, {.ctrl = true, .shift = true});
  h.type("copy.json");
  h.key(Key::enter);
  CHECK(h.session().has_unsaved_work());
  CHECK(h.session().dialog() == session::Dialog::save_as);
  h.click("dialog.answer[0]");  // keep it
  CHECK(io::load_scenario(folder.path / "copy.json").input.x(0, 0) == 1.0f);
  h.click("dialog.answer[1]");  // save: it asks again
  h.click("dialog.answer[1]");  // replace it
  CHECK_FALSE(h.session().has_unsaved_work());
  CHECK(io::load_scenario(folder.path / "copy.json").input.x(0, 0) == 7.0f);
}

TEST_CASE("a picture is asked for under a name of its own") {
  const Folder folder;
  Harness h;
  browse(h, folder, session::Dialog::save_picture);
  h.type("shot");
  h.key(Key::enter);
  CHECK(h.session().dialog() == session::Dialog::none);
  CHECK(h.session().take_picture_request() == folder.path / "shot.png");
}

TEST_CASE("a save that fails keeps the dialog and what was typed, and says what to do") {
  const Folder folder;
  Harness h;
  browse(h, folder, session::Dialog::save_as);
  h.key(Key::a, {.ctrl = true});
  h.type((folder.path / "nowhere" / "mine.json").string());
  h.key(Key::enter);
  h.settle();
  CHECK(h.session().dialog() == session::Dialog::save_as);
  REQUIRE(h.has("dialog.problem"));
  REQUIRE(h.session().save_problem().has_value());
  CHECK(
      english(*h.session().save_problem()).find("there is no folder " + (folder.path / "nowhere").string()) !=
      std::string::npos);
  CHECK(h.session().notices().empty());
  // The folder is made meanwhile: the same name is still there to be saved under.
  fs::create_directories(folder.path / "nowhere");
  h.click("dialog.answer[1]");
  CHECK(h.session().dialog() == session::Dialog::none);
  CHECK(fs::exists(folder.path / "nowhere" / "mine.json"));
  CHECK_FALSE(h.session().save_problem().has_value());
}

TEST_CASE("a picture that could not be written brings its dialog back") {
  const Folder folder;
  Harness h;
  browse(h, folder, session::Dialog::save_picture);
  h.key(Key::a, {.ctrl = true});
  h.type((folder.path / "nowhere" / "mine.png").string());
  h.key(Key::enter);
  const auto asked = h.session().take_picture_request();
  REQUIRE(asked.has_value());
  h.session().picture_written(*asked, "broken");
  h.settle();
  CHECK(h.session().dialog() == session::Dialog::save_picture);
  CHECK(h.has("dialog.problem"));
  fs::create_directories(folder.path / "nowhere");
  h.click("dialog.answer[1]");
  CHECK(h.session().take_picture_request() == asked);
}

TEST_CASE("a double click on Save does not replace a file") {
  const Folder folder;
  Harness h;
  for (const session::Language language : {session::Language::en, session::Language::zh}) {
    h.post(session::SetLanguage{language});
    browse(h, folder, session::Dialog::save_as);
    const Rect save = h.rect("dialog.answer[1]");
    h.click("dialog.answer[1]");  // two.json is there: asks
    REQUIRE_FALSE(h.has("dialog.name"));
    const Rect replace = h.rect("dialog.answer[1]");
    CHECK(replace.max.x <= save.min.x);
    CHECK(h.rect("dialog.answer[0]").min.x <= save.min.x);
    CHECK(h.rect("dialog.answer[0]").max.x == save.max.x);
    h.click(save.centre());  // the second click of a double one keeps the file
    CHECK(h.has("dialog.name"));
    CHECK(h.session().dialog() == session::Dialog::save_as);
    h.key(Key::escape);
    h.post(session::CloseDialog{});
  }
}

TEST_CASE("what was never saved gets a file name from its title") {
  const Folder folder;
  Harness h;
  browse(h, folder, session::Dialog::none);
  h.post(session::OpenExample{"three_words"});
  h.post(session::ShowDialog{session::Dialog::save_as});
  h.settle();
  CHECK(ui::testing::screen_text(h.rect("dialog.name")).ends_with("hree_words.json"));
  h.key(Key::enter);
  REQUIRE(h.session().file() == folder.path / "Three_words.json");
  h.post(session::OpenExample{"three_words"});
  h.post(session::ShowDialog{session::Dialog::save_as});
  h.settle();
  CHECK(ui::testing::screen_text(h.rect("dialog.name")).ends_with("hree_words_2.json"));
}

TEST_CASE("an empty folder says what is missing in it") {
  const Folder folder;
  Harness h;
  h.post(session::Open{folder.path / "deeper" / "below.json"});
  h.post(session::ShowDialog{session::Dialog::save_picture});
  h.settle();
  CHECK(ui::testing::screen_text({{0, 0}, {1440, 900}}).find("nopictureinthisfolder") != std::string::npos);
}

TEST_CASE("Space marks an array file while the empty filter has the keyboard") {
  const Folder folder;
  Harness h;
  browse(h, folder, session::Dialog::import);
  h.settle();
  const auto text = [] { return ui::testing::screen_text({{0, 0}, {1440, 900}}); };
  CHECK(text().find("filesmarked:1") == std::string::npos);
  h.type(" ");
  h.settle();
  CHECK(text().find("filesmarked:1") != std::string::npos);
  h.type(" ");
  h.settle();
  CHECK(text().find("filesmarked:1") == std::string::npos);
}

TEST_CASE("names of files are cut in the middle: what tells them apart is seen") {
  const Folder folder;
  const std::string name =
      "a_sentence_that_was_so_long_that_its_file_has_no_room_in_the_list_of_files_at_all";
  fs::copy_file(folder.path / "two.json", folder.path / (name + "_2.json"));
  Harness h({1280, 720});
  browse(h, folder, session::Dialog::open);
  h.type("sentence");
  h.settle();
  const std::string row = ui::testing::screen_text(h.rect("dialog.file[0]"));
  CHECK(row.find("a_sentence") != std::string::npos);
  CHECK(row.find("_2.json") != std::string::npos);
  CHECK(row.find("…") != std::string::npos);
}
