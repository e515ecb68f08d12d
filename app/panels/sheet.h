#pragma once
// A card over the window that has the keyboard until it is closed.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "app/panels/panel.h"

namespace attn::ui {

struct SheetOptions {
  ImVec2 size{640, 400};  ///< as asked for; never larger than the window
  std::string_view heading;
  std::string_view subheading = {};
  /// Everything behind it is dimmed; a bar for finding leaves it in sight.
  bool dims = true;
  /// Where it stands from top (0) to bottom (1) of the room that is left.
  float height = 0.42f;
};

/// Begins with its constructor, ends with its destructor; between them everything is drawn with `context`,
/// inside `content`. Tab stays among its widgets, which belong to PanelId::dialog.
class Sheet {
 public:
  Sheet(PanelContext& outer, ImVec2 window, const SheetOptions& options);
  ~Sheet();
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;

  PanelContext context;
  Rect content;
};

/// Buttons at the right end of `line`, the last one at the very right: dialog.answer[0], … Returns the one
/// that was chosen. `enabled` may be empty: all are.
std::optional<std::size_t> draw_answers(PanelContext& context, Rect line,
                                        std::span<const std::string_view> labels, std::size_t primary,
                                        bool primary_enabled = true);

/// True in the first frame of a dialog: it begins afresh.
struct DialogBegun {
  bool begun = false;
};

/// The menu that the right mouse button opens on a number, the Menu key and Shift+F10 at the selected one.
struct ContextMenuMemory {
  std::optional<ImVec2> at;
  std::optional<WidgetId> before;  ///< had the keyboard, where keys opened it
  bool just_opened = false;
  bool open() const { return at.has_value(); }
};

/// How long each message still stays on screen, by its number, in seconds.
struct MessageTimes {
  std::map<std::uint64_t, double> left;
  std::optional<double> wakes_in;  ///< when the next one goes; empty while none does
};
/// Seconds in which a text is read at leisure, in any script.
double reading_time(std::string_view text);

/// @name What can lie over the window; each in a file of its own
/// @{
void draw_messages(PanelContext& context, const Rect& area);
void draw_unsaved_question(PanelContext& context, ImVec2 window);
void draw_new_example(PanelContext& context, ImVec2 window);
void draw_file_browser(PanelContext& context, ImVec2 window);
void draw_gallery(PanelContext& context, ImVec2 window);
void draw_palette(PanelContext& context, ImVec2 window);
void draw_find_bar(PanelContext& context, ImVec2 window);
void draw_keys(PanelContext& context, ImVec2 window);
void draw_start_page(PanelContext& context, ImVec2 window);
void draw_glossary(PanelContext& context, ImVec2 window);
void draw_message_list(PanelContext& context, ImVec2 window);
void draw_context_menu(PanelContext& context, ImVec2 window);
/// @}

}  // namespace attn::ui
