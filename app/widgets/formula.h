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
    sum,
    tagged
  };

  /// An empty row.
  Formula() : Formula(Kind::row, {}, Ink::text, {}) {}
  Formula(Kind kind, std::string text, Ink ink, Formulas parts, float em = 0.0f, std::size_t tag = 0);

  Kind kind() const { return node_->kind; }
  Ink ink() const { return node_->ink; }
  const std::string& text() const { return node_->text; }
  const Formulas& parts() const { return node_->parts; }
  float em() const { return node_->em; }  ///< width of a space, in parts of the letter size
  std::size_t tag() const { return node_->tag; }
  bool empty() const { return kind() == Kind::row && parts().empty(); }

 private:
  struct Node {
    Kind kind;
    Ink ink;
    std::string text;
    Formulas parts;
    float em;
    std::size_t tag;
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
/// One after the other on one baseline; rows inside become part of this one.
Formula row(Formulas parts);
/// `base` with an index below and an exponent above; either may be an empty row.
Formula script(Formula base, Formula below, Formula above = {});
Formula fraction(Formula above, Formula below);
Formula root(Formula body);
Formula parentheses(Formula body);
/// Σ with its range under and over it, then the body.
Formula sum(Formula below, Formula above, Formula body);

/// A part that the caller wants to find again on screen: a number that can be clicked.
Formula tagged(std::size_t tag, Formula body);

struct FormulaHit {
  std::size_t tag = 0;
  Rect rect;
};

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

/// Draws with the left end of the baseline at `origin`; returns what measure() gives. `hits`, where given,
/// gets the rectangles of tagged parts.
FormulaBox draw(ImDrawList& list, const Formula& formula, const Text& text, float size,
                const FormulaColours& colours, ImVec2 origin, std::vector<FormulaHit>* hits = nullptr);

/// The parts of a row in as many lines as the width asks for: broken before " + ", " = " and the like, which
/// are words that begin with a space. A part that is wider than the line stands alone and sticks out.
std::vector<Formula> break_lines(const Formula& formula, const Text& text, float size, float width);

}  // namespace attn::ui
