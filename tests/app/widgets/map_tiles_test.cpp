#include "app/widgets/map_tiles.h"

#include <chrono>
#include <cmath>
#include <thread>

#include <doctest/doctest.h>
#include <imgui_internal.h>

#include "core/attention/backend.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::ui;

namespace {

const auto kAlways = [] { return true; };

std::shared_ptr<const Trace> causal_trace(std::size_t n, std::uint64_t revision = 1, std::uint64_t seed = 3) {
  Input input = tests::random_input(n, 4, 1, seed);
  input.config.mask.causal = true;
  RunOptions options;
  options.revision = revision;
  return make_cpu_backend()->run(input, options).trace;
}

TileSource source_of(const std::shared_ptr<const Trace>& trace, Stage stage = Stage::weights,
                     BlockValue value = BlockValue::extreme) {
  session::Playhead playhead(session::StepOrder(trace->input(), trace->dimensions()));
  const ColourScale scale{&cividis_table(), 0.0, 1.0};
  const StageCells cells{*trace, playhead, stage, 0, scale};
  return {trace, playhead, cells.key(theme(ThemeKind::light), 0), value};
}

/// Frames until the tiles of this level are there.
void settle(MapTiles& tiles, const std::shared_ptr<TileLoader>& loader, NoTextures& textures,
            const TileSource& source, const CellGrid& grid, TileLevel level) {
  ImDrawListSharedData shared;
  for (int i = 0; i < 2000; ++i) {
    ImDrawList list(&shared);
    list._ResetForNewFrame();
    list.PushClipRect({0, 0}, {4000, 4000});
    list.PushTextureID({});
    tiles.begin(loader, textures, source);
    tiles.draw(list, grid, level);
    if (!tiles.end(0) && tiles.complete()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  FAIL("the tiles do not come");
}

}  // namespace

TEST_CASE("tiles: squares are a pixel or a little more, and the coarsest level is one tile") {
  CHECK(level_for(Stage::weights, 1.0, 1.0) == TileLevel{0, 0});
  CHECK(level_for(Stage::weights, 0.5, 0.6) == TileLevel{1, 1});
  CHECK(level_for(Stage::weights, 0.0101, 0.02) == TileLevel{7, 7});
  CHECK(level_for(Stage::x, 0.25, 9.0) == TileLevel{2, 0});
  CHECK(top_level(Stage::weights, {1, 65536, 65536}) == TileLevel{8, 8});
  CHECK(top_level(Stage::weights, {1, 300, 65536}) == TileLevel{8, 8});
  CHECK(top_level(Stage::x, {1, 65536, 64}) == TileLevel{8, 0});
}

TEST_CASE("tiles: a square has the colour of its strongest cell, and none where all are hidden") {
  const auto trace = causal_trace(300);
  const TileSource source = source_of(trace);
  const TileAnswer tile = paint_tile(source, {{2, 2}, 0, 0}, kAlways);
  REQUIRE(tile.state == ReadState::ready);
  REQUIRE(tile.image.width == 75);
  const auto values = trace->read_head(Stage::weights, 0).values;
  for (std::size_t r = 0; r < 75; ++r) {
    for (std::size_t c = 0; c < 75; ++c) {
      float most = -1.0f;
      for (std::size_t i = 4 * r; i < 4 * r + 4; ++i)
        for (std::size_t j = 4 * c; j < 4 * c + 4; ++j)
          if (j <= i) most = std::max(most, values(i, j));
      CHECK(tile.image.pixels[r * 75 + c] == (most < 0.0f ? 0u : source.key.scale.at(most)));
    }
  }
}

TEST_CASE("tiles: cells by themselves, beginning anywhere") {
  const auto trace = causal_trace(300);
  const TileSource source = source_of(trace);
  const TileAnswer tile = paint_tile(source, {{0, 0}, 1, 1}, kAlways);
  REQUIRE(tile.state == ReadState::ready);
  REQUIRE(tile.image.width == 300 - 256);
  const auto values = trace->read_head(Stage::weights, 0).values;
  CHECK(tile.image.pixels[10 * 44 + 10] == source.key.scale.at(values(266, 266)));
  CHECK(tile.image.pixels[10 * 44 + 11] == 0u);
}

TEST_CASE("tiles: vectors have squares that are higher than wide, mean and strongest differ") {
  const auto trace = causal_trace(300);
  TileSource source = source_of(trace, Stage::x);
  source.key.scale = {&diverging_table(ThemeKind::light), -2.0, 2.0};
  const auto values = trace->read_head(Stage::x, 0).values;
  const auto pixel = [&](BlockValue value) {
    source.value = value;
    return paint_tile(source, {{3, 0}, 0, 0}, kAlways).image.pixels[5 * 4 + 2];
  };
  float strongest = 0.0f;
  double sum = 0.0;
  for (std::size_t i = 40; i < 48; ++i) {
    if (std::abs(values(i, 2)) > std::abs(strongest)) strongest = values(i, 2);
    sum += static_cast<double>(values(i, 2));
  }
  CHECK(pixel(BlockValue::extreme) == source.key.scale.at(strongest));
  CHECK(pixel(BlockValue::mean) == source.key.scale.at(sum / 8));
  CHECK(pixel(BlockValue::mean) != pixel(BlockValue::extreme));
}

TEST_CASE("tiles: a square is known when its last row is computed") {
  const auto trace = causal_trace(300);
  TileSource source = source_of(trace);
  source.playhead.go(session::Moment{Stage::weights, 6, 299});
  const TileAnswer tile = paint_tile(source, {{2, 2}, 0, 0}, kAlways);
  CHECK(tile.image.pixels[0] != source.key.unknown);
  CHECK(tile.image.pixels[75] == source.key.unknown);  // rows 4 to 7: the last is not there yet
}

TEST_CASE("tiles: nobody who wants it: it is not painted to its end") {
  const TileSource source = source_of(causal_trace(300));
  CHECK(paint_tile(source, {{0, 0}, 0, 0}, [] { return false; }).state == ReadState::pending);
}

TEST_CASE("tiles: what is seen is fetched once, and again for another trace, in the same textures") {
  const auto loader = std::make_shared<TileLoader>();
  NoTextures textures;
  MapTiles tiles;
  const CellGrid grid{{{0, 0}, {300, 300}}, ImVec2{0, 0}, {0.5f, 0.5f}, 600, 600, false};
  const TileSource first = source_of(causal_trace(600, 1));
  settle(tiles, loader, textures, first, grid, {1, 1});
  const int made = textures.n_created();
  CHECK(made == 5);  // 2 × 2 tiles of 256 squares, and the whole
  settle(tiles, loader, textures, first, grid, {1, 1});
  CHECK(textures.n_created() == made);
  CHECK(textures.n_replaced() == 0);
  settle(tiles, loader, textures, source_of(causal_trace(600, 2, 4)), grid, {1, 1});
  CHECK(textures.n_created() == made);
  CHECK(textures.n_replaced() == made);
}

TEST_CASE("tiles: far from the corner a grid knows single cells, as floats would not") {
  const float cell = 110.0f;
  const double pan = 65000.25;
  const CellGrid grid{{{100, 100}, {800, 800}},
                      FarPoint(100.0 - pan * 110.0, 100.0 - pan * 110.0),
                      {cell, cell},
                      65536,
                      65536,
                      false};
  CHECK(grid.rect(65001, 65001).min.x == doctest::Approx(100.0 + 0.75 * 110.0).epsilon(1e-6));
  CHECK(grid.visible_rows().first == 65000);
  const auto at = grid.at({100.0f + 0.8f * cell, 101.0f});
  REQUIRE(at);
  CHECK(at->column == 65001);
  CHECK(at->row == 65000);
}
