#include "fs/temporary_name.h"

#include <errno.h>
#include <limits.h>
#include <sys/random.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "fs/result.h"

namespace finder {
namespace {

constexpr std::string_view kMark = ".finder-";
constexpr std::string_view kSlotLetters = "0123456789abcdef";
static_assert(kSlotLetters.size() == kTemporarySlots);
constexpr size_t kRandomLetters = 8;

// All of a temporary name but the `letters` that tell it from its like.
std::string Stem(std::string_view final_name, size_t letters) {
  std::string name;
  if (1 + final_name.size() + kMark.size() + letters <= NAME_MAX) {
    name.append(".").append(final_name);
  }
  return name.append(kMark);
}

}  // namespace

std::string TemporarySlotName(std::string_view final_name, int slot) {
  return Stem(final_name, 1) + kSlotLetters[static_cast<size_t>(slot)];
}

Result<std::string> RandomTemporaryName(std::string_view final_name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
  unsigned char random[kRandomLetters];
  if (getrandom(random, sizeof(random), 0) != sizeof(random)) {
    return SystemError(EIO);
  }
  std::string name = Stem(final_name, kRandomLetters);
  for (const unsigned char byte : random) {
    name += kLetters[byte % kLetters.size()];
  }
  return name;
}

}  // namespace finder
