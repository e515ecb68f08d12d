#pragma once
// Formulas laid out as formulas: rows, indices, fractions, roots, parentheses and sums, with one colour
// a symbol, drawn straight into an ImDrawList. A formula is a small immutable tree of boxes.

#include <imgui.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/widgets/text.h"
#include "app/widgets/theme.h"

namespace attn::ui {

/// What a symbol belongs to; the theme gives the colour.
enum class Ink : std::uint8_t { text, quiet, q, k, v, accent };
inline constexpr std::size_t kInkCount = 6;

class Formula;
using Formulas = std::vector<Formula>;

class Formula {
 public:
  enum class Kind : std::uint8_t {
    upright,
    italic,
    mono,
    space,
    row,
    script,
    fraction,
    root,
    parentheses,
    sum
  };

  /// An empty row.
  Formula() : Formula(Kind::row, {}, Ink::text, {}) {}
  Formula(Kind kind, std::string text, Ink ink, Formulas parts, float em = 0.0f);

  Kind kind() const { return node_->kind; }
  Ink ink() const { return node_->ink; }
  const std::string& text() const { return node_->text; }
  const Formulas& parts() const { return node_->parts; }
  float em() const { return node_->em; }  ///< width of a space, in parts of the letter size
  bool empty() const { return kind() == Kind::row && parts().empty(); }

 private:
  struct Node {
    Kind kind;
    Ink ink;
    std::string text;
    Formulas parts;
    float em;
  };
  std::shared_ptr<const Node> node_;
};

/// Words and operators, upright: "softmax", "=", "head 1".
Formula word(std::string text, Ink ink = Ink::text);
/// A variable, in the italic formula face: α, q, d.
Formula symbol(std::string text, Ink ink = Ink::text);
/// A number, in the monospaced face.
Formula digits(std::string text, Ink ink = Ink::text);
/// Empty width, in parts of the letter size.
Formula space(float em);
Formula row(Formulas parts);
/// `base` with an index below and an exponent above; either may be an empty row.
Formula script(Formula base, Formula below, Formula above = {});
Formula fraction(Formula above, Formula below);
Formula root(Formula body);
Formula parentheses(Formula body);
/// Σ with its range under and over it, then the body.
Formula sum(Formula below, Formula above, Formula body);

using FormulaColours = std::array<Colour, kInkCount>;
FormulaColours formula_colours(const Theme& theme);

/// Extent around the baseline.
struct FormulaBox {
  float width = 0.0f;
  float ascent = 0.0f;
  float descent = 0.0f;
  float height() const { return ascent + descent; }
};

FormulaBox measure(const Formula& formula, const Text& text, float size);

/// Draws with the left end of the baseline at `origin`; returns what measure() gives.
FormulaBox draw(ImDrawList& list, const Formula& formula, const Text& text, float size,
                const FormulaColours& colours, ImVec2 origin);

}  // namespace attn::ui
