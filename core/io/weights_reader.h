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
  WeightReader w_q;
  WeightReader w_k;
  WeightReader w_v;
  WeightReader w_o;
  VectorReader b_q;
  VectorReader b_k;
  VectorReader b_v;
  VectorReader b_o;
  GridReader<float> bilinear;
  AdditiveReader additive;
};

}  // namespace attn::io
