#pragma once
// Lengths, angle, cosine and dot product of two vectors, in all their components, whatever the plane shows.

#include <optional>
#include <vector>

#include "app/panels/vectors_scene.h"

namespace attn::ui {

/// Two rows of a trace; the second one is absent where there is nothing to compare with.
struct VectorPair {
  Stage first_stage = Stage::x;
  std::size_t first = 0;
  Stage second_stage = Stage::x;
  std::optional<std::size_t> second;
};

/// Which two vectors are compared: the selected word with the one that is hovered, else with the column of
/// the selected cell; with a table's cell hovered, its row with its column. In the planes of Q and K these
/// are a query and a key, whose dot product is the raw score.
VectorPair compared(const session::Subject& subject, const Hover& hover, const VectorsScene& scene);

struct VectorMeasures {
  double first_length = 0.0;
  double second_length = 0.0;
  double dot = 0.0;
  std::optional<double> cosine;  ///< nothing where one of them is the zero vector
  double degrees = 0.0;          ///< only with a cosine
};
VectorMeasures measure_vectors(std::span<const float> first, std::span<const float> second);

/// Two lines into `area`: "|cat| = 1.6  |mat| = 1.53" and "cat · mat = 0.42  cos = 0.17  80.2°".
void draw_readout(const session::Subject& subject, PanelContext& context, const VectorsScene& scene,
                  const Rect& area);
/// How high it is.
float readout_height(const PanelContext& context);

}  // namespace attn::ui
