// Writes first inputs for the fuzzers of databases, as a finder would make
// them, to the directory named: `make_seeds DIRECTORY`.
#include <fstream>
#include <string>

#include "finder/facade/finder.h"
#include "tests/fuzz/fuzzed_tree.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

void Write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string DatabaseOf(FinderFixture& machine, const Options& options) {
  machine.Run(options);
  return machine.tree.ReadFile(FinderFixture::kDatabase);
}

void MakeSeeds(const std::string& directory) {
  for (const LinkPolicy links : {LinkPolicy::kNoFollow, LinkPolicy::kFollow}) {
    FinderFixture machine;
    MakeFuzzedTree(machine);
    Options options = FinderFixture::OptionsOf(FinderFixture::ViewOf({"/src"}));
    options.view.links = links;
    Write(directory + (links == LinkPolicy::kFollow ? "/follow" : "/native"),
          DatabaseOf(machine, options));
  }
  FinderFixture machine;
  MakeFuzzedTree(machine);
  machine.working_directory = "/src";
  Options options = FinderFixture::OptionsOf(FinderFixture::ViewOf({"."}));
  options.view.keep.suffixes = {".c"};
  options.format = DatabaseFormat::kSoong;
  Write(directory + "/soong", DatabaseOf(machine, options));
}

}  // namespace
}  // namespace finder

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  finder::MakeSeeds(argv[1]);
  return 0;
}
