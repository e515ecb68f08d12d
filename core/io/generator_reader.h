#pragma once
// {"generator": …} where a scenario may list labels or rows.

#include <optional>
#include <string>

#include "core/io/generator.h"
#include "core/io/json_grids.h"
#include "core/io/json_values.h"

namespace attn::io {

/// The fields that both kinds of generators have. Fields that its kind does not use are refused.
class GeneratorReader : public ObjectReader {
 public:
  explicit GeneratorReader(std::size_t max_rows);
  void end_object() override;
  /// After end_object().
  Generator rows() const;

 private:
  WordReader<GeneratorKind> kind_;
  IntegerReader period_;
  IntegerReader position_;
};

class VectorGeneratorReader : public GeneratorReader {
 public:
  VectorGeneratorReader(std::size_t max_rows, std::size_t max_columns);
  VectorGenerator value() const { return {rows(), *columns_.value, seed_.value.value_or(0)}; }

 private:
  IntegerReader columns_;
  IntegerReader seed_;
};

class LabelGeneratorReader : public GeneratorReader {
 public:
  explicit LabelGeneratorReader(std::size_t max_rows);
  void end_object() override;
  LabelGenerator value() const { return {rows(), *count_.value}; }

 private:
  IntegerReader count_;
};

/// Labels, or the generator that makes them.
class TokensReader : public LabelsReader {
 public:
  TokensReader(std::size_t max_count, std::size_t max_bytes, Budget& budget)
      : LabelsReader("a list of labels", max_count, max_bytes, budget),
        generator_(max_count),
        labels_(budget) {}
  void begin_object() override;
  ValueReader& member(std::string& key) override { return generator_.member(key); }
  void end_object() override;
  std::optional<LabelGenerator> generator;  ///< `value` is then what it makes

 private:
  LabelGeneratorReader generator_;
  Budget& labels_;
};

/// A matrix, the name of a .npy file beside the scenario, or the generator that makes the matrix.
class InputMatrixReader : public GridReader<float> {
 public:
  InputMatrixReader(std::size_t max_rows, std::size_t max_columns, Budget& budget)
      : GridReader<float>(max_rows, max_columns, budget), generator_(max_rows, max_columns) {}
  void begin_object() override;
  ValueReader& member(std::string& key) override;
  void number(const JsonNumber& number) override;
  void begin_array() override;
  void string(std::string& text) override;
  void end_object() override;

  std::string npy;                           ///< empty when the matrix is in the scenario itself
  std::optional<VectorGenerator> generator;  ///< absent when it is not generated

  std::string expected() const override;

 private:
  bool in_object_ = false;
  bool npy_given_ = false;
  VectorGeneratorReader generator_;
};

}  // namespace attn::io
