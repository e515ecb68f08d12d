#include "core/io/npy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/io/format_error.h"
#include "tests/core/io/refusal.h"
#include "tests/core/io/temporary_folder.h"

using attn::Matrix;
using attn::io::read_npy_matrix;
using attn::test::put;

namespace {

/// A .npy file around a header text, as version 1 has it.
std::string npy(const std::string& header, const std::string& data) {
  std::string out("\x93NUMPY\x01\x00", 8);
  out.push_back(static_cast<char>(header.size() & 0xFF));
  out.push_back(static_cast<char>(header.size() >> 8));
  return out + header + data;
}

template <class T>
std::string bytes(const std::vector<T>& values, bool big_endian = false) {
  std::string out;
  for (const T value : values) {
    auto raw = std::bit_cast<std::array<char, sizeof(T)>>(value);
    if (big_endian) std::reverse(raw.begin(), raw.end());
    out.append(raw.data(), raw.size());
  }
  return out;
}

std::string dictionary(const std::string& type, const std::string& order, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

std::string npy_complaint(const std::string& file, const attn::io::NpyLimits& limits = {}) {
  try {
    read_npy_matrix(file, "m.npy", limits);
    return "accepted";
  } catch (const attn::io::FormatError& error) {
    return error.what();
  }
}

const std::vector<float> kSix = {1, 2, 3, 4, 5, 6};
const Matrix kTwoByThree = {{1, 2, 3}, {4, 5, 6}};

}  // namespace

TEST_CASE("float32 and float64 are read in either order of rows and of bytes") {
  const std::vector<double> six = {1, 2, 3, 4, 5, 6};
  CHECK(read_npy_matrix(npy(dictionary("<f4", "False", "(2, 3)"), bytes(kSix)), "m") == kTwoByThree);
  CHECK(read_npy_matrix(npy(dictionary(">f4", "False", "(2, 3)"), bytes(kSix, true)), "m") == kTwoByThree);
  CHECK(read_npy_matrix(npy(dictionary("<f8", "False", "(2, 3)"), bytes(six)), "m") == kTwoByThree);
  CHECK(read_npy_matrix(npy(dictionary(">f8", "False", "(2, 3)"), bytes(six, true)), "m") == kTwoByThree);
  CHECK(read_npy_matrix(npy(dictionary("<f4", "True", "(3, 2)"), bytes(kSix)), "m") ==
        Matrix{{1, 4}, {2, 5}, {3, 6}});
}

TEST_CASE("headers may be laid out in other ways that Python writes") {
  const std::string odd = "{ \"shape\":(2,3,),'fortran_order':False , 'descr':\"<f4\"}   \n";
  CHECK(read_npy_matrix(npy(odd, bytes(kSix)), "m") == kTwoByThree);
  const std::string header = dictionary("<f4", "False", "(2, 3)");
  std::string version_two("\x93NUMPY\x02\x00", 8);
  version_two += {static_cast<char>(header.size()), 0, 0, 0};
  CHECK(read_npy_matrix(version_two + header + bytes(kSix), "m") == kTwoByThree);
}

TEST_CASE("what this program writes as a header it reads again") {
  const std::array<std::size_t, 2> shape = {2, 3};
  const std::string header = attn::io::npy_header("<f4", shape);
  CHECK(header.size() % 64 == 0);
  CHECK(header.back() == '\n');
  CHECK(read_npy_matrix(header + bytes(kSix), "m") == kTwoByThree);
  const auto parsed = attn::io::read_npy_header(attn::io::npy_header("<f4", {}) + bytes<float>({1}), "m");
  CHECK(parsed.shape.empty());
  CHECK(parsed.elements() == 1);
}

TEST_CASE("text is written as UTF-32 of one width") {
  const std::vector<std::string> labels = {"ab", "", "嵌🙂x"};
  const std::string file = attn::io::npy_text(labels);
  const auto header = attn::io::read_npy_header(file, "labels");
  CHECK(header.kind == 'U');
  CHECK(header.item_size == 12);
  CHECK(header.shape == std::vector<std::size_t>{3});
  const std::vector<char32_t> expected = {U'a', U'b', 0, 0, 0, 0, U'嵌', U'🙂', U'x'};
  CHECK(file.substr(header.data_offset) == bytes(expected));
  CHECK_THROWS_AS(attn::io::npy_text(std::vector<std::string>{"\xff"}), std::invalid_argument);
  CHECK(attn::io::read_npy_header(attn::io::npy_text(std::vector<std::string>{""}), "m").item_size == 4);
}

TEST_CASE("bad .npy files are refused with one line") {
  const std::string good = dictionary("<f4", "False", "(2, 3)");
  const std::string six = bytes(kSix);
  const auto shape = [&](const std::string& text) { return npy(dictionary("<f4", "False", text), six); };
  const auto type = [&](const std::string& text) { return npy(dictionary(text, "False", "(2, 3)"), six); };
  const std::string types = "m.npy: descr: expected float32, float64, uint8 or text, found ";
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "m.npy: start: expected the mark of a .npy file, found \"\""},
      {"PK\x03\x04 a zip", "m.npy: start: expected the mark of a .npy file, found \"PK\\u0003\\u0004 a z\""},
      {"\x93NUMPY\x01", "m.npy: header: expected its length, found the end of the file"},
      {std::string("\x93NUMPY\x02\x00\x10\x00", 10),
       "m.npy: header: expected its length, found the end of the file"},
      {std::string("\x93NUMPY\x04\x00\x10\x00", 10), "m.npy: version: expected 1, 2 or 3, found 4"},
      {std::string("\x93NUMPY\x01\x00\x10\x00{", 11), "m.npy: header: expected 16 bytes, found 1"},
      {std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12),
       "m.npy: header: expected at most 65535 bytes, found 4294967295"},
      {npy("", six), "m.npy: header: expected \"{\", found its end"},
      {npy("{}", six), "m.npy: header: expected descr, fortran_order and shape, found not all of them"},
      {npy("{'descr': '<f4'", six), "m.npy: header: expected \",\", found its end"},
      {npy("{'descr", six), "m.npy: header: expected a closing quote, found \"descr\""},
      {npy("{descr: 1}", six), "m.npy: header: expected a name in quotes, found \"descr: 1}\""},
      {npy("{'descr': '<f4', 'descr': '<f4'}", six), "m.npy: header: expected descr once, found it repeated"},
      {npy("{'other': 1}", six), "m.npy: header: expected descr, fortran_order and shape, found \"other\""},
      {npy(good + "x", six), "m.npy: header: expected its end after \"}\", found \"x\""},
      {npy(dictionary("<f4", "0", "(2, 3)"), six),
       "m.npy: fortran_order: expected True or False, found \"0, 'shape': (2, 3), …\""},
      {npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,3)}", six),
       types + "an array of records"},
      {type("|O"), types + "\"|O\""},
      {type("<i4"), types + "\"<i4\""},
      {type("<f2"), types + "\"<f2\""},
      {type("<f16"), types + "\"<f16\""},
      {type("f4"), types + "\"f4\""},
      {type("<f4x"), types + "\"<f4x\""},
      {type("<f99999999999999999999"), types + "\"<f99999999999999999999\""},
      {type("<U9999999"), types + "\"<U9999999\""},
      {npy(dictionary("|u1", "False", "(2, 3)"), "abcdef"),
       "m.npy: descr: expected float32 or float64, found uint8"},
      {npy(dictionary("<U1", "False", "(2, 3)"), six),
       "m.npy: descr: expected float32 or float64, found text"},
      {shape("(6,)"), "m.npy: shape: expected two dimensions, found (6,)"},
      {shape("(1, 2, 3)"), "m.npy: shape: expected two dimensions, found (1, 2, 3)"},
      {npy(dictionary("<f4", "False", "()"), bytes<float>({1})),
       "m.npy: shape: expected two dimensions, found ()"},
      {shape("(6)"), "m.npy: shape: expected a tuple such as (3,), found a number in parentheses"},
      {shape("(2, -3)"), "m.npy: shape: expected a list of sizes, found \"-3), }\\u000A\""},
      {shape("(2, 3.0)"), "m.npy: shape: expected … "},
      {shape("(2, 4)"), "m.npy: shape: expected the 32 bytes of (2, 4), found 24"},
      {shape("(2, 2)"), "m.npy: shape: expected the 16 bytes of (2, 2), found 24"},
      {npy(dictionary("<f4", "False", "(0, 3)"), ""),
       "m.npy: shape: expected 1 to 65536 rows and 1 to 16384 columns, found (0, 3)"},
      {npy(good, six.substr(1)), "m.npy: shape: expected the 24 bytes of (2, 3), found 23"},
  };
  for (const auto& [file, line] : table) {
    CAPTURE(file);
    if (line.ends_with("… ")) {
      CHECK(npy_complaint(file).starts_with("m.npy: header: expected \",\", found \".0"));
    } else {
      CHECK(npy_complaint(file) == line);
    }
  }
}

TEST_CASE("a small file that announces gigabytes is refused before they are asked for") {
  const auto file = [](const std::string& shape) { return npy(dictionary("<f4", "False", shape), "1234"); };
  CHECK(npy_complaint(file("(50000, 50000)")) ==
        "m.npy: shape: expected the 10000000000 bytes of (50000, 50000), found 4");
  CHECK(npy_complaint(file("(4294967296, 4294967296)")) ==
        "m.npy: shape: expected the very many bytes of (4294967296, 4294967296), found 4");
  CHECK(npy_complaint(file("(99999999999999999999, 1)"))
            .starts_with("m.npy: shape: expected sizes that a computer can hold"));
  attn::io::NpyLimits limits;
  limits.rows = 1;
  CHECK(npy_complaint(npy(dictionary("<f4", "False", "(2, 3)"), bytes(kSix)), limits) ==
        "m.npy: shape: expected 1 to 1 rows and 1 to 16384 columns, found (2, 3)");
}

TEST_CASE("numbers that float32 cannot hold are refused with their cell") {
  const auto doubles = [](double value) {
    return npy(dictionary("<f8", "False", "(2, 2)"), bytes<double>({1, 2, 3, value}));
  };
  const std::string wanted = "m.npy: [1, 1]: expected a number within the range of float32, found ";
  CHECK(npy_complaint(doubles(1e39)) == wanted + "1e+39");
  CHECK(npy_complaint(doubles(std::numeric_limits<double>::infinity())) == wanted + "inf");
  CHECK(npy_complaint(doubles(std::numeric_limits<double>::quiet_NaN())) == wanted + "nan");
  CHECK(npy_complaint(doubles(1e-300)) == "accepted");
  CHECK(npy_complaint(npy(dictionary("<f4", "True", "(2, 2)"),
                          bytes<float>({1, 2, std::numeric_limits<float>::infinity(), 4}))) ==
        "m.npy: [0, 1]: expected a number within the range of float32, found inf");
}

TEST_CASE("a scenario takes its vectors from a file beside it") {
  const attn::test::TemporaryFolder folder;
  put(folder / "x.npy", npy(dictionary("<f8", "False", "(2, 3)"), bytes<double>({1, 2, 3, 4, 5, 6})));
  put(folder / "bad.npy", npy(dictionary("<f4", "False", "(2, 9)"), bytes(kSix)));
  std::filesystem::create_directory(folder / "folder.npy");
  const auto scenario = [](const std::string& name) {
    return attn::test::with_x("{\"npy\":\"" + name + "\"}");
  };
  put(folder / "scenario.json", scenario("x.npy"));
  CHECK(attn::io::load_scenario(folder / "scenario.json").input.x.dense() == kTwoByThree);
  const std::string place = folder.path().string();
  CHECK(attn::test::refusal(scenario("bad.npy"), place) ==
        "bad.json: x.npy: bad.npy: shape: expected the 72 bytes of (2, 9), found 24");
  CHECK(attn::test::refusal(scenario("folder.npy"), place) ==
        "bad.json: x.npy: expected an ordinary file, found \"folder.npy\"");
  CHECK(attn::test::refusal("{" + attn::test::kHead + R"("tokens":["a"],"x":{"npy":"x.npy"}})", place) ==
        "bad.json: x: expected 1 rows, as many as tokens, found 2 rows");
  CHECK(attn::test::refusal(attn::test::with(R"("source":{"tokens":["k"],"x":{"npy":"bad.npy"}})"), place) ==
        "bad.json: source.x.npy: bad.npy: shape: expected the 72 bytes of (2, 9), found 24");
  CHECK(attn::io::load_npy_matrix(folder / "x.npy") == kTwoByThree);
}
