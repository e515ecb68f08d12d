#include "app/widgets/stand_in_note.h"

#include "app/session/import.h"

namespace attn::ui {
namespace {

/// What the open document was imported from, looked up once for each document.
struct ImportMemory {
  std::optional<session::Document> document;
  std::optional<session::ImportKind> kind;
};

}  // namespace

std::optional<session::Message> stand_in_of(PanelContext& context, const session::Document& document,
                                            Stage stage) {
  ImportMemory& memory = context.memory.get<ImportMemory>();
  if (!memory.document || !(*memory.document == document)) {
    memory.document = document;
    memory.kind = session::import_kind(document.scenario());
  }
  if (!memory.kind) return std::nullopt;
  return session::stand_in(*memory.kind, stage, document.input().config.normalise);
}

void draw_stand_in_note(PanelContext& context, const session::Document& document, Stage stage,
                        Rect& content) {
  const auto line = stand_in_of(context, document, stage);
  if (!line) return;
  const Style& style = context.style;
  const float pad = style.px(8);
  const auto lines = context.text.wrap(context.look(TextSize::body, context.colours().warning),
                                       context.tr(*line), content.width() - 2 * pad);
  float height = 0.0f;
  for (const Line& l : lines) height += l.height;
  const Rect box = content.cut_top(height + style.px(6), style.px(6));
  context.list->AddRectFilled(box.min, box.max, context.colours().box, style.small_rounding());
  context.text.draw(*context.list, {box.min.x + pad, box.min.y + style.px(3)}, lines);
}

}  // namespace attn::ui
