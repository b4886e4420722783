// Which file system a directory lies on, and what its stamps prove there.
// doc/consistency.md, "Which file systems are believed", has the reasons.
//
// Plain values; any thread.
#ifndef FINDER_FS_VOLUME_H_
#define FINDER_FS_VOLUME_H_

#include <cstdint>
#include <string>

namespace finder {

// When an equal stamp proves that a directory's listing still holds.
enum class StampTrust : uint8_t {
  kNever,   // nothing is known, or stamps do not move at every change
  kLocal,   // this kernel moves them at every change, by its own clock
  kServer,  // a server does, by its clock; current when a directory is opened
  kMount,   // made elsewhere, at times of the maker's choice: within one mount
  // Merged from layers: within one mount, and not where FileStat::links is 1,
  // which tells that the stamp is of one layer and the listing of several.
  kLayers,
};

// One file system, or one subvolume of it.
struct Volume {
  StampTrust trust = StampTrust::kNever;
  // Tells it from all others, also after it was mounted again or got another
  // device number. Empty if it cannot be told.
  std::string identity;
  // For kMount and kLayers: what no later mount in this boot will bear. Empty
  // if the kernel does not tell; nothing is believed then.
  std::string mount;

  friend bool operator==(const Volume&, const Volume&) = default;
};

inline bool IsBoundToMount(StampTrust trust) {
  return trust == StampTrust::kMount || trust == StampTrust::kLayers;
}

}  // namespace finder

#endif  // FINDER_FS_VOLUME_H_
