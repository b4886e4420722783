// SHA-256, by which contents are known: of inputs, outputs and keys. Unlike the
// checksums of finder/text/checksum.h nobody can make two contents with one
// hash, so that a result of one is never taken for that of another.
//
// The only user of OpenSSL. Its old interface is called, since that needs no
// provider to be loaded: tools/third_party/openssl/BUILD.bazel.
//
// Values are plain data. A ContentHasher is used by one thread at a time.
#ifndef FINDER_FINDER_RESULTS_HASHES_CONTENT_HASH_H_
#define FINDER_FINDER_RESULTS_HASHES_CONTENT_HASH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace finder {

struct ContentHash {
  static constexpr size_t kBytes = 32;

  std::array<uint8_t, kBytes> bytes{};

  // 64 lower-case hexadecimal digits, and back; none if it is anything else.
  std::string Hex() const;
  static std::optional<ContentHash> FromHex(std::string_view text);

  friend bool operator==(const ContentHash&, const ContentHash&) = default;
  friend bool operator<(const ContentHash& a, const ContentHash& b) {
    return a.bytes < b.bytes;
  }
};

// Of bytes that come piece by piece.
class ContentHasher {
 public:
  ContentHasher();
  ~ContentHasher();
  ContentHasher(ContentHasher&&) noexcept;
  ContentHasher& operator=(ContentHasher&&) noexcept;

  void Add(std::string_view bytes);
  // A length and then the bytes, so that "ab", "c" is not "a", "bc".
  void AddField(std::string_view bytes);
  void AddNumber(uint64_t number);
  // Of all that was added. At most once.
  ContentHash Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

ContentHash HashOf(std::string_view bytes);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_HASHES_CONTENT_HASH_H_
