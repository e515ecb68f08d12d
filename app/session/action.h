#pragma once
// Everything a person can do, as data. Panels post actions; the session applies them between frames, so
// that all panels of a frame see one state.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/session/copy.h"
#include "app/session/edit.h"
#include "app/session/lesson_action.h"
#include "app/session/pull.h"
#include "app/session/settings.h"
#include "app/session/view.h"

namespace attn::session {

/// @name Changing the document
/// A drag posts Preview for every movement, each derived from the document at the press, then EndGesture
/// (or CancelGesture on Esc). A whole change posts Apply.
/// @{
struct Preview {
  Edit edit;
};
struct EndGesture {};
struct CancelGesture {};  ///< also ends a pull, which goes back to the press
struct Apply {
  Edit edit;
};
struct Undo {};
struct Redo {};
/// @}

/// Back to the document as it was opened or made, as one step that can be undone.
struct ResetToOriginal {};

/// @name Pull on the answer
/// @{
struct BeginPull {
  PullTarget target;
};
struct MovePull {
  std::vector<double> goal;  ///< one for each number that is pulled; weights are clamped to [0, 1]
};
struct EndPull {};  ///< keeps what was reached as one undo step
struct SetPullFreedom {
  PullFreedom freedom = PullFreedom::this_word;
};
/// @}

/// @name Looking
/// @{
struct Select {
  CellRef cell;
};
/// Moves the selection inside its stage, stopping at the edges.
struct MoveSelection {
  int rows = 0;
  int columns = 0;
};
struct SelectHead {
  std::size_t head = 0;
};
/// Which stage is shown large; the selection follows into it.
struct ShowStage {
  Stage stage = Stage::weights;
};
struct ShowScenarioTab {
  ScenarioTab tab = ScenarioTab::words;
};
struct ShowAttentionView {
  AttentionView view = AttentionView::map;
};
struct SetHeadOrder {
  std::optional<HeadMeasure> measure;  ///< absent: by number
};
/// Heads and asking tokens that the lines show beside the selected ones; what is outside is left out.
struct SetAlsoHeads {
  std::vector<std::size_t> heads;
};
struct SetAlsoRows {
  std::vector<std::size_t> rows;
};
struct SetLineThreshold {
  double threshold = 0.0;  ///< clamped to [0, 1]
};
struct SetLinesFit {
  bool fit = true;
};
struct ShowReasonTab {
  ReasonTab tab = ReasonTab::explain;
};
/// Leaves of the pipeline only its step-through.
struct FoldPipeline {
  bool folded = true;
};
/// In the heads' tab: the composer instead of the small maps.
struct ShowHeadComposer {
  bool shown = false;
};
struct SetVectorKind {
  VectorKind kind = VectorKind::x;
};
struct SetPlaneAxes {
  std::size_t horizontal = 0;
  std::size_t vertical = 1;
};
/// Principal components of the vectors that are shown, instead of two of their own components.
struct SetPrincipalPlane {
  bool principal = true;
};
/// What the plane draws besides vectors.
struct SetHull {
  bool shown = true;
};
/// Whether the plane makes room for outputs that lie far outside the words.
struct SetFitOutputs {
  bool fit = true;
};
struct SetAttentionLines {
  bool shown = true;
};
struct SetSharedScoreRange {
  bool shared = true;
};
/// What one square of a large map shows of its many cells: their mean, or the strongest of them.
struct SetMeanSquares {
  bool mean = false;
};
/// Whether the hatching of a mask is drawn where the masks are told apart.
struct ShowMaskLayer {
  MaskLayer layer = MaskLayer::causal;
  bool shown = true;
};
/// Explains another cell; Back returns to the one before.
struct ExplainFollow {
  CellRef cell;
};
struct ExplainBack {};
struct ExplainOpen {
  ExplainPath path;
};
struct ExplainClose {
  ExplainPath path;
};
/// @}

/// @name Step-through
/// @{
struct SetPlayhead {
  std::size_t position = 0;
};
struct GoToMoment {
  Moment moment;
};
struct Play {};
struct Pause {};
struct StepForward {};
struct StepBack {};
struct NextStage {};
struct PreviousStage {};
struct ToStart {};
struct ToEnd {};
/// @}

/// @name Computing
/// @{
/// What is being computed is given up; the trace stays as it is, older than the document.
struct StopComputing {};
struct ComputeAgain {};
/// @}

/// @name Settings
/// @{
struct SetSpeed {
  double speed = 1.0;
};
struct SetTheme {
  Theme theme = Theme::system;
};
struct SetLanguage {
  Language language = Language::en;
};
struct SetDecimals {
  int decimals = 4;
};
struct SetReducedMotion {
  bool reduced = false;
};
struct SetFramework {
  Framework framework = Framework::numpy;
};
struct SetQueryAxis {
  QueryAxis axis = QueryAxis::rows;
};
struct SetVectorForm {
  VectorForm form = VectorForm::row;
};
struct SetExactNumbers {
  bool exact = false;
};
/// The card of times and memory over the window.
struct ShowPerformance {
  bool shown = false;
};
/// What a trace may take, in units of 2^20 bytes; the trace is asked for again.
struct SetMemory {
  std::size_t megabytes = 4096;  ///< clamped to what Settings allows
};
/// @}

/// @name Files
/// NewExample, Open, OpenExample, Import and Quit ask first when there is unsaved work.
/// @{
/// What lies over the window and has the keyboard.
enum class Dialog {
  none,
  new_example,
  open,
  save_as,
  import,
  save_picture,
  gallery,
  palette,
  find,
  messages,
  keys,
  lessons,
  glossary,
  save_answers
};
inline constexpr int kDialogCount = 14;
std::string_view name(Dialog dialog);  ///< "new_example", "open", …
struct ShowDialog {
  Dialog dialog = Dialog::none;
};
struct AskOpenPath {};  ///< the window shows its dialog for a path
struct AskSavePath {};
struct CloseDialog {};
struct Open {
  std::filesystem::path path;
};
/// An example from words, without a file of its own yet.
struct NewExample {
  MakeExample content;
};
struct OpenExample {
  std::string name;  ///< see builtin.h
};
/// Makes a scenario from .npy and .npz files; see import.h.
struct Import {
  std::vector<std::filesystem::path> files;
  std::optional<std::size_t> heads = std::nullopt;
};
/// Files dropped on the window: arrays are imported together, of others the first is opened.
struct OpenDropped {
  std::vector<std::filesystem::path> files;
};
struct Save {};  ///< asks for a path where there is none yet
struct SaveAs {
  std::filesystem::path path;
};
/// A picture of the window as it is in the next frame, as PNG.
struct SavePicture {
  std::filesystem::path path;
};
/// Puts what is selected into the clipboard.
struct Copy {
  CopyPart part = CopyPart::number;
  CopyFormat format = CopyFormat::text;
};
/// Writes a text, and beside it, under `data`, the trace that it reads; no data where that is empty.
struct SaveProgram {
  std::filesystem::path path;
  std::string text;
  std::string data;
};
struct Quit {};
enum class Answer { save, discard, cancel };
struct AnswerQuestion {
  Answer answer = Answer::cancel;
};
struct DismissNotice {
  std::size_t index = 0;
};
/// It has been on screen long enough; the list of messages keeps it.
struct LetNoticeGo {
  std::uint64_t number = 0;
};
/// @}

/// For whoever plays lessons: see take_lesson_actions(). Opening one asks first when there is unsaved work.
struct InLesson {
  LessonAction action;
};

// clang-format off
using AnyAction = std::variant<
    // changing the document
    Preview, EndGesture, CancelGesture, Apply, Undo, Redo, ResetToOriginal,
    // pull on the answer
    BeginPull, MovePull, EndPull, SetPullFreedom,
    // looking
    Select, MoveSelection, SelectHead, ShowStage, ShowScenarioTab, ShowAttentionView, ShowReasonTab, FoldPipeline,
    ShowHeadComposer, SetHeadOrder, SetAlsoHeads, SetAlsoRows, SetLineThreshold, SetLinesFit,
    SetVectorKind, SetPlaneAxes, SetPrincipalPlane, SetHull, SetFitOutputs, SetAttentionLines, SetSharedScoreRange,
    ShowMaskLayer, SetMeanSquares,
    StopComputing, ComputeAgain,
    ExplainFollow, ExplainBack, ExplainOpen, ExplainClose,
    // step-through
    SetPlayhead, GoToMoment, Play, Pause, StepForward, StepBack, NextStage, PreviousStage, ToStart, ToEnd,
    // settings
    SetSpeed, SetTheme, SetLanguage, SetDecimals, SetReducedMotion, SetFramework, SetQueryAxis, SetVectorForm, SetExactNumbers,
    ShowPerformance, SetMemory,
    // files and dialogs
    ShowDialog, AskOpenPath, AskSavePath, CloseDialog, NewExample, Open, OpenExample, Import, OpenDropped, Save, SaveAs,
    SavePicture, SaveProgram, Copy, Quit, AnswerQuestion, DismissNotice, LetNoticeGo,
    InLesson>;
// clang-format on

/// Any of them. Moving a variant of so many kinds is dear to compile, so it is done in one place.
struct Action : AnyAction {
  using AnyAction::AnyAction;
  Action(const Action& other);
  Action(Action&& other) noexcept;
  Action& operator=(const Action& other);
  Action& operator=(Action&& other) noexcept;
  ~Action();
};

}  // namespace attn::session
