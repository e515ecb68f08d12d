#pragma once
// NumPy's .npy: one array with its type and shape. Reading trusts nothing that the header says before the
// size of the file confirms it; pickled objects are never read.
// Source: NEP 1, "A simple file format for NumPy arrays".

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/matrix.h"

namespace attn::io {

struct NpyLimits {
  std::uint64_t file_bytes = std::uint64_t{1} << 30;
  std::size_t rows = 65536;
  std::size_t columns = 16384;
};

struct NpyHeader {
  bool big_endian = false;
  char kind = 'f';            ///< 'f' floating point, 'i' and 'u' integers, 'b' booleans, 'U' text of UTF-32
  std::size_t item_size = 4;  ///< bytes of one element
  bool fortran_order = false;
  std::vector<std::size_t> shape;
  std::size_t data_offset = 0;  ///< where the numbers start in the file
  std::size_t elements() const;
};

/// Which arrays are taken: those of our own traces (float32, float64, uint8, text), or whatever other
/// programs keep numbers in as well (float16, integers, booleans).
enum class NpyTypes { of_traces, of_others };

/// Reads the header of an array and checks that `bytes` goes on with exactly the elements that it announces.
/// Throws FormatError: "NAME: shape: expected …, found …".
NpyHeader read_npy_header(std::string_view bytes, std::string_view name,
                          NpyTypes types = NpyTypes::of_traces);

/// A float32 or float64 matrix (two dimensions, C or Fortran order, either byte order) as float32.
/// Throws FormatError for anything else, for NaN, infinities and numbers past float32, and past the limits.
Matrix read_npy_matrix(std::string_view bytes, std::string_view name, const NpyLimits& limits = {});
/// The same from a file, as for the seed of a gradient.
Matrix load_npy_matrix(const std::filesystem::path& path, const NpyLimits& limits = {});

/// An array of any number of dimensions, its last index running fastest.
struct NumberArray {
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

/// Numbers of any shape and of any type that NpyTypes::of_others takes, as float32 in C order.
/// Throws FormatError for text, for NaN, infinities and numbers past float32, and for more than
/// `max_elements` numbers.
NumberArray read_npy_numbers(std::string_view bytes, std::string_view name, std::size_t max_elements);

/// The labels of a one-dimensional array of text. Throws FormatError for anything else, for what is not
/// Unicode, and past the limits.
std::vector<std::string> read_npy_labels(std::string_view bytes, std::string_view name,
                                         std::size_t max_labels = 65536, std::size_t max_bytes = 256);

/// The header of a little-endian array in C order, padded so that the numbers start at a multiple of 64.
/// `type` is "<f4", "|u1", "<U12", …
std::string npy_header(std::string_view type, std::span<const std::size_t> shape);
/// A whole .npy file of one dimension of text (`<U`). Throws std::invalid_argument if it is not UTF-8.
std::string npy_text(std::span<const std::string> labels);

}  // namespace attn::io
