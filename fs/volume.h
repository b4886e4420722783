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
  // Merged from layers: within one mount, and where the stamp and the listing
  // are of the same layer (StampMayLie).
  kLayers,
};

// One file system, or one subvolume of it.
struct Volume {
  StampTrust trust = StampTrust::kNever;
  // Differs from that of every other volume, and stays the same after a new
  // mount or under another device number. Empty if not known.
  std::string identity;
  // For kMount and kLayers: names this mount; no later one in this boot has the
  // same. Empty if the kernel does not tell; nothing is believed then.
  std::string mount;

  friend bool operator==(const Volume&, const Volume&) = default;
};

// Whether a directory's stamp may stay although its listing changes, given its
// inode number and FileStat::links. That holds for the merged directories of an
// overlay, and for the top of a btrfs subvolume, which can be removed with all
// that is in it while it is mounted somewhere. All directories of btrfs have
// one link, and a top is 256 (BTRFS_FIRST_FREE_OBJECTID of linux/btrfs_tree.h).
inline bool StampMayLie(StampTrust trust, uint64_t inode, uint64_t links) {
  constexpr uint64_t kSubvolumeTop = 256;
  return links == 1 && (trust == StampTrust::kLayers || inode == kSubvolumeTop);
}

inline bool IsBoundToMount(StampTrust trust) {
  return trust == StampTrust::kMount || trust == StampTrust::kLayers;
}

}  // namespace finder

#endif  // FINDER_FS_VOLUME_H_
