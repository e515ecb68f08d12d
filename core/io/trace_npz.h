#pragma once
// A trace as a file: NumPy's .npz, which numpy.load reads without pickle. README.md lists the arrays.

#include <filesystem>

#include "core/attention/arrays.h"
#include "core/attention/gradient.h"
#include "core/io/scenario.h"

namespace attn::io {

/// Writes every stage of `arrays` under its name (float32; [heads, rows, columns], or [rows, columns] for
/// stages without heads), `tokens`, `source_tokens` with a source, and `scenario`, the JSON's bytes.
/// With `gradients` also grad_x, grad_source_x, a grad_… for every parameter that has one (vectors have
/// one dimension), grad_scores, grad_scaled, grad_weights and grad_head_outputs.
/// The same trace gives the same bytes. The file is written whole or not at all.
/// Throws FormatError when it cannot be written, std::invalid_argument as write_scenario does.
void save_trace(const std::filesystem::path& path, const Scenario& scenario, const Arrays<float>& arrays,
                const Gradients<float>* gradients = nullptr);

}  // namespace attn::io
