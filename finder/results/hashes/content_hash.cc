// The functions of OpenSSL 1.1, which 3.0 calls old and keeps.
#define OPENSSL_API_COMPAT 0x10101000L

#include "finder/results/hashes/content_hash.h"

#include <openssl/sha.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace finder {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string ContentHash::Hex() const {
  std::string text;
  text.reserve(2 * kBytes);
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::optional<ContentHash> ContentHash::FromHex(std::string_view text) {
  if (text.size() != 2 * kBytes) return std::nullopt;
  ContentHash hash;
  for (size_t i = 0; i < kBytes; ++i) {
    const size_t high = kDigits.find(text[2 * i]);
    const size_t low = kDigits.find(text[2 * i + 1]);
    if (high == kDigits.npos || low == kDigits.npos) return std::nullopt;
    hash.bytes[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return hash;
}

struct ContentHasher::State {
  SHA256_CTX context;
};

ContentHasher::ContentHasher() : state_(std::make_unique<State>()) {
  SHA256_Init(&state_->context);
}
ContentHasher::~ContentHasher() = default;
ContentHasher::ContentHasher(ContentHasher&&) noexcept = default;
ContentHasher& ContentHasher::operator=(ContentHasher&&) noexcept = default;

void ContentHasher::Add(std::string_view bytes) {
  SHA256_Update(&state_->context, bytes.data(), bytes.size());
}

void ContentHasher::AddField(std::string_view bytes) {
  AddNumber(bytes.size());
  Add(bytes);
}

void ContentHasher::AddNumber(uint64_t number) {
  // The same bytes on every machine.
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(number >> 8 * i);
  Add(std::string_view(bytes, sizeof(bytes)));
}

ContentHash ContentHasher::Finish() {
  ContentHash hash;
  SHA256_Final(hash.bytes.data(), &state_->context);
  return hash;
}

ContentHash HashOf(std::string_view bytes) {
  ContentHasher hasher;
  hasher.Add(bytes);
  return hasher.Finish();
}

}  // namespace finder
