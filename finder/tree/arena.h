// Memory that is given back all at once: names, listings and directories of
// one tree. Allocation is a pointer bump; nothing is freed singly and no
// destructor runs.
//
// Thread-compatible: one thread at a time. The tree owns one per worker.
#ifndef FINDER_FINDER_TREE_ARENA_H_
#define FINDER_FINDER_TREE_ARENA_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace finder {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `size` bytes without alignment. The memory is not cleared.
  char* AllocateBytes(size_t size) {
    if (size > static_cast<size_t>(end_ - next_)) Grow(size);
    char* result = next_;
    next_ += size;
    return result;
  }

  // Takes back what was allocated last.
  void FreeLast(const char* bytes, size_t size) {
    if (bytes + size == next_) next_ -= size;
  }

  std::string_view Copy(std::string_view bytes);

  // `count` default-constructed objects in a row.
  template <typename T>
  T* NewArray(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    static_assert(alignof(T) <= alignof(std::max_align_t));
    if (const size_t odd = reinterpret_cast<uintptr_t>(next_) % alignof(T);
        odd != 0 && alignof(T) - odd <= static_cast<size_t>(end_ - next_)) {
      next_ += alignof(T) - odd;
    }
    // A fresh chunk is aligned for any T.
    if (sizeof(T) * count > static_cast<size_t>(end_ - next_)) {
      Grow(sizeof(T) * count);
    }
    char* memory = AllocateBytes(sizeof(T) * count);
    for (size_t i = 0; i < count; ++i) new (memory + i * sizeof(T)) T();
    return reinterpret_cast<T*>(memory);
  }

  // Takes over a buffer of `size` bytes, so that views into it live as long as
  // the arena.
  void Adopt(std::unique_ptr<char[]> buffer, size_t size) {
    chunks_.push_back(std::move(buffer));
    size_bytes_ += size;
  }

  // Of all chunks and buffers, used or not.
  size_t size_bytes() const { return size_bytes_; }

 private:
  void Grow(size_t size);

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
  size_t chunk_size_ = kFirstChunk;
  size_t size_bytes_ = 0;
  // Small trees stay small; large ones make few, large allocations.
  static constexpr size_t kFirstChunk = size_t{16} << 10;
  static constexpr size_t kLargestChunk = size_t{1} << 20;
};

}  // namespace finder

#endif  // FINDER_FINDER_TREE_ARENA_H_
