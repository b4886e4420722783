// Plays a history on a fresh tree and compares after each step.
#ifndef FINDER_TOOLS_STRESS_PLAYER_H_
#define FINDER_TOOLS_STRESS_PLAYER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/stress/history.h"
#include "tools/stress/shared_cache.h"
#include "tools/stress/subject.h"

namespace finder {

struct PlayerOptions {
  std::string directory;  // on the file system under test; made, and removed.
                          // A tree that is there already is where it starts
  // What is asked about, if it is not a tree made in `directory`: it stays.
  std::string tree;
  // Where changes are made, if that is another way to the same tree.
  std::string behind;
  // A program that changes what is mounted; called with a number.
  std::string hook;
  std::string program;  // empty: in this process
  // With a program: all runs share one cache, and subjects are the overlapping.
  bool shared_cache = false;
  // One step in so many compares the cold run and the one without a cache too.
  uint32_t cold_every = 4;
};

struct PlayCounts {
  uint64_t steps = 0;
  uint64_t runs = 0;
  uint64_t disturbed = 0;    // runs during which the tree changed
  uint64_t directories = 0;  // in the trees of warm runs
  uint64_t list_calls = 0;   // that warm runs made: the fewer, the more trust
};

class Player {
 public:
  explicit Player(PlayerOptions options);
  ~Player();
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  // What went wrong, for people; none if nothing did.
  std::optional<std::string> Play(const Step& step);

  const PlayCounts& counts() const { return counts_; }
  // What the shared cache says of itself; empty without one.
  std::string CacheInfo() const;
  // Copies the databases as they were before the last step to `directory`; not
  // the entries of a shared cache.
  void KeepDatabases(const std::string& directory) const;

 private:
  std::string SharedCacheDirectory() const;
  void Change(const Operation& operation) const;
  const Subject& SubjectOf(const Step& step) const;
  Run MakeRun(const Step& step, CacheUse cache) const;
  RunResult RunOnce(const Run& run, const std::vector<Interruption>& during);
  std::optional<std::string> Compare(const Step& step, const Run& run,
                                     const std::string& expected,
                                     int attempts_left = 3);
  // What the walk finds; sets doubtful_.
  std::string Expected(const Step& step);
  std::optional<std::string> CompareAll(const Step& step, const Run& warm,
                                        bool cold);
  // Whether each root of the step's subject can be opened.
  bool HasRoots(const Step& step) const;
  std::optional<std::string> FindLeftovers() const;

  const PlayerOptions options_;
  const std::string top_;
  const std::string edited_;
  const std::string cache_;
  std::optional<SharedCache> shared_;
  PlayCounts counts_;
  std::vector<std::string> databases_before_;
  std::vector<std::string> doubtful_;  // see walker.h
};

}  // namespace finder

#endif  // FINDER_TOOLS_STRESS_PLAYER_H_
