#pragma once
// The one registry of what can be done without arguments. Menus, keys and locks read it.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/action.h"

namespace attn::session {

class Session;

// clang-format off
enum class Key {
  none,
  a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z,
  digit_0, digit_1, digit_2, digit_3, digit_4, digit_5, digit_6, digit_7, digit_8, digit_9,
  space, left, right, up, down, home, end, page_up, page_down, escape, enter, comma, period, plus, minus,
  f1, f2, f10, f11, menu,
};
// clang-format on

/// A key with its modifiers. Chords without Ctrl or Alt are for windows where no text is being typed.
struct KeyChord {
  Key key = Key::none;
  bool ctrl = false;
  bool shift = false;
  bool alt = false;
  bool operator==(const KeyChord&) const = default;
};
/// "Ctrl+Shift+Z", as menus show it.
std::string text(const KeyChord& chord);

enum class Menu { none, file, edit, view, play, lessons, help };

struct Command {
  std::string_view id;         ///< "edit.undo": stable, for locks, tests and recordings
  Message title;               ///< "Undo"
  std::vector<KeyChord> keys;  ///< the first one is shown; the others work as well
  Menu menu = Menu::none;      ///< commands of a menu come in the order of commands()
  int group = 0;               ///< a line is drawn in the menu where it changes
  bool (*enabled)(const Session&) = nullptr;
  /// Whether it shows a tick; null for commands that are no choices.
  bool (*checked)(const Session&) = nullptr;
  Action (*make)(const Session&) = nullptr;
};

/// Every command, in menu order.
std::span<const Command> commands();
/// Null where there is none of that id.
const Command* find_command(std::string_view id);
/// The command of a chord, enabled or not; null where no command has it.
const Command* find_command(const KeyChord& chord);
/// What stands behind the title: the step that Undo and Redo would take back or make again ("Move x1").
std::optional<Message> detail_of(const Command& command, const Session& session);
/// Why a command cannot be carried out now, where that is known; nothing for one that can.
std::optional<Message> why_disabled(const Command& command, const Session& session);

}  // namespace attn::session
