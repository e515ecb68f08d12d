// Arrays of other programs: any number type, any number of dimensions.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include <fmt/format.h>

#include "core/io/byte_order.h"
#include "core/io/format_error.h"
#include "core/io/npy.h"
#include "core/io/text.h"

namespace attn::io {
namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view field, const std::string& expected,
                         const std::string& found) {
  throw FormatError(
      fmt::format("{}: {}: expected {}, found {}", printable(name, 300), field, expected, found));
}

/// IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction.
double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1F;
  const int fraction = bits & 0x3FF;
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent == 31) return fraction == 0 ? sign * HUGE_VAL : std::nan("");
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

double as_double(const char* bytes, const NpyHeader& header) {
  const bool big = header.big_endian;
  const std::size_t size = header.item_size;
  if (header.kind == 'f') {
    if (size == 2) return half(number_at<std::uint16_t>(bytes, big));
    return size == 4 ? static_cast<double>(number_at<float>(bytes, big)) : number_at<double>(bytes, big);
  }
  if (header.kind == 'b') return *bytes != 0 ? 1.0 : 0.0;
  if (header.kind == 'i') {
    if (size == 1) return static_cast<double>(number_at<std::int8_t>(bytes, big));
    if (size == 2) return static_cast<double>(number_at<std::int16_t>(bytes, big));
    if (size == 4) return static_cast<double>(number_at<std::int32_t>(bytes, big));
    return static_cast<double>(number_at<std::int64_t>(bytes, big));
  }
  if (size == 1) return static_cast<double>(number_at<std::uint8_t>(bytes, big));
  if (size == 2) return static_cast<double>(number_at<std::uint16_t>(bytes, big));
  if (size == 4) return static_cast<double>(number_at<std::uint32_t>(bytes, big));
  return static_cast<double>(number_at<std::uint64_t>(bytes, big));
}

/// Where the element with this index in C order lies in the file, counted in elements.
class Place {
 public:
  explicit Place(const NpyHeader& header) : header_(header), index_(header.shape.size(), 0) {
    std::size_t stride = 1;
    for (const std::size_t size : header.shape) {
      strides_.push_back(stride);
      stride *= size;
    }
  }
  std::size_t next() {
    if (!header_.fortran_order) return count_++;
    const std::size_t at = at_;
    for (std::size_t d = index_.size(); d-- > 0;) {
      at_ += strides_[d];
      if (++index_[d] < header_.shape[d]) break;
      at_ -= strides_[d] * header_.shape[d];
      index_[d] = 0;
    }
    return at;
  }

 private:
  const NpyHeader& header_;
  std::vector<std::size_t> index_;
  std::vector<std::size_t> strides_;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
};

std::string index_text(std::size_t at, const std::vector<std::size_t>& shape) {
  std::string text;
  for (std::size_t d = shape.size(); d-- > 0;) {
    text = fmt::format("{}{}{}", at % shape[d], text.empty() ? "" : ", ", text);
    at /= shape[d];
  }
  return "[" + text + "]";
}

}  // namespace

NumberArray read_npy_numbers(std::string_view bytes, std::string_view name, std::size_t max_elements) {
  const NpyHeader header = read_npy_header(bytes, name, NpyTypes::of_others);
  if (header.kind == 'U') refuse(name, "descr", "numbers", "text");
  const std::size_t count = header.elements();
  if (count == 0) refuse(name, "shape", "at least one number", "none");
  if (count > max_elements) {
    refuse(name, "shape", fmt::format("at most {} numbers", max_elements), fmt::format("{}", count));
  }
  NumberArray out;
  out.shape = header.shape;
  out.values.resize(count);
  const char* data = bytes.data() + header.data_offset;
  Place place(header);
  for (std::size_t i = 0; i < count; ++i) {
    const double value = as_double(data + place.next() * header.item_size, header);
    const auto narrowed = static_cast<float>(value);
    if (!std::isfinite(narrowed)) {
      refuse(name, index_text(i, header.shape), "a number within the range of float32",
             fmt::format("{}", value));
    }
    out.values[i] = narrowed;
  }
  return out;
}

std::vector<std::string> read_npy_labels(std::string_view bytes, std::string_view name,
                                         std::size_t max_labels, std::size_t max_bytes) {
  const NpyHeader header = read_npy_header(bytes, name, NpyTypes::of_others);
  if (header.kind != 'U') refuse(name, "descr", "text", "numbers");
  if (header.shape.size() != 1 || header.shape[0] == 0 || header.shape[0] > max_labels) {
    refuse(name, "shape", fmt::format("one dimension of 1 to {} labels", max_labels),
           fmt::format("{} dimensions, {} labels", header.shape.size(), header.elements()));
  }
  std::vector<std::string> labels;
  labels.reserve(header.shape[0]);
  const std::size_t units = header.item_size / 4;
  for (std::size_t i = 0; i < header.shape[0]; ++i) {
    std::u32string label(units, U'\0');
    for (std::size_t u = 0; u < units; ++u) {
      label[u] = number_at<char32_t>(bytes.data() + header.data_offset + i * header.item_size + 4 * u,
                                     header.big_endian);
    }
    while (!label.empty() && label.back() == U'\0') label.pop_back();
    try {
      labels.push_back(encode_utf8(label));
    } catch (const std::invalid_argument&) {
      refuse(name, fmt::format("[{}]", i), "Unicode text", "something else");
    }
    if (labels.back().size() > max_bytes) {
      refuse(name, fmt::format("[{}]", i), fmt::format("at most {} bytes", max_bytes),
             fmt::format("{}", labels.back().size()));
    }
  }
  return labels;
}

}  // namespace attn::io
