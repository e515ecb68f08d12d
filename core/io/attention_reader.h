#pragma once
// Reads the `attention` object of a scenario: the settings.

#include "core/attention/config.h"
#include "core/io/json_grids.h"
#include "core/io/json_values.h"
#include "core/io/scenario.h"

namespace attn::io {

/// "none", "sqrt_dk" or a number.
class ScaleReader : public NumberReader {
 public:
  ScaleReader() : NumberReader("\"none\", \"sqrt_dk\" or a number") {}
  void string(std::string& text) override;
  Scale scale() const {
    if (value) return {Scale::Kind::number, *value};
    return {word, 1.0};
  }
  Scale::Kind word = Scale::Kind::none;
};

class MaskReader : public ObjectReader {
 public:
  MaskReader(const ParseLimits& limits, Budget& budget);
  MaskConfig build();

 private:
  BooleanReader causal_;
  IntegerReader window_;
  BooleansReader padding_;
  GridReader<std::uint8_t> allow_;
  NumberReader hidden_value_;
};

class DropoutReader : public ObjectReader {
 public:
  DropoutReader();
  NumberReader p;
  IntegerReader seed;
};

class AttentionReader : public ObjectReader {
 public:
  AttentionReader(const ParseLimits& limits, Budget& budget);
  /// What was read; defaults where the file was silent. Once only: lists are moved out.
  Config build();

 private:
  IntegerReader heads_;
  IntegerReader kv_heads_;
  WordReader<Score> score_;
  ScaleReader scale_;
  NumberReader temperature_;
  WordReader<Position> position_;
  MaskReader mask_;
  WordReader<Normalise> normalise_;
  WordReader<SoftmaxAxis> softmax_axis_;
  DropoutReader dropout_;
  WordReader<Combine> combine_;
  WordReader<AttendOver> attend_over_;
};

}  // namespace attn::io
