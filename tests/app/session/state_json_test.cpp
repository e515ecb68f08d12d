#include "app/session/state_json.h"

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/app/session/documents.h"
#include "tests/app/session/fake_backend.h"

using namespace attn;
using namespace attn::session;
using attn::tests::act;
using attn::tests::direct_options;
using nlohmann::json;

namespace {

json state(const Session& s, std::string_view widgets = {}) { return json::parse(state_json(s, widgets)); }

}  // namespace

TEST_CASE("state: what a person sees of the three words is in it") {
  Session s(direct_options());
  const json j = state(s);
  CHECK(j.at("current") == true);
  CHECK(j.at("unsaved") == false);
  CHECK(j.at("document").at("tokens") == json::array({"x1", "x2", "x3"}));
  CHECK(j.at("document").at("x") == json::parse("[[1,2],[2,3],[3,4]]"));
  CHECK(j.at("document").at("parameters") == json::object());
  CHECK(j.at("document").at("scale") == "none");
  CHECK(j.at("trace").at("scores") == json::parse("[[[5,8,11],[8,13,18],[11,18,25]]]"));
  CHECK(j.at("trace").at("weights")[0][0][2].get<double>() == doctest::Approx(0.9503302));
  CHECK(j.at("selection") == json::parse(R"({"stage":"weights","head":0,"row":0,"column":0})"));
  CHECK(j.at("playhead").at("position") == 72);
  CHECK(j.at("pull").is_null());
  CHECK(j.at("question").is_null());
  CHECK(j.at("dialog").is_null());
  CHECK(j.at("refusal").is_null());
  CHECK_FALSE(j.contains("widgets"));
}

TEST_CASE("state: everything that can happen shows") {
  Session s(direct_options());
  act(s, SetLanguage{Language::zh});
  act(s, Apply{SetScale{{Scale::Kind::number, 0.5}}});
  act(s, Apply{SetCausal{true}});
  act(s, Apply{SetParameterCell{{ParameterId::w_q, 0, 1}, 0.25f}});
  act(s, Apply{SetTemperature{-1.0}});
  act(s, Undo{});
  act(s, SetPullFreedom{PullFreedom::w_q_and_w_k});
  act(s, BeginPull{PullTarget::weight(0, 2, 1)});
  act(s, MovePull{{0.6}});
  s.settle();
  act(s, ToStart{});
  s.notify(Severity::warning, message("say \"{0}\"", {"你好"}));
  const json j = state(s, R"([{"id":"x","rect":[0,0,1,1]}])");
  CHECK(j.at("document").at("title") == "三个词");
  CHECK(j.at("document").at("scale") == 0.5);
  CHECK(j.at("document").at("causal") == true);
  CHECK(j.at("document").at("parameters").contains("w_q"));
  CHECK(j.at("trace").at("masked")[0][0][1].is_null());
  CHECK(j.at("pull").at("active") == true);
  CHECK(j.at("pull").at("end") == "held_back");
  CHECK(j.at("pull").at("freedom") == "w_q_and_w_k");
  CHECK(j.at("pull").at("limit").at("bound").get<double>() == doctest::Approx(1.0 / 3.0));
  CHECK(j.at("pull").at("limit").at("tokens") == json::array({0, 2}));
  CHECK(j.at("playhead").at("moment").is_null());
  CHECK(j.at("notices")[0].at("text") == "say \"你好\"");
  CHECK(j.at("notices")[0].at("severity") == "warning");
  CHECK(j.at("history").at("undo") == 2);
  CHECK(j.at("history").at("redo") == 1);
  CHECK(j.at("history").at("gesture") == true);
  CHECK(j.at("widgets")[0].at("id") == "x");
  act(s, CancelGesture{});
  act(s, Apply{SetTemperature{-1.0}});
  act(s, Quit{});
  const json asked = state(s);
  CHECK(asked.at("question") == "unsaved_work");
  CHECK(asked.at("refusal") == "The temperature must be above 0");
  act(s, AskOpenPath{});
  CHECK(state(s).at("dialog") == "open");
  act(s, AskSavePath{});
  CHECK(state(s).at("dialog") == "save_as");
}

TEST_CASE("state: the three scales, sources, and numbers that JSON cannot write") {
  Session s(direct_options());
  act(s, Apply{SetScale{{Scale::Kind::sqrt_dk, 1.0}}});
  CHECK(state(s).at("document").at("scale") == "sqrt_dk");
  Input overflow = tests::three_words();
  overflow.x = SharedMatrix(Matrix{{10, 20}, {20, 30}, {30, 40}});
  overflow.config.normalise = Normalise::softmax_without_max;
  overflow.source = Source{tests::numbered_tokens(2), SharedMatrix(Matrix{{1, 0}, {0, 90}})};
  act(s, Apply{SetInput{overflow, {}}});
  const json j = state(s);
  CHECK(j.at("document").at("source").at("tokens") == json::array({"t0", "t1"}));
  CHECK(j.at("trace").at("weights")[0][0][1] == "nan");  // inf ÷ inf in float32
}

TEST_CASE("state: large stages are given by their shape") {
  Session s(direct_options());
  act(s, Apply{SetInput{tests::random_input(65, 64, 1, 1), {}}});
  s.settle();
  const json j = state(s);
  CHECK(j.at("document").at("x") == json::parse(R"({"shape":[65,64]})"));
  CHECK(j.at("trace").at("weights") == json::parse(R"({"shape":[1,65,65]})"));
}

TEST_CASE("state: before the first trace, and with a lost backend") {
  const auto lost = std::make_shared<tests::FakeBackend>("GPU");
  lost->before = [](const Input&) { throw BackendLost("gone"); };
  SessionOptions options;
  options.backends = {lost};
  Session s(options);
  s.settle();
  const json j = state(s);
  CHECK(j.at("trace").is_null());
  CHECK(j.at("current") == false);
  CHECK(j.at("status").at("lost")[0].at("reason") == "gone");
  CHECK(j.at("status").at("error") == "no backend is left to compute with");
}

TEST_CASE("state file: written when something changed, and not too often") {
  using std::chrono::milliseconds;
  const tests::TemporaryFolder folder;
  StateFile file(folder.path() / "state.json", milliseconds(50));
  Session s(direct_options());
  const auto start = std::chrono::steady_clock::time_point{};
  CHECK(file.update(s, {}, start));
  CHECK_FALSE(file.update(s, {}, start + milliseconds(100)));  // nothing new
  act(s, Apply{SetXCell{0, 0, 5.0f}});
  CHECK(file.update(s, {}, start + milliseconds(110)));
  act(s, Apply{SetXCell{0, 0, 6.0f}});
  CHECK_FALSE(file.update(s, {}, start + milliseconds(120)));
  CHECK(file.waiting());
  CHECK(file.update(s, {}, start + milliseconds(170)));
  CHECK_FALSE(file.waiting());
  std::ifstream in(folder.path() / "state.json");
  CHECK(json::parse(in).at("document").at("x")[0][0] == 6.0);
  StateFile nowhere("/proc/nowhere/state.json");
  CHECK_THROWS_AS(nowhere.update(s), std::runtime_error);
}
