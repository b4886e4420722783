#include "finder/text/checksum.h"

#include <xxhash.h>

namespace finder {

uint64_t Checksum64(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

namespace {

std::string Hex128(const XXH128_hash_t& hash) {
  return Hex64(hash.high64) + Hex64(hash.low64);
}

}  // namespace

std::string Checksum128Hex(std::string_view bytes) {
  return Hex128(XXH3_128bits(bytes.data(), bytes.size()));
}

struct StreamingChecksum128::State {
  XXH3_state_t* xxh3 = XXH3_createState();
  ~State() { XXH3_freeState(xxh3); }
};

StreamingChecksum128::StreamingChecksum128()
    : state_(std::make_unique<State>()) {
  XXH3_128bits_reset(state_->xxh3);
}

StreamingChecksum128::~StreamingChecksum128() = default;

void StreamingChecksum128::Add(std::string_view bytes) {
  XXH3_128bits_update(state_->xxh3, bytes.data(), bytes.size());
}

std::string StreamingChecksum128::Hex() const {
  return Hex128(XXH3_128bits_digest(state_->xxh3));
}

std::string Hex64(uint64_t value) {
  std::string hex(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) {
    hex[i] = "0123456789abcdef"[value & 0xf];
  }
  return hex;
}

}  // namespace finder
