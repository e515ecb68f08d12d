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
    : w_q(widest(limits), widest(limits), budget),
      w_k(widest(limits), widest(limits), budget),
      w_v(widest(limits), widest(limits), budget),
      w_o(widest(limits), widest(limits), budget),
      b_q(widest(limits), budget),
      b_k(widest(limits), budget),
      b_v(widest(limits), budget),
      b_o(widest(limits), budget),
      bilinear(widest(limits), widest(limits), budget),
      additive(limits, budget) {
  add("w_q", w_q);
  add("w_k", w_k);
  add("w_v", w_v);
  add("w_o", w_o);
  add("b_q", b_q);
  add("b_k", b_k);
  add("b_v", b_v);
  add("b_o", b_o);
  add("bilinear", bilinear);
  add("additive", additive);
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
  matrix(ParameterId::w_q, w_q);
  matrix(ParameterId::w_k, w_k);
  matrix(ParameterId::w_v, w_v);
  matrix(ParameterId::w_o, w_o);
  vector(ParameterId::b_q, b_q);
  vector(ParameterId::b_k, b_k);
  vector(ParameterId::b_v, b_v);
  vector(ParameterId::b_o, b_o);
  matrix(ParameterId::bilinear, bilinear);
  matrix(ParameterId::additive_w_q, additive.w_q);
  matrix(ParameterId::additive_w_k, additive.w_k);
  vector(ParameterId::additive_v, additive.v);
  return out;
}

}  // namespace attn::io
