#pragma once
// The parts that what is said about files is made of: those of core/io and of the import, to be translated.

#include <vector>

#include "app/session/message.h"

namespace attn::session {

/// What was expected, what was found, and what the system says.
const std::vector<Message>& file_phrases();
/// Where in a file: "three.json: line 4, column 12".
const std::vector<Message>& file_places();
/// A file that cannot be written: "{0}: cannot be written: {1}".
const std::vector<Message>& file_faults();

}  // namespace attn::session
