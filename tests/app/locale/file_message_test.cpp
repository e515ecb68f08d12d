// What is said about files that cannot be used, in the reader's language: whole, with nothing left in
// English.

#include "app/session/file_message.h"

#include <doctest/doctest.h>

#include <fstream>
#include <regex>

#include "app/locale/catalogue.h"
#include "app/session/import.h"
#include "core/io/file.h"
#include "tests/app/session/documents.h"

using namespace attn;

namespace {

const ui::Catalogue& chinese() { return ui::catalogue("zh"); }

/// English words of three letters or more that stand outside quotes, names of fields and of files.
std::string english_words(const std::string& text) {
  static const std::regex kNames(
      R"("[^"]*"|[A-Za-z0-9_/-]*\.(json|npy|npz)|[a-z_]+(\.[a-z_]+)+|\b(attention|tokens|format|weights|heads|title|version|mask|padding|causal|window|descr|shape|true|false|and|float32|float64|uint8|NumPy|JSON|UTF-8|Unicode|fortran_order|header|start|source|feature_names|scenario|description|view|lock|extensions|NaN|zip|colour)\b)");
  const std::string rest = std::regex_replace(text, kNames, "");
  std::smatch found;
  return std::regex_search(rest, found, std::regex("[A-Za-z]{3,}[^,:]*")) ? found.str() : "";
}

}  // namespace

TEST_CASE("a line about a file is translated in all its parts, and reads the same in English") {
  const std::string line = "three.json: x[1]: expected 2 numbers, as in row 0, found 3";
  const session::Message m = session::file_message(line);
  CHECK(session::english(m) == line);
  CHECK(chinese().tr(m) == "three.json: x[1]：应为 2 个数（与第 0 行相同），却是 3");
  CHECK(chinese().tr(
            session::file_message("a.json: line 4, column 12, in x[0][2]: expected a value, found \",\"")) ==
        "a.json：第 4 行第 12 列，在 x[0][2] 中：应为 一个值，却是 \",\"");
  CHECK(chinese().tr(session::file_message("/a/b.json: cannot be written: Permission denied")) ==
        "/a/b.json：无法写入：没有权限");
  CHECK(session::file_message("something else") == session::verbatim("something else"));
}

TEST_CASE("bad scenarios and arrays are refused in one line of the reader's language") {
  const tests::TemporaryFolder folder;
  const std::string head = R"({"format": "attention-scenario", "version": 1, )";
  const std::vector<std::pair<std::string, std::string>> files = {
      {"a.json", "[]"},
      {"b.json", "{"},
      {"c.json", head + R"("tokens": ["a"], "x": [[1, 2], [3]]})"},
      {"d.json", head + R"("tokens": ["a"], "x": [[1, "2"]]})"},
      {"e.json", head + R"("tokens": "a", "x": [[1, 2]]})"},
      {"f.json", head + R"("tokens": ["a"], "x": [[1, 1e99]]})"},
      {"g.json", head + R"("tokens": ["a"]})"},
      {"h.json", head + R"("tokens": ["a"], "x": [[1]], "colour": 3})"},
      {"i.json", head + R"("tokens": ["a"], "x": [[1]], "x": [[1]]})"},
      {"j.json", head + R"("tokens": ["a"], "x": [[1]], "attention": {"heads": 1.5}})"},
      {"k.json", head + R"("tokens": ["a"], "x": [[1]], "attention": {"mask": {"padding": [0]}}})"},
      {"l.json", head + R"("tokens": ["a"], "x": [[1]], "attention": {"mask": {"allow": [[2]]}}})"},
      {"m.json", head + R"("tokens": ["a"], "x": {"npy": "../b.npy"}})"},
      {"n.json", head + R"("tokens": ["a"], "x": {"npy": "none.npy"}})"},
      {"o.json", head + R"("tokens": ["a"], "x": [[NaN]]})"},
      {"p.json", head + R"("tokens": ["a"], "x": [[1]], "title": 3})"},
      {"q.json", head + R"("tokens": ["a"], "x": [[1]], "attention": {"temperature": -1}})"},
      {"r.json", head + R"("tokens": ["a", "b"], "x": [[1]]})"},
      {"s.json", std::string(40, '[')},
      {"t.npy", "no array"},
      {"u.npz", "no archive"},
      {"v.npz", ""},
      {"w.npy", std::string("\x93NUMPY\x01\x00\x08\x00{'descr'", 18)},
  };
  for (const auto& [name, bytes] : files) {
    CAPTURE(name);
    const auto path = folder.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    std::string line = "accepted";
    try {
      session::check_file(path);
    } catch (const std::exception& problem) {
      line = problem.what();
    }
    REQUIRE(line != "accepted");
    const session::Message m = session::file_message(line);
    CHECK(session::english(m) == line);
    std::string shown = chinese().tr(m);
    if (const auto at = shown.find(folder.path().string()); at != std::string::npos)
      shown.replace(at, folder.path().string().size() + 1, "");
    CAPTURE(line);
    CAPTURE(shown);
    CHECK(english_words(shown).empty());
    CHECK(shown.find('\n') == std::string::npos);
  }
}
