#pragma once
// The program's two ways to be seen: a window, and a picture of that window without a display.

#include "app/cli/options.h"

namespace attn::ui {

/// Opens the window and stays until it is closed. Returns the exit code: 1 where there is no display or
/// no OpenGL. Throws FormatError for a file that cannot be read, before anything is opened.
int run_window(const cli::WindowOptions& options);

/// Draws the window into a PNG, the same on every call. Throws FormatError for the file, ContextError where
/// there is no OpenGL, std::invalid_argument for a selection or a place that the scenario does not have.
int render_picture(const cli::RenderOptions& options);

}  // namespace attn::ui
