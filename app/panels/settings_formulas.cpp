#include "app/panels/settings_formulas.h"

namespace attn::ui {
namespace {

Formula q() { return symbol("q", Ink::q); }
Formula k() { return symbol("k", Ink::k); }
Formula s() { return symbol("s"); }
Formula indexed(const std::string& letter, const std::string& index, Ink ink = Ink::text) {
  return script(symbol(letter, ink), symbol(index, ink));
}
Formula length(Formula of) { return row({word("|"), space(0.08f), std::move(of), space(0.08f), word("|")}); }
Formula power(Formula of) { return script(symbol("e"), {}, std::move(of)); }
Formula matrix(const std::string& letter, const std::string& index, Ink ink) {
  return script(symbol(letter, ink), word(index, ink));
}
Formula over_sum(const Formula& exponent) {
  return fraction(power(exponent), row({word("Σ"), space(0.1f), power(exponent)}));
}
/// Σ over `index` of α_ij = 1
Formula sums_to_one(const std::string& index) {
  return row({sum(symbol(index), {}, indexed("α", "ij")), word(" = "), digits("1")});
}

}  // namespace

Formula width_symbol(const std::string& index, Ink ink) { return script(symbol("d", ink), word(index, ink)); }

Formula formula_of(Score score) {
  switch (score) {
    case Score::dot:
      return row({q(), word("·"), k()});
    case Score::cosine:
      return row({word("cos"), parentheses(row({q(), word(", "), k()}))});
    case Score::additive:
      return row(
          {symbol("v"), word("·tanh"),
           parentheses(row({q(), matrix("W", "q", Ink::q), word(" + "), k(), matrix("W", "k", Ink::k)}))});
    case Score::bilinear:
      return row({q(), symbol("W"), script(k(), {}, word("T", Ink::k))});
  }
  return {};
}

Formula cosine_formula() {
  return row({word("cos"), parentheses(row({q(), word(", "), k()})), word(" = "),
              fraction(row({q(), word("·"), k()}), row({length(q()), space(0.3f), length(k())}))});
}

Formula formula_of(Scale::Kind kind) {
  switch (kind) {
    case Scale::Kind::none:
      return s();
    case Scale::Kind::sqrt_dk:
      return row({s(), word(" ÷ "), root(width_symbol("k"))});
    case Scale::Kind::number:
      return row({symbol("c"), word("·"), s()});
  }
  return {};
}

Formula temperature_formula() { return fraction(s(), symbol("T")); }

Formula formula_of(Position position) {
  switch (position) {
    case Position::none:
      return {};
    case Position::sinusoidal:
      return row({indexed("x", "i"), word(" + "), indexed("p", "i")});
    case Position::rope:
      return row({indexed("R", "i"), q(), word("·"), indexed("R", "j"), k()});
    case Position::alibi:
      return row({s(), word(" − "), symbol("m"), length(row({symbol("i"), word(" − "), symbol("j")}))});
  }
  return {};
}

Formula formula_of(Normalise normalise) {
  const Formula shifted = row({s(), word("−"), word("max")});
  switch (normalise) {
    case Normalise::softmax:
      return over_sum(shifted);
    case Normalise::softmax_without_max:
      return over_sum(s());
    case Normalise::none:
      return row({symbol("α"), word(" = "), s()});
  }
  return {};
}

Formula formula_of(SoftmaxAxis axis) { return sums_to_one(axis == SoftmaxAxis::keys ? "j" : "i"); }

Formula formula_of(Combine combine) {
  const Formula first = script(symbol("h"), digits("1"));
  const Formula second = script(symbol("h"), digits("2"));
  if (combine == Combine::concat) return row({word("["), first, space(0.35f), second, word(" …]")});
  return row({fraction(digits("1"), symbol("h")), word("("), first, word(" + "), second, word(" + …)")});
}

Formula formula_of(AttendOver attend_over) {
  if (attend_over == AttendOver::tokens)
    return row({symbol("Q", Ink::q), script(symbol("K", Ink::k), {}, word("T", Ink::k))});
  return row({script(symbol("Q", Ink::q), {}, word("T", Ink::q)), symbol("K", Ink::k)});
}

Formula causal_formula() { return row({symbol("j"), word(" ≤ "), symbol("i")}); }

Formula window_formula() {
  return row({length(row({symbol("i"), word(" − "), symbol("j")})), word(" ≤ "), symbol("w")});
}

Formula dropout_formula() {
  return row({symbol("α′"), word(" = "), fraction(symbol("α"), row({digits("1"), word(" − "), symbol("p")})),
              word(" / "), digits("0")});
}

Formula heads_formula() {
  return row({matrix("W", "Q", Ink::q), word(": "), width_symbol("model"), word(" × "), symbol("h"),
              word("·"), width_symbol("k")});
}

Formula kv_heads_formula() {
  return row({matrix("W", "K", Ink::k), word(": "), width_symbol("source"), word(" × "), symbol("g"),
              word("·"), width_symbol("k")});
}

Formula self_formula() {
  return row({symbol("Q", Ink::q), word(", "), symbol("K", Ink::k), word(", "), symbol("V", Ink::v),
              word(" ← "), symbol("X")});
}

Formula cross_formula() {
  return row({symbol("Q", Ink::q), word(" ← "), symbol("X"), word(",  "), symbol("K", Ink::k), word(", "),
              symbol("V", Ink::v), word(" ← "), symbol("Z")});
}

}  // namespace attn::ui
