#include "finder/checksum.h"

#include <xxhash.h>

namespace finder {

uint64_t Checksum64(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

uint64_t Checksum64(std::string_view bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string Checksum128Hex(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return Hex64(hash.high64) + Hex64(hash.low64);
}

std::string Hex64(uint64_t value) {
  std::string hex(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) {
    hex[i] = "0123456789abcdef"[value & 0xf];
  }
  return hex;
}

}  // namespace finder
