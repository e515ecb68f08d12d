#include "core/io/generator_reader.h"

#include <utility>

#include <fmt/format.h>

#include "core/io/text.h"

namespace attn::io {
namespace {

constexpr std::size_t kBytesOfLabel = 48;

}  // namespace

GeneratorReader::GeneratorReader(std::size_t max_rows)
    : kind_({kGeneratorKinds.begin(), kGeneratorKinds.end()}),
      period_(1, max_rows),
      position_(0, max_rows - 1) {
  add("generator", kind_, Need::required);
  add("period", period_);
  add("position", position_);
}

void GeneratorReader::end_object() {
  ObjectReader::end_object();
  const auto belongs = [&](const IntegerReader& reader, std::string_view field, GeneratorKind kind) {
    const bool wanted = *kind_.value == kind;
    if (wanted == reader.value.has_value()) return;
    const std::string expected = wanted ? fmt::format("the field {} of \"{}\"", field, name(kind))
                                        : fmt::format("the field {} only in \"{}\"", field, name(kind));
    throw ValueError{expected, wanted ? "nothing" : fmt::format("\"{}\"", name(*kind_.value))};
  };
  belongs(period_, "period", GeneratorKind::repeated);
  belongs(position_, "position", GeneratorKind::needle);
}

Generator GeneratorReader::rows() const {
  return {*kind_.value, period_.value.value_or(0), position_.value.value_or(0)};
}

VectorGeneratorReader::VectorGeneratorReader(std::size_t max_rows, std::size_t max_columns)
    : GeneratorReader(max_rows), columns_(1, max_columns), seed_(0, kLargestSeed) {
  add("columns", columns_, Need::required);
  add("seed", seed_);
}

LabelGeneratorReader::LabelGeneratorReader(std::size_t max_rows)
    : GeneratorReader(max_rows), count_(1, max_rows) {
  add("count", count_, Need::required);
}

void LabelGeneratorReader::end_object() {
  GeneratorReader::end_object();
  if (rows().kind == GeneratorKind::needle && rows().position + 1 >= *count_.value) {
    throw ValueError{fmt::format("a position before the last of {} labels", *count_.value),
                     fmt::format("{}", rows().position)};
  }
}

void TokensReader::begin_object() {
  if (value || generator_.given) wrong_type("an object");
  generator_.begin_object();
}

void TokensReader::end_object() {
  generator_.end_object();
  generator = generator_.value();
  labels_.take(generator->count * kBytesOfLabel);
  value = generate(*generator);
}

void InputMatrixReader::begin_object() {
  if (given() || in_object_) wrong_type("an object");
  in_object_ = true;
}

ValueReader& InputMatrixReader::member(std::string& key) {
  if (key == "npy" && !generator_.given) {
    if (npy_given_) throw ValueError{"the field once", "it repeated"};
    npy_given_ = true;
    return *this;
  }
  if (npy_given_) throw ValueError{"the field npy alone", in_quotes(key)};
  if (!generator_.given && key != "generator") throw ValueError{"the field npy or generator", in_quotes(key)};
  generator_.given = true;
  return generator_.member(key);
}

void InputMatrixReader::number(const JsonNumber& number) {
  if (in_object_) wrong_type(number.shown());
  GridReader<float>::number(number);
}

void InputMatrixReader::begin_array() {
  if (in_object_) wrong_type("an array");
  GridReader<float>::begin_array();
}

void InputMatrixReader::string(std::string& text) {
  if (!in_object_) wrong_type(in_quotes(text));
  const bool has_path =
      text.find_first_of("/\\:") != std::string::npos || text.find('\0') != std::string::npos;
  if (text.empty() || has_path || text == "." || text == "..") {
    throw ValueError{"the name of a file beside the scenario, without a path", in_quotes(text)};
  }
  npy = std::move(text);
}

void InputMatrixReader::end_object() {
  if (generator_.given) {
    generator_.end_object();
    generator = generator_.value();
  } else if (!npy_given_) {
    throw ValueError{"the field npy or generator", "nothing"};
  }
}

std::string InputMatrixReader::expected() const {
  if (in_object_) return "the name of a .npy file in quotes";
  return given() ? GridReader<float>::expected()
                 : "rows of numbers or {\"npy\": \"file\"} or {\"generator\": …}";
}

}  // namespace attn::io
