#include "app/session/engine_runner.h"

#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "app/session/edit.h"
#include "tests/app/session/documents.h"
#include "tests/app/session/fake_backend.h"

using namespace attn;
using namespace attn::session;
using attn::tests::FakeBackend;
using attn::tests::three_word_document;

namespace {

float weight(const EngineRunner& runner, std::size_t row, std::size_t column) {
  const Read read = runner.trace()->read_cell({Stage::weights, 0, row, column});
  REQUIRE(read.ready());
  return read.values(0, 0);
}

Document moved(float value) { return apply(three_word_document(), SetXCell{0, 0, value}); }

/// A document that the engine refuses to carry through: its scores are past float32.
Document overflowing() { return apply(three_word_document(), SetXRow{0, {3e30f, 3e30f}}); }

}  // namespace

TEST_CASE("engine runner: a small input is computed before request() returns") {
  const auto worker = std::make_shared<FakeBackend>("worker");
  const auto direct = std::make_shared<FakeBackend>("direct");
  RunnerOptions options;
  options.direct = direct;
  EngineRunner runner({worker}, options);
  CHECK(runner.trace() == nullptr);
  CHECK_FALSE(runner.status().computing);
  runner.request(three_word_document(), 1);
  REQUIRE(runner.trace() != nullptr);
  CHECK(runner.trace()->revision() == 1);
  CHECK(weight(runner, 0, 2) == doctest::Approx(0.9503302));
  CHECK(runner.status().backend == "direct");
  CHECK(runner.status().description == "direct of the tests");
  CHECK_FALSE(runner.status().computing);
  CHECK(worker->runs == 0);
}

TEST_CASE("engine runner: a large input goes to the worker, which wakes who waits") {
  const auto worker = std::make_shared<FakeBackend>("worker");
  const auto direct = std::make_shared<FakeBackend>("direct");
  std::atomic<int> woken{0};
  RunnerOptions options;
  options.direct = direct;
  options.direct_operations = 1.0;
  options.wake = [&] { ++woken; };
  auto owner = std::make_unique<EngineRunner>(std::vector<std::shared_ptr<Backend>>{worker}, options);
  EngineRunner& runner = *owner;
  worker->close();
  runner.request(three_word_document(), 1);
  worker->wait_until_running();
  CHECK(runner.status().computing);
  CHECK(runner.status().fraction == 0.5f);
  CHECK_FALSE(runner.collect());
  CHECK(runner.trace() == nullptr);
  worker->open();
  runner.wait();
  CHECK(runner.trace()->revision() == 1);
  CHECK(runner.status().backend == "worker");
  CHECK_FALSE(runner.status().computing);
  CHECK(direct->runs == 0);
  owner.reset();  // the call comes after the result: the thread has made it when it has ended
  CHECK(woken == 1);
}

TEST_CASE("engine runner: the running job finishes, one slot keeps the newest request") {
  const auto backend = std::make_shared<FakeBackend>();
  EngineRunner runner({backend});
  backend->close();
  runner.request(moved(1.0f), 1);
  backend->wait_until_running();
  for (std::uint64_t revision = 2; revision <= 50; ++revision) {
    runner.request(moved(static_cast<float>(revision)), revision);
  }
  backend->open();
  runner.wait();
  CHECK(backend->runs == 2);
  CHECK(runner.trace()->revision() == 50);
  CHECK(runner.trace()->input().x(0, 0) == 50.0f);
}

TEST_CASE("engine runner: an input that fails keeps the old trace and says why") {
  const auto backend = std::make_shared<FakeBackend>();
  for (const bool direct : {false, true}) {
    CAPTURE(direct);
    RunnerOptions options;
    if (direct) options.direct = backend;
    EngineRunner runner({backend}, options);
    runner.request(three_word_document(), 1);
    runner.wait();
    runner.request(overflowing(), 2);
    runner.wait();
    CHECK(runner.trace()->revision() == 1);
    REQUIRE(runner.status().error.has_value());
    CHECK(runner.status().error->find('\n') == std::string::npos);
    CHECK_FALSE(runner.status().computing);
    runner.request(three_word_document(), 3);
    runner.wait();
    CHECK(runner.trace()->revision() == 3);
    CHECK_FALSE(runner.status().error.has_value());
  }
}

TEST_CASE("engine runner: memory that is not there is an error of the run") {
  const auto backend = std::make_shared<FakeBackend>();
  backend->before = [](const Input&) { throw std::bad_alloc(); };
  EngineRunner runner({backend});
  runner.request(three_word_document(), 1);
  runner.wait();
  CHECK(*runner.status().error == "there is not enough memory for this trace");
}

TEST_CASE("engine runner: a lost backend is followed by the next one, with the reason remembered") {
  const auto lost = std::make_shared<FakeBackend>("GPU");
  lost->before = [](const Input&) { throw BackendLost("the context is gone"); };
  const auto next = std::make_shared<FakeBackend>("CPU");
  EngineRunner runner({lost, next});
  runner.request(three_word_document(), 1);
  runner.wait();
  CHECK(runner.trace()->revision() == 1);
  CHECK(runner.status().backend == "CPU");
  REQUIRE(runner.status().lost.size() == 1);
  CHECK(runner.status().lost[0].name == "GPU");
  CHECK(runner.status().lost[0].reason == "the context is gone");
  runner.request(moved(5.0f), 2);
  runner.wait();
  CHECK(lost->runs == 1);  // it is not asked again
}

TEST_CASE("engine runner: when every backend is lost the status says so") {
  const auto lost = std::make_shared<FakeBackend>();
  lost->before = [](const Input&) { throw BackendLost("unplugged"); };
  EngineRunner runner({lost});
  runner.request(three_word_document(), 1);
  runner.wait();
  CHECK(runner.trace() == nullptr);
  CHECK(*runner.status().error == "no backend is left to compute with");
}

TEST_CASE("engine runner: a direct backend that is lost hands over to the worker") {
  const auto direct = std::make_shared<FakeBackend>("direct");
  direct->before = [](const Input&) { throw BackendLost("gone"); };
  const auto worker = std::make_shared<FakeBackend>("worker");
  RunnerOptions options;
  options.direct = direct;
  EngineRunner runner({worker}, options);
  runner.request(three_word_document(), 1);
  runner.wait();
  CHECK(runner.status().backend == "worker");
  CHECK(runner.status().lost.size() == 1);
  runner.request(three_word_document(), 2);
  runner.wait();
  CHECK(direct->runs == 1);
}

TEST_CASE("engine runner: a cancelled job changes nothing, and the next one is computed") {
  const auto backend = std::make_shared<FakeBackend>();
  EngineRunner runner({backend});
  runner.request(moved(1.0f), 1);
  runner.wait();
  backend->close();
  runner.request(moved(2.0f), 2);
  backend->wait_until_running();
  runner.request(moved(3.0f), 3);
  runner.cancel();
  runner.wait();
  CHECK(runner.trace()->revision() == 1);
  CHECK_FALSE(runner.status().computing);
  CHECK_FALSE(runner.status().error.has_value());
  backend->open();
  runner.request(moved(4.0f), 4);
  runner.wait();
  CHECK(runner.trace()->revision() == 4);
}

TEST_CASE("engine runner: an older answer of the worker never replaces a newer direct one") {
  const auto worker = std::make_shared<FakeBackend>("worker");
  const auto direct = std::make_shared<FakeBackend>("direct");
  RunnerOptions options;
  options.direct = direct;
  options.direct_operations = 1000.0;
  EngineRunner runner({worker}, options);
  worker->close();
  runner.request(tests::document_of(tests::random_input(20, 8, 1, 1)), 1);
  worker->wait_until_running();
  runner.request(three_word_document(), 2);
  CHECK(runner.trace()->revision() == 2);
  worker->open();
  runner.wait();
  CHECK(runner.trace()->revision() == 2);

  // The same when the worker had finished before the direct answer, and nobody had collected yet.
  std::atomic<bool> finished{false};
  options.wake = [&] { finished = true; };
  EngineRunner other({worker}, options);
  other.request(tests::document_of(tests::random_input(20, 8, 1, 1)), 1);
  while (!finished) std::this_thread::yield();
  other.request(three_word_document(), 2);
  CHECK_FALSE(other.collect());
  CHECK(other.trace()->revision() == 2);
}

TEST_CASE("engine runner: a preview may be computed in parts, and the end of the gesture makes it whole") {
  const auto backend = std::make_shared<FakeBackend>();
  EngineRunner runner({backend});
  const Document pressed = tests::document_of(tests::random_input(40, 8, 2, 1));
  const auto preview = [&](float value) { return apply(pressed, SetXCell{5, 0, value}); };
  runner.request(pressed, 1);
  runner.wait();
  runner.settle_preview();  // it is whole already
  runner.wait();
  CHECK(backend->runs == 1);

  runner.request(preview(0.5f), 2, true);
  runner.wait();
  runner.request(preview(0.25f), 3, true);
  runner.wait();
  CHECK(backend->runs_that_may_update == 2);
  const std::shared_ptr<const Trace> in_parts = runner.trace();
  CHECK(in_parts->revision() == 3);
  backend->close();
  runner.settle_preview();
  backend->wait_until_running();
  CHECK_FALSE(runner.status().computing);  // what is shown is current
  backend->open();
  runner.wait();
  CHECK(backend->runs == 4);
  CHECK(backend->runs_that_may_update == 2);
  CHECK(runner.trace()->revision() == 3);
  CHECK(runner.trace() != in_parts);
  runner.settle_preview();
  runner.wait();
  CHECK(backend->runs == 4);
}

TEST_CASE("engine runner: a gesture that ends before its last preview is computed gets a whole trace") {
  const auto backend = std::make_shared<FakeBackend>();
  EngineRunner runner({backend});
  const Document pressed = tests::document_of(tests::random_input(40, 8, 2, 1));
  runner.request(pressed, 1);
  runner.wait();
  backend->close();
  runner.request(apply(pressed, SetXCell{5, 0, 0.5f}), 2, true);
  backend->wait_until_running();
  runner.request(apply(pressed, SetXCell{5, 0, 0.75f}), 3, true);
  runner.settle_preview();  // takes the place of the one that waits
  CHECK(runner.status().computing);
  backend->open();
  runner.wait();
  CHECK(backend->runs == 3);
  CHECK(backend->runs_that_may_update == 1);
  CHECK(runner.trace()->revision() == 3);
  CHECK(runner.trace()->input().x(5, 0) == 0.75f);
}

TEST_CASE("engine runner: ending it while a job runs stops the job") {
  const auto backend = std::make_shared<FakeBackend>();
  {
    EngineRunner runner({backend});
    backend->close();
    runner.request(three_word_document(), 1);
    backend->wait_until_running();
  }
  CHECK(backend->runs == 1);
  CHECK_THROWS_AS(EngineRunner({}), std::invalid_argument);
}

TEST_CASE("engine runner: estimates grow with every size") {
  const auto estimate = [](const Input& input) { return estimated_operations(input, validate(input)); };
  CHECK(estimate(tests::three_words()) < 1000.0);
  CHECK(estimate(tests::random_input(512, 64, 4, 1)) > 1e7);
  Input additive = tests::random_input(8, 4, 1, 1);
  const double dot = estimate(additive);
  additive.config.score = Score::additive;
  additive.parameters[ParameterId::additive_w_q] = tests::random_matrix(4, 16, 1);
  additive.parameters[ParameterId::additive_w_k] = tests::random_matrix(4, 16, 2);
  additive.parameters[ParameterId::additive_v] = tests::random_matrix(1, 16, 3);
  CHECK(estimate(additive) > dot);
  Input features = tests::three_words();
  features.config.attend_over = AttendOver::features;
  CHECK(estimate(features) > 0.0);
}
