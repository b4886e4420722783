// A few bytes compared at once: sixteen where the processor is known to do
// that, else eight in an ordinary word.
//
// Values; any thread.
#ifndef FINDER_FINDER_TEXT_BYTE_BLOCK_H_
#define FINDER_FINDER_TEXT_BYTE_BLOCK_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace finder {

// Which bytes of a block: some bits of each.
class ByteMask {
 public:
  ByteMask() = default;  // none
  bool any() const { return bits_ != 0; }
  // REQUIRES: any().
  size_t lowest() const { return std::countr_zero(bits_) / kBitsPerByte; }
  // Drops the first `count` bytes, which are not all.
  void DropFirst(size_t count) {
    bits_ &= ~uint64_t{0} << (count * kBitsPerByte);
  }
  friend ByteMask operator|(ByteMask a, ByteMask b) {
    return ByteMask(a.bits_ | b.bits_);
  }

 private:
  friend class ByteBlock;
#ifdef __SSE2__
  static constexpr size_t kBitsPerByte = 1;
#else
  static constexpr size_t kBitsPerByte = 8;
#endif
  explicit ByteMask(uint64_t bits) : bits_(bits) {}

  uint64_t bits_ = 0;
};

#ifdef __SSE2__

class ByteBlock {
 public:
  static constexpr size_t kSize = 16;

  ByteBlock() = default;
  static ByteBlock Load(const char* at) {
    return ByteBlock(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
  }
  static ByteBlock Repeated(char c) { return ByteBlock(_mm_set1_epi8(c)); }

  friend ByteBlock operator^(ByteBlock a, ByteBlock b) {
    return ByteBlock(_mm_xor_si128(a.bytes_, b.bytes_));
  }
  friend ByteBlock operator&(ByteBlock a, ByteBlock b) {
    return ByteBlock(_mm_and_si128(a.bytes_, b.bytes_));
  }
  friend ByteBlock operator|(ByteBlock a, ByteBlock b) {
    return ByteBlock(_mm_or_si128(a.bytes_, b.bytes_));
  }
  // The bytes that are zero.
  ByteMask Zeros() const {
    return ByteMask(static_cast<uint32_t>(
        _mm_movemask_epi8(_mm_cmpeq_epi8(bytes_, _mm_setzero_si128()))));
  }
  // How many bytes are zero here and not zero in `other`.
  size_t CountZerosBut(ByteBlock other) const {
    const __m128i zero = _mm_setzero_si128();
    const __m128i marked = _mm_andnot_si128(_mm_cmpeq_epi8(other.bytes_, zero),
                                            _mm_cmpeq_epi8(bytes_, zero));
    // Sums eight bytes each, every one of which is 1 or 0.
    const __m128i sums =
        _mm_sad_epu8(_mm_and_si128(marked, _mm_set1_epi8(1)), zero);
    return static_cast<size_t>(
        _mm_cvtsi128_si64(_mm_add_epi64(sums, _mm_srli_si128(sums, 8))));
  }
  // The bytes that are no printable ASCII and no delete: below ' ' when taken
  // as signed.
  ByteMask ControlsAndHigh() const {
    return ByteMask(static_cast<uint32_t>(
        _mm_movemask_epi8(_mm_cmplt_epi8(bytes_, _mm_set1_epi8(' ')))));
  }

 private:
  explicit ByteBlock(__m128i bytes) : bytes_(bytes) {}

  __m128i bytes_ = _mm_setzero_si128();
};

#else

class ByteBlock {
 public:
  static constexpr size_t kSize = 8;

  ByteBlock() = default;
  // The first byte is the lowest of the word.
  static ByteBlock Load(const char* at) {
    uint64_t bytes;
    std::memcpy(&bytes, at, sizeof(bytes));
    if constexpr (std::endian::native == std::endian::big) {
      bytes = __builtin_bswap64(bytes);
    }
    return ByteBlock(bytes);
  }
  static ByteBlock Repeated(char c) {
    return ByteBlock(0x0101010101010101 * static_cast<unsigned char>(c));
  }

  friend ByteBlock operator^(ByteBlock a, ByteBlock b) {
    return ByteBlock(a.bytes_ ^ b.bytes_);
  }
  friend ByteBlock operator&(ByteBlock a, ByteBlock b) {
    return ByteBlock(a.bytes_ & b.bytes_);
  }
  friend ByteBlock operator|(ByteBlock a, ByteBlock b) {
    return ByteBlock(a.bytes_ | b.bytes_);
  }
  // The bytes that are zero.
  ByteMask Zeros() const {
    constexpr uint64_t kLow = 0x7f7f7f7f7f7f7f7f;
    return ByteMask(~(((bytes_ & kLow) + kLow) | bytes_ | kLow));
  }
  // How many bytes are zero here and not zero in `other`.
  size_t CountZerosBut(ByteBlock other) const {
    return static_cast<size_t>(
        std::popcount(Zeros().bits_ & ~other.Zeros().bits_));
  }
  // The bytes that are no printable ASCII and no delete.
  ByteMask ControlsAndHigh() const {
    constexpr uint64_t kLow = 0x7f7f7f7f7f7f7f7f;
    const uint64_t printable = (bytes_ & kLow) + 0x6060606060606060;
    return ByteMask((~printable | bytes_) & ~kLow);
  }

 private:
  explicit ByteBlock(uint64_t bytes) : bytes_(bytes) {}

  uint64_t bytes_ = 0;
};

#endif

}  // namespace finder

#endif  // FINDER_FINDER_TEXT_BYTE_BLOCK_H_
