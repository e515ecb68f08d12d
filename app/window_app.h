#pragma once
// The program's ways to be seen: a window, a picture of that window without a display, and how long its
// frames take.

#include <filesystem>

#include "app/cli/options.h"

namespace attn::ui {

/// Opens the window and stays until it is closed. Returns the exit code: 1 where there is no display or
/// no OpenGL. Throws FormatError for a file that cannot be read, before anything is opened.
int run_window(const cli::WindowOptions& options);

/// Draws the window into a PNG, the same on every call. Throws FormatError for the file, ContextError where
/// there is no OpenGL, std::invalid_argument for a selection or a place that the scenario does not have.
int render_picture(const cli::RenderOptions& options);

/// A scenario, arrays or a lesson that the window can open. Throws FormatError with one line for anything
/// else.
void check_openable(const std::filesystem::path& file);

/// `bench`, with frames of the window among what is timed where there is an OpenGL to draw them.
int bench_with_frames(const cli::BenchOptions& options);

}  // namespace attn::ui
