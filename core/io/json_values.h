#pragma once
// Readers for the kinds of values that files of ours are made of. Each keeps what it read; `value` is
// empty, and `given` false, as long as the file did not have the field.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/json_reader.h"

namespace attn::io {

/// Of random numbers: what a JSON number can hold exactly in every reader.
inline constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 53) - 1;

/// Memory that the values of one file may take, counted while they are read.
class Budget {
 public:
  explicit Budget(std::uint64_t bytes) : bytes_(bytes), left_(bytes) {}
  /// Throws ValueError when the file asks for more.
  void take(std::uint64_t bytes);

 private:
  std::uint64_t bytes_;
  std::uint64_t left_;
};

class StringReader : public ValueReader {
 public:
  explicit StringReader(std::string what) : what_(std::move(what)) {}
  void string(std::string& text) override { value = std::move(text); }
  std::optional<std::string> value;

  std::string expected() const override { return what_; }

 private:
  std::string what_;
};

class BooleanReader : public ValueReader {
 public:
  void boolean(bool given) override { value = given; }
  std::optional<bool> value;

  std::string expected() const override { return "true or false"; }
};

/// An integer from `smallest` to `largest`, written without point and exponent.
class IntegerReader : public ValueReader {
 public:
  IntegerReader(std::uint64_t smallest, std::uint64_t largest) : smallest_(smallest), largest_(largest) {}
  void number(const JsonNumber& number) override;
  std::optional<std::uint64_t> value;

  std::string expected() const override;

 private:
  std::uint64_t smallest_;
  std::uint64_t largest_;
};

/// A number within the range of float32, kept as a double, for which `accepts` holds.
class NumberReader : public ValueReader {
 public:
  using Condition = bool (*)(double);
  explicit NumberReader(
      std::string what = "a number", Condition accepts = [](double) { return true; })
      : what_(std::move(what)), accepts_(accepts) {}
  void number(const JsonNumber& number) override;
  std::optional<double> value;

  std::string expected() const override { return what_; }

 private:
  std::string what_;
  Condition accepts_;
};

/// One word of a list. Enum is an enumeration with a name() for each value.
template <class Enum>
class WordReader : public ValueReader {
 public:
  explicit WordReader(std::vector<Enum> words) : words_(std::move(words)) {}
  void string(std::string& text) override {
    for (const Enum word : words_) {
      if (name(word) == text) {
        value = word;
        return;
      }
    }
    ValueReader::string(text);
  }
  std::optional<Enum> value;

  std::string expected() const override {
    std::string list;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (i != 0) list += i + 1 == words_.size() ? " or " : ", ";
      list += '"' + std::string(name(words_[i])) + '"';
    }
    return list;
  }

 private:
  std::vector<Enum> words_;
};

/// A list of strings, at most `max_count` of at most `max_bytes` each.
class LabelsReader : public ValueReader {
 public:
  LabelsReader(std::string what, std::size_t max_count, std::size_t max_bytes, Budget& budget)
      : what_(std::move(what)), max_count_(max_count), max_bytes_(max_bytes), budget_(budget) {}
  void begin_array() override;
  ValueReader& element() override { return *this; }
  void string(std::string& text) override;
  std::optional<std::vector<std::string>> value;

  std::string expected() const override { return value ? "a label in quotes" : what_; }

 private:
  std::string what_;
  std::size_t max_count_;
  std::size_t max_bytes_;
  Budget& budget_;
};

/// A list of true and false, kept as 1 and 0.
class BooleansReader : public ValueReader {
 public:
  BooleansReader(std::size_t max_count, Budget& budget) : max_count_(max_count), budget_(budget) {}
  void begin_array() override;
  ValueReader& element() override { return *this; }
  void boolean(bool visible) override;
  std::optional<std::vector<std::uint8_t>> value;

  std::string expected() const override { return value ? "true or false" : "a list of true and false"; }

 private:
  std::size_t max_count_;
  Budget& budget_;
};

/// An object whose fields are known. Fields that are not, that come twice, or that are required and
/// missing are refused.
class ObjectReader : public ValueReader {
 public:
  void begin_object() override { given = true; }
  ValueReader& member(std::string& key) override;
  void end_object() override;
  bool given = false;
  std::string expected() const override { return "an object"; }

 protected:
  enum class Need { optional, required };
  /// `reader` must live as long as this object.
  void add(std::string_view field, ValueReader& reader, Need need = Need::optional);

 private:
  struct Field {
    std::string_view name;
    ValueReader* reader;
    Need need;
    bool seen;
  };
  std::vector<Field> fields_;
};

/// Any object, kept as JSON text that means the same: fields in their order, numbers as they are spelled.
class AnyObjectReader : public ValueReader {
 public:
  explicit AnyObjectReader(Budget& budget) : budget_(budget) {}
  void null() override { write("null"); }
  void boolean(bool value) override { write(value ? "true" : "false"); }
  void number(const JsonNumber& number) override;
  void string(std::string& text) override;
  void begin_object() override;
  ValueReader& member(std::string& key) override;
  void end_object() override;
  void begin_array() override;
  ValueReader& element() override;
  void end_array() override;
  std::string json;  ///< empty when the field is absent

  std::string expected() const override { return "an object"; }

 private:
  void write(std::string_view text);
  void open(char bracket);
  void close(char bracket);

  Budget& budget_;
  std::vector<std::vector<std::string>> keys_;  ///< of the objects and arrays that are open
  std::vector<bool> is_empty_;
};

}  // namespace attn::io
