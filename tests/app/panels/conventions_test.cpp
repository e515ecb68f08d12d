// The reader's conventions in every place that shows a matrix, a symbol or a formula; the document never
// changes.

#include <algorithm>

#include "app/widgets/conventions.h"
#include "app/widgets/formula_names.h"
#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using session::Key;
using session::QueryAxis;
using session::VectorForm;
using ui::testing::Harness;

namespace {

/// The letters and indices of a formula, one after the other; "^" before what stands raised, "_" below.
std::string plain(const Formula& f) {
  std::string out = f.text();
  for (std::size_t i = 0; i < f.parts().size(); ++i) {
    const std::string part = plain(f.parts()[i]);
    if (f.kind() == Formula::Kind::script && i > 0 && !part.empty()) out += i == 1 ? "_" : "^";
    out += part;
  }
  return out;
}

/// Whether cells of a stage stand with their rows across the screen, in this panel.
bool turned(const Harness& h, const std::string& panel, const std::string& stage) {
  const Rect first = h.rect(panel + ".cell[" + stage + "][0][0,0]");
  const Rect next_row = h.rect(panel + ".cell[" + stage + "][0][1,0]");
  const Rect next_column = h.rect(panel + ".cell[" + stage + "][0][0,1]");
  const bool rows_down = next_row.min.y > first.max.y - 3 && next_column.min.x > first.max.x - 3;
  const bool rows_across = next_row.min.x > first.max.x - 3 && next_column.min.y > first.max.y - 3;
  CHECK(rows_down != rows_across);
  return rows_across;
}

}  // namespace

TEST_CASE("queries as columns turn every table of scores, in the map and in the pipeline, and no vectors") {
  Harness h;
  for (const bool columns : {false, true}) {
    h.post(session::SetQueryAxis{columns ? QueryAxis::columns : QueryAxis::rows});
    for (const char* stage : {"scores", "scaled", "masked", "weights"}) {
      CAPTURE(stage);
      h.post(session::ShowStage{*stage_from_name(stage)});
      h.settle();
      CHECK(turned(h, "heatmap", stage) == columns);
      CHECK(turned(h, "pipeline", stage) == columns);
    }
    for (const char* stage : {"x", "head_outputs", "output"}) {
      CAPTURE(stage);
      CHECK_FALSE(turned(h, "pipeline", stage));
    }
  }
}

TEST_CASE("column vectors turn every table of vectors, and no scores") {
  Harness h;
  h.post(session::SetVectorForm{VectorForm::column});
  for (const char* stage : {"x", "q", "k", "v", "head_outputs", "concat", "output"}) {
    CAPTURE(stage);
    h.post(session::ShowStage{*stage_from_name(stage)});
    h.settle();
    CHECK(turned(h, "heatmap", stage));
    CHECK(turned(h, "pipeline", stage));
  }
  CHECK_FALSE(turned(h, "pipeline", "weights"));
}

TEST_CASE("a click, arrows and a drag mean the cell that is seen, however it stands") {
  Harness h;
  h.post(session::SetQueryAxis{QueryAxis::columns});
  h.click("heatmap.cell[weights][0][0,2]");
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 0, 2});
  h.key(Key::up);  // one key further up, the same query
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 0, 1});
  h.key(Key::right);
  CHECK(h.session().view().selection == CellRef{Stage::weights, 0, 1, 1});
  const Rect cell = h.rect("heatmap.cell[weights][0][2,0]");
  h.drag(cell.centre(), {cell.centre().x, cell.centre().y - 60});
  h.settle();
  REQUIRE(h.session().pull().has_value());
  CHECK(h.session().pull()->target.row == 2);
  CHECK(h.session().pull()->target.columns.at(0) == 0);
}

TEST_CASE("a matrix that is drawn as one picture stands turned as well") {
  Harness h;
  h.post(session::OpenExample{"twelve_words_en"});
  h.post(session::SetQueryAxis{QueryAxis::columns});
  h.settle();
  const Rect low = h.rect("heatmap.cell[weights][0][11,0]");
  const Rect first = h.rect("heatmap.cell[weights][0][0,0]");
  CHECK(low.min.x > first.max.x);
  CHECK(std::abs(low.min.y - first.min.y) < 1.0f);
}

TEST_CASE("symbols count rows as they are drawn") {
  const Conventions rows;
  const Conventions columns{true, false};
  CHECK(cell_symbol_text({Stage::weights, 0, 0, 2}, rows) == "α₁₃");
  CHECK(cell_symbol_text({Stage::weights, 0, 0, 2}, columns) == "α₃₁");
  CHECK(cell_symbol_text({Stage::q, 0, 0, 1}, columns) == "q₁₂");
  CHECK(plain(cell_symbol({Stage::scores, 0, 0, 2}, true, columns)) == "s_31");
}

TEST_CASE("the formulas of all four ways of writing are right") {
  const Input input = Harness().document().input();
  const auto formula = [&](Stage stage, bool query_columns, bool column_vectors) {
    return plain(stage_formula(input, stage, {query_columns, column_vectors}));
  };
  // S is n × m with queries as rows: Q Kᵀ of rows, Qᵀ K of columns; its transpose with queries as columns.
  CHECK(formula(Stage::scores, false, false) == "S = QK^T");
  CHECK(formula(Stage::scores, true, false) == "S = KQ^T");
  CHECK(formula(Stage::scores, false, true) == "S = Q^TK");
  CHECK(formula(Stage::scores, true, true) == "S = K^TQ");
  // H is n × d as rows, d × n as columns.
  CHECK(formula(Stage::head_outputs, false, false) == "H = αV");
  CHECK(formula(Stage::head_outputs, true, false) == "H = α^TV");
  CHECK(formula(Stage::head_outputs, false, true) == "H = Vα^T");
  CHECK(formula(Stage::head_outputs, true, true) == "H = Vα");
  CHECK(formula(Stage::x, false, true).empty());
}

TEST_CASE("projections are X W of rows and Wᵀ X of columns") {
  Harness h;
  h.post(session::OpenExample{"asymmetric_twin"});
  const Input input = h.document().input();
  CHECK(plain(stage_formula(input, Stage::q, {})) == "Q = XW_Q");
  CHECK(plain(stage_formula(input, Stage::q, {false, true})) == "Q = W_Q^TX");
}

TEST_CASE("the document, its trace and what is saved are the same in every convention") {
  Harness h;
  const session::Document before = h.document();
  h.post(session::SetQueryAxis{QueryAxis::columns});
  h.post(session::SetVectorForm{VectorForm::column});
  h.post(session::SetExactNumbers{true});
  h.settle();
  CHECK(h.document() == before);
  CHECK_FALSE(h.session().has_unsaved_work());
}

TEST_CASE("every convention has its command in the View menu, with a tick") {
  Harness h;
  for (const char* id : {"view.query_columns", "view.column_vectors", "view.exact_numbers", "view.code"}) {
    CAPTURE(id);
    const session::Command* command = session::find_command(id);
    REQUIRE(command != nullptr);
    CHECK(command->menu == session::Menu::view);
    CHECK_FALSE(command->checked(h.session()));
    h.post(command->make(h.session()));
    CHECK(command->checked(h.session()));
    h.post(command->make(h.session()));
    CHECK_FALSE(command->checked(h.session()));
  }
}
