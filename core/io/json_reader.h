#pragma once
// Reading JSON as a stream of typed values. A file never becomes a tree in memory: every value goes to
// the reader of the field where it stands, which refuses at once what does not belong there.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace attn::io {

/// A number as the file spells it. JSON has one kind of number; here an integer is one that is written
/// without point and exponent.
class JsonNumber {
 public:
  static JsonNumber from_unsigned(std::uint64_t value) { return {Kind::non_negative, value, {}}; }
  /// Below zero, or the integer -0.
  static JsonNumber from_negative(std::int64_t value) {
    return {Kind::negative, static_cast<std::uint64_t>(value), {}};
  }
  /// Written with point or exponent, or an integer past 64 bits. `spelled` must outlive this object.
  static JsonNumber from_text(std::string_view spelled) { return {Kind::text, 0, spelled}; }

  /// An integer from 0 to 2^64 − 1. "-0" is none.
  bool is_unsigned() const { return kind_ == Kind::non_negative; }
  std::uint64_t unsigned_value() const { return bits_; }

  /// The nearest float32 or double; ±infinity where the number is past the type. What is closer to zero
  /// than the type's smallest number is 0.
  float to_float() const;
  double to_double() const;
  /// As the file has it.
  std::string spelled() const;
  /// The same for a message: never too long.
  std::string shown() const;

 private:
  enum class Kind { non_negative, negative, text };
  JsonNumber(Kind kind, std::uint64_t bits, std::string_view text) : kind_(kind), bits_(bits), text_(text) {}
  std::int64_t negative_value() const { return static_cast<std::int64_t>(bits_); }

  Kind kind_;
  std::uint64_t bits_;
  std::string_view text_;
};

/// What a reader throws: read_json puts file and field in front. `place` goes on from the reader's own
/// place (".tokens", "[3]"), and is mostly empty.
struct ValueError {
  std::string expected;
  std::string found;
  std::string place = {};
};

/// Receives one value. Everything that is not overridden is a wrong type and throws ValueError.
class ValueReader {
 public:
  ValueReader() = default;
  ValueReader(const ValueReader&) = delete;
  ValueReader& operator=(const ValueReader&) = delete;
  virtual ~ValueReader() = default;

  virtual void null() { wrong_type("null"); }
  virtual void boolean(bool value) { wrong_type(value ? "true" : "false"); }
  virtual void number(const JsonNumber& value) { wrong_type(value.shown()); }
  /// `value` may be moved from.
  virtual void string(std::string& value);

  virtual void begin_object() { wrong_type("an object"); }
  /// The reader of the value that follows `key`, which may be moved from.
  virtual ValueReader& member(std::string& key);
  virtual void end_object() {}

  virtual void begin_array() { wrong_type("an array"); }
  /// The reader of the array's next element. An empty array never asks.
  virtual ValueReader& element();
  virtual void end_array() {}

  /// What this reader takes, to complete "expected …": "a list of labels".
  virtual std::string expected() const = 0;

 protected:
  [[noreturn]] void wrong_type(std::string found) const;
};

/// Sends the value that `text` holds to `root`. A byte order mark in front is passed over.
/// `nesting` is how many objects and arrays may be open at a time.
/// Throws FormatError: `file_name` and field for what a reader refuses, for null where none is taken,
/// for numbers past double and for NaN and Infinity; `file_name`, line and column for broken syntax.
void read_json(std::string_view text, std::string_view file_name, std::size_t nesting, ValueReader& root);

}  // namespace attn::io
