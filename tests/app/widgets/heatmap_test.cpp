#include "app/widgets/heatmap.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/backend.h"

using namespace attn;
using namespace attn::ui;

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

/// (1,2), (2,3), (3,4), identity projections; raw scores 5 to 25.
Input map_input() {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"x1", "x2", "x3"});
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {3, 4}});
  return input;
}

std::shared_ptr<const Trace> map_trace(const Input& input, std::uint64_t revision = 1) {
  RunOptions options;
  options.revision = revision;
  return make_cpu_backend()->run(input, options).trace;
}

}  // namespace

TEST_CASE("raw, scaled and masked scores share one range around 0, so that scaling is seen as fading") {
  Input input = map_input();
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  const auto trace = map_trace(input);
  const ColourScale raw = colour_scale(*trace, Stage::scores, ThemeKind::light, true);
  CHECK(raw.low == -25.0);
  CHECK(raw.high == 25.0);
  CHECK(colour_scale(*trace, Stage::scaled, ThemeKind::light, true) == raw);
  CHECK(colour_scale(*trace, Stage::masked, ThemeKind::light, true) == raw);
  const ColourScale alone = colour_scale(*trace, Stage::scaled, ThemeKind::light, false);
  CHECK(alone.high == doctest::Approx(25.0 / std::sqrt(2.0)));
}

TEST_CASE("attention weights run from 0 to 1 whatever they are") {
  const auto trace = map_trace(map_input());
  const ColourScale shares = colour_scale(*trace, Stage::weights, ThemeKind::dark, true);
  CHECK(shares.low == 0.0);
  CHECK(shares.high == 1.0);
  CHECK(shares.at(0.0) == cividis(0.0));
  CHECK(shares.at(1.0) == cividis(1.0));
}

TEST_CASE("what stands in for a hidden score does not stretch the range") {
  Input input = map_input();
  input.config.mask.causal = true;
  input.config.mask.hidden_value = -1e9;
  const auto trace = map_trace(input);
  CHECK(colour_scale(*trace, Stage::masked, ThemeKind::light, true).high == 25.0);
}

TEST_CASE("infinities and NaN are no part of a range") {
  Input input = map_input();
  input.config.normalise = Normalise::softmax_without_max;
  input.x = SharedMatrix(Matrix{{1e30f, 2}, {2, 3}, {3, 4}});  // overflows in the scores
  const auto trace = map_trace(input);
  REQUIRE(std::isinf(trace->read_cell({Stage::scores, 0, 0, 0}).values(0, 0)));
  const double high = colour_scale(*trace, Stage::scores, ThemeKind::light, true).high;
  CHECK(std::isfinite(high));
  CHECK(high > 1e30);
}

TEST_CASE("a new trace has a new range") {
  const auto before = map_trace(map_input(), 1);
  CHECK(colour_scale(*before, Stage::scores, ThemeKind::light, true).high == 25.0);
  Input longer = map_input();
  longer.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {6, 8}});
  const auto after = map_trace(longer, 2);
  CHECK(colour_scale(*after, Stage::scores, ThemeKind::light, true).high == 100.0);
}

TEST_CASE("only the mask's cells are hatched, and weights with a hidden value show what went wrong") {
  Input input = map_input();
  input.config.mask.causal = true;
  CHECK(hidden_cell(input, Stage::masked, 0, 1));
  CHECK(hidden_cell(input, Stage::weights, 0, 1));
  CHECK_FALSE(hidden_cell(input, Stage::weights, 1, 0));
  CHECK_FALSE(hidden_cell(input, Stage::scores, 0, 1));
  input.config.mask.hidden_value = 0.0;
  CHECK(hidden_cell(input, Stage::masked, 0, 1));
  CHECK_FALSE(hidden_cell(input, Stage::weights, 0, 1));
}

TEST_CASE("a heatmap's pixels: one a cell, hidden ones transparent, unknown ones neutral") {
  const Matrix values{{0.0f, 1.0f}, {-kInf, 0.5f}};
  const ColourScale scale{&cividis_table(), 0.0, 1.0};
  const auto states = [](std::size_t i, std::span<CellState> row) {
    row[0] = i == 1 ? CellState::hidden : CellState::shown;
    row[1] = i == 1 ? CellState::unknown : CellState::shown;
  };
  const HeatmapImage image = paint_heatmap(view(values), scale, states, 0xFF123456u, 100);
  REQUIRE(image.width == 2);
  REQUIRE(image.height == 2);
  CHECK(image.pixels[0] == cividis(0.0));
  CHECK(image.pixels[1] == cividis(1.0));
  CHECK(image.pixels[2] == 0);
  CHECK(image.pixels[3] == 0xFF123456u);
}

TEST_CASE("the pixels of masked weights are transparent exactly where the mask hides, whatever the mask") {
  for (const bool windowed : {false, true}) {
    Input input = map_input();
    input.config.mask.causal = true;
    if (windowed) input.config.mask.window = 1;
    const auto trace = map_trace(input);
    const session::Playhead playhead(session::StepOrder(input, trace->dimensions()));
    const StageCells cells{*trace, playhead, Stage::weights, 0, ColourScale{}};
    const HeatmapImage image = cells.paint(theme(ThemeKind::light), 100);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        CAPTURE(i);
        CAPTURE(j);
        CHECK((image.pixels[i * 3 + j] == 0) == !visible(input.config.mask, i, j));
      }
    }
  }
}

TEST_CASE("made small, a single strong weight does not vanish among weak ones") {
  Matrix values(100, 100, 0.001f);
  values(37, 81) = 0.9f;
  const ColourScale scale{&cividis_table(), 0.0, 1.0};
  const HeatmapImage image = paint_heatmap(view(values), scale, {}, 0, 10);
  REQUIRE(image.width == 10);
  CHECK(image.pixels[3 * 10 + 8] == scale.at(static_cast<double>(0.9f)));
  CHECK(image.pixels[0] == scale.at(static_cast<double>(0.001f)));
}

TEST_CASE("made small, a pixel has the colour of its number farthest from 0, of either sign, and NaN shows") {
  constexpr std::size_t kRows = 12;
  constexpr std::size_t kColumns = 21;
  constexpr std::size_t kSide = 5;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Matrix values(kRows, kColumns);
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kColumns; ++j)
      values(i, j) = static_cast<float>((i * 31 + j * 17) % 23) - 11.25f;
  }
  for (std::size_t i = 0; i < kRows; ++i) values(i, 0) = nan;
  for (std::size_t i = 0; i < 3; ++i) std::ranges::fill(values.row(i), nan);
  const ColourScale scale{&diverging_table(ThemeKind::light), -12.0, 12.0};
  const auto hidden = [](std::size_t row, std::size_t column) { return row > 8 && column > 10; };
  const CellStates states = [&](std::size_t row, std::span<CellState> cells) {
    for (std::size_t j = 0; j < cells.size(); ++j)
      cells[j] = hidden(row, j) ? CellState::hidden : CellState::shown;
  };
  HeatmapPainter by_runs(kRows, kColumns, scale, 0, kSide);
  for (std::size_t i = 0; i < kRows; ++i) by_runs.add_row(values.row(i), CellRun{0, i > 8 ? 11 : kColumns});
  const HeatmapImage runs = by_runs.take();
  const HeatmapImage cells = paint_heatmap(view(values), scale, states, 0, kSide);
  for (std::size_t y = 0; y < kSide; ++y) {
    for (std::size_t x = 0; x < kSide; ++x) {
      bool any = false;
      float strongest = nan;
      for (std::size_t i = 0; i < kRows; ++i) {
        for (std::size_t j = 0; j < kColumns; ++j) {
          if (i * kSide / kRows != y || j * kSide / kColumns != x || hidden(i, j)) continue;
          any = true;
          if (!std::isnan(values(i, j)) && !(std::abs(values(i, j)) <= std::abs(strongest)))
            strongest = values(i, j);
        }
      }
      CAPTURE(x);
      CAPTURE(y);
      const Colour expected = any ? scale.at(strongest) : 0;
      CHECK(runs.pixels[y * kSide + x] == expected);
      CHECK(cells.pixels[y * kSide + x] == expected);
    }
  }
}

TEST_CASE("a texture is painted again only when what it shows changes") {
  NoTextures maker;
  int painted = 0;
  const HeatmapImage image{1, 1, {0xFFFFFFFFu}};
  {
    HeatmapTexture texture;
    HeatmapKey key;
    const auto get = [&] {
      return texture.get(maker, key, [&] {
        ++painted;
        return image;
      });
    };
    const ImTextureID first = get();
    CHECK(get() == first);
    CHECK(painted == 1);
    key.revision = 2;
    CHECK(get() == first);
    key.scale.high = 2.0;
    get();
    CHECK(painted == 3);
    CHECK(maker.n_created() == 1);
    CHECK(maker.n_replaced() == 2);
  }
  CHECK(maker.n_destroyed() == 1);
}

TEST_CASE("a grid that is panned and zoomed knows which cells can be seen and which one is where") {
  const CellGrid grid{{{100, 100}, {200, 200}}, {50, -900}, {20, 20}, 512, 512};
  CHECK(grid.visible_columns().first == 2);
  CHECK(grid.visible_columns().last == 8);
  CHECK(grid.visible_rows().first == 50);
  CHECK(grid.visible_rows().last == 55);
  const auto at = grid.at({111, 111});
  REQUIRE(at);
  CHECK(at->row == 50);
  CHECK(at->column == 3);
  CHECK_FALSE(grid.at({99, 111}));
}

TEST_CASE("what is not computed yet is ?, and a hidden score is −∞") {
  Input input = map_input();
  input.config.mask.causal = true;
  const auto trace = map_trace(input);
  session::Playhead playhead(session::StepOrder(input, trace->dimensions()));
  playhead.go({Stage::masked, 0, 2});
  const ColourScale scale;
  const StageCells masked{*trace, playhead, Stage::masked, 0, scale};
  CHECK(cell_text(masked, 0, 0, {4}) == "5");
  CHECK(cell_text(masked, 0, 1, {4}) == "−∞");
  CHECK(cell_text(masked, 1, 0, {4}) == "?");
  CHECK(masked.incomplete());
  const StageCells scores{*trace, playhead, Stage::scores, 0, scale};
  CHECK_FALSE(scores.incomplete());
  CHECK(cell_text(scores, 2, 2, {4}) == "25");
}
