// Depfiles of arbitrary bytes: read or refused in one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "finder/results/depfile_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto inputs = finder::ReadDepfile(text);
  if (!inputs.ok()) {
    if (inputs.status().message().empty()) abort();
    return 0;
  }
  for (const std::string& input : *inputs) {
    if (input.empty() || input.find('\0') != input.npos) abort();
  }
  return 0;
}
