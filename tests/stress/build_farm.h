// Who uses which view of which tree when, in a week of a build farm: trees that
// are always built, trees that are looked at now and then, branches that live
// for a day, and trees that come back after four and more. Pure; the same
// for the same seed.
#ifndef FINDER_TESTS_STRESS_BUILD_FARM_H_
#define FINDER_TESTS_STRESS_BUILD_FARM_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace finder {

// One view of one tree, and what its runs know of its entry.
struct FarmView {
  std::string key;
  // When it is used, in steps since the beginning.
  std::vector<std::pair<int, int>> active;
  int weight = 1;          // how often, among those that are active
  size_t first_bytes = 0;  // of the database
  uint64_t runs_per_change = 1;
  uint64_t written = 0;             // the version that was written last
  uint64_t stored = 0;              // the last one that came in for certain
  bool is_there = false;            // whether the cache has to have an entry
  int64_t last_use_ns = INT64_MIN;  // by a clock that nobody sets

  // The database of a version: each is a percent larger than the one before.
  std::string Facts(uint64_t version) const {
    std::string facts = key + " " + std::to_string(version) + "\n";
    facts.resize(first_bytes + first_bytes / 100 * version, 'f');
    return facts;
  }
};

class BuildFarm {
 public:
  static constexpr int kStepsADay = 288;  // of five minutes
  static constexpr int kSteps = 7 * kStepsADay;

  explicit BuildFarm(uint64_t seed) : random_(seed) {
    for (int tree = 0; tree < 300; ++tree) AddTree(tree);
  }

  uint64_t Pick(uint64_t below) { return random_() % below; }
  bool OneIn(uint64_t n) { return Pick(n) == 0; }

  std::vector<FarmView>& views() { return views_; }

  // How many runs there are in a step: by day more than by night.
  uint64_t PickRuns(int step) {
    const int hour = step % kStepsADay * 24 / kStepsADay;
    return Pick(hour >= 7 && hour < 21 ? 8 : 3);
  }

  // Whose run it is.
  FarmView& PickView(int step) {
    std::vector<FarmView*> active;
    uint64_t weights = 0;
    for (FarmView& view : views_) {
      for (const auto& [from, until] : view.active) {
        if (step < from || step >= until) continue;
        active.push_back(&view);
        weights += static_cast<uint64_t>(view.weight);
      }
    }
    auto left = static_cast<int64_t>(Pick(weights));
    for (FarmView* view : active) {
      left -= view->weight;
      if (left < 0) return *view;
    }
    return *active.back();
  }

 private:
  void AddTree(int tree) {
    FarmView view;
    const uint64_t kind = Pick(20);
    if (kind < 1) {
      view.weight = 40;
      view.active = {{0, kSteps}};
    } else if (kind < 4) {
      view.weight = 8;
      view.active = {{0, kSteps}};
    } else if (kind < 16) {
      view.weight = 6;
      const int from = static_cast<int>(Pick(kSteps));
      view.active = {{from, from + kStepsADay}};
    } else {
      view.weight = 5;
      view.active = {{0, kStepsADay}, {kSteps - kStepsADay * 3 / 2, kSteps}};
    }
    const size_t bytes = 2'000 + Pick(OneIn(4) ? 300'000 : 90'000);
    const uint64_t count = 1 + Pick(4);
    for (uint64_t i = 0; i < count; ++i) {
      view.key = "tree" + std::to_string(tree) + "-" + std::to_string(i);
      view.first_bytes = bytes / (i + 1);
      view.runs_per_change = 4 + Pick(28);
      views_.push_back(view);
    }
  }

  std::mt19937_64 random_;
  std::vector<FarmView> views_;
};

}  // namespace finder

#endif  // FINDER_TESTS_STRESS_BUILD_FARM_H_
