// XXH3, the hash of everything the finder keeps: fast enough to check a whole
// database on every run (several GB/s), and its 64 and 128-bit results are
// fixed by its specification, so that they may be stored. It protects against
// damage, not against forgery. The only user of xxHash.
#ifndef FINDER_FINDER_TEXT_CHECKSUM_H_
#define FINDER_FINDER_TEXT_CHECKSUM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace finder {

uint64_t Checksum64(std::string_view bytes);

// The 128-bit hash as 32 lower-case hexadecimal digits, high half first.
std::string Checksum128Hex(std::string_view bytes);

// The same of bytes that come piece by piece. One thread.
class StreamingChecksum128 {
 public:
  StreamingChecksum128();
  ~StreamingChecksum128();
  StreamingChecksum128(const StreamingChecksum128&) = delete;
  StreamingChecksum128& operator=(const StreamingChecksum128&) = delete;

  void Add(std::string_view bytes);
  // Of all that was added so far, as Checksum128Hex gives it.
  std::string Hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// 16 lower-case hexadecimal digits.
std::string Hex64(uint64_t value);

}  // namespace finder

#endif  // FINDER_FINDER_TEXT_CHECKSUM_H_
