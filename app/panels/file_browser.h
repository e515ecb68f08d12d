#pragma once
// The sheet for files: opening, importing arrays, saving a scenario or a picture. What it remembers and what
// its parts share.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/panel.h"
#include "app/session/folder.h"
#include "app/session/glance.h"
#include "app/widgets/pick_list.h"
#include "app/widgets/weights_thumbnail.h"

namespace attn::ui {

struct FileBrowserMemory {
  session::FolderListing listing;
  std::vector<std::size_t> shown;  ///< entries that the filter leaves
  PickListMemory list;
  PickListMemory recent;
  std::string path;                                ///< the field with the folder's path
  std::string filter;                              ///< what is typed to find a name
  std::string name;                                ///< of the file to be saved
  std::vector<std::filesystem::path> marked;       ///< to be imported together
  std::optional<std::filesystem::path> replacing;  ///< exists already: asks first
  std::string heads;  ///< typed number of heads for an import; empty: by the shapes

  std::unique_ptr<session::Glances> glances;
  std::unique_ptr<WeightsThumbnail> thumbnail;

  /// The entry under the cursor, of those that are shown.
  const session::FolderEntry* current() const;
  std::filesystem::path path_of(const session::FolderEntry& entry) const {
    return listing.folder / entry.name;
  }
  bool is_marked(const std::filesystem::path& file) const;
  /// After the listing or the filter changed.
  void refilter();
};

/// What the browser is open for.
struct BrowserPurpose {
  session::Dialog dialog;
  bool saves() const {
    return dialog == session::Dialog::save_as || dialog == session::Dialog::save_picture ||
           dialog == session::Dialog::save_answers;
  }
  bool imports() const { return dialog == session::Dialog::import; }
  session::FolderFilter filter() const;
  std::string_view extension() const {
    if (dialog == session::Dialog::save_answers) return ".answers.json";
    return dialog == session::Dialog::save_picture ? ".png" : ".json";
  }
};

/// The sheet has just come up: where it begins, what is chosen, which field is typed into.
void begin_browsing(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory);

/// Lists `folder`. On the way up the folder one comes from has the cursor.
void enter_folder(const BrowserPurpose& purpose, FileBrowserMemory& memory,
                  const std::filesystem::path& folder);

/// A folder is entered, a file acted on; a path that leads nowhere is told.
void open_path(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory,
               const std::filesystem::path& path);

/// The filter and the entries of the folder that it leaves.
void draw_folder_list(PanelContext& context, Rect area, const BrowserPurpose& purpose,
                      FileBrowserMemory& memory);

/// The column of files that were opened before.
void draw_recent_files(PanelContext& context, Rect area, const BrowserPurpose& purpose,
                       FileBrowserMemory& memory);

/// Title, words and a small map of what is under the cursor, or why there is none.
void draw_file_glance(PanelContext& context, const Rect& area, FileBrowserMemory& memory);

/// The lower edge: the name to save under, or how many files are marked, and the buttons.
void draw_browser_bottom(PanelContext& context, const Rect& area, const BrowserPurpose& purpose,
                         FileBrowserMemory& memory);

/// Why the path that was typed could not be written, in one line.
void draw_save_problem(PanelContext& context, const Rect& line);

/// Opens, imports or saves what is chosen, or asks whether to replace it.
void act_on(PanelContext& context, const BrowserPurpose& purpose, FileBrowserMemory& memory,
            const std::filesystem::path& file);

WidgetId browser_widget(const WidgetKind& kind);
inline const WidgetId kBrowserFilter{PanelId::dialog, "filter"};
inline const WidgetId kBrowserName{PanelId::dialog, "name"};

}  // namespace attn::ui
