#include "app/widgets/lock.h"

#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

std::string_view why_locked(const PanelContext& context) {
  return context.tr("This step of the lesson keeps that as it is.");
}

}  // namespace

LockedPart::LockedPart(PanelContext& context, bool locked) : context_(context), before_(context.locked) {
  context.locked = before_ || locked;
}
LockedPart::LockedPart(PanelContext& context, std::string_view name)
    : LockedPart(context, locks(context.session, name)) {}
LockedPart::LockedPart(PanelContext& context, const session::Edit& edit)
    : LockedPart(context, locks(context.session, edit)) {}
LockedPart::~LockedPart() { context_.locked = before_; }

bool locks(const session::Session& session, std::string_view name) {
  return session.lesson_rules() && is_locked(*session.lesson_rules(), name);
}
bool locks(const session::Session& session, const session::Edit& edit) {
  return session.lesson_rules() && is_locked(*session.lesson_rules(), edit);
}
bool locks_pull(const session::Session& session, std::size_t word) {
  return session.lesson_rules() && is_locked(*session.lesson_rules(), session.view().freedom, word);
}

Colour ink_of_locked(const PanelContext& context, Colour ink) {
  return mix(ink, context.colours().panel, 0.45);
}

void say_locked(PanelContext& context) { tooltip(context, why_locked(context)); }
void say_locked(PanelContext& context, const Rect& rect) {
  tooltip_below(context, rect, why_locked(context));
}

}  // namespace attn::ui
