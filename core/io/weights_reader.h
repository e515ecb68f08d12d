#pragma once
// Reads the `weights` object of a scenario: the parameters.

#include "core/attention/input.h"
#include "core/io/json_grids.h"
#include "core/io/json_values.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::io {

/// No parameter is larger than this on a side: all heads of the widest model.
inline std::size_t widest(const ParseLimits& limits) { return limits.heads * limits.d_model; }

/// A matrix, or "identity".
class WeightReader : public GridReader<float> {
 public:
  using GridReader<float>::GridReader;
  void string(std::string& text) override {
    if (given() || text != "identity") wrong_type(in_quotes(text));
  }

  std::string expected() const override {
    return given() ? GridReader<float>::expected() : "rows of numbers or \"identity\"";
  }
};

class AdditiveReader : public ObjectReader {
 public:
  AdditiveReader(const ParseLimits& limits, Budget& budget);
  GridReader<float> w_q;
  GridReader<float> w_k;
  VectorReader v;
};

class WeightsReader : public ObjectReader {
 public:
  WeightsReader(const ParseLimits& limits, Budget& budget);
  Parameters build() const;

 private:
  WeightReader w_q_;
  WeightReader w_k_;
  WeightReader w_v_;
  WeightReader w_o_;
  VectorReader b_q_;
  VectorReader b_k_;
  VectorReader b_v_;
  VectorReader b_o_;
  GridReader<float> bilinear_;
  AdditiveReader additive_;
};

}  // namespace attn::io
