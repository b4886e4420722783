# Places where a stamp proves less than on a disk: images that take one
# another's place, layers that change beneath, file systems of user space and of
# the kernel. Sourced by `run`, whose $work, $mounted and mount_image it uses.
# shellcheck shell=bash disable=SC2034,SC2154,SC2016
#
# A world is what make_world mounts: $world_tree to ask about, $world_behind
# where it is changed (the same if empty), and a hook at $work/NAME.hook that
# changes what is mounted when it is called with a number.

worlds=(images layers subvolumes fuse cgroup)

# write_hook NAME: the script on standard input, with $n the number and $w the
# directory of the world.
write_hook() {
  {
    printf '#!/bin/bash\nn=$1 w=%q\nexec >/dev/null 2>&1\n' "$work/$1"
    cat
  } >"$work/$1.hook"
  chmod 755 "$work/$1.hook"
}

# Five versions of each of four images, with the same times and inodes.
make_images() {
  command -v mksquashfs >/dev/null || return
  local place version
  mkdir -p "$work/images/"{tree,run,versions}
  for place in 0 1 2 3; do
    mkdir "$work/images/tree/image$place"
    for version in 0 1 2 3 4; do
      local from=$work/images/from
      mkdir -p "$from/"{a,b/c}
      touch "$from/a/v$version" "$from/b/c/p$place-v$version" "$from/b/same"
      # Reproducible builds give every version the same times.
      if ((place < 3)); then
        mksquashfs "$from" "$work/images/versions/$place-$version" \
          -quiet -all-time 1000000000 -mkfs-time 1000000000 >/dev/null || return
      else
        SOURCE_DATE_EPOCH=1000000000 mkfs.ext4 -q -F -d "$from" \
          -U 01234567-89ab-cdef-0123-456789abcdef \
          -E hash_seed=01234567-89ab-cdef-0123-456789abcdef \
          "$work/images/versions/$place-$version" 4M >/dev/null 2>&1 || return
        debugfs_times "$work/images/versions/$place-$version"
      fi
      rm -r "$from"
    done
  done
  write_hook images <<'END'
place=$((n % 4)) version=$((n / 4 % 6))
umount --lazy "$w/tree/image$place"
((version == 5)) ||
  mount -o loop,ro "$w/versions/$place-$version" "$w/tree/image$place"
END
  world_tree=$work/images/tree
}

# Gives the directories of an ext4 image the same times in every version.
debugfs_times() {
  local directory field
  for directory in / /a /b /b/c; do
    for field in mtime ctime; do
      echo "set_inode_field $directory $field @1000000000"
    done
  done | debugfs -w -f - "$1" >/dev/null 2>&1
}

# An overlay of two lower layers, edited while it is mounted, and mounted anew
# with others.
make_layers() {
  local layer
  mkdir -p "$work/layers/"{parts,run,tree}
  mount -t tmpfs stress "$work/layers/parts" || return
  mounted+=("$work/layers/parts")
  mkdir "$work/layers/parts/"{upper,work}
  for layer in one two three; do
    mkdir -p "$work/layers/parts/$layer/p"{0,1,2,3}"/"{a,b,only-"$layer"}/a
    touch "$work/layers/parts/$layer/p"{0,1,2,3}"/a/of-$layer"
  done
  write_hook layers <<'END'
layers=(one two three)
layer=$w/parts/${layers[n % 3]}
place=$layer/p$((n / 3 % 4))
again() {
  umount --lazy "$w/tree"
  rm -rf "$w/parts/work" && mkdir "$w/parts/work"
  mount -t overlay stress "$w/tree" -o \
    "lowerdir=$w/parts/$1:$w/parts/$2,upperdir=$w/parts/upper,workdir=$w/parts/work"
}
case $((n / 12 % 8)) in
  0) again "${layers[n % 3]}" "${layers[(n + 1) % 3]}" ;;
  1 | 2) mkdir -p "$place/new$((n % 5))/deep" ;;
  3) rm -rf "$place/new$((n % 5))" ;;
  4 | 5) touch "$place/a/file$((n % 7))" ;;
  6) rm -f "$place/a/file$((n % 7))" ;;
  7) mkdir -p "$place/b/x" && touch "$place/b/x/$n" ;;
esac
END
  mount -t overlay stress "$work/layers/tree" -o \
    "lowerdir=$work/layers/parts/one:$work/layers/parts/two,upperdir=$work/layers/parts/upper,workdir=$work/layers/parts/work" ||
    return
  mounted+=("$work/layers/tree")
  world_tree=$work/layers/tree
}

# Subvolumes and snapshots in one another's place: all have inode 256.
make_subvolumes() {
  local name
  mount_image subvolumes 512M mkfs.btrfs -q -f || return
  mkdir "$work/subvolumes/"{tree,run,tree/m0,tree/m1}
  for name in s0 s1 s2; do
    btrfs -q subvolume create "$work/subvolumes/$name" || return
    mkdir -p "$work/subvolumes/$name/"{a,b/c}
    touch "$work/subvolumes/$name/a/of-$name" "$work/subvolumes/$name/b/c/$name"
  done
  write_hook subvolumes <<'END'
place=$w/tree/m$((n % 2)) name=s$((n / 2 % 4))
case $((n / 8 % 4)) in
  0 | 1)
    umount --lazy "$place"
    mount -o "subvol=$name" "$(findmnt -no SOURCE "$w" | head -1 |
      sed 's/\[.*//')" "$place"
    ;;
  2) touch "$w/$name/a/$((n % 9))" ;;
  3)
    btrfs subvolume delete "$w/s3"
    btrfs subvolume snapshot "$w/s$((n % 3))" "$w/s3"
    ;;
esac
END
  world_tree=$work/subvolumes/tree
}

# A file system of user space that keeps what it was told for 20 seconds.
make_fuse() {
  command -v bindfs >/dev/null || return
  mkdir -p "$work/fuse/"{tree,behind,run}
  bindfs -o attr_timeout=20,entry_timeout=20 \
    "$work/fuse/behind" "$work/fuse/tree" 2>/dev/null || return
  mounted+=("$work/fuse/tree")
  world_tree=$work/fuse/tree world_behind=$work/fuse/behind
}

# Control groups: directories that are made and removed, in the kernel's memory.
make_cgroup() {
  mkdir -p "$work/cgroup/"{all,run}
  mount -t cgroup2 stress "$work/cgroup/all" 2>/dev/null || return
  mounted+=("$work/cgroup/all")
  world_tree=$work/cgroup/all/finder-stress-$$
  mkdir "$world_tree" || return
  world_cgroup=$world_tree
}

# The hooks of images and subvolumes mount what nobody counts.
unmount_hooked() {
  local at
  for at in "$work"/images/tree/image? "$work"/subvolumes/tree/m?; do
    umount --lazy "$at" 2>/dev/null || true
  done
}

remove_cgroup() {
  [[ -z ${world_cgroup:-} ]] ||
    find "$world_cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || true
}

# make_world NAME: sets $world_tree and $world_behind.
make_world() {
  world_tree='' world_behind=''
  "make_$1"
}
