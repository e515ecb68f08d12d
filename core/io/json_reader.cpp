#include "core/io/json_reader.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <limits>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/io/format_error.h"
#include "core/io/text.h"

namespace attn::io {
namespace {

/// from_chars reports too large and too small alike, and leaves the value alone: the exponent tells.
template <class T>
T parse_number(std::string_view text) {
  T value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  // The place of the first digit that is not zero decides; what is out of range is far from 1.
  const bool negative = text.front() == '-';
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::size_t point = std::min(text.find('.'), e);
  const std::size_t first = text.find_first_of("123456789");
  std::int64_t exponent = 0;
  if (e < text.size()) {
    std::string_view written = text.substr(e + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    constexpr std::int64_t kFar = 1'000'000'000'000;  // digits; no file is that long
    if (std::from_chars(written.data(), written.data() + written.size(), exponent).ec != std::errc{}) {
      exponent = written.starts_with('-') ? -kFar : kFar;
    }
    exponent = std::clamp(exponent, -kFar, kFar);
  }
  const auto position = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (exponent + position <= 0) return negative ? -T{0} : T{0};
  return negative ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
}

struct LineColumn {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// Of the last of the first `consumed` bytes; columns count characters, not bytes.
LineColumn line_and_column(std::string_view text, std::size_t consumed) {
  LineColumn at;
  const std::size_t end = consumed == 0 ? 0 : std::min(consumed - 1, text.size());
  for (const char c : text.substr(0, end)) {
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++at.column;
    }
  }
  return at;
}

struct Difference {
  std::string expected;
  std::string found;
};

std::string translate_expected(std::string_view token) {
  if (token == "']'") return "\",\" or \"]\"";
  if (token == "'}'") return "\",\" or \"}\"";
  if (token == "':'") return "\":\"";
  if (token == "string literal") return "a field name in quotes";
  if (token == "end of input") return "the end of the file";
  return "a value";
}

std::string translate_found(std::string_view token) {
  if (token == "end of input") return "the end of the file";
  if (token == "string literal") return "a string";
  if (token == "number literal") return "a number";
  if (token.ends_with(" literal")) return std::string(token.substr(0, token.size() - 8));
  if (token.size() == 3) return fmt::format("\"{}\"", token[1]);
  return std::string(token);
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '+' ||
         c == '-' || c == '_';
}

/// The number or word around the last of the first `consumed` bytes, or that character alone.
std::string_view word_at(std::string_view text, std::size_t consumed) {
  consumed = std::min(consumed, text.size());  // one more at the end of the file
  if (consumed == 0) return {};
  constexpr std::size_t kFarthest = 40;
  std::size_t begin = consumed - 1;
  // What comes after a number or word that was broken off belongs to what follows, not to it.
  if (!is_word_character(text[begin]) && begin > 0 && is_word_character(text[begin - 1])) --begin;
  std::size_t end = begin;
  while (begin > 0 && consumed - begin < kFarthest && is_word_character(text[begin - 1])) --begin;
  while (end < text.size() && end - begin < kFarthest && is_word_character(text[end])) ++end;
  return end == begin ? text.substr(begin, 1) : text.substr(begin, end - begin);
}

/// Whether this is how programs write the numbers that JSON does not have.
bool is_no_finite_number(std::string_view word) {
  if (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
  std::string lower(word);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower == "nan" || lower == "inf" || lower == "infinity";
}

/// Says in our words what the parser said in "… - unexpected X; expected Y" or
/// "… - invalid literal; last read: '…'; expected Y". `read` is the text up to the fault.
Difference explain_syntax(std::string_view message, std::string_view read, std::string_view word) {
  if (const auto dash = message.find(" - "); dash != std::string_view::npos) message.remove_prefix(dash + 3);
  const auto contains = [&](std::string_view part) { return message.find(part) != std::string_view::npos; };
  const std::string_view mark = "; expected ";
  const auto semicolon = message.rfind(mark);
  std::string_view wanted;
  if (semicolon != std::string_view::npos) wanted = message.substr(semicolon + mark.size());
  const std::string_view unexpected = "unexpected ";
  if (message.starts_with(unexpected)) {
    message = message.substr(0, semicolon);
    return {translate_expected(wanted), translate_found(message.substr(unexpected.size()))};
  }
  if (contains("ill-formed UTF-8")) return {"UTF-8", "a broken character"};
  if (contains("invalid BOM")) return {"UTF-8", "a broken byte order mark"};
  if (contains("missing closing quote")) return {"a closing quote", "the end of the file"};
  if (contains("must be escaped to")) {
    return {"a closing quote or an escape such as \\n", "a bare control character in a string"};
  }
  if (message.starts_with("invalid string")) {
    return {"an escape that JSON knows", in_quotes(read.substr(std::min(read.rfind('\\'), read.size())), 12)};
  }
  if (message.starts_with("invalid number")) return {"a number as JSON writes it", in_quotes(word)};
  return {translate_expected(wanted), in_quotes(word)};
}

/// Goes over the text and shows line breaks and tabs between the tokens as spaces. When the parser fails it
/// spells out every control character that it skipped since the last string or number, which takes seconds
/// where those are millions of line breaks.
class CharacterIterator {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the names that the standard library looks for
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;
  // NOLINTEND(readability-identifier-naming)

  explicit CharacterIterator(const char* at) : at_(at) {}
  char operator*() const {
    const bool is_break = *at_ == '\n' || *at_ == '\r' || *at_ == '\t';
    return is_break && !in_string_ ? ' ' : *at_;
  }
  CharacterIterator& operator++() {
    if (escaped_) {
      escaped_ = false;
    } else if (*at_ == '"') {
      in_string_ = !in_string_;
    } else if (*at_ == '\\') {
      escaped_ = in_string_;
    }
    ++at_;
    return *this;
  }
  bool operator==(const CharacterIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CharacterIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  bool in_string_ = false;
  bool escaped_ = false;
};

/// Keeps the way from the root to the current value and hands each event to the reader that waits there.
class Router {
 public:
  Router(std::string_view text, std::string_view file_name, std::size_t nesting, ValueReader& root)
      : text_(text), file_name_(file_name), nesting_(nesting), next_(&root) {}

  // The events of nlohmann's SAX interface; false stops, but every failure here throws.
  bool null() {
    return scalar([](ValueReader& reader) { reader.null(); });
  }
  bool boolean(bool value) {
    return scalar([=](ValueReader& reader) { reader.boolean(value); });
  }
  bool number_integer(std::int64_t value) {
    return scalar([=](ValueReader& reader) { reader.number(JsonNumber::from_negative(value)); });
  }
  bool number_unsigned(std::uint64_t value) {
    return scalar([=](ValueReader& reader) { reader.number(JsonNumber::from_unsigned(value)); });
  }
  bool number_float(double, const std::string& spelled) {
    return scalar([&](ValueReader& reader) {
      if (spelled.find_first_not_of("0123456789+-.eE") == std::string::npos) {
        reader.number(JsonNumber::from_text(spelled));
        return;
      }
      // The parser spells the point as the C locale does, which may be a comma.
      std::string with_point = spelled;
      with_point[with_point.find_first_not_of("0123456789+-.eE")] = '.';
      reader.number(JsonNumber::from_text(with_point));
    });
  }
  bool string(std::string& value) {
    return scalar([&](ValueReader& reader) { reader.string(value); });
  }
  bool binary(nlohmann::json::binary_t&) { return false; }  // only in binary formats
  bool start_object(std::size_t) { return open(false); }
  bool key(std::string& name) {
    Open& top = open_.back();
    top.key = name;
    top.has_key = true;
    guarded([&] { next_ = &top.reader->member(name); });
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(true); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& error) {
    const std::string path = place();
    if (error.id == 406) {
      refuse(path, "a number within the range of float32", printable(last_token, 30));
    }
    const LineColumn at = line_and_column(text_, position);
    const std::string_view word = word_at(text_, position);
    if (is_no_finite_number(word)) {
      refuse(path, "a finite number", fmt::format("{} (line {}, column {})", word, at.line, at.column));
    }
    const Difference difference =
        explain_syntax(error.what(), text_.substr(0, std::min(position, text_.size())), word);
    const std::string where = fmt::format("line {}, column {}", at.line, at.column);
    refuse(path.empty() ? where : fmt::format("{}, in {}", where, path), difference.expected,
           difference.found);
  }

  [[noreturn]] void refuse(const std::string& where, std::string_view expected,
                           std::string_view found) const {
    const std::string_view colon = where.empty() ? "" : ": ";
    throw FormatError(fmt::format("{}{}{}: expected {}, found {}", printable(file_name_, 300), colon, where,
                                  expected, found));
  }

 private:
  struct Open {
    ValueReader* reader = nullptr;
    bool is_array = false;
    bool has_key = false;
    std::size_t index = 0;  ///< of the element to come
    std::string key;
  };

  /// The field where the next value stands: "attention.mask.allow[2][0]".
  std::string place() const {
    std::string path;
    for (const Open& open : open_) {
      if (open.is_array) {
        path += fmt::format("[{}]", open.index);
      } else if (open.has_key) {
        if (!path.empty()) path += '.';
        path += open.key.empty() ? "\"\"" : printable(open.key);
      }
    }
    return path;
  }

  template <class Action>
  void guarded(Action action) {
    try {
      action();
    } catch (const ValueError& error) {
      std::string where = place() + error.place;
      if (where.starts_with('.')) where.erase(0, 1);
      refuse(where, error.expected, error.found);
    }
  }

  ValueReader& target() {
    if (!open_.empty() && open_.back().is_array) next_ = &open_.back().reader->element();
    return *next_;
  }

  void value_done() {
    if (open_.empty()) return;
    ++open_.back().index;
    open_.back().has_key = false;
  }

  template <class Action>
  bool scalar(Action action) {
    guarded([&] { action(target()); });
    value_done();
    return true;
  }

  bool open(bool is_array) {
    if (open_.size() >= nesting_) {
      refuse(printable(place(), 80), fmt::format("at most {} levels of nesting", nesting_), "more");
    }
    guarded([&] {
      ValueReader& reader = target();
      if (is_array) {
        reader.begin_array();
      } else {
        reader.begin_object();
      }
      next_ = &reader;
    });
    Open next;
    next.reader = next_;
    next.is_array = is_array;
    open_.push_back(std::move(next));
    return true;
  }

  bool close() {
    const Open closed = std::move(open_.back());
    open_.pop_back();
    guarded([&] {
      if (closed.is_array) {
        closed.reader->end_array();
      } else {
        closed.reader->end_object();
      }
    });
    value_done();
    return true;
  }

  std::string_view text_;
  std::string_view file_name_;
  std::size_t nesting_;
  ValueReader* next_;
  std::vector<Open> open_;
};

}  // namespace

float JsonNumber::to_float() const {
  switch (kind_) {
    case Kind::non_negative:
      return static_cast<float>(bits_);
    case Kind::negative:
      return static_cast<float>(negative_value());
    case Kind::text:
      return parse_number<float>(text_);
  }
  return 0.0f;
}

double JsonNumber::to_double() const {
  switch (kind_) {
    case Kind::non_negative:
      return static_cast<double>(bits_);
    case Kind::negative:
      return static_cast<double>(negative_value());
    case Kind::text:
      return parse_number<double>(text_);
  }
  return 0.0;
}

std::string JsonNumber::spelled() const {
  switch (kind_) {
    case Kind::non_negative:
      return fmt::format("{}", bits_);
    case Kind::negative:
      return negative_value() == 0 ? "-0" : fmt::format("{}", negative_value());
    case Kind::text:
      return std::string(text_);
  }
  return {};
}

std::string JsonNumber::shown() const { return printable(spelled(), 30); }

void ValueReader::string(std::string& value) { wrong_type(in_quotes(value)); }

// Both are only reached through begin_object and begin_array, which a reader overrides with them.
ValueReader& ValueReader::member(std::string&) { wrong_type("an object"); }
ValueReader& ValueReader::element() { wrong_type("an array"); }

void ValueReader::wrong_type(std::string found) const { throw ValueError{expected(), std::move(found)}; }

void read_json(std::string_view text, std::string_view file_name, std::size_t nesting, ValueReader& root) {
  Router router(text, file_name, nesting, root);
  // The parser takes a zero byte for the end of the input and would not look at what follows.
  if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    const LineColumn at = line_and_column(text, zero + 1);
    router.refuse(fmt::format("line {}, column {}", at.line, at.column), "text", "a zero byte");
  }
  nlohmann::json::sax_parse(CharacterIterator(text.data()), CharacterIterator(text.data() + text.size()),
                            &router);
}

}  // namespace attn::io
