#pragma once
// Changes of a scenario that a lesson makes: fields of a scenario file, merged into a document.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "app/lessons/lesson.h"
#include "app/session/document.h"

namespace attn::lessons {

/// The document with the fields of `change`: tables merge, everything else replaces, "default" removes a
/// field;
/// {"row": 0, "to": […]} replaces one row of a matrix, {"row": 0, "column": 1, "to": 2} one number.
/// Throws io::FormatError with one line where the result is no scenario.
session::Document changed(const session::Document& document, const Change& change);

/// A scenario that is written inside a lesson: format and version may be missing. Arrays in files are looked
/// for in `directory`. Throws io::FormatError.
session::Document scenario_from_json(const std::string& json, std::string_view file,
                                     const std::filesystem::path& directory = {});

/// The object `base` with the fields of `over`, both JSON text; either may be empty.
std::string merged_json(const std::string& base, const std::string& over);

}  // namespace attn::lessons
