#include "app/panels/vectors_readout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/widgets/formula_names.h"
#include "app/widgets/number_format.h"
#include "app/widgets/pipeline.h"

namespace attn::ui {
namespace {

using session::VectorKind;

std::vector<float> row_of(const session::Subject& subject, Stage stage, std::size_t row) {
  const Trace& trace = *subject.trace;
  const StageShape shape = trace.shape(stage);
  if (row >= shape.rows) return {};
  const Read read = trace.read(stage, shown_head(subject, stage), {row, 0, 1, shape.columns});
  if (!read.ready()) return {};
  const auto values = read.values.row(0);
  return {values.begin(), values.end()};
}

double length_of(std::span<const float> vector) {
  double sum = 0.0;
  for (const float value : vector) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

/// The name of a vector, in its colour: "cat", or "q cat".
class Names {
 public:
  /// No name is wider than `widest`.
  Names(const PanelContext& context, const session::Subject& subject, float widest)
      : context_(context), input_(subject.trace->input()), widest_(widest) {}

  Runs operator()(Stage stage, std::size_t row) const {
    const bool letter = stage == Stage::q || stage == Stage::k || stage == Stage::v;
    const Colour ink = letter ? colour_of(context_.colours(), stage) : context_.colours().ink;
    Runs runs;
    if (letter) {
      runs.push_back({stage == Stage::q   ? "q "
                      : stage == Stage::k ? "k "
                                          : "v ",
                      context_.look(TextSize::body, ink, Face::formula_italic), 0.0f});
    }
    const TextLook look = context_.look(TextSize::body, ink, Face::sans_bold);
    runs.push_back({context_.text.ellipsis(look, row_word(input_, stage, row), widest_), look, 0.0f});
    return runs;
  }

 private:
  const PanelContext& context_;
  const Input& input_;
  float widest_;
};

void append(Runs& runs, const Runs& more) { runs.insert(runs.end(), more.begin(), more.end()); }

}  // namespace

VectorMeasures measure_vectors(std::span<const float> first, std::span<const float> second) {
  VectorMeasures m;
  m.first_length = length_of(first);
  m.second_length = length_of(second);
  for (std::size_t c = 0; c < first.size(); ++c)
    m.dot += static_cast<double>(first[c]) * static_cast<double>(second[c]);
  const double lengths = m.first_length * m.second_length;
  if (lengths > 0.0) {
    m.cosine = std::clamp(m.dot / lengths, -1.0, 1.0);
    m.degrees = std::acos(*m.cosine) * 180.0 / std::numbers::pi;
  }
  return m;
}

VectorPair compared(const session::Subject& subject, const Hover& hover, const VectorsScene& scene) {
  const CellRef& cell = subject.view.selection;
  const bool table =
      is_score_like(cell.stage) && subject.trace->input().config.attend_over == AttendOver::tokens;
  const std::size_t asking = hover.query && hover.key ? *hover.query : cell.row;
  std::optional<std::size_t> answering = table ? std::optional(cell.column) : std::nullopt;
  if (hover.key) answering = hover.key;
  const bool own_side = hover.query && !hover.key;  // another word of the asking side is hovered
  switch (scene.kind()) {
    case VectorKind::q:
    case VectorKind::k:
      if (own_side && scene.kind() == VectorKind::q) return {Stage::q, cell.row, Stage::q, hover.query};
      return {Stage::q, asking, Stage::k, answering};
    case VectorKind::v:
    case VectorKind::source: {
      const Stage stage = scene.kind() == VectorKind::v ? Stage::v : Stage::source_x;
      const std::size_t selected = table ? cell.column : cell.row;
      return {stage, selected, stage, hover.key};
    }
    default:
      break;
  }
  if (own_side) return {Stage::x, cell.row, Stage::x, hover.query};
  const bool source = subject.trace->input().source.has_value();
  return {Stage::x, asking, source ? Stage::source_x : Stage::x, answering};
}

float readout_height(const PanelContext& context) {
  return 2.0f * std::round(context.style.text(TextSize::body) * 1.45f);
}

void draw_readout(const session::Subject& subject, PanelContext& context, const VectorsScene& scene,
                  const Rect& area) {
  const VectorPair pair = compared(subject, context.hover, scene);
  if (!scene.known(pair.first_stage, pair.first)) return;
  const std::vector<float> first = row_of(subject, pair.first_stage, pair.first);
  if (first.empty()) return;
  const int decimals = std::min(2, context.session.settings().decimals);
  const TextLook words = context.look(TextSize::body);
  const TextLook digits{Face::mono, words.px * 0.94f, words.colour};
  const auto plain = [&](std::string_view text) { return Runs{{std::string(text), words, 0.0f}}; };
  /// "≈ 0.98", the sign in the face of words.
  const auto relation = [&](const std::string& text) {
    const std::size_t space = text.find(' ');
    return Runs{{text.substr(0, space + 1), words, 0.0f}, {text.substr(space + 1), digits, 0.0f}};
  };
  const auto number = [&](double value) { return relation(after_sign(value, decimals)); };
  Rect rest = area;
  const Rect top = rest.cut_top(area.height() / 2);
  std::vector<float> second;
  const bool other =
      pair.second && (pair.second_stage != pair.first_stage || *pair.second != pair.first) &&
      scene.known(pair.second_stage, *pair.second) &&
      // what a lesson asks for is not told here
      !subject.playhead.veil().hides({Stage::scores, subject.view.head, pair.first, *pair.second});
  if (other) second = row_of(subject, pair.second_stage, *pair.second);
  const bool compare = second.size() == first.size();  // vectors of two widths have no angle
  const VectorMeasures m = compare ? measure_vectors(first, second) : VectorMeasures{};
  const auto lengths_line = [&](const Names& name) {
    const auto length = [&](Stage stage, std::size_t row, double value) {
      Runs runs = plain("|");
      append(runs, name(stage, row));
      append(runs, plain("| "));
      append(runs, number(value));
      return runs;
    };
    Runs line = length(pair.first_stage, pair.first, length_of(first));
    if (!compare) return line;
    append(line, plain("   "));
    append(line, length(pair.second_stage, *pair.second, m.second_length));
    return line;
  };
  const auto product_line = [&](const Names& name) {
    Runs product = name(pair.first_stage, pair.first);
    append(product, plain(" · "));
    append(product, name(pair.second_stage, *pair.second));
    append(product, plain(" "));
    append(product, number(m.dot));
    if (m.cosine) {
      // cos 36.9° ≈ 0.8: an equation only where neither of the two was rounded.
      const std::string degrees = format_number(m.degrees, 1);
      std::string value = after_sign(*m.cosine, decimals);
      if (!is_shown_exactly(m.degrees, 1) && value.starts_with('=')) value.replace(0, 1, "≈");
      append(product, plain("   cos "));
      append(product, {{degrees + "°", digits, 0.0f}, {" ", words, 0.0f}});
      append(product, relation(value));
    } else {
      append(product, plain("   "));
      append(product, {{std::string(context.tr("no angle: a vector of zeros")),
                        context.look(TextSize::body, context.colours().ink_muted), 0.0f}});
    }
    return product;
  };
  /// Names give way to the numbers behind them.
  const auto draw_fitting = [&](const Rect& where, const auto& make) {
    float widest = context.style.px(90);
    Runs line = make(Names(context, subject, widest));
    while (context.text.measure(line).x > where.width() && widest > context.style.px(28)) {
      widest *= 0.85f;
      line = make(Names(context, subject, widest));
    }
    context.text.draw_in(*context.list, where, line);
  };
  draw_fitting(top, lengths_line);
  if (compare) draw_fitting(rest, product_line);
}

}  // namespace attn::ui
