// The non-directory entries of one directory, as one string: their names in
// byte order, joined by '/', which no name can hold. An entry that is no
// regular file is preceded by an empty name and a letter for its kind:
//
//   "Makefile/a.c//llatest/z.c"   Makefile, a.c, the symlink "latest", z.c
//
// One string a directory instead of one object a name is what makes a tree of
// a million files load in milliseconds: it is read from the database in place,
// searched with memmem, and costs one byte a name. doc/database_format.md has
// the same form with its JSON escapes.
//
// A Listing is a view: it does not own the bytes. Immutable values; any thread.
#ifndef FINDER_FINDER_TREE_LISTING_H_
#define FINDER_FINDER_TREE_LISTING_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "fs/entry_kind.h"

namespace finder {

struct Entry {
  std::string_view name;
  EntryKind kind = EntryKind::kFile;
  // Where the name begins in the listing.
  size_t offset = 0;
};

class Listing {
 public:
  Listing() = default;
  explicit Listing(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

  // Forward iteration in byte order of the names. Safe for any bytes: those
  // that do not follow the form give odd entries, never a read out of bounds.
  class Iterator {
   public:
    Iterator(std::string_view bytes, size_t at) : bytes_(bytes), next_(at) {
      ++*this;
    }
    const Entry& operator*() const { return entry_; }
    const Entry* operator->() const { return &entry_; }
    Iterator& operator++();
    bool at_end() const { return at_end_; }
    bool operator!=(const Iterator&) const { return !at_end_; }

   private:
    std::string_view bytes_;
    size_t next_;
    bool at_end_ = false;
    Entry entry_;
  };
  Iterator begin() const { return Iterator(bytes_, 0); }
  // A sentinel: compares equal to an iterator that is past the last entry.
  Iterator end() const { return Iterator(bytes_, bytes_.size() + 1); }

  // Where the first entry begins whose name is greater than `name`; the size of
  // the listing if there is none. Logarithmic.
  size_t OffsetAfter(std::string_view name) const;

  // Whether there is an entry of that name, of whatever kind.
  bool Contains(std::string_view name) const;

  // Whether any entry is not a regular file. A block of bytes at a time.
  bool HasSpecial() const;

  // Number of entries. Linear.
  size_t CountEntries() const;

 private:
  std::string_view bytes_;
};

inline Listing::Iterator& Listing::Iterator::operator++() {
  if (next_ >= bytes_.size()) {
    at_end_ = true;
    return *this;
  }
  entry_.kind = EntryKind::kFile;
  if (bytes_[next_] == '/' && next_ + 1 < bytes_.size()) {
    entry_.kind = static_cast<EntryKind>(bytes_[next_ + 1]);
    next_ += 2;
  }
  const char* start = bytes_.data() + next_;
  const size_t left = bytes_.size() - next_;
  const void* slash = std::memchr(start, '/', left);
  const size_t size =
      slash == nullptr ? left : static_cast<const char*>(slash) - start;
  entry_.name = std::string_view(start, size);
  entry_.offset = next_;
  next_ += size + 1;
  return *this;
}

// Collects the entries of one directory in any order and writes them as a
// listing. Reused from directory to directory to keep its memory. One thread.
class ListingBuilder {
 public:
  void Clear();
  // Makes room for what a directory of this size (st_size) may hold, so that
  // the names of a huge one are not moved again and again as they come.
  void Expect(int64_t directory_bytes);
  void Add(std::string_view name, EntryKind kind);
  // Bytes that Write will need.
  size_t size_bytes() const;
  // Writes the listing to `out`, which has room for size_bytes().
  void Write(char* out);
  bool has_special() const { return special_count_ != 0; }

  // What was added so far, in that order; only until Write.
  size_t count() const { return items_.size(); }
  std::string_view name(size_t i) const {
    return {names_.data() + items_[i].offset, items_[i].size};
  }
  EntryKind kind(size_t i) const { return items_[i].kind; }
  // REQUIRES: neither the old nor the new kind is kFile.
  void set_kind(size_t i, EntryKind kind) { items_[i].kind = kind; }

 private:
  struct Item {
    uint64_t key;  // the first eight bytes of the name, big-endian
    uint32_t offset;
    uint16_t size;
    EntryKind kind;
  };
  // Up to so many are sorted by rank. Measured: from about 64 on that loses.
  static constexpr size_t kMostRanked = 48;

  bool Before(const Item& a, const Item& b) const;
  void Sort();
  // REQUIRES: count() <= kMostRanked.
  void SortByRank();

  std::string names_;
  std::vector<Item> items_;
  size_t special_count_ = 0;
};

}  // namespace finder

#endif  // FINDER_FINDER_TREE_LISTING_H_
