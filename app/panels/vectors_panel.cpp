#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/panel.h"
#include "app/panels/vectors_bars.h"
#include "app/panels/vectors_hand.h"
#include "app/panels/vectors_readout.h"
#include "app/panels/vectors_scene.h"
#include "app/widgets/chooser.h"
#include "app/widgets/controls.h"
#include "app/widgets/heatmap_pull.h"
#include "app/widgets/number_format.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/stand_in_note.h"

namespace attn::ui {
namespace {

using session::VectorKind;

struct VectorsMemory {
  VectorsView scene;
  HandMemory hand;
  VectorsBarsMemory bars;
};

class VectorsPanel {
 public:
  VectorsPanel(const session::Subject& subject, PanelContext& context)
      : subject_(subject),
        context_(context),
        memory_(context.memory.get<VectorsMemory>()),
        trace_(*subject.trace),
        input_(trace_.input()),
        scene_(subject, context, memory_.scene) {}

  void draw() {
    const Style& style = context_.style;
    Rect content = draw_card(context_, context_.tr("Vectors"), subheading());
    draw_switches(content.cut_top(style.px(34), style.px(6)));
    if (scene_.width() > 2) draw_axes(content.cut_top(style.px(34), style.px(6)));
    draw_stand_in_note(context_, subject_.document, scene_.stages().front(), content);
    const Rect below = cut_below(content);
    const Rect plane = content;
    if (plane.width() < style.px(60) || plane.height() < style.px(60)) return;
    scene_.fit(plane, memory_.hand.drag.has_value());
    context_.list->PushClipRect(plane.min, plane.max, true);
    scene_.draw(plane);
    draw_pull();
    context_.list->PopClipRect();
    draw_fit_choice(plane);
    VectorsHand(subject_, context_, memory_.scene, scene_, memory_.hand).use(plane);
    draw_below(below);
  }

 private:
  std::string_view subheading() {
    if (scene_.words_a_tip() > 1) {
      sampled_ = context_.say("one of {count} words drawn", fmt::arg("count", scene_.words_a_tip()));
      return sampled_;
    }
    if (scene_.stages().size() > 1) return context_.tr("X asks · dashed Z answers");
    const auto locked = [&](const VectorHandle& h) { return scene_.is_locked(h); };
    if (std::ranges::all_of(scene_.arrows(), locked) && std::ranges::all_of(scene_.rings(), locked) &&
        !scene_.arrows().empty())
      return {};
    return scene_.rings().empty() ? context_.tr("drag an arrow") : context_.tr("drag an arrow, pull a ring");
  }

  // ---- switches ----

  struct KindChoice {
    VectorKind kind;
    std::string_view label;
  };
  std::vector<KindChoice> kinds() const {
    std::vector<KindChoice> kinds = {{VectorKind::x, "X"}};
    const bool apart = input_.source && input_.source->x.columns() != input_.x.columns();
    if (apart) kinds.push_back({VectorKind::source, "Z"});
    kinds.push_back({VectorKind::q, "Q"});
    kinds.push_back({VectorKind::k, "K"});
    if (trace_.has(Stage::v)) kinds.push_back({VectorKind::v, "V"});
    return kinds;
  }

  void draw_switches(const Rect& area) {
    Rect rest = area;
    const Style& style = context_.style;
    const std::vector<KindChoice> choices = kinds();
    std::vector<std::string_view> labels;
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      labels.push_back(choices[i].label);
      if (choices[i].kind == scene_.kind()) chosen = i;
    }
    const float wanted = style.px(40) * static_cast<float>(labels.size());
    const Rect choice = rest.cut_left(std::min(wanted, area.width() * 0.55f), style.px(8));
    if (const auto picked = segmented(context_, {PanelId::vectors, "kind"}, choice, labels, chosen))
      context_.post(session::SetVectorKind{choices[*picked].kind});
    const auto option = [&](const WidgetId& id, std::string_view label, bool on, std::string_view tip) {
      const float width = button_width(context_, label);
      if (rest.width() < width) return false;
      ButtonOptions options;
      options.chosen = on;
      options.tooltip = tip;
      return button(context_, id, rest.cut_left(width, style.px(6)), label, options);
    };
    const session::View& view = subject_.view;
    if (option({PanelId::vectors, "hull"}, context_.tr("hull"), view.hull, hull_words()))
      context_.post(session::SetHull{!view.hull});
    if (option({PanelId::vectors, "lines"}, context_.tr("lines"), view.attention_lines,
               context_.tr("The thicker the line, the larger the share of that word.")))
      context_.post(session::SetAttentionLines{!view.attention_lines});
  }

  std::string_view hull_words() const {
    if (scene_.hull_holds()) return context_.tr("Every output lies inside the hull of the values.");
    if (!scene_.ring_stage()) return context_.tr("The hull of these vectors.");
    return context_.tr("Here outputs may leave the hull: they are no means of these vectors.");
  }

  // ---- the plane's axes ----

  void draw_axes(const Rect& area) {
    const Style& style = context_.style;
    Rect rest = area;
    const std::string_view label = context_.tr("PCA");
    ButtonOptions options;
    options.chosen = scene_.principal();
    options.tooltip = context_.tr("Principal components: the plane in which these vectors differ most.");
    const float width = button_width(context_, label);
    if (button(context_, {PanelId::vectors, "principal"}, rest.cut_right(width, style.px(8)), label, options))
      context_.post(session::SetPrincipalPlane{!scene_.principal()});
    if (scene_.principal() && scene_.plane_is_older()) {
      const std::string_view renew = context_.tr("renew");
      if (button(context_, {PanelId::vectors, "renew_plane"},
                 rest.cut_right(button_width(context_, renew), style.px(8)), renew,
                 {.tooltip = context_.tr("Principal components of the vectors as they are now.")}))
        scene_.renew_plane();
      context_.text.draw_in(*context_.list, rest, context_.look(TextSize::body, context_.colours().ink_muted),
                            context_.tr("this plane stays"));
      return;
    }
    if (scene_.principal()) {
      const auto& share = scene_.plane().share;
      const std::string text =
          context_.say("{share} of the variance",
                       fmt::arg("share", format_number(100.0 * (share[0] + share[1]), 0) + " %"));
      context_.text.draw_in(*context_.list, rest, context_.look(TextSize::body, context_.colours().ink_muted),
                            text);
      return;
    }
    std::vector<std::string> names;
    for (std::size_t c = 0; c < scene_.width(); ++c) names.push_back(scene_.component_name(c));
    const auto axes = scene_.axes();
    const float half = (rest.width() - style.px(6)) / 2;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      ChooserOptions look;
      look.mark = axis == 0 ? "→" : "↑";
      look.tooltip = axis == 0 ? context_.tr("what the plane shows from left to right")
                               : context_.tr("what the plane shows from bottom to top");
      const WidgetId id = WidgetId(PanelId::vectors, "axis").at(axis);
      const WidgetId item = WidgetId(PanelId::vectors, "axis_choice").of_head(axis);
      const auto picked =
          chooser(context_, id, item, rest.cut_left(half, style.px(6)), names, axes[axis], look);
      if (!picked) continue;
      std::array<std::size_t, 2> next = axes;
      next[axis] = *picked;
      if (next[0] == next[1]) next[1 - axis] = axes[axis];  // they change places
      context_.post(session::SetPlaneAxes{next[0], next[1]});
    }
  }

  // ---- the plane ----

  const session::PullReport* ring_pull() const {
    const auto& report = context_.session.pull();
    const bool row =
        report && (report->target.stage == Stage::output || report->target.stage == Stage::head_outputs);
    // A single number of wider vectors was pulled elsewhere: in the table.
    const bool here = row && (report->target.columns.size() != 1 || scene_.width() == 1);
    return here ? &*report : nullptr;
  }

  /// Where outputs dwarf the words: what the plane makes room for, in its lower right corner.
  void draw_fit_choice(const Rect& plane) {
    if (!scene_.outputs_dwarf_words() || context_.session.pressed()) return;
    const Style& style = context_.style;
    const bool fits = subject_.view.fit_outputs;
    const std::string_view label = fits ? context_.tr("words only") : context_.tr("outputs too");
    const float width = button_width(context_, label);
    const Rect rect{{plane.max.x - width, plane.max.y - style.px(30)}, plane.max};
    if (button(context_, {PanelId::vectors, "fit_outputs"}, rect, label,
               {.tooltip = context_.tr("Outputs lie far outside the words: what the plane makes room for.")}))
      context_.post(session::SetFitOutputs{!fits});
  }

  /// The thread from the ring to where it is pulled.
  void draw_pull() {
    const session::PullReport* report = ring_pull();
    if (!context_.session.pulling() || !report || !memory_.hand.drag || !memory_.hand.drag->handle.ring)
      return;
    const auto point = [](const std::vector<double>& p) { return Point{p[0], p.size() > 1 ? p[1] : 0.0}; };
    const Theme& theme = context_.colours();
    const ImVec2 goal = scene_.pixel(point(report->goal));
    const ImVec2 reached = scene_.pixel(point(report->reached));
    draw_dashes(*context_.list, reached, goal, theme.accent, context_.style.px(3), context_.style.px(6));
    context_.list->AddCircleFilled(goal, context_.style.px(9), theme.accent);
    const TextLook look = context_.look(TextSize::body, theme.accent, Face::sans_bold);
    context_.text.draw(*context_.list, {goal.x + context_.style.px(16), goal.y - look.px * 0.6f}, look,
                       context_.tr("pull"));
  }

  // ---- below it ----

  VectorsBars bars() { return {subject_, context_, scene_, memory_.bars}; }

  /// What stands below the plane, whose height does not depend on what is said: the plane stays put under
  /// the hand.
  Rect cut_below(Rect& content) {
    const Style& style = context_.style;
    const float readout = readout_height(context_);
    const float bars_height = bars().height(content.width(), (content.height() - readout) * 0.38f);
    return content.cut_bottom(readout + bars_height + (bars_height > 0 ? style.px(4) : 0.0f), style.px(8));
  }

  void draw_below(const Rect& area) {
    Rect rest = area;
    const Rect readout = rest.cut_bottom(readout_height(context_));
    if (!rest.empty()) bars().draw(rest);
    const std::string note = drag_note();
    if (ring_pull() != nullptr) {
      draw_over(area, pull_words(context_, input_, *ring_pull()));
    } else if (!note.empty()) {
      context_.text.draw_paragraph(*context_.list, readout.min,
                                   context_.look(TextSize::body, context_.colours().ink_muted), note,
                                   readout.width());
    } else {
      draw_readout(subject_, context_, scene_, readout);
    }
  }

  /// What is said about a pull lies over the lines below the plane, and over its lower edge if need be.
  void draw_over(const Rect& area, const PullWords& words) {
    Rect box = area;
    box.min.y = area.max.y - height_of_pull_words(context_, area.width(), words);
    context_.list->AddRectFilled(box.min, box.max, context_.colours().panel);
    draw_pull_words(context_, box, words);
  }

  /// Why an arrow does not follow the hand.
  std::string drag_note() const {
    const HandMemory& hand = memory_.hand;
    const bool dragged = hand.drag && hand.drag->moved && hand.drag->move;
    if (!dragged || hand.drag->move->exact()) return {};
    const Stage stage = hand.drag->handle.stage;
    const std::string_view parameter = stage == Stage::q ? "W_Q" : stage == Stage::k ? "W_K" : "W_V";
    return context_.say("{parameter} cannot make every vector of this plane: it comes as near as it can.",
                        fmt::arg("parameter", parameter));
  }

  const session::Subject& subject_;
  PanelContext& context_;
  VectorsMemory& memory_;
  const Trace& trace_;
  const Input& input_;
  VectorsScene scene_;
  std::string sampled_;  ///< the line below the heading
};

}  // namespace

void draw_vectors_panel(const session::Subject& subject, PanelContext& context) {
  if (subject.trace == nullptr) {
    draw_card(context, context.tr("Vectors"));
    return;
  }
  VectorsPanel(subject, context).draw();
}

}  // namespace attn::ui
