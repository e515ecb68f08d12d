#include "app/session/action.h"

#include <memory>
#include <utility>

namespace attn::session {
namespace {

// Assigning one variant to another takes a function for each pair of kinds. To end one and begin the other
// takes one for each kind, and this file a third less time to compile.
template <class T>
void replace(T& old, T with) noexcept {
  std::destroy_at(&old);
  std::construct_at(&old, std::move(with));
}

}  // namespace

Edit::Edit(const Edit& other) = default;
Edit::Edit(Edit&& other) noexcept = default;
Edit& Edit::operator=(const Edit& other) {
  replace(*this, other);
  return *this;
}
Edit& Edit::operator=(Edit&& other) noexcept {
  replace(*this, std::move(other));
  return *this;
}
Edit::~Edit() = default;

Action::Action(const Action& other) = default;
Action::Action(Action&& other) noexcept = default;
Action& Action::operator=(const Action& other) {
  replace(*this, other);
  return *this;
}
Action& Action::operator=(Action&& other) noexcept {
  replace(*this, std::move(other));
  return *this;
}
Action::~Action() = default;

}  // namespace attn::session
