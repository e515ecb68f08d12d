// Which tile a product is made in, by a clock that the test holds; and the file that remembers it.
#include "app/gpu/product_tiles.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

using namespace attn::gpu;

namespace {

namespace fs = std::filesystem;

struct TileFolder {
  TileFolder() : path(fs::temp_directory_path() / ("attn_tiles_" + std::to_string(getpid()))) {
    fs::create_directories(path);
  }
  ~TileFolder() { fs::remove_all(path); }
  fs::path path;
};

/// A device on which one tile is the fastest; counts what is asked of it.
struct Device {
  std::string fastest;
  int timed = 0;
  std::vector<std::string> made;

  ProductTiles::Multiply multiply() {
    return [this](const ProductTile& tile) { made.push_back(text(tile)); };
  }
  ProductTiles::Timer timer() {
    return [this](const std::function<void()>& commands) {
      ++timed;
      commands();
      return made.back() == fastest ? 1.0 : 2.0;
    };
  }
};

const ProductSize kLarge{1, 1024, 1024, 1024, "122"};

}  // namespace

TEST_CASE("the tile that was measured fastest is taken, and measured once for a class of sizes") {
  for (const ProductTile& wanted : product_tiles()) {
    Device device{text(wanted), 0, {}};
    ProductTiles tiles;
    tiles.measure({device.timer(), "a device", nullptr});
    CHECK(tiles.choose(kLarge, device.multiply()) == wanted);
    const int timed = device.timed;
    CHECK(timed > 0);
    ProductSize near = kLarge;
    near.rows = 1200;
    CHECK(tiles.choose(near, device.multiply()) == wanted);
    CHECK(device.timed == timed);
    near.rows = 2048;
    tiles.choose(near, device.multiply());
    CHECK(device.timed > timed);
  }
}

TEST_CASE("a small product is made plainly and never measured") {
  Device device;
  ProductTiles tiles;
  tiles.measure({device.timer(), "a device", nullptr});
  CHECK(tiles.choose({1, 16, 16, 16, "122"}, device.multiply()).plain());
  CHECK(device.made.empty());
}

TEST_CASE("a tile that the device has no room for is neither measured nor taken from the file") {
  const TileFolder folder;
  MeasuredFile file(folder.path / "measured");
  Device device{"128x128/16", 0, {}};
  ProductTiles large;
  large.measure({device.timer(), "a device", &file});
  CHECK(text(large.choose(kLarge, device.multiply())) == "128x128/16");
  ProductTiles small;
  small.set_limits(1024, 32767);
  device.made.clear();
  device.fastest = "64x64/16";
  small.measure({device.timer(), "a device", &file});
  CHECK(text(small.choose(kLarge, device.multiply())) == "64x64/16");
  for (const std::string& made : device.made) CHECK(made != "128x128/16");
}

TEST_CASE("what was measured holds at the next start, for the same device and driver only") {
  const TileFolder folder;
  const fs::path path = folder.path / "new" / "measured";
  Device device{"128x64/16", 0, {}};
  {
    MeasuredFile file(path);
    ProductTiles tiles;
    tiles.measure({device.timer(), "card, driver 1", &file});
    tiles.choose(kLarge, device.multiply());
  }
  Device later{"64x64/16", 0, {}};
  const MeasuredFile again(path);
  MeasuredFile file(path);
  ProductTiles same;
  same.measure({later.timer(), "card, driver 1", &file});
  CHECK(text(same.choose(kLarge, later.multiply())) == "128x64/16");
  CHECK(later.timed == 0);
  ProductTiles other;
  other.measure({later.timer(), "card, driver 2", &file});
  CHECK(text(other.choose(kLarge, later.multiply())) == "64x64/16");
  CHECK(later.timed > 0);
}

TEST_CASE("without a clock the size decides: large tiles where there are many of them") {
  ProductTiles tiles;
  const auto never = [](const ProductTile&) { FAIL("nothing is to be made"); };
  CHECK(text(tiles.choose({1, 4096, 4096, 4096, ""}, never)) == "128x128/8");
  CHECK(text(tiles.choose({12, 4096, 4096, 64, ""}, never)) == "128x64/16");
  CHECK(tiles.choose({1, 100, 4096, 100, ""}, never).plain());
}

TEST_CASE("a file of measurements that is broken, or cannot be written, costs nothing but the memory") {
  const TileFolder folder;
  const fs::path path = folder.path / "measured";
  std::ofstream(path) << "no tab\none\tonly\n\t\t\na device\tproduct\t64x64/16\n\xff\xfe\tx\n";
  MeasuredFile file(path);
  CHECK(file.find("a device", "product") == "64x64/16");
  CHECK(!file.find("one", "only"));
  MeasuredFile meanwhile(path);
  meanwhile.keep("another\tdevice", "x", "1\n2");
  file.keep("a device", "y", "3");
  const MeasuredFile both(path);
  CHECK(both.find("another\tdevice", "x") == "1 2");
  CHECK(both.find("a device", "y") == "3");
  CHECK(both.find("a device", "product") == "64x64/16");
  MeasuredFile nowhere(path / "below a file" / "measured");
  nowhere.keep("a device", "x", "4");
  CHECK(nowhere.find("a device", "x") == "4");
  MeasuredFile memory;
  memory.keep("a device", "x", "5");
  CHECK(memory.find("a device", "x") == "5");
}
