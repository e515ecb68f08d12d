#pragma once
// What the sections of the head composer share: the head they are about, a list that unfolds, and how they
// say what a wish needs first.

#include <functional>
#include <string>
#include <vector>

#include "app/panels/head_composer.h"
#include "app/panels/scenario_column.h"
#include "app/session/feature_columns.h"

namespace attn::ui {

/// One column of x, or of source.x; nothing: every word.
using Column = std::optional<std::size_t>;

class ComposerSection {
 public:
  ComposerSection(ScenarioColumn& column, ComposerMemory& memory)
      : column_(column), context_(column.context), memory_(memory) {}

 protected:
  const Style& style() const { return context_.style; }
  const session::Document& document() const { return column_.subject.document; }
  const Input& input() const { return document().input(); }
  std::size_t head() const {
    return std::min(column_.subject.view.head, document().dimensions().n_heads - 1);
  }

  /// Of what is composed; else the one to begin with.
  double strength() const;

  void say(std::string_view sentence);
  void heading(std::string_view words);
  /// What a column of the keys is called: by the features of x where both sides have as many.
  std::string key_name(std::size_t column) const;

  /// A line with what is chosen, which unfolds to all that can be. Returns what was picked.
  std::optional<Column> draw_list(ComposerMemory::List list, std::string_view label,
                                  const std::vector<Column>& choices, Column chosen,
                                  const std::function<std::string(Column)>& name_of, const WidgetId& id,
                                  const WidgetId& choice_id);

  /// Why what was asked for cannot be, and a button that makes room for it where that helps. `Edit` is a
  /// ComposeHead or a ComposeCopy.
  template <class Edit>
  void draw_problem(const std::optional<Edit>& refused, WidgetKind room_kind) {
    if (!refused) return;
    const auto problem = session::problem_of(document(), *refused);
    if (!problem) return;
    column_.error(context_.tr(*problem));
    const auto room = session::room_of(document(), *refused);
    if (!room || !room_button(context_.tr(*room), {PanelId::scenario, room_kind})) return;
    Edit edit = *refused;
    edit.make_room = true;
    context_.post(session::Apply{edit});
  }

  ScenarioColumn& column_;
  PanelContext& context_;
  ComposerMemory& memory_;

 private:
  std::optional<Column> draw_number(const std::vector<Column>& choices, Column chosen, const WidgetId& id);
  bool room_button(const std::string& label, const WidgetId& id);
};

/// How sharply a composed head looks, and how far its attention weights are from the wish.
void draw_composer_strength(ScenarioColumn& column, ComposerMemory& memory);
/// What that strength makes of the weights.
void draw_least_share(ScenarioColumn& column, ComposerMemory& memory);

/// What the head copies to the output.
void draw_composer_copies(ScenarioColumn& column, ComposerMemory& memory);

}  // namespace attn::ui
