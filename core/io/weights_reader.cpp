#include "core/io/weights_reader.h"

#include <algorithm>

namespace attn::io {

AdditiveReader::AdditiveReader(const ParseLimits& limits, Budget& budget)
    : w_q(widest(limits), widest(limits), budget),
      w_k(widest(limits), widest(limits), budget),
      v(widest(limits), budget) {
  add("w_q", w_q, Need::required);
  add("w_k", w_k, Need::required);
  add("v", v, Need::required);
}

WeightsReader::WeightsReader(const ParseLimits& limits, Budget& budget)
    : w_q_(widest(limits), widest(limits), budget),
      w_k_(widest(limits), widest(limits), budget),
      w_v_(widest(limits), widest(limits), budget),
      w_o_(widest(limits), widest(limits), budget),
      b_q_(widest(limits), budget),
      b_k_(widest(limits), budget),
      b_v_(widest(limits), budget),
      b_o_(widest(limits), budget),
      bilinear_(widest(limits), widest(limits), budget),
      additive_(limits, budget) {
  add("w_q", w_q_);
  add("w_k", w_k_);
  add("w_v", w_v_);
  add("w_o", w_o_);
  add("b_q", b_q_);
  add("b_k", b_k_);
  add("b_v", b_v_);
  add("b_o", b_o_);
  add("bilinear", bilinear_);
  add("additive", additive_);
}

Parameters WeightsReader::build() const {
  Parameters out;
  const auto matrix = [&](ParameterId id, const GridReader<float>& reader) {
    if (reader.given()) out[id] = SharedMatrix(reader.matrix());
  };
  const auto vector = [&](ParameterId id, const VectorReader& reader) {
    if (!reader.value) return;
    Matrix row(1, reader.value->size());
    std::copy(reader.value->begin(), reader.value->end(), row.data());
    out[id] = SharedMatrix(row);
  };
  matrix(ParameterId::w_q, w_q_);
  matrix(ParameterId::w_k, w_k_);
  matrix(ParameterId::w_v, w_v_);
  matrix(ParameterId::w_o, w_o_);
  vector(ParameterId::b_q, b_q_);
  vector(ParameterId::b_k, b_k_);
  vector(ParameterId::b_v, b_v_);
  vector(ParameterId::b_o, b_o_);
  matrix(ParameterId::bilinear, bilinear_);
  matrix(ParameterId::additive_w_q, additive_.w_q);
  matrix(ParameterId::additive_w_k, additive_.w_k);
  vector(ParameterId::additive_v, additive_.v);
  return out;
}

}  // namespace attn::io
