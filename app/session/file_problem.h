#pragma once
// Why a file could not be read or written, as a sentence that says what to do.

#include <filesystem>
#include <string>

#include "app/session/message.h"

namespace attn::session {

/// For a path that could not be written; `reason` is what the system said, for what is not known better.
Message why_not_written(const std::filesystem::path& path, const std::string& reason);

/// For a path that could not be opened.
Message why_not_opened(const std::filesystem::path& path, const std::string& reason);

}  // namespace attn::session
