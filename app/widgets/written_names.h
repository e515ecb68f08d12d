#pragma once
// Names of parameters and widths in sentences, as they are written on a board: the session and the command
// line say "W_Q" and "d_k", the screen shows W and d with an index below.

#include <string>
#include <string_view>

namespace attn::ui {

/// The text with the indices of such names below the line. Only whole words: "W_Q.npy" stays a file name.
std::string with_indices(std::string text);
/// The same for a text that is said again and again. Lives as long as the program or as `text`.
std::string_view with_indices(std::string_view text);

}  // namespace attn::ui
