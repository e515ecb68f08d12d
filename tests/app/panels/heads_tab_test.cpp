#include "app/panels/heads_tab.h"
#include "tests/app/panels/several_heads.h"

using namespace attn;
using namespace attn::ui;
using namespace attn::ui::testing;
using session::Key;

namespace {

HeadMeasures with(HeadMeasure measure, std::optional<double> value) {
  HeadMeasures m;
  m.values[static_cast<std::size_t>(measure)] = value;
  return m;
}

}  // namespace

TEST_CASE("heads are sorted least first by entropy, most first by a share, and those without a value last") {
  using Order = std::vector<std::size_t>;
  const auto order = [](HeadMeasure by) {
    return order_of_heads({with(by, 2.0), with(by, std::nullopt), with(by, 0.5), with(by, 2.0)}, by);
  };
  CHECK(order(HeadMeasure::entropy) == Order{2, 0, 3, 1});
  CHECK(order(HeadMeasure::previous) == Order{0, 3, 2, 1});
  CHECK(order_of_heads({{}, {}, {}}, std::nullopt) == Order{0, 1, 2});
}

TEST_CASE("a click on a small map picks the head, arrows pick the one beside it") {
  Harness h;
  show(h, several_heads());
  h.post(session::ShowScenarioTab{session::ScenarioTab::heads});
  h.click("scenario.head_map[2]");
  CHECK(h.session().view().head == 2);
  h.key(Key::left);
  CHECK(h.session().view().head == 1);
  h.key(Key::right);
  h.key(Key::right);
  CHECK(h.session().view().head == 3);
  h.key(Key::right);
  CHECK(h.session().view().head == 3);
}

TEST_CASE("the choice of a property sorts the small maps by what is measured") {
  Harness h;
  show(h, several_heads());
  h.post(session::ShowScenarioTab{session::ScenarioTab::heads});
  h.click("scenario.head_order[1]");
  REQUIRE(h.session().view().head_order == HeadMeasure::entropy);
  const auto entropy = [&](std::size_t head) {
    return *measure_head(*h.session().trace(), head)[HeadMeasure::entropy];
  };
  // Which is drawn before which: row by row, from left to right.
  std::vector<std::size_t> heads{0, 1, 2, 3};
  std::ranges::sort(heads, [&](std::size_t a, std::size_t b) {
    const Rect first = h.rect("scenario.head_map[" + std::to_string(a) + "]");
    const Rect second = h.rect("scenario.head_map[" + std::to_string(b) + "]");
    return first.min.y != second.min.y ? first.min.y < second.min.y : first.min.x < second.min.x;
  });
  for (std::size_t i = 1; i < heads.size(); ++i) CHECK(entropy(heads[i - 1]) <= entropy(heads[i]));
}

TEST_CASE("properties that mean nothing for this scenario are not offered") {
  Harness h;
  Input cross = several_heads();
  cross.source = Source{cross.tokens, cross.x};
  show(h, cross);
  h.post(session::ShowScenarioTab{session::ScenarioTab::heads});
  // number, entropy, first
  CHECK(h.has("scenario.head_order[2]"));
  CHECK_FALSE(h.has("scenario.head_order[3]"));
}

TEST_CASE("during a drag no small map jumps to another place") {
  Harness h;
  show(h, several_heads());
  h.post(session::ShowScenarioTab{session::ScenarioTab::heads});
  h.post(session::SetHeadOrder{HeadMeasure::self});
  std::vector<Rect> before;
  for (std::size_t i = 0; i < 4; ++i)
    before.push_back(h.rect("scenario.head_map[" + std::to_string(i) + "]"));
  for (int i = 1; i <= 5; ++i)
    h.post(session::Preview{session::SetXCell{0, 0, 3.0f * static_cast<float>(i)}});
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(h.rect("scenario.head_map[" + std::to_string(i) + "]").min.x == before[i].min.x);
}
