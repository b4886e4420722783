// The kinds of objects that finder keeps in a cache directory. Who opens one
// hands in all of them, since upkeep tends them all.
//
// Plain data; any thread.
#ifndef FINDER_FINDER_KEPT_OBJECT_KINDS_H_
#define FINDER_FINDER_KEPT_OBJECT_KINDS_H_

#include <string_view>

#include "finder/cache/disk/object_kind.h"

namespace finder {

// With what the keys of answers begin, before the 32 digits of an AnswerKey.
inline constexpr std::string_view kAnswerKeyPrefix = "answer-";

// The facts about a view (finder/database/database.h), under a DatabaseKey.
// They can be found out again.
inline constexpr ObjectKind kDatabaseObject = {
    .name = "database", .key_prefix = "", .packs = true};

// What was told of a question last (finder/answer/answer_state.h). It cannot be
// found out again, and what is told depends on it; it is compressed already.
inline constexpr ObjectKind kAnswerObject = {.name = "answer",
                                             .key_prefix = kAnswerKeyPrefix,
                                             .packs = false,
                                             .goes_last = true,
                                             .exclusive = true};

// Of commands (finder/results/). What one printed and made, under its key:
// the record, and its payloads as parts.
inline constexpr ObjectKind kResultObject = {
    .name = "result", .key_prefix = "result-", .has_parts = true};
// The inputs that a command was found to have.
inline constexpr ObjectKind kManifestObject = {.name = "manifest",
                                               .key_prefix = "manifest-"};
// Which result a command had last.
inline constexpr ObjectKind kCommandObject = {.name = "command",
                                              .key_prefix = "command-"};
// What files in a directory hold.
inline constexpr ObjectKind kHashesObject = {.name = "hashes",
                                             .key_prefix = "hashes-"};
// Locked while a command runs, and never stored.
inline constexpr ObjectKind kRunningObject = {
    .name = "running", .key_prefix = "running-", .exclusive = true};

inline constexpr ObjectKind kKeptObjects[] = {
    kDatabaseObject, kAnswerObject, kResultObject, kManifestObject,
    kCommandObject,  kHashesObject, kRunningObject};

inline bool IsAnswer(const ObjectKind& kind) {
  return kind.name == kAnswerObject.name;
}

}  // namespace finder

#endif  // FINDER_FINDER_KEPT_OBJECT_KINDS_H_
