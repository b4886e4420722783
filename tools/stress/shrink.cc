#include "tools/stress/shrink.h"

#include <time.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace finder {
namespace {

// A little more than kTrustAgeNs of finder/tree/stamp.h.
constexpr int64_t kAgeMs = 2700;

int64_t Now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

class Shrinker {
 public:
  Shrinker(const PlayerOptions& options, int64_t seconds)
      : options_(options), end_(Now() + seconds) {
    // The step that fails must do so whatever number it has by now.
    options_.cold_every = 1;
  }

  ShrinkResult Run(std::vector<Step> history) {
    std::vector<Step> faster = history;
    for (Step& step : faster) {
      std::erase_if(step.before, [](const Operation& operation) {
        return operation.kind == OperationKind::kAge;
      });
    }
    AddAges(faster);
    AddAges(history);
    if (Fails(faster)) {
      history = std::move(faster);
    } else if (!Fails(history)) {
      return {};
    }
    DropSteps(history);
    DropOperations(history);
    return {true, std::move(history), problem_};
  }

 private:
  bool late() const { return Now() >= end_; }

  static void AddAges(std::vector<Step>& history) {
    const size_t first = history.size() - std::min<size_t>(history.size(), 2);
    for (size_t i = first; i < history.size(); ++i) {
      auto& before = history[i].before;
      before.insert(before.begin(), {OperationKind::kAge, "", "", kAgeMs});
    }
  }

  bool Fails(const std::vector<Step>& history) {
    Player player(options_);
    for (const Step& step : history) {
      if (auto problem = player.Play(step)) {
        problem_ = std::move(*problem);
        return true;
      }
    }
    return false;
  }

  // Tries without [at, at + count), in chunks that get smaller.
  void DropSteps(std::vector<Step>& history) {
    for (size_t count = history.size() / 2; count > 0; count /= 2) {
      for (size_t at = 0; at + 1 < history.size() && !late();) {
        std::vector<Step> less = history;
        const size_t last = std::min(at + count, history.size() - 1);
        less.erase(less.begin() + static_cast<int64_t>(at),
                   less.begin() + static_cast<int64_t>(last));
        if (Fails(less)) {
          history = std::move(less);
        } else {
          at += count;
        }
      }
    }
  }

  void DropOperations(std::vector<Step>& history) {
    for (size_t step = 0; step < history.size(); ++step) {
      DropFrom(
          history, [step](auto& h) -> auto& { return h[step].before; });
      DropFrom(
          history, [step](auto& h) -> auto& { return h[step].during; });
    }
  }

  template <typename Part>
  void DropFrom(std::vector<Step>& history, Part part) {
    for (size_t count = std::max<size_t>(part(history).size() / 2, 1);
         count > 0; count /= 2) {
      for (size_t at = 0; at < part(history).size() && !late();) {
        std::vector<Step> less = history;
        auto& list = part(less);
        const size_t last = std::min(at + count, list.size());
        list.erase(list.begin() + static_cast<int64_t>(at),
                   list.begin() + static_cast<int64_t>(last));
        if (Fails(less)) {
          history = std::move(less);
        } else {
          at += count;
        }
      }
    }
  }

  PlayerOptions options_;
  const int64_t end_;
  std::string problem_;
};

}  // namespace

ShrinkResult Shrink(std::vector<Step> history, const PlayerOptions& options,
                    int64_t seconds) {
  return Shrinker(options, seconds).Run(std::move(history));
}

}  // namespace finder
