#include "app/widgets/formula.h"

#include <algorithm>
#include <utility>

namespace attn::ui {
namespace {

// Proportions of the letter size, chosen by eye against printed mathematics.
constexpr float kScriptSize = 0.72f;
constexpr float kFractionSize = 1.0f;  // as large as the line: it is read as well
constexpr float kSumSize = 1.35f;
constexpr float kSumRangeSize = 0.62f;
constexpr float kBelow = 0.22f;        // how far an index drops
constexpr float kAbove = 0.38f;        // how far an exponent rises
constexpr float kAxis = 0.27f;         // height of the fraction bar above the baseline
constexpr float kGap = 0.14f;          // around bars and beside parentheses
constexpr float kParenthesis = 0.22f;  // width of a drawn parenthesis
constexpr float kSpace = 0.36f;        // a space beside an operator
constexpr float kRootHook = 0.52f;     // width of the hook of a root
constexpr float kLeastSize = 9.0f;     // indices of indices stay legible

using Kind = Formula::Kind;

/// Lays a formula out and, when there is a list to draw into, draws it: one walk for both, so that what
/// is measured is what is drawn.
class Typesetter {
 public:
  Typesetter(const Text& text, ImDrawList* list, const FormulaColours* colours, std::vector<FormulaHit>* hits)
      : text_(text), list_(list), colours_(colours), hits_(hits) {}

  FormulaBox place(const Formula& formula, float size, ImVec2 at) const {
    size = std::max(size, kLeastSize);
    switch (formula.kind()) {
      case Kind::upright:
        return letters(formula, Face::formula, size, at);
      case Kind::italic:
        return letters(formula, Face::formula_italic, size, at);
      case Kind::mono:
        return letters(formula, Face::mono, size, at);
      case Kind::space:
        return {formula.em() * size, 0.0f, 0.0f};
      case Kind::row:
        return place_row(formula, size, at);
      case Kind::script:
        return place_script(formula, size, at);
      case Kind::fraction:
        return place_fraction(formula, size, at);
      case Kind::root:
        return place_root(formula, size, at);
      case Kind::parentheses:
        return place_parentheses(formula, size, at);
      case Kind::sum:
        return place_sum(formula, size, at);
      case Kind::tagged: {
        const FormulaBox b = place(formula.parts()[0], size, at);
        if (hits_ != nullptr) {
          hits_->push_back({formula.tag(), {{at.x, at.y - b.ascent}, {at.x + b.width, at.y + b.descent}}});
        }
        return b;
      }
    }
    return {};
  }

 private:
  FormulaBox box(const Formula& formula, float size) const {
    return Typesetter(text_, nullptr, nullptr, nullptr).place(formula, size, {0.0f, 0.0f});
  }
  ImU32 colour(Ink ink) const { return (*colours_)[static_cast<std::size_t>(ink)]; }
  void line(ImVec2 a, ImVec2 b, float thickness) const {
    if (list_ != nullptr) list_->AddLine(a, b, colour(Ink::text), thickness);
  }
  static float stroke(float size) { return std::max(1.0f, size * 0.055f); }

  FormulaBox letters(const Formula& formula, Face face, float size, ImVec2 at) const {
    const ImFont* font = text_.font(face, size);
    const float ascent = font->Ascent * size / font->FontSize;
    const TextLook look{face, size, list_ != nullptr ? colour(formula.ink()) : Colour{0}};
    // The formula face sets its spaces narrow: around operators they are as wide as in print.
    std::string_view words = formula.text();
    const float space = face == Face::formula ? kSpace * size : 0.0f;
    float before = 0.0f;
    float after = 0.0f;
    for (; space > 0 && words.starts_with(' '); words.remove_prefix(1)) before += space;
    for (; space > 0 && words.ends_with(' '); words.remove_suffix(1)) after += space;
    if (list_ != nullptr) text_.draw(*list_, {at.x + before, at.y - ascent}, look, words);
    return {before + text_.measure(look, words).x + after, ascent, -font->Descent * size / font->FontSize};
  }

  FormulaBox place_row(const Formula& formula, float size, ImVec2 at) const {
    FormulaBox all;
    for (const Formula& part : formula.parts()) {
      const FormulaBox b = place(part, size, {at.x + all.width, at.y});
      all.width += b.width;
      all.ascent = std::max(all.ascent, b.ascent);
      all.descent = std::max(all.descent, b.descent);
    }
    return all;
  }

  FormulaBox place_script(const Formula& formula, float size, ImVec2 at) const {
    FormulaBox all = place(formula.parts()[0], size, at);
    const float x = at.x + all.width + size * 0.03f;
    const FormulaBox below = place(formula.parts()[1], size * kScriptSize, {x, at.y + size * kBelow});
    const FormulaBox above = place(formula.parts()[2], size * kScriptSize, {x, at.y - size * kAbove});
    all.width = x - at.x + std::max(below.width, above.width);
    all.descent = std::max(all.descent, below.descent + (below.width > 0 ? size * kBelow : 0.0f));
    all.ascent = std::max(all.ascent, above.ascent + (above.width > 0 ? size * kAbove : 0.0f));
    return all;
  }

  FormulaBox place_fraction(const Formula& formula, float size, ImVec2 at) const {
    const float small = size * kFractionSize;
    const FormulaBox above = box(formula.parts()[0], small);
    const FormulaBox below = box(formula.parts()[1], small);
    const float gap = size * kGap;
    const float width = std::max(above.width, below.width) + 2 * gap;
    const float bar = at.y - size * kAxis;
    const float y_above = bar - gap * 0.4f - above.descent;
    const float y_below = bar + gap * 0.4f + below.ascent;
    place(formula.parts()[0], small, {at.x + (width - above.width) / 2, y_above});
    place(formula.parts()[1], small, {at.x + (width - below.width) / 2, y_below});
    line({at.x + gap * 0.3f, bar}, {at.x + width - gap * 0.3f, bar}, stroke(size));
    return {width, at.y - y_above + above.ascent, y_below + below.descent - at.y};
  }

  FormulaBox place_root(const Formula& formula, float size, ImVec2 at) const {
    const float hook = size * kRootHook;
    const FormulaBox body = place(formula.parts()[0], size, {at.x + hook, at.y});
    const float top = at.y - body.ascent;
    const float bottom = at.y + std::min(body.descent, size * 0.12f);
    if (list_ != nullptr) {
      const std::array points = {ImVec2(at.x, at.y - size * 0.28f),
                                 ImVec2(at.x + hook * 0.3f, at.y - size * 0.36f),
                                 ImVec2(at.x + hook * 0.55f, bottom), ImVec2(at.x + hook * 0.92f, top),
                                 ImVec2(at.x + hook + body.width, top)};
      list_->AddPolyline(points.data(), static_cast<int>(points.size()), colour(Ink::text), 0, stroke(size));
    }
    return {hook + body.width + size * 0.05f, body.ascent + stroke(size), body.descent};
  }

  FormulaBox place_parentheses(const Formula& formula, float size, ImVec2 at) const {
    const float width = size * kParenthesis;
    const float gap = size * 0.06f;
    const FormulaBox body = place(formula.parts()[0], size, {at.x + width + gap, at.y});
    const float top = at.y - body.ascent;
    const float bottom = at.y + body.descent;
    const float far_side = at.x + 2 * (width + gap) + body.width;
    parenthesis(at.x + width, at.x, top, bottom, size);
    parenthesis(far_side - width, far_side, top, bottom, size);
    return {far_side - at.x, body.ascent, body.descent};
  }
  void parenthesis(float ends, float belly, float top, float bottom, float size) const {
    if (list_ == nullptr) return;
    const float third = (bottom - top) / 3;
    list_->AddBezierCubic({ends, top}, {belly, top + third}, {belly, bottom - third}, {ends, bottom},
                          colour(Ink::text), stroke(size));
  }

  FormulaBox place_sum(const Formula& formula, float size, ImVec2 at) const {
    const Formula sign = word("Σ", formula.ink());
    const float big = size * kSumSize;
    const float range = size * kSumRangeSize;
    const FormulaBox sigma = box(sign, big);
    const FormulaBox below = box(formula.parts()[0], range);
    const FormulaBox above = box(formula.parts()[1], range);
    const float width = std::max({sigma.width, below.width, above.width});
    const float sign_y = at.y + big * 0.1f;
    place(sign, big, {at.x + (width - sigma.width) / 2, sign_y});
    // The letter's own box has air above and below the glyph; the range moves into it.
    const float y_below = sign_y + below.ascent + big * 0.02f;
    const float y_above = sign_y - big * 0.78f - above.descent;
    place(formula.parts()[0], range, {at.x + (width - below.width) / 2, y_below});
    place(formula.parts()[1], range, {at.x + (width - above.width) / 2, y_above});
    const float gap = size * kGap;
    const FormulaBox body = place(formula.parts()[2], size, {at.x + width + gap, at.y});
    float ascent = std::max(body.ascent, at.y - sign_y + big * 0.78f);
    float descent = std::max(body.descent, sign_y - at.y + big * 0.1f);
    if (above.width > 0) ascent = std::max(ascent, at.y - y_above + above.ascent);
    if (below.width > 0) descent = std::max(descent, y_below + below.descent - at.y);
    return {width + gap + body.width, ascent, descent};
  }

  const Text& text_;
  ImDrawList* list_;
  const FormulaColours* colours_;
  std::vector<FormulaHit>* hits_;
};

}  // namespace

Formula::Formula(Kind kind, std::string text, Ink ink, Formulas parts, float em, std::size_t tag)
    : node_(std::make_shared<const Node>(Node{kind, ink, std::move(text), std::move(parts), em, tag})) {}

Formula word(std::string text, Ink ink) { return {Kind::upright, std::move(text), ink, {}}; }
Formula symbol(std::string text, Ink ink) { return {Kind::italic, std::move(text), ink, {}}; }
Formula digits(std::string text, Ink ink) { return {Kind::mono, std::move(text), ink, {}}; }
Formula space(float em) { return {Kind::space, {}, Ink::text, {}, em}; }
Formula row(Formulas parts) {
  Formulas flat;
  for (Formula& part : parts) {
    if (part.kind() == Kind::row) {
      flat.insert(flat.end(), part.parts().begin(), part.parts().end());
    } else {
      flat.push_back(std::move(part));
    }
  }
  return {Kind::row, {}, Ink::text, std::move(flat)};
}
Formula script(Formula base, Formula below, Formula above) {
  return {Kind::script, {}, Ink::text, {std::move(base), std::move(below), std::move(above)}};
}
Formula fraction(Formula above, Formula below) {
  return {Kind::fraction, {}, Ink::text, {std::move(above), std::move(below)}};
}
Formula root(Formula body) { return {Kind::root, {}, Ink::text, {std::move(body)}}; }
Formula parentheses(Formula body) { return {Kind::parentheses, {}, Ink::text, {std::move(body)}}; }
Formula sum(Formula below, Formula above, Formula body) {
  return {Kind::sum, {}, Ink::text, {std::move(below), std::move(above), std::move(body)}};
}

Formula tagged(std::size_t tag, Formula body) {
  return {Kind::tagged, {}, Ink::text, {std::move(body)}, 0.0f, tag};
}

FormulaColours formula_colours(const Theme& theme) {
  return {theme.ink, theme.ink_muted, theme.q, theme.k, theme.v, theme.accent};
}

FormulaBox measure(const Formula& formula, const Text& text, float size) {
  return Typesetter(text, nullptr, nullptr, nullptr).place(formula, size, {0.0f, 0.0f});
}

FormulaBox draw(ImDrawList& list, const Formula& formula, const Text& text, float size,
                const FormulaColours& colours, ImVec2 origin, std::vector<FormulaHit>* hits) {
  return Typesetter(text, &list, &colours, hits).place(formula, size, origin);
}

std::vector<Formula> break_lines(const Formula& formula, const Text& text, float size, float width) {
  if (formula.kind() != Kind::row || measure(formula, text, size).width <= width) return {formula};
  const auto may_start_line = [](const Formula& part) {
    return part.kind() == Kind::upright && part.text().starts_with(' ') && part.text().size() > 1;
  };
  std::vector<Formula> lines;
  Formulas line;
  float used = 0.0f;
  const Formulas& parts = formula.parts();
  for (std::size_t i = 0; i < parts.size();) {
    // What holds together: from one possible break to the next.
    std::size_t end = i + 1;
    float needed = measure(parts[i], text, size).width;
    while (end < parts.size() && !may_start_line(parts[end]))
      needed += measure(parts[end++], text, size).width;
    if (!line.empty() && used + needed > width) {
      lines.push_back(row(std::exchange(line, {})));
      used = 0.0f;
    }
    line.insert(line.end(), parts.begin() + static_cast<std::ptrdiff_t>(i),
                parts.begin() + static_cast<std::ptrdiff_t>(end));
    used += needed;
    i = end;
  }
  if (!line.empty()) lines.push_back(row(std::move(line)));
  return lines;
}

}  // namespace attn::ui
