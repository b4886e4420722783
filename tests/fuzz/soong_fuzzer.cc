// A run over a Soong database of arbitrary bytes behind the two lines that any
// fit database begins with.
#include <cstddef>
#include <cstdint>
#include <string>

#include "finder/database/soong_format.h"
#include "finder/facade/database_key.h"
#include "tests/fuzz/fuzzed_tree.h"
#include "tests/support/finder_fixture.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  finder::FinderFixture machine;
  finder::MakeFuzzedTree(machine);
  machine.working_directory = "/src";
  finder::View view = finder::FinderFixture::ViewOf({"."});
  view.keep.suffixes = {".c"};
  finder::SoongRequest request;
  request.view = &view;
  request.working_directory = machine.working_directory;
  request.view_id = finder::DefaultViewId(machine.host);
  std::string text(reinterpret_cast<const char*>(data), size);
  if (!text.starts_with(finder::kSoongFirstLine)) {
    text = std::string(finder::kSoongFirstLine) +
           finder::EncodeSoongConfiguration(request) + '\n' + text;
  }
  machine.tree.WriteFile(finder::FinderFixture::kDatabase, text);
  finder::RunTwice(machine, view);
  return 0;
}
