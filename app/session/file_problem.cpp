#include "app/session/file_problem.h"

#include <unistd.h>

#include <system_error>

#include "app/session/file_message.h"

namespace attn::session {

namespace fs = std::filesystem;

Message why_not_written(const fs::path& path, const std::string& reason) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  const fs::path folder = whole.parent_path();
  if (!fs::exists(folder, error)) {
    return message("Not saved: there is no folder {0}. Choose another folder, or make this one first.",
                   {folder.string()});
  }
  if (!fs::is_directory(folder, error)) {
    return message("Not saved: {0} is a file, not a folder. Choose a folder.", {folder.string()});
  }
  if (fs::is_directory(whole, error)) {
    return message("Not saved: {0} is a folder. Add a file name.", {whole.string()});
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    return message("Not saved: you may not write in {0}. Choose another folder.", {folder.string()});
  }
  if (fs::exists(whole, error) && ::access(whole.c_str(), W_OK) != 0) {
    return message("Not saved: {0} may not be changed. Choose another name.", {whole.string()});
  }
  return file_message(reason);
}

Message why_not_opened(const fs::path& path, const std::string& reason) {
  std::error_code error;
  if (!fs::exists(path, error) && !error) {
    return message("There is no file {0}. Check its name, or choose one from the list.", {path.string()});
  }
  if (fs::is_regular_file(path, error) && ::access(path.c_str(), R_OK) != 0) {
    return message("{0} may not be read by you: ask for it, or choose another file.", {path.string()});
  }
  return file_message(reason);
}

}  // namespace attn::session
