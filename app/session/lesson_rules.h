#pragma once
// What a lesson allows while one of its steps is open: which parts of the document may be changed, and which
// numbers are not shown yet. The session keeps to it, whoever asks.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/edit.h"
#include "app/session/lesson_veil.h"
#include "app/session/view.h"
#include "core/attention/stage.h"

namespace attn::session {

/// What a question may ask to pick in the window.
enum class Pickable { token, row, column, head, cell };

/// Names are those of lesson files: "x", "x[0]", "w_q", "parameters", "scale", "mask", …, "all".
struct LessonRules {
  std::optional<std::vector<std::string>> only;  ///< what may be changed, where not everything may
  std::vector<std::string> lock;                 ///< what may not
  std::vector<HiddenNumbers> hidden;
  std::optional<Pickable> picks;  ///< a question waits for a click on one of these
  bool operator==(const LessonRules&) const = default;
};

bool is_locked(const LessonRules& rules, std::string_view name);
/// Whether an edit changes something that is locked.
bool is_locked(const LessonRules& rules, const Edit& edit);
/// Whether a pull on an answer of this word would.
bool is_locked(const LessonRules& rules, PullFreedom freedom, std::size_t word);

}  // namespace attn::session
