#include <algorithm>
#include <cstdlib>

#include "app/panels/file_browser.h"
#include "app/session/file_problem.h"
#include "app/session/import.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::Dialog;
using session::EntryKind;
using session::FolderEntry;
namespace fs = std::filesystem;

/// The folder to begin in: that of the open file, of the last one, or where the program was started.
fs::path first_folder(const session::Session& session) {
  std::error_code error;
  const auto usable = [&](const fs::path& folder) {
    return !folder.empty() && fs::is_directory(folder, error);
  };
  if (const fs::path own = fs::absolute(session.file(), error).parent_path();
      !session.file().empty() && usable(own))
    return own.lexically_normal();
  for (const std::string& recent : session.settings().recent_files) {
    if (usable(fs::path(recent).parent_path())) return fs::path(recent).parent_path();
  }
  const fs::path here = fs::current_path(error);
  return error ? session::home_folder() : here;
}

}  // namespace

const FolderEntry* FileBrowserMemory::current() const {
  return list.cursor < shown.size() ? &listing.entries[shown[list.cursor]] : nullptr;
}

bool FileBrowserMemory::is_marked(const fs::path& file) const {
  return std::ranges::count(marked, file) != 0;
}

session::FolderFilter BrowserPurpose::filter() const {
  switch (dialog) {
    case Dialog::save_as:
      return session::FolderFilter::scenarios;
    case Dialog::save_picture:
      return session::FolderFilter::pictures;
    case Dialog::import:
      return session::FolderFilter::arrays;
    default:
      return session::FolderFilter::scenarios_and_arrays;
  }
}

void FileBrowserMemory::refilter() {
  shown = matching(listing, filter);
  list.restart();
}

void enter_folder(const BrowserPurpose& purpose, FileBrowserMemory& memory, const fs::path& folder) {
  const fs::path left = memory.listing.folder;
  memory.listing = session::list_folder(folder, purpose.filter());
  memory.path = folder.string();
  memory.filter.clear();
  memory.replacing.reset();
  memory.refilter();
  if (left.parent_path() != folder) return;
  for (std::size_t i = 0; i < memory.shown.size(); ++i) {
    if (memory.listing.entries[memory.shown[i]].name == left.filename().string()) memory.list.cursor = i;
  }
}

void begin_browsing(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory) {
  auto glances = std::move(memory.glances);
  memory = {};
  memory.glances = glances ? std::move(glances) : std::make_unique<session::Glances>();
  enter_folder(purpose, memory, first_folder(context.session));
  // The open file has the cursor, else the first one: its words and its map are seen at once.
  std::optional<std::size_t> first_file;
  for (std::size_t i = 0; i < memory.shown.size(); ++i) {
    const FolderEntry& entry = memory.listing.entries[memory.shown[i]];
    if (entry.kind == EntryKind::folder) continue;
    if (!first_file || memory.path_of(entry) == context.session.file()) first_file = i;
  }
  memory.list.cursor = first_file.value_or(0);
  if (purpose.saves()) {
    const fs::path file = context.session.file();
    const std::string title = context.session.document().scenario().title.in(context.catalogue.language());
    memory.name = file.empty() ? session::free_name(memory.listing.folder, session::file_name_for(title),
                                                    purpose.extension())
                               : file.stem().string() + std::string(purpose.extension());
    edit_text_field(context, kBrowserName, memory.name, Caret::selects_all);
  } else {
    edit_text_field(context, kBrowserFilter, "");
  }
}

void open_path(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory,
               const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found && !purpose.saves()) {
    memory.listing.problem = session::why_not_opened(path, {});
  } else if (fs::is_directory(status) || status.type() == fs::file_type::none) {
    enter_folder(purpose, memory, path);
    if (!purpose.saves()) edit_text_field(context, kBrowserFilter, "");
  } else {
    act_on(context, purpose, memory, path);
  }
}

void act_on(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory,
            const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(file, error)) {
    enter_folder(purpose, memory, file);
    return;
  }
  if (purpose.saves()) {
    fs::path target = file;
    if (!target.string().ends_with(purpose.extension())) target += purpose.extension();
    if (fs::exists(target, error) && memory.replacing != target) {
      memory.replacing = target;
      return;
    }
    memory.replacing.reset();
    if (purpose.dialog == Dialog::save_answers) {
      context.post(session::InLesson{session::SaveLessonAnswers{target.string()}});
      context.post(session::CloseDialog{});
    } else if (purpose.dialog == Dialog::save_picture) {
      context.post(session::SavePicture{target});
    } else {
      context.post(session::SaveAs{target});
    }
  } else if (purpose.imports()) {
    session::Import import{memory.marked.empty() ? std::vector{file} : memory.marked, std::nullopt};
    if (!memory.heads.empty())
      import.heads = static_cast<std::size_t>(std::max(0, std::atoi(memory.heads.c_str())));
    if (import.heads == std::size_t{0}) import.heads.reset();
    context.post(std::move(import));
  } else {
    context.post(session::Open{file});
  }
}

}  // namespace attn::ui
