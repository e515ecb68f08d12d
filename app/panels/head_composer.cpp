#include "app/panels/head_composer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/composer_section.h"
#include "app/widgets/controls.h"
#include "app/widgets/lock.h"

namespace attn::ui {
namespace {

using session::ComposeHead;
using List = ComposerMemory::List;

constexpr WidgetKind kRoomOfLook{"compose_room"};

class Composer : ComposerSection {
 public:
  using ComposerSection::ComposerSection;

  void draw() {
    read();
    draw_head_choice();
    draw_look();
    draw_copies();
    if (memory_.composed && !memory_.refused_look) draw_least_share(column_, memory_);
    draw_note();
    say(context_.tr("All of these are ordinary parameters: W and b can be changed by hand as well."));
  }

 private:
  void draw_look() {
    const LockedPart lock(context_, ComposeHead{});
    draw_kinds();
    if (const auto wish = wish_shown(); wish && wish->kind == Wish::Kind::feature) draw_features(*wish);
    draw_problem_of_look();
    if (memory_.composed && !memory_.refused_look) {
      draw_composer_strength(column_, memory_);
    } else if (!memory_.refused_look) {
      say(context_.tr("W_Q and W_K of this head are numbers of its own; a choice above replaces them."));
    }
  }

  void draw_copies() {
    const LockedPart lock(context_, session::ComposeCopy{});
    draw_composer_copies(column_, memory_);
  }

  /// Looks what the head's parameters are, when they may have changed.
  void read() {
    if (memory_.document == document() && memory_.head == head()) return;
    memory_.document = document();
    memory_.head = head();
    memory_.refused_look.reset();
    memory_.refused_copy.reset();
    const bool over_tokens = input().config.attend_over == AttendOver::tokens;
    memory_.composed =
        over_tokens ? recognise_head(input(), head(), session::match_pairs(document())) : std::nullopt;
    memory_.copied = recognise_copy(input(), head());
    memory_.measured.reset();
  }

  // ---- which head ----

  void draw_head_choice() {
    const std::size_t count = document().dimensions().n_heads;
    Rect line = column_.take(style().control_height(), style().px(8));
    const float side = line.height();
    const Rect left = line.cut_left(side, style().px(4));
    const Rect right = line.cut_right(side, style().px(4));
    if (icon_button(context_, {PanelId::scenario, "compose_head_before"}, left, Icon::back,
                    {.enabled = head() > 0}))
      context_.post(session::SelectHead{head() - 1});
    context_.text.draw_in(
        *context_.list, line, context_.look(TextSize::label, Face::sans_bold),
        context_.say("head {head} of {heads}", fmt::arg("head", head() + 1), fmt::arg("heads", count)),
        Align::centre);
    if (icon_button(context_, {PanelId::scenario, "compose_head_after"}, right, Icon::chevron_right,
                    {.enabled = head() + 1 < count}))
      context_.post(session::SelectHead{head() + 1});
  }

  // ---- what it looks at ----

  std::optional<Wish> wish_shown() const {
    if (memory_.refused_look) return memory_.refused_look->wish;
    return memory_.composed ? std::optional(memory_.composed->wish) : std::nullopt;
  }
  void compose(const Wish& wish) {
    const ComposeHead edit{head(), wish, strength(), false};
    memory_.refused_look.reset();
    if (session::problem_of(document(), edit)) {
      memory_.refused_look = edit;
    } else {
      context_.post(session::Apply{edit});
    }
  }

  /// The pronoun that looks for a living thing, where there are such features; else the first feature.
  Wish feature_wish() const {
    Wish wish;
    wish.kind = Wish::Kind::feature;
    const auto column = [&](std::string_view english,
                            std::string_view chinese) -> std::optional<std::size_t> {
      for (std::size_t c = 0; c < document().dimensions().d_model; ++c) {
        const std::string name = session::feature_name(document(), c);
        if (name == english || name == chinese) return c;
      }
      return std::nullopt;
    };
    const auto living = column("living", "生命");
    const bool same_names = document().dimensions().d_source == document().dimensions().d_model;
    if (const auto pronoun = column("pronoun", "代词"); pronoun && living && same_names) {
      wish.query_feature = pronoun;
      wish.key_feature = *living;
    }
    return wish;
  }

  void draw_kinds() {
    heading(context_.tr("looks at"));
    struct Choice {
      Wish::Kind kind;
      std::string_view label;
    };
    const std::array<Choice, 5> choices = {
        Choice{Wish::Kind::previous, context_.tr("previous")},
        Choice{Wish::Kind::first, context_.tr("first")},
        Choice{Wish::Kind::same, context_.tr("same")},
        Choice{Wish::Kind::feature, context_.tr("a feature")},
        Choice{Wish::Kind::match, context_.tr("what came after it")},
    };
    const auto chosen = wish_shown();
    for (std::size_t i = 0; i < choices.size(); i += 2) {
      Rect line = column_.take(style().control_height(), style().px(6));
      const bool alone = i + 1 == choices.size();
      const float width = alone ? line.width() : std::round((line.width() - style().px(6)) * 0.5f);
      for (std::size_t k = i; k < std::min(i + 2, choices.size()); ++k) {
        const Choice& choice = choices[k];
        if (!button(context_, WidgetId{PanelId::scenario, "compose_look"}.at(k),
                    line.cut_left(width, style().px(6)), choice.label,
                    {.chosen = chosen && chosen->kind == choice.kind}))
          continue;
        memory_.unfolded = List::none;
        if (choice.kind == Wish::Kind::feature) {
          compose(feature_wish());
        } else {
          Wish wish;
          wish.kind = choice.kind;
          compose(wish);
        }
      }
    }
  }

  // ---- which features ----

  void draw_features(const Wish& wish) {
    const auto queries = [&] {
      std::vector<Column> columns = {std::nullopt};
      for (std::size_t c = 0; c < document().dimensions().d_model; ++c) {
        const std::string name = session::feature_name(document(), c);
        if (!session::names_position(name) && !session::names_previous(name)) columns.emplace_back(c);
      }
      return columns;
    }();
    const auto query_name = [&](Column column) {
      return column ? session::feature_name(document(), *column) : std::string(context_.tr("every word"));
    };
    if (const auto picked =
            draw_list(List::query, context_.tr("who asks"), queries, wish.query_feature, query_name,
                      {PanelId::scenario, "compose_query"}, {PanelId::scenario, "compose_query_choice"})) {
      Wish changed = wish;
      changed.query_feature = *picked;
      compose(changed);
    }
    std::vector<Column> keys;
    for (const std::size_t c : session::content_columns(document())) keys.emplace_back(c);
    if (const auto picked =
            draw_list(List::key, context_.tr("looks for"), keys, wish.key_feature,
                      [&](Column column) { return key_name(column.value()); },
                      {PanelId::scenario, "compose_key"}, {PanelId::scenario, "compose_key_choice"})) {
      Wish changed = wish;
      changed.key_feature = picked->value();
      compose(changed);
    }
  }

  void draw_problem_of_look() { draw_problem(memory_.refused_look, kRoomOfLook); }

  bool is_far() const { return memory_.composed && memory_.distance && memory_.distance->mean > 0.05; }

  void draw_note() {
    const auto wish = wish_shown();
    if (!wish) return;
    const bool about_positions = wish->kind == Wish::Kind::previous || wish->kind == Wish::Kind::first ||
                                 wish->kind == Wish::Kind::same;
    if (wish->kind == Wish::Kind::match && memory_.refused_look) {
      say(context_.tr(
          "One layer alone cannot do this: a head compares a word with the words themselves, not with "
          "what stands before them. It can once every word also carries the word before it."));
    } else if (wish->kind == Wish::Kind::match) {
      say(
          context_.tr("It works because every word carries the word before it (←). One layer alone cannot do "
                      "this: in a large model an earlier layer copies the word before into place."));
    } else if (about_positions && input().config.position == Position::sinusoidal && is_far()) {
      say(context_.tr(
          "The sinusoids are added to the words' own numbers, which are in the scores as well and "
          "disturb the pattern: that is the distance."));
    }
  }
};

}  // namespace

void draw_head_composer(const session::Subject& subject, PanelContext& context, const Rect& content) {
  ComposerMemory& memory = context.memory.get<ComposerMemory>();
  float label_width = 0.0f;
  for (const std::string_view label :
       {context.tr("who asks"), context.tr("looks for"), context.tr("strength"), context.tr("which"),
        context.tr("feature number")})
    label_width = std::max(label_width, context.text.measure(context.look(TextSize::body), label).x);
  draw_scenario_column(subject, context, "composer", content, [&](ScenarioColumn& column) {
    column.label_width = std::min(std::ceil(label_width), column.width * 0.45f);
    Composer(column, memory).draw();
  });
}

}  // namespace attn::ui
