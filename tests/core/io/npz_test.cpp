#include "core/io/npz.h"

#include <zip.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/io/file.h"
#include "core/io/format_error.h"
#include "core/io/npy.h"
#include "tests/core/io/temporary_folder.h"

using attn::io::NpzArchive;
using attn::io::NpzLimits;
using attn::test::TemporaryFolder;

namespace {

struct Member {
  std::string name;
  std::string bytes;
  int method = ZIP_CM_DEFLATE;
};

/// An archive as other programs write it.
std::string archive(const std::vector<Member>& members) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "a.npz";
  int code = 0;
  zip_t* const zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  REQUIRE(zip != nullptr);
  for (const Member& member : members) {
    zip_source_t* const source = zip_source_buffer(zip, member.bytes.data(), member.bytes.size(), 0);
    const zip_int64_t index = zip_file_add(zip, member.name.c_str(), source, 0);
    REQUIRE(index >= 0);
    REQUIRE(zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), member.method, 0) == 0);
  }
  REQUIRE(zip_close(zip) == 0);
  return attn::test::bytes_of(path);
}

std::string npz_refusal(const std::string& bytes, const NpzLimits& limits = {}) {
  try {
    const NpzArchive npz(bytes, "a.npz", limits);
    for (std::size_t i = 0; i < npz.members().size(); ++i) npz.read(i);
    return "accepted";
  } catch (const attn::io::FormatError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("npz: stored and deflated members come back under their names, other files are passed over") {
  const std::string bytes = archive({{"q.npy", std::string(5000, 'q'), ZIP_CM_STORE},
                                     {"layers.0.k.npy", std::string(5000, 'k')},
                                     {"readme.txt", "hello"}});
  const NpzArchive npz(bytes, "a.npz");
  REQUIRE(npz.members().size() == 2);
  CHECK(npz.members()[0].name == "q");
  CHECK(npz.members()[1].name == "layers.0.k");
  CHECK(npz.read(0) == std::string(5000, 'q'));
  CHECK(npz.read(1) == std::string(5000, 'k'));
}

TEST_CASE("npz: what is no archive, or past a limit, is refused with one line") {
  const std::string good = archive({{"q.npy", std::string(5000, 'q')}, {"k.npy", "k"}});
  CHECK(npz_refusal(good) == "accepted");
  CHECK(npz_refusal("").starts_with("a.npz: expected an .npz archive of NumPy, found "));
  CHECK(npz_refusal("PK not a zip at all").starts_with("a.npz: expected an .npz archive of NumPy, found "));
  CHECK(npz_refusal(good.substr(0, good.size() / 2))
            .starts_with("a.npz: expected an .npz archive of NumPy, found "));
  NpzLimits limits;
  limits.members = 1;
  CHECK(npz_refusal(good, limits) == "a.npz: expected at most 1 arrays, found 2");
  limits = {};
  limits.name_bytes = 4;
  CHECK(npz_refusal(good, limits) == "a.npz: member 0: expected a name of at most 4 bytes, found 5");
  limits = {};
  limits.member_bytes = 4999;
  CHECK(npz_refusal(good, limits) == "a.npz: q: expected at most 4999 bytes, found 5000");
  limits = {};
  limits.ratio_from_bytes = 100;
  limits.ratio = 10;
  CHECK(
      npz_refusal(good, limits)
          .starts_with("a.npz: q: expected at most 10 bytes for each byte of the archive, found 5000 from "));
  CHECK(npz_refusal(archive({{".npy", "x"}})) == "a.npz: member 0: expected a name, found none");
  CHECK(npz_refusal(archive({{"q.npy", std::string(5000, 'q'), ZIP_CM_BZIP2}})) ==
        "a.npz: q: expected a stored or deflated array, found method 12");
}

TEST_CASE("npz: a member whose check sum is wrong is refused") {
  std::string bytes = archive({{"q.npy", std::string(5000, 'q'), ZIP_CM_STORE}});
  const std::size_t at = bytes.find("qqqq");
  REQUIRE(at != std::string::npos);
  bytes[at + 100] = 'r';
  CHECK(npz_refusal(bytes).starts_with("a.npz: q: expected 5000 bytes that can be unpacked, found "));
}

TEST_CASE("npy: arrays of any number type and order become float32 in C order") {
  using attn::io::read_npy_numbers;
  const auto file = [](const std::string& type, const std::string& order, const std::string& shape,
                       const std::string& data) {
    const std::string header =
        "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
    std::string out("\x93NUMPY\x01\x00", 8);
    out += {static_cast<char>(header.size()), 0};
    return out + header + data;
  };
  const auto values = [&](const std::string& type, const std::string& order, const std::string& shape,
                          const std::string& data) {
    return read_npy_numbers(file(type, order, shape, data), "m", 100).values;
  };
  using V = std::vector<float>;
  CHECK(values("|i1", "False", "(2,)", "\x01\xff") == V{1, -1});
  CHECK(values("|b1", "False", "(3,)", std::string("\x01\x00\x01", 3)) == V{1, 0, 1});
  CHECK(values(">i2", "False", "()", std::string("\x01\x02", 2)) == V{258});
  CHECK(values("<u2", "False", "(1,)", "\xff\xff") == V{65535});
  // binary16: 1, -2, the smallest number above 0
  CHECK(values("<f2", "False", "(3,)", std::string("\x00\x3c\x00\xc0\x01\x00", 6)) == V{1, -2, 0x1p-24f});
  // Fortran order: the first index runs fastest. a[i, j, k] = 4 i + 2 j + k
  CHECK(values("|u1", "True", "(2, 2, 2)", std::string("\x00\x04\x02\x06\x01\x05\x03\x07", 8)) ==
        V{0, 1, 2, 3, 4, 5, 6, 7});
  const auto npz_complaint = [&](const std::string& bytes) {
    try {
      read_npy_numbers(bytes, "m.npy", 4);
      return std::string("accepted");
    } catch (const attn::io::FormatError& error) {
      return std::string(error.what());
    }
  };
  CHECK(npz_complaint(file("|u1", "False", "(5,)", "12345")) ==
        "m.npy: shape: expected at most 4 numbers, found 5");
  CHECK(npz_complaint(file("|u1", "False", "(0, 3)", "")) ==
        "m.npy: shape: expected at least one number, found none");
  CHECK(npz_complaint(file("<U1", "False", "(1,)", "abcd")) == "m.npy: descr: expected numbers, found text");
  CHECK(npz_complaint(file("<f2", "False", "(1, 2)", std::string("\x00\x00\x00\x7c", 4))) ==
        "m.npy: [0, 1]: expected a number within the range of float32, found inf");
  CHECK(npz_complaint(file("<c8", "False", "(1,)", "12345678")) ==
        "m.npy: descr: expected floating point numbers, integers, booleans or text, found \"<c8\"");
}

TEST_CASE("npy: labels are read as they were written") {
  const std::vector<std::string> labels = {"the", "红色", "", "🙂"};
  CHECK(attn::io::read_npy_labels(attn::io::npy_text(labels), "tokens") == labels);
  CHECK_THROWS_WITH_AS(attn::io::read_npy_labels(attn::io::npy_text(labels), "tokens", 3),
                       "tokens: shape: expected one dimension of 1 to 3 labels, found 1 dimensions, 4 labels",
                       attn::io::FormatError);
  CHECK_THROWS_WITH_AS(attn::io::read_npy_labels(attn::io::npy_text(labels), "tokens", 9, 5),
                       "tokens: [1]: expected at most 5 bytes, found 6", attn::io::FormatError);
}
