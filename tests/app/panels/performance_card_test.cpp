#include "app/panels/performance_card.h"

#include <thread>

#include "app/session/settings.h"
#include "tests/app/panels/harness.h"

using namespace attn;
using namespace attn::ui;
using namespace attn::ui::testing;
using session::Key;

TEST_CASE("performance: a key shows the card, its cross puts it away, and neither is a step to undo") {
  Harness h;
  h.settle();
  CHECK_FALSE(h.has("performance.memory"));
  h.key(Key::p, {.shift = true});
  h.settle();
  CHECK(h.session().settings().performance_shown);
  CHECK(h.has("performance.memory"));
  h.click("performance.close");
  h.settle();
  CHECK_FALSE(h.session().settings().performance_shown);
  CHECK_FALSE(h.has("performance.memory"));
  CHECK_FALSE(h.session().history().can_undo());
}

TEST_CASE("performance: once the peak is measured, the card asks for no frame") {
  Harness h;
  h.post(session::ShowPerformance{true});
  for (int i = 0; i < 400; ++i) {
    h.frame();
    if (i > 3 && !h.interface().animating()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  h.frames(2);
  CHECK_FALSE(h.interface().animating());
}

TEST_CASE("performance: the heading moves the card by mouse and by keys, never out of the window") {
  Harness h;
  h.post(session::ShowPerformance{true});
  h.frames(3);
  const Rect before = h.rect("performance.move");
  h.drag(before.centre(), add(before.centre(), {200, -100}));
  h.frames(2);
  const Rect moved = h.rect("performance.move");
  CHECK(moved.min.x == doctest::Approx(before.min.x + 200).epsilon(0.01));
  CHECK(moved.min.y == doctest::Approx(before.min.y - 100).epsilon(0.01));
  h.drag(moved.centre(), {moved.centre().x, -400});
  h.frames(2);
  CHECK(h.rect("performance.move").min.y >= 0);
}

TEST_CASE("performance: the memory that is typed holds from the next trace on") {
  Harness h;
  h.post(session::ShowPerformance{true});
  h.frames(3);
  const auto revision = h.session().trace()->revision();
  h.click("performance.memory");
  h.key(Key::a, {.ctrl = true});
  h.type("640");
  h.key(Key::enter);
  h.settle();
  CHECK(h.session().settings().memory_megabytes == std::optional<std::size_t>(640));
  CHECK(h.session().memory_limit() == std::uint64_t{640} << 20);
  CHECK(h.session().trace()->revision() > revision);
}

TEST_CASE("performance: the trace of a window tells how long its stages took") {
  Harness h;
  h.settle();
  const session::TraceFacts& facts = h.session().trace_facts();
  REQUIRE_FALSE(facts.times.empty());
  std::vector<Stage> stages;
  for (const StageTime& time : facts.times) {
    CHECK(time.seconds >= 0.0);
    stages.insert(stages.end(), time.stages.begin(), time.stages.end());
  }
  CHECK(stages == stages_of(h.session().trace()->input()));
  CHECK_FALSE(facts.drag_seconds);
  std::vector<float> row(h.document().input().x.row(0).begin(), h.document().input().x.row(0).end());
  row[0] += 0.5f;
  h.post(session::Preview{session::SetXRow{0, row}});
  h.frames(2);
  REQUIRE(h.session().trace_facts().drag_seconds);
  CHECK(*h.session().trace_facts().drag_seconds > 0.0);
}

TEST_CASE("performance: half of the frames, and 99 of 100") {
  FrameTimes times;
  for (int i = 100; i >= 1; --i) times.add(i * 1e-3);
  CHECK(times.count() == 100);
  CHECK(times.quantile(0.5) == doctest::Approx(0.051));
  CHECK(times.quantile(0.99) == doctest::Approx(0.1));
  for (std::size_t i = 0; i < FrameTimes::kKept; ++i) times.add(1.0);
  CHECK(times.count() == FrameTimes::kKept);
  CHECK(times.quantile(0.0) == 1.0);
}

TEST_CASE("performance: times and sizes in units that read well") {
  CHECK(duration_text(1.3e-6) == "1 µs");
  CHECK(duration_text(0.0342) == "34.2 ms");
  CHECK(duration_text(0.25) == "250 ms");
  CHECK(duration_text(1.5) == "1.50 s");
  CHECK(bytes_text(312) == "312 B");
  CHECK(bytes_text(std::uint64_t{3} << 29) == "1.5 GB");
  CHECK(bytes_text(std::uint64_t{640} << 20) == "640 MB");
}
