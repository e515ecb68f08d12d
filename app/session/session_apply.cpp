// What each action does.

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/session/file_message.h"
#include "app/session/file_problem.h"
#include "app/session/import.h"
#include "app/session/session.h"
#include "core/io/file.h"
#include "core/io/trace_npz.h"
#include "core/update/streamed_trace.h"

namespace attn::session {
namespace {

/// `value` moved by `by`, kept in [0, count).
std::size_t moved(std::size_t value, int by, std::size_t count) {
  if (by < 0) return value - std::min(value, static_cast<std::size_t>(-static_cast<long>(by)));
  return std::min(value + static_cast<std::size_t>(by), count - 1);
}

/// What a learner of a class saved: told by its name, so that dropping many is quick.
bool holds_answers(const std::filesystem::path& file) {
  return file.filename().string().ends_with(".answers.json");
}

}  // namespace

struct Session::Applier {
  Session& s;

  const Input& input() const { return s.document().input(); }
  const Dimensions& d() const { return s.document().dimensions(); }

  // changing the document
  void operator()(const Preview& a) const { s.edit(a.edit, true); }
  void operator()(const Apply& a) const { s.edit(a.edit, false); }
  void operator()(const EndGesture&) const {
    if (!s.pull_) s.history_.commit();
  }
  void operator()(const CancelGesture&) const {
    if (s.pull_) {
      s.end_pull(false);
    } else {
      if (const auto moved = s.history_.preview_moved()) follow(s.view_, moved->back(), input());
      s.history_.cancel();
    }
    s.refusal_.reset();
  }
  void operator()(const Undo&) const {
    if (!s.history_.can_undo()) return;
    if (const auto moved = s.history_.undo_moved()) follow(s.view_, moved->back(), input());
    s.history_.undo();
    forget_results();
  }
  void operator()(const Redo&) const {
    if (!s.history_.can_redo()) return;
    if (const auto moved = s.history_.redo_moved()) follow(s.view_, *moved, input());
    s.history_.redo();
    forget_results();
  }
  void operator()(const ResetToOriginal&) const {
    if (s.pull_) s.end_pull(true);
    s.history_.push(s.original_, message("Reset to the original"));
    forget_results();
  }
  void forget_results() const {
    s.pull_report_.reset();
    s.refusal_.reset();
  }

  // pull on the answer
  void operator()(const BeginPull& a) const { s.begin_pull(a.target); }
  void operator()(const MovePull& a) const {
    if (s.pull_) s.move_pull(a.goal);
  }
  void operator()(const EndPull&) const {
    if (s.pull_) s.end_pull(true);
  }
  void operator()(const SetPullFreedom& a) const { s.set_freedom(a.freedom); }

  // looking
  void operator()(const Select& a) const { s.select(a.cell); }
  void operator()(const MoveSelection& a) const {
    CellRef cell = s.view_.selection;
    const StageShape shape = shape_of(cell.stage, input(), d());
    cell.row = moved(cell.row, a.rows, shape.rows);
    cell.column = moved(cell.column, a.columns, shape.columns);
    s.select(cell);
  }
  void operator()(const SelectHead& a) const {
    const std::size_t head = std::min(a.head, d().n_heads - 1);
    s.view_.head = head;
    CellRef& cell = s.view_.selection;
    const bool of_keys = cell.stage == Stage::k || cell.stage == Stage::v || cell.stage == Stage::k_rotated;
    if (has_heads(cell.stage)) cell.head = of_keys ? d().kv_head(head) : head;
  }
  void operator()(const ShowStage& a) const {
    const CellRef& from = s.view_.selection;
    const bool of_keys = a.stage == Stage::k || a.stage == Stage::v || a.stage == Stage::k_rotated;
    const std::size_t head = of_keys ? d().kv_head(s.view_.head) : s.view_.head;
    s.select({a.stage, has_heads(a.stage) ? head : 0, from.row, from.column});
  }
  void operator()(const ShowHeadComposer& a) const { s.view_.head_composer = a.shown; }
  void operator()(const ShowScenarioTab& a) const { s.view_.scenario_tab = a.tab; }
  void operator()(const ShowAttentionView& a) const { s.view_.attention_view = a.view; }
  void operator()(const ShowReasonTab& a) const { s.view_.reason_tab = a.tab; }
  void operator()(const FoldPipeline& a) const { s.view_.pipeline_folded = a.folded; }
  void operator()(const SetHeadOrder& a) const { s.view_.head_order = a.measure; }
  void operator()(const SetAlsoHeads& a) const {
    s.view_.also_heads = a.heads;
    keep_inside(s.view_, input(), d());
  }
  void operator()(const SetAlsoRows& a) const {
    s.view_.also_rows = a.rows;
    keep_inside(s.view_, input(), d());
  }
  void operator()(const SetLineThreshold& a) const {
    if (std::isfinite(a.threshold)) s.view_.line_threshold = std::clamp(a.threshold, 0.0, 1.0);
  }
  void operator()(const SetLinesFit& a) const { s.view_.lines_fit = a.fit; }
  void operator()(const SetVectorKind& a) const {
    s.view_.vectors = a.kind;
    keep_inside(s.view_, input(), d());
  }
  void operator()(const SetPlaneAxes& a) const { s.view_.plane_axes = {a.horizontal, a.vertical}; }
  void operator()(const SetPrincipalPlane& a) const { s.view_.principal_plane = a.principal; }
  void operator()(const SetMeanSquares& a) const { s.view_.mean_squares = a.mean; }
  void operator()(const StopComputing&) const { s.runner_.cancel(); }
  void operator()(const ComputeAgain&) const { s.document_changed(); }
  void operator()(const SetHull& a) const { s.view_.hull = a.shown; }
  void operator()(const SetFitOutputs& a) const { s.view_.fit_outputs = a.fit; }
  void operator()(const SetAttentionLines& a) const { s.view_.attention_lines = a.shown; }
  void operator()(const SetSharedScoreRange& a) const { s.view_.shared_score_range = a.shared; }
  void operator()(const ShowMaskLayer& a) const {
    s.view_.mask_layers.at(static_cast<std::size_t>(a.layer)) = a.shown;
  }
  void operator()(const ExplainFollow& a) const {
    auto& trail = s.view_.explain_trail;
    if (trail.empty()) trail.push_back(s.view_.selection);
    trail.push_back(a.cell);
    s.view_.explain_open.clear();
    keep_inside(s.view_, input(), d());  // a cell that is not there leaves no trail
  }
  void operator()(const ExplainBack&) const {
    auto& trail = s.view_.explain_trail;
    if (trail.empty()) return;
    trail.pop_back();
    if (trail.size() == 1) trail.clear();  // the selection alone is no trail
    s.view_.explain_open.clear();
  }
  void operator()(const ExplainOpen& a) const {
    if (!s.view_.is_open(a.path)) s.view_.explain_open.push_back(a.path);
  }
  void operator()(const ExplainClose& a) const {
    // What was opened below goes with it.
    std::erase_if(s.view_.explain_open, [&](const ExplainPath& path) {
      return path.size() >= a.path.size() && std::equal(a.path.begin(), a.path.end(), path.begin());
    });
  }

  // step-through
  void operator()(const SetPlayhead& a) const { s.playhead_.go(a.position); }
  void operator()(const GoToMoment& a) const { s.playhead_.go(a.moment); }
  void operator()(const Play&) const { s.playhead_.play(); }
  void operator()(const Pause&) const { s.playhead_.pause(); }
  void operator()(const StepForward&) const { s.playhead_.step_forward(); }
  void operator()(const StepBack&) const { s.playhead_.step_back(); }
  void operator()(const NextStage&) const { s.playhead_.next_stage(); }
  void operator()(const PreviousStage&) const { s.playhead_.previous_stage(); }
  void operator()(const ToStart&) const { s.playhead_.to_start(); }
  void operator()(const ToEnd&) const { s.playhead_.to_end(); }

  // settings
  void operator()(const SetSpeed& a) const {
    if (!std::isfinite(a.speed)) return;
    set(&Settings::speed, std::clamp(a.speed, Settings::kMinSpeed, Settings::kMaxSpeed));
  }
  void operator()(const SetTheme& a) const { set(&Settings::theme, a.theme); }
  void operator()(const SetLanguage& a) const { set(&Settings::language, a.language); }
  void operator()(const SetDecimals& a) const {
    set(&Settings::decimals, std::clamp(a.decimals, Settings::kMinDecimals, Settings::kMaxDecimals));
  }
  void operator()(const SetReducedMotion& a) const { set(&Settings::reduced_motion, a.reduced); }
  void operator()(const SetFramework& a) const { set(&Settings::framework, a.framework); }
  void operator()(const SetQueryAxis& a) const { set(&Settings::query_axis, a.axis); }
  void operator()(const SetVectorForm& a) const { set(&Settings::vector_form, a.form); }
  void operator()(const SetExactNumbers& a) const { set(&Settings::exact_numbers, a.exact); }
  void operator()(const ShowPerformance& a) const { set(&Settings::performance_shown, a.shown); }
  void operator()(const SetMemory& a) const {
    set(&Settings::memory_megabytes,
        std::optional(std::clamp(a.megabytes, Settings::kLeastMegabytes, Settings::kMostMegabytes)));
    s.runner_.set_memory_limit(session::memory_limit(s.settings_));
    s.document_changed();
  }
  template <class T>
  void set(T Settings::*field, T value) const {
    Settings settings = s.settings_;
    settings.*field = value;
    s.change_settings(settings);
  }

  // files
  void operator()(const ShowDialog& a) const { show(a.dialog); }
  void show(Dialog dialog) const {
    s.dialog_ = dialog;
    s.save_problem_.reset();
  }
  void operator()(const SavePicture& a) const {
    show(Dialog::none);
    s.picture_request_ = a.path;
  }
  void operator()(const Copy& a) const { s.copy(a); }
  void operator()(const AskOpenPath&) const { show(Dialog::open); }
  void operator()(const AskSavePath&) const { show(Dialog::save_as); }
  void operator()(const CloseDialog&) const { show(Dialog::none); }
  void operator()(const Open& a) const {
    if (holds_answers(a.path)) {
      show(Dialog::none);
      s.lesson_actions_.emplace_back(OpenClassAnswers{{a.path.string()}});
      return;
    }
    s.dialog_ = Dialog::none;
    s.ask_first(a);
  }
  void operator()(const NewExample& a) const {
    s.dialog_ = Dialog::none;
    s.ask_first(a);
  }
  void operator()(const OpenExample& a) const {
    s.dialog_ = Dialog::none;
    s.ask_first(a);
  }
  void operator()(const Import& a) const {
    s.dialog_ = Dialog::none;
    s.ask_first(a);
  }
  void operator()(const InLesson& a) const {
    if (std::holds_alternative<OpenLesson>(a.action)) {
      s.dialog_ = Dialog::none;
      s.ask_first(a);
    } else {
      s.lesson_actions_.push_back(a.action);
    }
  }
  void operator()(const OpenDropped& a) const {
    OpenClassAnswers answers;
    for (const std::filesystem::path& file : a.files)
      if (holds_answers(file)) answers.paths.push_back(file.string());
    if (!answers.paths.empty()) {
      s.lesson_actions_.emplace_back(std::move(answers));
      return;
    }
    Import arrays;
    std::vector<std::filesystem::path> others;
    for (const std::filesystem::path& file : a.files)
      (is_array_file(file) ? arrays.files : others).push_back(file);
    if (!others.empty()) {
      (*this)(Open{others.front()});
    } else if (!arrays.files.empty()) {
      (*this)(arrays);
    }
    const std::size_t left = a.files.size() - (others.empty() ? arrays.files.size() : 1);
    if (left > 0) {
      s.notify(Severity::warning, message("One example is open at a time: {0} was opened.",
                                          {others.front().filename().string()}));
    }
  }
  void operator()(const Quit& a) const { s.ask_first(a); }
  void operator()(const Save&) const {
    if (s.file_.empty()) {
      s.dialog_ = Dialog::save_as;
    } else if (s.save(s.file_)) {
      go_on();
    }
  }
  void operator()(const SaveAs& a) const {
    s.save_problem_.reset();
    if (!s.save(a.path)) return;  // the dialog stays, with the reason
    show(Dialog::none);
    go_on();
  }
  void operator()(const SaveProgram& a) const {
    if (!a.data.empty()) {
      if (!s.trace() || !s.trace_is_current()) {
        s.notify(Severity::error, message("The numbers are still being computed: save again"));
        return;
      }
      io::save_trace(a.path.parent_path() / a.data, s.document().scenario(), stored_arrays(*s.trace()));
    }
    io::write_file(a.path, a.text);
    s.notify(Severity::information, message("Saved {0}", {a.path.string()}));
  }
  /// What was waiting for an answer about unsaved work.
  void go_on() const {
    if (auto waiting = std::exchange(s.pending_, std::nullopt)) s.carry_out(*waiting);
  }
  void operator()(const AnswerQuestion& a) const {
    if (!s.pending_) return;
    if (a.answer == Answer::save) {
      (*this)(Save{});
    } else if (a.answer == Answer::discard) {
      go_on();
    } else {
      s.pending_.reset();
    }
  }
  void operator()(const DismissNotice& a) const {
    if (a.index < s.notices_.size()) {
      s.notices_.erase(s.notices_.begin() + static_cast<std::ptrdiff_t>(a.index));
    }
  }
  void operator()(const LetNoticeGo& a) const {
    for (Notice& notice : s.notices_)
      if (notice.number == a.number) notice.shown = false;
  }
};

void Session::apply(const Action& action) {
  try {
    std::visit(Applier{*this}, action);
  } catch (const std::exception& problem) {
    const auto* const opened = std::get_if<Open>(&action);
    if (opened != nullptr) return notify(Severity::error, why_not_opened(opened->path, problem.what()));
    // A bad file, a pull on a cell that is not there: nothing has changed, and the reason is one line.
    notify(Severity::error, file_message(problem.what()));
  }
}

}  // namespace attn::session
