// What a benchmark tree looks like: its shapes, and the plan of its directories
// and names, drawn from a seed. Pure; make_tree.cc puts it on the disk.

#ifndef FINDER_TOOLS_BENCH_TREE_PLAN_H_
#define FINDER_TOOLS_BENCH_TREE_PLAN_H_

#include <stdint.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace finder {

// Changes whenever the same shape and seed would make another tree.
constexpr int kGeneratorVersion = 1;

struct Shape {
  std::string_view name;
  int directories;
  // Exactly as many files, or, if 0, as many as `mean_files` makes likely.
  int files;
  double mean_files;
  // How unequal the directories are: sigma of the log-normal distribution of
  // their number of files.
  double file_spread;
  // Chance that a directory is put below the newest one: makes trees deeper.
  double chain_chance;
  // Chance that it is put below one of the few directories that hold many.
  double hub_chance;
  double blueprint_chance;  // of an Android.bp
  int syllables;            // of a file's name, at least
  int copies;               // of the tree, below one root
};

std::span<const Shape> Shapes();

// SplitMix64. The distributions of <random> differ between libraries.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  int Below(int limit) {
    return static_cast<int>(Next() % static_cast<uint64_t>(limit));
  }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  bool Chance(double probability) { return Unit() < probability; }
  double Normal();

 private:
  uint64_t state_;
};

struct PlannedDirectory {
  std::string name;
  int depth = 0;
  int files = 0;
  bool has_blueprint = false;
  std::vector<int> children;  // indices, sorted by name
};

// The directories of a tree, the root first, a parent before its children.
std::vector<PlannedDirectory> Plan(const Shape& shape, Random& random);

// `taken` is how many names in a row were taken already.
std::string FileName(Random& random, int syllables, int taken);

}  // namespace finder

#endif  // FINDER_TOOLS_BENCH_TREE_PLAN_H_
