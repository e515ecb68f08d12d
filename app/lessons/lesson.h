#pragma once
// A lesson, as its file describes it: steps that show, change, hide and ask. Immutable once read;
// assets/lessons/README.md describes every field.

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/lessons/expression.h"
#include "app/lessons/rich_text.h"
#include "app/session/document.h"
#include "app/session/lesson_rules.h"
#include "app/session/view.h"
#include "core/attention/stage.h"

namespace attn::lessons {

/// A text in the languages that the file gives.
struct LessonText {
  std::map<std::string, RichText> by_language;
  /// That of the language, else English, else any; nothing where there is none.
  const RichText& in(std::string_view language) const;
  bool empty() const { return by_language.empty(); }
};

/// A change of a scenario: fields of a scenario file as JSON text, merged into the document.
struct Change {
  std::string json;
  bool empty() const { return json.empty(); }
};

/// What makes a task true.
struct Solution {
  Change change;
  std::optional<CellRef> select;
  std::optional<double> slider;
};

struct Task {
  LessonText ask;
  Expression until;
  std::vector<LessonText> hints;
  Solution solution;
  LessonText after;
  std::optional<session::PullFreedom> freedom;
};

/// One answer that can be ticked.
struct Option {
  LessonText text;
  std::optional<Expression> right;  ///< absent: it is not; in `foresee` it is where `moves` changes
  std::optional<Expression> moves;
  LessonText say;
};

struct Predict {
  Expression row;
  double tolerance = 0.1;
};
/// What is said to some wrong places.
struct WrongPlace {
  Expression when;
  LessonText say;
};
struct Pick {
  using What = session::Pickable;
  What what = What::token;
  Stage stage = Stage::weights;  ///< of a cell
  Expression answer;
  std::optional<Expression> accept;
  std::vector<WrongPlace> wrong;
};
struct Choose {
  std::vector<Option> options;
  bool several = false;
  bool vote = false;
};
struct WrongValue {
  Expression value;
  LessonText say;
};
struct EnterValue {
  Expression answer;
  double tolerance = 0.005;
  std::vector<WrongValue> wrong;
};
struct Foresee {
  Change change;
  std::vector<Option> options;
};
/// A stretch of the excerpt; one with an id can be struck out.
struct Piece {
  std::string text;
  std::string id = {};
  bool wrong = false;
  LessonText say = {};
};
struct Strike {
  std::string document;
  std::vector<Piece> pieces;    ///< one after the other they are the excerpt
  LessonText translation = {};  ///< what the excerpt says, for who does not read its language
};

using QuestionKind = std::variant<Predict, Pick, Choose, EnterValue, Foresee, Strike>;
std::string_view name(const QuestionKind& kind);  ///< "predict", "pick", …

struct Question {
  LessonText ask;
  QuestionKind kind;
  LessonText after;
  std::vector<LessonText> hints;
};

struct Slider {
  std::string name;
  double from = 0.0;
  double to = 1.0;
  double start = 0.0;
  double step = 1.0;
  bool doubling = false;
  LessonText title;
  /// Every place where it can stand, ascending.
  std::vector<double> stops() const;
};

struct BarsFigure {
  Expression values;
  std::vector<LessonText> labels;
};
struct MapFigure {
  enum class Range { share, score, each };
  struct Map {
    Expression values;
    LessonText title;
  };
  std::vector<Map> maps;
  Range range = Range::score;
};
struct HistogramFigure {
  Expression values;
  std::size_t bins = 21;
};
struct CurveFigure {
  Expression x;
  Expression y;
  LessonText x_title;
  LessonText y_title;
};
struct ShapesFigure {
  struct Factor {
    std::string name;
    Expression rows;
    Expression columns;
  };
  std::vector<Factor> factors;
  Expression fits;
};
struct Figure {
  std::variant<BarsFigure, MapFigure, HistogramFigure, CurveFigure, ShapesFigure> kind;
  LessonText title;
  std::optional<Slider> slider;
};

/// Numbers that are shown as "?": a stage, a head or a row of it.
struct Hidden {
  Stage stage = Stage::weights;
  std::optional<std::size_t> head;
  std::optional<std::size_t> row;
};

/// Cards beside the lesson's.
enum class Card { pipeline, scenario, heatmap, vectors, explain };
inline constexpr std::size_t kCardCount = 5;

/// Where the computation stands still.
struct PlayheadPlace {
  enum class Kind { start, end, cell };
  Kind kind = Kind::end;
  CellRef cell = {};
};

struct Step {
  std::size_t line = 0;  ///< of the file
  std::string id;
  LessonText title;
  LessonText text;
  std::shared_ptr<const session::Document> scenario;  ///< null: that of the step before
  Change change;
  bool fresh = false;
  std::optional<CellRef> focus;
  PlayheadPlace playhead;
  std::string view_json;  ///< fields of `view`; empty: none
  std::array<bool, kCardCount> show{true, false, true, true, false};
  std::vector<std::string> highlight;
  std::optional<std::vector<std::string>> only;
  std::vector<std::string> lock;
  std::vector<Hidden> hide;
  std::vector<Hidden> keep_hidden;  ///< as `hide`, and also once the step is done
  std::optional<Figure> figure;
  std::optional<Question> question;
  std::optional<Task> task;

  bool asks() const { return question || task; }
};

struct Lesson {
  std::string name;  ///< of the file, without ".toml"
  LessonText title;
  int minutes = 1;
  std::vector<std::string> documents;
  LessonText goal;
  LessonText usual_wrong_answer;
  LessonText ask_the_class;
  std::shared_ptr<const session::Document> scenario;  ///< that it starts with
  std::vector<Step> steps;
};

}  // namespace attn::lessons
