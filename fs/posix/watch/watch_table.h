// Which tokens belong to which watch. Used inside fs/posix/watch/ only.
//
// One thread at a time.
#ifndef FINDER_FS_POSIX_WATCH_WATCH_TABLE_H_
#define FINDER_FS_POSIX_WATCH_WATCH_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "fs/directory_watcher.h"

namespace finder {

// Watches are small numbers from 0 that the kernel, or a map, gives out. Nearly
// every one has one token, so that two vectors hold nearly all.
class WatchTable {
 public:
  // `token` is of `watch` from now on. Returns the watch that it was of, if
  // that is another one and is left without a token.
  std::optional<uint32_t> Add(uint32_t watch, WatchToken token) {
    std::optional<uint32_t> left;
    if (WatchOf(token) == watch) return left;
    left = Remove(token);
    Put(watches_, token, watch + 1);
    if (watch < tokens_.size() && tokens_[watch] != kNone) {
      more_.emplace(watch, token);
    } else {
      Put(tokens_, watch, uint64_t{token} + 1);
    }
    return left;
  }

  // Returns the watch that is left without a token by that.
  std::optional<uint32_t> Remove(WatchToken token) {
    const std::optional<uint32_t> watch = WatchOf(token);
    if (!watch) return std::nullopt;
    watches_[token] = kNone;
    const auto [begin, end] = more_.equal_range(*watch);
    if (tokens_[*watch] != uint64_t{token} + 1) {
      for (auto at = begin; at != end; ++at) {
        if (at->second != token) continue;
        more_.erase(at);
        break;
      }
      return std::nullopt;
    }
    if (begin != end) {
      tokens_[*watch] = uint64_t{begin->second} + 1;
      more_.erase(begin);
      return std::nullopt;
    }
    tokens_[*watch] = kNone;
    return watch;
  }

  // Forgets the watch and its tokens.
  void Drop(uint32_t watch) {
    ForEach(watch, [this](WatchToken token) { watches_[token] = kNone; });
    if (watch < tokens_.size()) tokens_[watch] = kNone;
    more_.erase(watch);
  }

  template <typename Visit>
  void ForEach(uint32_t watch, Visit visit) const {
    if (watch >= tokens_.size() || tokens_[watch] == kNone) return;
    visit(static_cast<WatchToken>(tokens_[watch] - 1));
    const auto [begin, end] = more_.equal_range(watch);
    for (auto at = begin; at != end; ++at) visit(at->second);
  }

 private:
  static constexpr uint64_t kNone = 0;

  std::optional<uint32_t> WatchOf(WatchToken token) const {
    if (token >= watches_.size() || watches_[token] == kNone) {
      return std::nullopt;
    }
    return watches_[token] - 1;
  }
  template <typename Value>
  static void Put(std::vector<Value>& values, size_t at, Value value) {
    if (at >= values.size()) values.resize(at + at / 2 + 1, kNone);
    values[at] = value;
  }

  std::vector<uint32_t> watches_;  // by token; one more than the watch
  std::vector<uint64_t> tokens_;   // by watch; one more than the token
  std::unordered_multimap<uint32_t, WatchToken> more_;
};

}  // namespace finder

#endif  // FINDER_FS_POSIX_WATCH_WATCH_TABLE_H_
