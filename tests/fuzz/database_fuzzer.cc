// A whole run over a database of arbitrary bytes. Nearly all of them are told
// apart by a checksum, so the sums are first made right: what is behind them
// must hold by itself.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "finder/database/database_format.h"
#include "finder/text/checksum.h"
#include "tests/fuzz/fuzzed_tree.h"
#include "tests/support/finder_fixture.h"

namespace finder {
namespace {

uint32_t CountRecords(std::string_view block) {
  uint32_t count = 0;
  for (size_t at = block.find(",["); at != std::string_view::npos;
       at = block.find(",[", at + 1)) {
    ++count;
  }
  return count;
}

// The text with a trailer that fits it: the first two lines are the header, a
// line of states may end the blocks.
std::string WithTrailer(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::string out;
  DatabaseTrailer trailer;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (i >= 2 && line.starts_with("{\"blocks\"")) break;
    out += line;
    out += '\n';
    if (i == 1) trailer.header_checksum = Checksum64(out);
    if (i < 2) continue;
    trailer.blocks.push_back(
        {line.size(), CountRecords(line), 0, Checksum64(line)});
  }
  return out + EncodeTrailer(trailer);
}

}  // namespace
}  // namespace finder

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const std::string& database : {text, finder::WithTrailer(text)}) {
    finder::FinderFixture machine;
    finder::MakeFuzzedTree(machine);
    machine.tree.WriteFile(finder::FinderFixture::kDatabase, database);
    finder::RunTwice(machine, finder::FinderFixture::ViewOf({"/src"}));
  }
  return 0;
}
