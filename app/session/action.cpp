#include "app/session/action.h"

#include <memory>
#include <utility>

namespace attn::session {
namespace {

// Assigning one variant to another takes a function for each pair of kinds. To end one and begin the other
// takes one for each kind, and this file a third less time to compile.
template <class T>
T& replace(T& old, T&& with) noexcept {
  if (&old == &with) return old;
  std::destroy_at(&old);
  return *std::construct_at(&old, std::move(with));
}

}  // namespace

Edit::Edit(const Edit& other) = default;
Edit::Edit(Edit&& other) noexcept = default;
Edit& Edit::operator=(const Edit& other) { return replace(*this, Edit(other)); }
Edit& Edit::operator=(Edit&& other) noexcept { return replace(*this, std::move(other)); }
Edit::~Edit() = default;

Action::Action(const Action& other) = default;
Action::Action(Action&& other) noexcept = default;
Action& Action::operator=(const Action& other) { return replace(*this, Action(other)); }
Action& Action::operator=(Action&& other) noexcept { return replace(*this, std::move(other)); }
Action::~Action() = default;

}  // namespace attn::session
