#include "core/io/json_values.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/io/text.h"

namespace attn::io {

void Budget::take(std::uint64_t bytes) {
  if (bytes > left_) {
    throw ValueError{fmt::format("values that take at most {} bytes of memory", bytes_), "more"};
  }
  left_ -= bytes;
}

void IntegerReader::number(const JsonNumber& number) {
  if (!number.is_unsigned()) wrong_type(number.shown());
  const std::uint64_t given = number.unsigned_value();
  if (given < smallest_ || given > largest_) wrong_type(number.shown());
  value = given;
}

std::string IntegerReader::expected() const {
  if (smallest_ == largest_) return fmt::format("the integer {}", smallest_);
  return fmt::format("an integer from {} to {}", smallest_, largest_);
}

void NumberReader::number(const JsonNumber& number) {
  if (!std::isfinite(number.to_float())) {
    throw ValueError{"a number within the range of float32", number.shown()};
  }
  const double given = number.to_double();
  if (!accepts_(given)) wrong_type(number.shown());
  value = given;
}

void LabelsReader::begin_array() {
  if (value) wrong_type("an array");
  value.emplace();
}

void LabelsReader::string(std::string& text) {
  if (!value) wrong_type(in_quotes(text));
  if (text.size() > max_bytes_) {
    throw ValueError{fmt::format("a label of at most {} bytes", max_bytes_),
                     fmt::format("{} bytes", text.size())};
  }
  if (value->size() == max_count_) throw ValueError{fmt::format("at most {} labels", max_count_), "more"};
  budget_.take(sizeof(std::string) + text.size());
  value->push_back(std::move(text));
}

void BooleansReader::begin_array() {
  if (value) wrong_type("an array");
  value.emplace();
}

void BooleansReader::boolean(bool given) {
  if (!value) wrong_type(given ? "true" : "false");
  if (value->size() == max_count_) throw ValueError{fmt::format("at most {} booleans", max_count_), "more"};
  budget_.take(1);
  value->push_back(given ? 1 : 0);
}

void ObjectReader::add(std::string_view field, ValueReader& reader, Need need) {
  fields_.push_back({field, &reader, need, false});
}

ValueReader& ObjectReader::member(std::string& key) {
  const auto field =
      std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == key; });
  if (field == fields_.end()) {
    std::string known;
    for (const Field& f : fields_) {
      if (!known.empty()) known += ", ";
      known += f.name;
    }
    throw ValueError{"one of the fields " + known, in_quotes(key)};
  }
  if (field->seen) throw ValueError{"the field once", "it repeated"};
  field->seen = true;
  return *field->reader;
}

void ObjectReader::end_object() {
  for (const Field& f : fields_) {
    if (f.need == Need::required && !f.seen) {
      throw ValueError{f.reader->expected(), "nothing", "." + std::string(f.name)};
    }
  }
}

void AnyObjectReader::write(std::string_view text) {
  if (keys_.empty()) wrong_type(printable(text));
  budget_.take(text.size());
  json += text;
}

void AnyObjectReader::number(const JsonNumber& number) { write(number.spelled()); }

void AnyObjectReader::string(std::string& text) { write(json_string(text)); }

void AnyObjectReader::open(char bracket) {
  budget_.take(64);
  json += bracket;
  keys_.emplace_back();
  is_empty_.push_back(true);
}

void AnyObjectReader::close(char bracket) {
  json += bracket;
  keys_.pop_back();
  is_empty_.pop_back();
}

void AnyObjectReader::begin_object() { open('{'); }

void AnyObjectReader::end_object() {
  // Sorted once at the end: as fast for a million fields, whatever their names, as for three.
  std::vector<std::string>& keys = keys_.back();
  std::sort(keys.begin(), keys.end());
  const auto repeated = std::adjacent_find(keys.begin(), keys.end());
  if (repeated != keys.end()) throw ValueError{"the field once", "it repeated", "." + printable(*repeated)};
  close('}');
}

ValueReader& AnyObjectReader::member(std::string& key) {
  budget_.take(64 + 2 * key.size());
  if (!is_empty_.back()) json += ", ";
  is_empty_.back() = false;
  append_json_string(json, key);
  json += ": ";
  keys_.back().push_back(std::move(key));
  return *this;
}

void AnyObjectReader::begin_array() {
  if (keys_.empty()) wrong_type("an array");
  open('[');
}

ValueReader& AnyObjectReader::element() {
  if (!is_empty_.back()) json += ", ";
  is_empty_.back() = false;
  return *this;
}

void AnyObjectReader::end_array() { close(']'); }

}  // namespace attn::io
