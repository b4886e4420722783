#include "tools/bench/tree_plan.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace finder {
namespace {

constexpr Shape kShapes[] = {
    // name, dirs, files, mean, spread, chain, hub, blueprint, syllables, copies
    {"android", 100000, 0, 10.2, 1.3, 0.24, 0.10, 0.06, 2, 1},
    {"kernel", 6000, 90000, 15, 1.4, 0.02, 0.75, 0, 2, 1},
    {"flat", 1, 500000, 0, 0, 0, 0, 0, 4, 1},
    {"deep", 2000, 4000, 2, 0, 1, 0, 0, 1, 1},
    {"monorepo", 1000000, 0, 10.2, 1.3, 0.24, 0.10, 0.06, 2, 10},
    {"tiny", 10, 50, 5, 0.5, 0, 0, 0, 1, 1},
};

template <typename T, size_t N>
const T& Pick(Random& random, const T (&from)[N]) {
  return from[random.Below(N)];
}

std::string Syllables(Random& random, int count) {
  static constexpr std::string_view kSyllables[] = {
      "ar", "ba", "be", "ca", "co", "da", "de", "di", "do", "en", "er",
      "fa", "fi", "ge", "ha", "he", "in", "io", "ja", "ke", "la", "le",
      "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "no", "on", "or",
      "pa", "pe", "po", "ra", "re", "ri", "ro", "sa", "se", "si", "so",
      "st", "ta", "te", "ti", "to", "tr", "un", "ur", "us", "va", "ve",
      "vi", "wa", "we", "xi", "ya", "yo", "za", "ze", "zo"};
  std::string result;
  for (int i = 0; i < count; ++i) result += Pick(random, kSyllables);
  return result;
}

std::string DirectoryName(Random& random) {
  static constexpr std::string_view kWords[] = {
      "src",  "java",  "com",     "android", "test",     "tests",  "res",
      "core", "jni",   "include", "lib",     "libs",     "utils",  "internal",
      "impl", "api",   "values",  "layout",  "drawable", "google", "org",
      "data", "tools", "common",  "native",  "server",   "client", "hidl"};
  if (random.Chance(0.6)) return std::string(Pick(random, kWords));
  return Syllables(random, 2 + random.Below(3));
}

// Gives every directory of [first, first + count) its parent. A parent chosen
// evenly among all that came before gives a mean depth near ln(count).
void Attach(const Shape& shape, Random& random, int first, int count,
            std::vector<int>& parents) {
  std::vector<int> hubs = {first};
  for (int i = 1; i < count; ++i) {
    int parent = first + random.Below(i);
    if (random.Chance(shape.chain_chance)) {
      parent = first + i - 1;
    } else if (random.Chance(shape.hub_chance)) {
      parent = hubs[random.Below(static_cast<int>(hubs.size()))];
    }
    if (i % 100 == 0) hubs.push_back(first + i);
    parents[first + i] = parent;
  }
}

void NameChildren(Random& random, std::vector<PlannedDirectory>& tree) {
  for (PlannedDirectory& directory : tree) {
    std::vector<std::string> names;
    while (names.size() < directory.children.size()) {
      size_t missing = directory.children.size() - names.size();
      for (size_t i = 0; i < missing; ++i) {
        std::string name = DirectoryName(random);
        // Directories with very many children run out of words.
        if (names.size() > 20) name += Syllables(random, 1);
        names.push_back(std::move(name));
      }
      std::sort(names.begin(), names.end());
      names.erase(std::unique(names.begin(), names.end()), names.end());
    }
    for (size_t i = 0; i < names.size(); ++i) {
      tree[directory.children[i]].name = std::move(names[i]);
    }
  }
}

void PlaceFiles(const Shape& shape, Random& random,
                std::vector<PlannedDirectory>& tree) {
  double mu = std::log(std::max(shape.mean_files, 1.0)) -
              shape.file_spread * shape.file_spread / 2;
  int64_t placed = 0;
  for (PlannedDirectory& directory : tree) {
    double files = std::exp(mu + shape.file_spread * random.Normal());
    directory.files = static_cast<int>(std::min(files, 4000.0));
    directory.has_blueprint = random.Chance(shape.blueprint_chance);
    if (directory.has_blueprint && directory.files == 0) directory.files = 1;
    placed += directory.files;
  }
  if (shape.files == 0) return;
  for (; placed < shape.files; ++placed) {
    tree[random.Below(static_cast<int>(tree.size()))].files++;
  }
  while (placed > shape.files) {
    PlannedDirectory& directory =
        tree[random.Below(static_cast<int>(tree.size()))];
    if (directory.files == 0) continue;
    directory.files--;
    placed--;
  }
}

}  // namespace

std::span<const Shape> Shapes() { return kShapes; }

double Random::Normal() {
  double radius = std::sqrt(-2 * std::log(1 - Unit()));
  return radius * std::cos(6.283185307179586 * Unit());
}

std::string FileName(Random& random, int syllables, int taken) {
  static constexpr std::string_view kFixed[] = {
      "OWNERS", "NOTICE", "METADATA", "README.md", "Makefile", "Android.mk"};
  static constexpr std::string_view kEndings[] = {
      ".java", ".java", ".java", ".java", ".cpp", ".cpp", ".cc", ".h",
      ".h",    ".h",    ".xml",  ".xml",  ".kt",  ".kt",  ".mk", ".py",
      ".png",  ".png",  ".txt",  ".c",    ".c",   ".S",   ".rs", ".aidl"};
  if (taken == 0 && random.Chance(0.04)) {
    return std::string(Pick(random, kFixed));
  }
  std::string name = Syllables(random, syllables + random.Below(2));
  if (random.Chance(0.4)) name[0] = static_cast<char>(name[0] - 'a' + 'A');
  if (random.Chance(0.15)) name += static_cast<char>('0' + random.Below(10));
  return name.append(Pick(random, kEndings));
}

std::vector<PlannedDirectory> Plan(const Shape& shape, Random& random) {
  std::vector<int> parents(shape.directories, -1);
  // Several copies share the root; each is a tree of its own below it.
  int first = shape.copies > 1 ? 1 : 0;
  int left = shape.directories - first;
  for (int copy = 0; copy < shape.copies; ++copy) {
    int count = left / (shape.copies - copy);
    Attach(shape, random, first, count, parents);
    if (first != 0) parents[first] = 0;
    first += count;
    left -= count;
  }
  std::vector<PlannedDirectory> tree(shape.directories);
  for (int i = 1; i < shape.directories; ++i) {
    tree[i].depth = tree[parents[i]].depth + 1;
    tree[parents[i]].children.push_back(i);
  }
  NameChildren(random, tree);
  PlaceFiles(shape, random, tree);
  return tree;
}

}  // namespace finder
