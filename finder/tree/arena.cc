#include "finder/tree/arena.h"

#include <algorithm>
#include <cstring>

namespace finder {

std::string_view Arena::Copy(std::string_view bytes) {
  char* copy = AllocateBytes(bytes.size());
  if (!bytes.empty()) std::memcpy(copy, bytes.data(), bytes.size());
  return {copy, bytes.size()};
}

void Arena::Grow(size_t size) {
  const size_t chunk = std::max(chunk_size_, size);
  chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk));
  size_bytes_ += chunk;
  next_ = chunks_.back().get();
  end_ = next_ + chunk;
  chunk_size_ = std::min(chunk_size_ * 2, kLargestChunk);
}

}  // namespace finder
