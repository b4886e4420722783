// Runs a fuzzer once over each file named, without the fuzzing engine: so that
// every compiler holds what the engine found.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      fprintf(stderr, "%s: cannot be read\n", argv[i]);
      return 1;
    }
    std::ostringstream text;
    text << file.rdbuf();
    const std::string bytes = text.str();
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()),
                           bytes.size());
  }
  printf("%d files\n", argc - 1);
  return argc > 1 ? 0 : 1;
}
