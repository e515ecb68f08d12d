#include "core/io/npy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "core/io/byte_order.h"
#include "core/io/file.h"
#include "core/io/format_error.h"
#include "core/io/text.h"

namespace attn::io {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeaderBytes = 65535;
constexpr std::size_t kAlignment = 64;

class Refusal {
 public:
  explicit Refusal(std::string_view name) : name_(name) {}
  [[noreturn]] void operator()(std::string_view field, std::string_view expected,
                               std::string_view found) const {
    throw FormatError(
        fmt::format("{}: {}: expected {}, found {}", printable(name_, 300), field, expected, found));
  }

 private:
  std::string_view name_;
};

/// The few forms of Python that a header is written in: a dictionary of a string, a boolean and a tuple.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, NpyTypes types, const Refusal& refuse)
      : text_(text), types_(types), refuse_(refuse) {}

  void parse(NpyHeader& header) {
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    const auto once = [&](bool& seen, std::string_view key) {
      if (seen) refuse_("header", fmt::format("{} once", key), "it repeated");
      seen = true;
    };
    need('{');
    while (!take('}')) {
      const std::string_view key = string();
      need(':');
      if (key == "descr") {
        once(has_type, key);
        type(header);
      } else if (key == "fortran_order") {
        once(has_order, key);
        header.fortran_order = boolean();
      } else if (key == "shape") {
        once(has_shape, key);
        shape(header);
      } else {
        refuse_("header", "descr, fortran_order and shape", in_quotes(key));
      }
      if (take('}')) break;
      need(',');
    }
    skip_space();
    if (!text_.empty()) refuse_("header", "its end after \"}\"", in_quotes(text_, 20));
    if (!has_type || !has_order || !has_shape) {
      refuse_("header", "descr, fortran_order and shape", "not all of them");
    }
  }

 private:
  void skip_space() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) text_.remove_prefix(1);
  }
  bool take(char c) {
    skip_space();
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    if (!take(c)) refuse_("header", fmt::format("\"{}\"", c), rest());
  }
  std::string rest() const { return text_.empty() ? "its end" : in_quotes(text_, 20); }

  std::string_view string() {
    skip_space();
    if (text_.empty() || (text_.front() != '\'' && text_.front() != '"'))
      refuse_("header", "a name in quotes", rest());
    const char quote = text_.front();
    text_.remove_prefix(1);
    const auto end = text_.find(quote);
    if (end == std::string_view::npos) refuse_("header", "a closing quote", rest());
    const std::string_view value = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return value;
  }

  bool boolean() {
    skip_space();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return value;
    }
    refuse_("fortran_order", "True or False", rest());
  }

  std::optional<std::size_t> integer() {
    skip_space();
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error == std::errc::invalid_argument) return std::nullopt;
    if (error == std::errc::result_out_of_range) refuse_("shape", "sizes that a computer can hold", rest());
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return value;
  }

  void shape(NpyHeader& header) {
    constexpr std::size_t kMaxDimensions = 32;
    need('(');
    while (!take(')')) {
      const auto size = integer();
      if (!size) refuse_("shape", "a list of sizes", rest());
      if (header.shape.size() == kMaxDimensions) refuse_("shape", "at most 32 dimensions", "more");
      header.shape.push_back(*size);
      if (take(')')) {
        if (header.shape.size() == 1) refuse_("shape", "a tuple such as (3,)", "a number in parentheses");
        break;
      }
      need(',');
    }
  }

  void type(NpyHeader& header) {
    skip_space();
    const bool others = types_ == NpyTypes::of_others;
    const std::string_view kinds =
        others ? "floating point numbers, integers, booleans or text" : "float32, float64, uint8 or text";
    if (!text_.empty() && text_.front() == '[') refuse_("descr", kinds, "an array of records");
    const std::string_view descr = string();
    const auto wrong = [&] { refuse_("descr", kinds, in_quotes(descr)); };
    if (descr.size() < 3) wrong();
    const char order = descr[0];
    if (order != '<' && order != '>' && order != '=' && order != '|') wrong();
    header.big_endian = order == '>' || (order == '=' && kBigEndianHere);
    header.kind = descr[1];
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(descr.data() + 2, descr.data() + descr.size(), size);
    if (error != std::errc{} || end != descr.data() + descr.size()) wrong();
    const bool ordered = order != '|';
    const bool is_float = header.kind == 'f' && (size == 4 || size == 8 || (others && size == 2)) && ordered;
    const bool is_byte =
        size == 1 && (header.kind == 'u' || (others && (header.kind == 'b' || header.kind == 'i')));
    const bool is_integer = others && (header.kind == 'i' || header.kind == 'u') &&
                            (size == 2 || size == 4 || size == 8) && ordered;
    const bool is_text = header.kind == 'U' && size <= kMaxLabelUnits && order != '|';
    if (!is_float && !is_byte && !is_integer && !is_text) wrong();
    header.item_size = is_text ? 4 * size : size;
  }

  static constexpr std::size_t kMaxLabelUnits = std::size_t{1} << 20;
  std::string_view text_;
  NpyTypes types_;
  const Refusal& refuse_;
};

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += fmt::format("{}{}", i == 0 ? "" : ", ", shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace

std::size_t NpyHeader::elements() const {
  std::size_t n = 1;
  for (const std::size_t size : shape) n *= size;
  return n;
}

NpyHeader read_npy_header(std::string_view bytes, std::string_view name, NpyTypes types) {
  const Refusal refuse(name);
  if (!bytes.starts_with(kMagic)) refuse("start", "the mark of a .npy file", in_quotes(bytes.substr(0, 8)));
  if (bytes.size() < 10) refuse("header", "its length", "the end of the file");
  const auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(bytes[i])}; };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3) refuse("version", "1, 2 or 3", fmt::format("{}", version));
  std::size_t length = byte(8) | (byte(9) << 8);
  std::size_t start = 10;
  if (version > 1) {
    if (bytes.size() < 12) refuse("header", "its length", "the end of the file");
    length |= (byte(10) << 16) | (byte(11) << 24);
    start = 12;
  }
  if (length > kMaxHeaderBytes) {
    refuse("header", fmt::format("at most {} bytes", kMaxHeaderBytes), fmt::format("{}", length));
  }
  if (bytes.size() - start < length) {
    refuse("header", fmt::format("{} bytes", length), fmt::format("{}", bytes.size() - start));
  }
  NpyHeader header;
  HeaderParser(bytes.substr(start, length), types, refuse).parse(header);
  header.data_offset = start + length;

  // What the shape asks for, without overflow, against what is there.
  const std::size_t present = bytes.size() - header.data_offset;
  const bool is_empty = std::find(header.shape.begin(), header.shape.end(), 0) != header.shape.end();
  std::size_t needed = is_empty ? 0 : header.item_size;
  bool overflows = false;
  for (const std::size_t size : header.shape) {
    if (needed == 0) break;
    overflows = overflows || size > std::numeric_limits<std::size_t>::max() / needed;
    needed = overflows ? std::numeric_limits<std::size_t>::max() : needed * size;
  }
  if (overflows || needed != present) {
    refuse("shape",
           fmt::format("the {} bytes of {}", overflows ? "very many" : fmt::format("{}", needed),
                       shape_text(header.shape)),
           fmt::format("{}", present));
  }
  return header;
}

Matrix read_npy_matrix(std::string_view bytes, std::string_view name, const NpyLimits& limits) {
  const Refusal refuse(name);
  const NpyHeader header = read_npy_header(bytes, name);
  if (header.kind != 'f') refuse("descr", "float32 or float64", header.kind == 'u' ? "uint8" : "text");
  if (header.shape.size() != 2) refuse("shape", "two dimensions", shape_text(header.shape));
  const std::size_t rows = header.shape[0];
  const std::size_t columns = header.shape[1];
  const bool fits = rows >= 1 && columns >= 1 && rows <= limits.rows && columns <= limits.columns;
  if (!fits) {
    refuse("shape", fmt::format("1 to {} rows and 1 to {} columns", limits.rows, limits.columns),
           shape_text(header.shape));
  }
  Matrix out(rows, columns);
  const char* data = bytes.data() + header.data_offset;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t at = header.fortran_order ? column * rows + row : row * columns + column;
      const double value = header.item_size == 4
                               ? static_cast<double>(number_at<float>(data + 4 * at, header.big_endian))
                               : number_at<double>(data + 8 * at, header.big_endian);
      const auto narrowed = static_cast<float>(value);
      if (!std::isfinite(narrowed)) {
        refuse(fmt::format("[{}, {}]", row, column), "a number within the range of float32",
               fmt::format("{}", value));
      }
      out(row, column) = narrowed;
    }
  }
  return out;
}

Matrix load_npy_matrix(const std::filesystem::path& path, const NpyLimits& limits) {
  return read_npy_matrix(read_file(path, limits.file_bytes), path.string(), limits);
}

std::string npy_header(std::string_view type, std::span<const std::size_t> shape) {
  std::string text =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, shape_text(shape));
  const std::size_t prefix = kMagic.size() + 4;  // version and length
  const std::size_t unpadded = prefix + text.size() + 1;
  text.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  text += '\n';
  std::string out(kMagic);
  out +=
      {'\x01', '\x00', static_cast<char>(text.size() & 0xFF), static_cast<char>((text.size() >> 8) & 0xFF)};
  return out + text;
}

std::string npy_text(std::span<const std::string> labels) {
  std::vector<std::u32string> decoded;
  decoded.reserve(labels.size());
  std::size_t units = 1;  // NumPy knows no text of width 0
  for (const std::string& label : labels) {
    decoded.push_back(decode_utf8(label));
    units = std::max(units, decoded.back().size());
  }
  const std::size_t count = labels.size();
  std::string out = npy_header(fmt::format("<U{}", units), std::span(&count, 1));
  for (std::u32string& label : decoded) {
    label.resize(units, U'\0');
    for (const char32_t c : label) {
      for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>((c >> shift) & 0xFF));
    }
  }
  return out;
}

}  // namespace attn::io
