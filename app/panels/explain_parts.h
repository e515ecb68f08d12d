#pragma once
// The parts of "where it comes from", from top to bottom: the cells that were asked about, the number, its
// steps, why it is hidden, what it does to the output. Each draws below the one before.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/formula_explain.h"
#include "app/widgets/formula_steps.h"
#include "app/widgets/head_parts.h"

namespace attn::ui {

/// What is kept from frame to frame, for one explained cell.
struct ExplainMemory {
  CellRef shown;
  std::vector<std::optional<std::size_t>> pages;  ///< first term of every step's sum; absent: not turned yet
  std::size_t effects = 0;                        ///< first of the words in "what it does"
  HeadPartsMemory parts;
};

/// What all parts share in a frame: the cell, how numbers are written, and how far down it has been drawn.
struct ExplainView {
  ExplainView(const session::Subject& subject, PanelContext& context, Explainer& explainer,
              ExplainMemory& memory, const Rect& area);

  const Style& style() const { return context.style; }
  const Theme& colours() const { return context.colours(); }
  void paragraph(std::string_view text, Colour colour);
  /// How numbers are written here.
  StepOptions step_options() const;
  Formula symbol_of(const CellRef& of) const;
  std::string symbol_text(const CellRef& of) const;
  std::string sentence(const CellRef& of) const { return cell_sentence(context, input, of, features); }

  const session::Subject& subject;
  PanelContext& context;
  Explainer& explainer;
  ExplainMemory& memory;
  Rect area;
  float y;  ///< where the next part begins
  const Input& input;
  CellRef cell;
  int decimals;
  ExactValues* exact;  ///< null: decimals
  Conventions conventions;
  std::span<const std::string> features;
};

/// The selected cell, the cells asked about after it, and the way back. Nothing where the selection itself is
/// explained.
void draw_explain_trail(ExplainView& view);
/// The number, large, with its sentence and where its matrix or vector comes from.
void draw_explained_number(ExplainView& view);
/// One step in its box. The last one is framed: it gives the number.
void draw_explain_step(ExplainView& view, const ExplainStep& step, std::size_t index, bool last);
/// One line a mask that hides this cell, with its hatching.
void draw_hiding_masks(ExplainView& view);
/// What a row of attention weights does to the output: each word's value, and how long it arrives there.
void draw_effects(ExplainView& view);

}  // namespace attn::ui
