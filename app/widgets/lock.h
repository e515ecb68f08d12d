#pragma once
// What a step of a lesson keeps as it is looks that way: while a LockedPart lives, controls that are drawn
// with its context are dimmed and do nothing, and say why where the mouse or the keyboard is on them.

#include <cstddef>
#include <string_view>

#include "app/widgets/panel_context.h"

namespace attn::ui {

class LockedPart {
 public:
  LockedPart(PanelContext& context, bool locked);
  /// Locked where the lesson locks this name: "x[0]", "w_q", "scale", see session::LessonRules.
  LockedPart(PanelContext& context, std::string_view name);
  LockedPart(PanelContext& context, const char* name)  // a literal would rather be a bool
      : LockedPart(context, std::string_view(name)) {}
  /// Locked where the lesson locks what this edit changes.
  LockedPart(PanelContext& context, const session::Edit& edit);
  ~LockedPart();
  LockedPart(const LockedPart&) = delete;
  LockedPart& operator=(const LockedPart&) = delete;

 private:
  PanelContext& context_;
  bool before_;
};

/// @name Whether the step of a lesson keeps it as it is
/// @{
bool locks(const session::Session& session, std::string_view name);
bool locks(const session::Session& session, const session::Edit& edit);
/// A pull on an answer of this word, with what may move now.
bool locks_pull(const session::Session& session, std::size_t word);
/// @}

/// Ink of what is locked: it can still be read from the back row.
Colour ink_of_locked(const PanelContext& context, Colour ink);

/// The sentence that says why, beside the mouse, or below `rect` for the keyboard.
void say_locked(PanelContext& context);
void say_locked(PanelContext& context, const Rect& rect);

}  // namespace attn::ui
