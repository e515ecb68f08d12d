#include "app/session/command.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/session/feature_columns.h"
#include "app/session/session.h"

namespace attn::session {
namespace {

// The functions below are what the table at the end is made of.

bool always(const Session&) { return true; }
bool can_undo(const Session& s) { return s.history().can_undo(); }
bool can_redo(const Session& s) { return s.history().can_redo(); }
bool in_gesture(const Session& s) { return s.history().in_gesture(); }
bool has_work_to_save(const Session& s) { return s.has_unsaved_work() || s.file().empty(); }
bool before_end(const Session& s) { return !s.playhead().at_end(); }
bool after_start(const Session& s) { return !s.playhead().at_start(); }
bool several_heads(const Session& s) { return s.document().dimensions().n_heads > 1; }
bool has_trail(const Session& s) { return !s.view().explain_trail.empty(); }
bool has_notice(const Session& s) { return std::ranges::any_of(s.notices(), &Notice::shown); }
bool has_notices(const Session& s) { return !s.notices().empty(); }
bool over_tokens(const Session& s) { return s.document().input().config.attend_over == AttendOver::tokens; }

template <class A>
Action plain(const Session&) {
  return A{};
}

bool in_lesson(const Session& s) { return s.in_lesson(); }
template <class A>
Action in_a_lesson(const Session&) {
  return InLesson{A{}};
}

template <Theme theme>
bool is_theme(const Session& s) {
  return s.settings().theme == theme;
}
template <Theme theme>
Action set_theme(const Session&) {
  return SetTheme{theme};
}

template <Language language>
bool is_language(const Session& s) {
  return s.settings().language == language;
}
template <Language language>
Action set_language(const Session&) {
  return SetLanguage{language};
}

template <VectorKind kind>
bool is_kind(const Session& s) {
  return s.view().vectors == kind;
}
template <VectorKind kind>
Action set_kind(const Session&) {
  return SetVectorKind{kind};
}

template <PullFreedom freedom>
bool is_freedom(const Session& s) {
  return s.view().freedom == freedom;
}
template <PullFreedom freedom>
Action set_freedom(const Session&) {
  return SetPullFreedom{freedom};
}

bool has_query_columns(const Session& s) { return s.settings().query_axis == QueryAxis::columns; }
bool has_column_vectors(const Session& s) { return s.settings().vector_form == VectorForm::column; }

/// Arrows go where they point on screen.
template <int rows, int columns>
Action move_selection(const Session& s) {
  const bool scores = is_score_like(s.view().selection.stage);
  if (scores ? has_query_columns(s) : has_column_vectors(s)) return MoveSelection{columns, rows};
  return MoveSelection{rows, columns};
}

/// Shows the stage `by` places further in the list of stages.
template <int by>
Action show_stage(const Session& s) {
  const std::vector<Stage> stages = stages_of(s.document().input());
  const auto at = std::ranges::find(stages, s.view().stage) - stages.begin() + by;
  return ShowStage{stages[static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(at, 0, static_cast<std::ptrdiff_t>(stages.size()) - 1))]};
}

template <int by>
Action select_head(const Session& s) {
  const std::size_t n = s.document().dimensions().n_heads;
  return SelectHead{by > 0 ? (s.view().head + 1) % n : (s.view().head + n - 1) % n};
}

template <int by>
Action change_decimals(const Session& s) {
  return SetDecimals{s.settings().decimals + by};
}

Action faster(const Session& s) { return SetSpeed{s.settings().speed * 2.0}; }
Action slower(const Session& s) { return SetSpeed{s.settings().speed / 2.0}; }

bool is_playing(const Session& s) { return s.playhead().playing(); }
Action toggle_play(const Session& s) {
  if (is_playing(s)) return Pause{};
  return Play{};
}

bool is_scaled(const Session& s) { return s.document().input().config.scale.kind == Scale::Kind::sqrt_dk; }
Action toggle_scale(const Session& s) {
  return Apply{SetScale{{is_scaled(s) ? Scale::Kind::none : Scale::Kind::sqrt_dk, 1.0}}};
}
bool is_causal(const Session& s) { return s.document().input().config.mask.causal; }
Action toggle_causal(const Session& s) { return Apply{SetCausal{!is_causal(s)}}; }
bool few_words(const Session& s) { return s.document().input().tokens->size() <= kMostPositions; }
template <bool composed_heads>
Action make_example(const Session& s) {
  const char* const language = s.settings().language == Language::zh ? "zh" : "en";
  return Apply{MakeExample{*s.document().input().tokens, language, composed_heads}};
}
bool shares_range(const Session& s) { return s.view().shared_score_range; }
bool shows_mean_squares(const Session& s) { return s.view().mean_squares; }
Action toggle_mean_squares(const Session& s) { return SetMeanSquares{!shows_mean_squares(s)}; }
bool is_computing(const Session& s) { return s.status().computing; }
bool was_stopped(const Session& s) { return s.status().stopped; }
Action toggle_shared_range(const Session& s) { return SetSharedScoreRange{!shares_range(s)}; }
bool shows_pipeline(const Session& s) { return !s.view().pipeline_folded; }
Action toggle_pipeline(const Session& s) { return FoldPipeline{shows_pipeline(s)}; }
bool reduces_motion(const Session& s) { return s.settings().reduced_motion; }
Action toggle_reduced_motion(const Session& s) { return SetReducedMotion{!reduces_motion(s)}; }

template <Dialog dialog>
Action show_dialog(const Session&) {
  return ShowDialog{dialog};
}
template <CopyPart part, CopyFormat format>
Action copy(const Session&) {
  return Copy{part, format};
}
bool is_changed(const Session& s) { return !(s.document() == s.original()); }
bool is_computed(const Session& s) { return s.trace_is_current(); }
bool shows_code(const Session& s) { return s.view().reason_tab == ReasonTab::code; }
Action toggle_code(const Session& s) {
  return ShowReasonTab{shows_code(s) ? ReasonTab::explain : ReasonTab::code};
}
Action toggle_query_axis(const Session& s) {
  return SetQueryAxis{has_query_columns(s) ? QueryAxis::rows : QueryAxis::columns};
}
Action toggle_vector_form(const Session& s) {
  return SetVectorForm{has_column_vectors(s) ? VectorForm::row : VectorForm::column};
}
bool is_exact(const Session& s) { return s.settings().exact_numbers; }
Action toggle_exact(const Session& s) { return SetExactNumbers{!is_exact(s)}; }
bool shows_performance(const Session& s) { return s.settings().performance_shown; }
Action toggle_performance(const Session& s) { return ShowPerformance{!shows_performance(s)}; }
Action dismiss_newest_notice(const Session& s) {
  std::size_t newest = s.notices().size();
  while (newest > 0 && !s.notices()[newest - 1].shown) --newest;
  return DismissNotice{newest == 0 ? 0 : newest - 1};
}

KeyChord key(Key k) { return {k, false, false, false}; }
KeyChord shift(Key k) { return {k, false, true, false}; }
KeyChord ctrl(Key k) { return {k, true, false, false}; }
KeyChord ctrl_shift(Key k) { return {k, true, true, false}; }
KeyChord alt(Key k) { return {k, false, false, true}; }

using Keys = std::vector<KeyChord>;

// clang-format off
std::vector<Command> make_commands() {
  constexpr auto no_tick = nullptr;
  return {
      // id, title, keys, menu, group, enabled, checked, make
      {"file.new", message("New example…"), {ctrl(Key::n)}, Menu::file, 0, always, no_tick, show_dialog<Dialog::new_example>},
      {"file.open", message("Open…"), {ctrl(Key::o)}, Menu::file, 0, always, no_tick, plain<AskOpenPath>},
      {"file.import", message("Import arrays of NumPy…"), {ctrl(Key::i)}, Menu::file, 0, always, no_tick, show_dialog<Dialog::import>},
      {"file.gallery", message("Gallery of examples…"), {ctrl(Key::g)}, Menu::file, 0, always, no_tick, show_dialog<Dialog::gallery>},
      {"file.save", message("Save"), {ctrl(Key::s)}, Menu::file, 1, has_work_to_save, no_tick, plain<Save>},
      {"file.save_as", message("Save as…"), {ctrl_shift(Key::s)}, Menu::file, 1, always, no_tick, plain<AskSavePath>},
      {"file.save_picture", message("Save a picture of the window…"), {ctrl_shift(Key::p)}, Menu::file, 1, always, no_tick, show_dialog<Dialog::save_picture>},
      {"file.quit", message("Quit"), {ctrl(Key::q)}, Menu::file, 2, always, no_tick, plain<Quit>},

      {"edit.undo", message("Undo"), {ctrl(Key::z)}, Menu::edit, 0, can_undo, no_tick, plain<Undo>},
      {"edit.redo", message("Redo"), {ctrl_shift(Key::z), ctrl(Key::y)}, Menu::edit, 0, can_redo, no_tick, plain<Redo>},
      {"edit.reset", message("Reset to the original"), {}, Menu::edit, 0, is_changed, no_tick, plain<ResetToOriginal>},
      {"edit.cancel", message("Cancel the drag"), {key(Key::escape)}, Menu::none, 0, in_gesture, no_tick, plain<CancelGesture>},
      {"edit.copy.number", message("Copy the number"), {ctrl(Key::c)}, Menu::edit, 1, is_computed, no_tick, copy<CopyPart::number, CopyFormat::text>},
      {"edit.copy.row", message("Copy the row"), {}, Menu::edit, 1, is_computed, no_tick, copy<CopyPart::row, CopyFormat::text>},
      {"edit.copy.matrix", message("Copy the matrix"), {ctrl_shift(Key::c)}, Menu::edit, 1, is_computed, no_tick, copy<CopyPart::matrix, CopyFormat::text>},
      {"edit.copy.row_latex", message("Copy the row as LaTeX"), {}, Menu::edit, 1, is_computed, no_tick, copy<CopyPart::row, CopyFormat::latex>},
      {"edit.copy.matrix_latex", message("Copy the matrix as LaTeX"), {}, Menu::edit, 1, is_computed, no_tick, copy<CopyPart::matrix, CopyFormat::latex>},
      {"edit.copy.matrix_markdown", message("Copy the matrix as a Markdown table"), {}, Menu::edit, 1, is_computed, no_tick, copy<CopyPart::matrix, CopyFormat::markdown>},
      {"edit.find", message("Find a token…"), {ctrl(Key::f)}, Menu::edit, 2, always, no_tick, show_dialog<Dialog::find>},
      {"edit.scale", message("Divide scores by √d_k"), {key(Key::s)}, Menu::edit, 3, over_tokens, is_scaled, toggle_scale},
      {"edit.causal", message("Causal mask"), {key(Key::m)}, Menu::edit, 3, over_tokens, is_causal, toggle_causal},
      {"edit.lexicon", message("These words with the lexicon's features"), {}, Menu::edit, 3, always, no_tick, make_example<false>},
      {"edit.lexicon_heads", message("These words with the lexicon's features and four composed heads"), {}, Menu::edit, 3, few_words, no_tick, make_example<true>},
      {"compute.stop", message("Stop computing"), {}, Menu::edit, 3, is_computing, no_tick, plain<StopComputing>},
      {"compute.again", message("Compute the numbers"), {}, Menu::edit, 3, was_stopped, no_tick, plain<ComputeAgain>},
      {"pull.this_word", message("A pull moves this word"), {ctrl(Key::digit_1)}, Menu::edit, 4, always, is_freedom<PullFreedom::this_word>, set_freedom<PullFreedom::this_word>},
      {"pull.all_words", message("A pull moves all words"), {ctrl(Key::digit_2)}, Menu::edit, 4, always, is_freedom<PullFreedom::all_words>, set_freedom<PullFreedom::all_words>},
      {"pull.w_q_and_w_k", message("A pull moves W_Q and W_K"), {ctrl(Key::digit_3)}, Menu::edit, 4, always, is_freedom<PullFreedom::w_q_and_w_k>, set_freedom<PullFreedom::w_q_and_w_k>},
      {"pull.w_v", message("A pull moves W_V"), {ctrl(Key::digit_4)}, Menu::edit, 4, always, is_freedom<PullFreedom::w_v>, set_freedom<PullFreedom::w_v>},

      {"view.theme.system", message("Theme of the system"), {}, Menu::view, 0, always, is_theme<Theme::system>, set_theme<Theme::system>},
      {"view.theme.light", message("Light"), {}, Menu::view, 0, always, is_theme<Theme::light>, set_theme<Theme::light>},
      {"view.theme.dark", message("Dark"), {}, Menu::view, 0, always, is_theme<Theme::dark>, set_theme<Theme::dark>},
      // A language is named in itself, so that who reads no other finds it.
      {"view.language.en", verbatim("English"), {}, Menu::view, 1, always, is_language<Language::en>, set_language<Language::en>},
      {"view.language.zh", verbatim("中文"), {}, Menu::view, 1, always, is_language<Language::zh>, set_language<Language::zh>},
      {"view.decimals.more", message("More decimals"), {ctrl(Key::period)}, Menu::view, 2, always, no_tick, change_decimals<1>},
      {"view.decimals.fewer", message("Fewer decimals"), {ctrl(Key::comma)}, Menu::view, 2, always, no_tick, change_decimals<-1>},
      {"view.exact_numbers", message("Fractions and roots"), {key(Key::f)}, Menu::view, 2, always, is_exact, toggle_exact},
      {"view.query_columns", message("Queries as columns"), {}, Menu::view, 2, always, has_query_columns, toggle_query_axis},
      {"view.column_vectors", message("Column vectors: q = Wᵀ x"), {}, Menu::view, 2, always, has_column_vectors, toggle_vector_form},
      {"view.code", message("Show as code"), {key(Key::c)}, Menu::view, 2, always, shows_code, toggle_code},
      {"view.reduced_motion", message("Less motion"), {}, Menu::view, 2, always, reduces_motion, toggle_reduced_motion},
      {"view.pipeline", message("Pipeline of stages"), {key(Key::p)}, Menu::view, 2, always, shows_pipeline, toggle_pipeline},
      {"view.performance", message("Times and memory"), {shift(Key::p)}, Menu::view, 2, always, shows_performance, toggle_performance},
      {"view.shared_score_range", message("One colour range for all scores"), {}, Menu::view, 2, always, shares_range, toggle_shared_range},
      {"view.mean_squares", message("Squares of a large map: their mean"), {}, Menu::view, 2, always, shows_mean_squares, toggle_mean_squares},
      {"view.vectors.x", message("Vectors x"), {key(Key::x)}, Menu::view, 3, always, is_kind<VectorKind::x>, set_kind<VectorKind::x>},
      {"view.vectors.q", message("Vectors q"), {key(Key::q)}, Menu::view, 3, always, is_kind<VectorKind::q>, set_kind<VectorKind::q>},
      {"view.vectors.k", message("Vectors k"), {key(Key::k)}, Menu::view, 3, always, is_kind<VectorKind::k>, set_kind<VectorKind::k>},
      {"view.vectors.v", message("Vectors v"), {key(Key::v)}, Menu::view, 3, over_tokens, is_kind<VectorKind::v>, set_kind<VectorKind::v>},
      {"view.vectors.output", message("Outputs"), {key(Key::o)}, Menu::view, 3, always, is_kind<VectorKind::output>, set_kind<VectorKind::output>},
      {"view.stage.next", message("Show the next stage"), {ctrl(Key::right)}, Menu::view, 4, always, no_tick, show_stage<1>},
      {"view.stage.previous", message("Show the stage before"), {ctrl(Key::left)}, Menu::view, 4, always, no_tick, show_stage<-1>},
      {"view.head.next", message("Next head"), {key(Key::h)}, Menu::view, 4, several_heads, no_tick, select_head<1>},
      {"view.head.previous", message("Head before"), {shift(Key::h)}, Menu::view, 4, several_heads, no_tick, select_head<-1>},
      {"view.explain.back", message("Back to the number before"), {alt(Key::left)}, Menu::view, 5, has_trail, no_tick, plain<ExplainBack>},
      {"view.notice.dismiss", message("Hide the message"), {}, Menu::view, 5, has_notice, no_tick, dismiss_newest_notice},
      {"view.messages", message("Messages…"), {}, Menu::view, 5, has_notices, no_tick, show_dialog<Dialog::messages>},
      {"select.left", message("Select the cell to the left"), {key(Key::left)}, Menu::none, 0, always, no_tick, move_selection<0, -1>},
      {"select.right", message("Select the cell to the right"), {key(Key::right)}, Menu::none, 0, always, no_tick, move_selection<0, 1>},
      {"select.up", message("Select the cell above"), {key(Key::up)}, Menu::none, 0, always, no_tick, move_selection<-1, 0>},
      {"select.down", message("Select the cell below"), {key(Key::down)}, Menu::none, 0, always, no_tick, move_selection<1, 0>},

      {"play.toggle", message("Play"), {key(Key::space)}, Menu::play, 0, always, is_playing, toggle_play},
      {"play.forward", message("Step forward"), {key(Key::period)}, Menu::play, 1, before_end, no_tick, plain<StepForward>},
      {"play.back", message("Step back"), {key(Key::comma)}, Menu::play, 1, after_start, no_tick, plain<StepBack>},
      {"play.next_stage", message("To the end of the stage"), {key(Key::page_down)}, Menu::play, 1, before_end, no_tick, plain<NextStage>},
      {"play.previous_stage", message("To the stage before"), {key(Key::page_up)}, Menu::play, 1, after_start, no_tick, plain<PreviousStage>},
      {"play.start", message("To the start"), {key(Key::home)}, Menu::play, 1, after_start, no_tick, plain<ToStart>},
      {"play.end", message("To the end"), {key(Key::end)}, Menu::play, 1, before_end, no_tick, plain<ToEnd>},
      {"play.faster", message("Faster"), {key(Key::plus)}, Menu::play, 2, always, no_tick, faster},
      {"play.slower", message("Slower"), {key(Key::minus)}, Menu::play, 2, always, no_tick, slower},

      {"lessons.start", message("Lessons…"), {ctrl(Key::l)}, Menu::lessons, 0, always, no_tick, show_dialog<Dialog::lessons>},
      {"lessons.glossary", message("Glossary…"), {key(Key::g)}, Menu::lessons, 0, always, no_tick, show_dialog<Dialog::glossary>},
      {"lessons.next", message("Next step of the lesson"), {alt(Key::page_down)}, Menu::lessons, 1, in_lesson, no_tick, in_a_lesson<NextLessonStep>},
      {"lessons.previous", message("Step of the lesson before"), {alt(Key::page_up)}, Menu::lessons, 1, in_lesson, no_tick, in_a_lesson<PreviousLessonStep>},
      {"lessons.hint", message("A hint"), {alt(Key::h)}, Menu::lessons, 1, in_lesson, no_tick, in_a_lesson<TakeHint>},
      {"lessons.restart", message("Begin this step again"), {alt(Key::r)}, Menu::lessons, 1, in_lesson, no_tick, in_a_lesson<RestartLessonStep>},
      {"lessons.notes", message("Teacher's notes"), {alt(Key::t)}, Menu::lessons, 2, in_lesson, no_tick, in_a_lesson<ToggleTeachersNotes>},
      {"lessons.save_answers", message("Save my answers…"), {}, Menu::lessons, 2, in_lesson, no_tick, show_dialog<Dialog::save_answers>},
      {"lessons.leave", message("Leave the lesson"), {}, Menu::lessons, 2, in_lesson, no_tick, in_a_lesson<LeaveLesson>},

      {"help.commands", message("All commands…"), {ctrl(Key::k)}, Menu::help, 0, always, no_tick, show_dialog<Dialog::palette>},
      {"help.keys", message("Keys and gestures"), {key(Key::f1)}, Menu::help, 0, always, no_tick, show_dialog<Dialog::keys>},
  };
}
// clang-format on

const std::vector<Command>& all_commands() {
  static const std::vector<Command> kCommands = make_commands();
  return kCommands;
}

std::string key_name(Key k) {
  if (k >= Key::a && k <= Key::z)
    return {static_cast<char>('A' + static_cast<int>(k) - static_cast<int>(Key::a))};
  if (k >= Key::digit_0 && k <= Key::digit_9) {
    return {static_cast<char>('0' + static_cast<int>(k) - static_cast<int>(Key::digit_0))};
  }
  static constexpr std::array<std::string_view, 20> kNames = {
      "Space", "←", "→", "↑", "↓", "Home", "End", "PageUp", "PageDown", "Esc",
      "Enter", ",", ".", "+", "-", "F1",   "F2",  "F10",    "F11",      "Menu"};
  return k == Key::none
             ? ""
             : std::string(kNames[static_cast<std::size_t>(k) - static_cast<std::size_t>(Key::space)]);
}

}  // namespace

std::string text(const KeyChord& chord) {
  return (chord.ctrl ? "Ctrl+" : "") + std::string(chord.alt ? "Alt+" : "") + (chord.shift ? "Shift+" : "") +
         key_name(chord.key);
}

std::span<const Command> commands() { return all_commands(); }

const Command* find_command(std::string_view id) {
  const auto found = std::ranges::find(all_commands(), id, &Command::id);
  return found == all_commands().end() ? nullptr : &*found;
}

const Command* find_command(const KeyChord& chord) {
  for (const Command& command : all_commands()) {
    if (std::ranges::count(command.keys, chord) != 0) return &command;
  }
  return nullptr;
}

std::optional<Message> why_disabled(const Command& command, const Session& session) {
  if (command.enabled(session)) return std::nullopt;
  if (command.enabled == can_undo) return message("nothing was changed");
  if (command.enabled == can_redo) return message("nothing was taken back");
  if (command.enabled == is_changed) return message("it is the original");
  if (command.enabled == in_gesture) return message("nothing is being dragged");
  if (command.enabled == has_work_to_save) return message("everything is saved");
  if (command.enabled == before_end) return message("it is at the end");
  if (command.enabled == after_start) return message("it is at the start");
  if (command.enabled == several_heads) return message("there is one head");
  if (command.enabled == has_trail) return message("no other number was asked about");
  if (command.enabled == has_notice || command.enabled == has_notices) return message("there is no message");
  if (command.enabled == over_tokens) return message("attention is over features here");
  if (command.enabled == in_lesson) return message("no lesson is open");
  if (command.enabled == is_computing) return message("nothing is being computed");
  if (command.enabled == was_stopped) return message("the numbers belong to the document");
  if (command.enabled == is_computed) return message("it is still being computed");
  return std::nullopt;
}

std::string_view name(Dialog dialog) {
  static constexpr std::array<std::string_view, kDialogCount> kNames = {
      "none",    "new_example", "open",     "save_as", "import",  "save_picture", "gallery",
      "palette", "find",        "messages", "keys",    "lessons", "glossary",     "save_answers"};
  return kNames[static_cast<std::size_t>(dialog)];
}

std::optional<Message> detail_of(const Command& command, const Session& session) {
  if (command.id == "edit.undo") return session.history().undo_label();
  if (command.id == "edit.redo") return session.history().redo_label();
  return std::nullopt;
}

}  // namespace attn::session
