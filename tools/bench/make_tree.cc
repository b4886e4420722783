// Makes a source tree of empty files for the benchmarks: the same tree for the
// same shape and seed, on every machine.
//
//   make_tree SHAPE DIR [--seed N]
//
// Beside the tree it writes two files:
//   DIR.tree  the marker: who made DIR, whether it is complete, and its figures
//   DIR.dirs  the absolute path of every directory, a line each, in tree order
//             (siblings by bytes, a parent before its children)
// A DIR that exists without such a marker is never touched. One that is
// complete with the same shape and seed is left as it is; any other is made
// anew.

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/bench/tree_plan.h"

namespace finder {
namespace {

struct Figures {
  int64_t directories = 0;
  int64_t files = 0;
  int64_t blueprints = 0;
  int64_t depth_sum = 0;
  int64_t max_depth = 0;
  int64_t directory_name_bytes = 0;
  int64_t file_name_bytes = 0;
};

[[noreturn]] void Fail(const std::string& what, int error = 0) {
  fprintf(stderr, "make_tree: %s%s%s\n", what.c_str(), error ? ": " : "",
          error ? strerror(error) : "");
  exit(2);
}

void MakeFiles(const Shape& shape, Random& random,
               const PlannedDirectory& directory, int fd, Figures& figures) {
  int left = directory.files;
  if (directory.has_blueprint) {
    if (mknodat(fd, "Android.bp", S_IFREG | 0644, 0) != 0) {
      Fail("cannot make a file", errno);
    }
    figures.blueprints++;
    figures.file_name_bytes += 10;
    left--;
  }
  int syllables = shape.syllables;
  for (int taken = 0; left > 0;) {
    std::string name = FileName(random, syllables, taken);
    if (mknodat(fd, name.c_str(), S_IFREG | 0644, 0) == 0) {
      figures.file_name_bytes += static_cast<int64_t>(name.size());
      left--;
      taken = 0;
    } else if (errno != EEXIST) {
      Fail("cannot make file " + name, errno);
    } else if (++taken == 3) {
      // The names of this length are nearly used up here.
      syllables++;
      taken = 0;
    }
  }
  figures.files += directory.files;
}

int OpenDirectory(int parent, const char* name) {
  int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) Fail(std::string("cannot open directory ") + name, errno);
  return fd;
}

// Makes the tree depth first, as a checkout would, always relative to an open
// directory, so that no path can be too long. A directory's descriptor is
// closed before its last child is entered: a chain needs two descriptors.
Figures Make(const Shape& shape, Random& random,
             const std::vector<PlannedDirectory>& tree, const std::string& root,
             FILE* list) {
  struct Open {
    int index;
    int fd;
    size_t next_child;
    size_t path_size;
  };
  Figures figures;
  std::string path = root;
  std::vector<Open> stack;
  auto enter = [&](int index, int fd) {
    const PlannedDirectory& directory = tree[index];
    figures.directories++;
    figures.depth_sum += directory.depth;
    figures.max_depth = std::max<int64_t>(figures.max_depth, directory.depth);
    fprintf(list, "%s\n", path.c_str());
    MakeFiles(shape, random, directory, fd, figures);
    for (int child : directory.children) {
      const std::string& name = tree[child].name;
      figures.directory_name_bytes += static_cast<int64_t>(name.size());
      if (mkdirat(fd, name.c_str(), 0755) != 0) {
        Fail("cannot make directory " + name, errno);
      }
    }
    stack.push_back({index, fd, 0, path.size()});
  };
  if (mkdir(root.c_str(), 0755) != 0) Fail("cannot make " + root, errno);
  enter(0, OpenDirectory(AT_FDCWD, root.c_str()));
  while (!stack.empty()) {
    Open& top = stack.back();
    const std::vector<int>& children = tree[top.index].children;
    path.resize(top.path_size);
    if (top.next_child == children.size()) {
      if (top.fd >= 0) close(top.fd);
      stack.pop_back();
      continue;
    }
    int child = children[top.next_child++];
    int fd = OpenDirectory(top.fd, tree[child].name.c_str());
    if (top.next_child == children.size()) {
      close(top.fd);
      top.fd = -1;
    }
    path.append("/").append(tree[child].name);
    enter(child, fd);
  }
  return figures;
}

void RemoveTree(const std::string& root) {
  std::string copy = root;
  char* roots[] = {copy.data(), nullptr};
  // Without FTS_NOCHDIR fts steps into each directory, so that depth is no
  // limit.
  FTS* walk = fts_open(roots, FTS_PHYSICAL | FTS_NOSTAT, nullptr);
  if (walk == nullptr) Fail("cannot walk " + root, errno);
  while (FTSENT* entry = fts_read(walk)) {
    int result = 0;
    if (entry->fts_info == FTS_DP) {
      result = rmdir(entry->fts_accpath);
    } else if (entry->fts_info != FTS_D) {
      result = unlink(entry->fts_accpath);
    }
    if (result != 0) Fail("cannot remove below " + root, errno);
  }
  fts_close(walk);
}

std::string MarkerHead(const Shape& shape, uint64_t seed) {
  std::ostringstream head;
  head << "finder bench tree " << kGeneratorVersion << "\nshape " << shape.name
       << "\nseed " << seed << "\n";
  return head.str();
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  if (!file) Fail("cannot write " + path, errno);
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string Summary(const Figures& figures) {
  std::ostringstream text;
  text << "directories " << figures.directories << "\nfiles " << figures.files
       << "\nblueprints " << figures.blueprints << "\nmean_depth "
       << static_cast<double>(figures.depth_sum) /
              static_cast<double>(figures.directories)
       << "\nmax_depth " << figures.max_depth << "\ndirectory_name_bytes "
       << figures.directory_name_bytes << "\nfile_name_bytes "
       << figures.file_name_bytes << "\ncomplete\n";
  return text.str();
}

int Run(const Shape& shape, const std::string& root, uint64_t seed) {
  const std::string marker = root + ".tree";
  const std::string head = MarkerHead(shape, seed);
  std::optional<std::string> found = ReadFile(marker);
  struct stat status;
  bool exists = lstat(root.c_str(), &status) == 0;
  if (exists && (!found || !found->starts_with("finder bench tree "))) {
    Fail(root + " exists and was not made by make_tree: left alone");
  }
  if (exists && found->starts_with(head) && found->ends_with("complete\n")) {
    printf("%s", found->c_str());
    return 0;
  }
  WriteFile(marker, head);
  if (exists) RemoveTree(root);
  FILE* list = fopen((root + ".dirs").c_str(), "w");
  if (list == nullptr) Fail("cannot write " + root + ".dirs", errno);
  Random random(seed);
  std::vector<PlannedDirectory> tree = Plan(shape, random);
  Figures figures = Make(shape, random, tree, root, list);
  if (fclose(list) != 0) Fail("cannot write " + root + ".dirs", errno);
  WriteFile(marker, head + Summary(figures));
  printf("%s%s", head.c_str(), Summary(figures).c_str());
  return 0;
}

std::string Absolute(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  if (path.starts_with("/")) return path;
  char* working = getcwd(nullptr, 0);
  if (working == nullptr) Fail("no working directory", errno);
  std::string result = std::string(working) + "/" + path;
  free(working);
  return result;
}

int Main(int argc, char** argv) {
  uint64_t seed = 1;
  bool seed_given = argc == 5 && strcmp(argv[3], "--seed") == 0;
  if (seed_given) {
    char* end;
    seed = strtoull(argv[4], &end, 10);
    if (*end != '\0' || end == argv[4])
      Fail("not a seed: " + std::string(argv[4]));
  }
  if ((argc == 3 || seed_given) && !strchr(argv[2], '\n')) {
    for (const Shape& shape : Shapes()) {
      if (shape.name == argv[1]) return Run(shape, Absolute(argv[2]), seed);
    }
  }
  std::string shapes;
  for (const Shape& shape : Shapes()) shapes.append(" ").append(shape.name);
  fprintf(stderr, "usage: make_tree SHAPE DIR [--seed N]\nshapes:%s\n",
          shapes.c_str());
  return 2;
}

}  // namespace
}  // namespace finder

int main(int argc, char** argv) { return finder::Main(argc, argv); }
