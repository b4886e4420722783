// Paths as text: what they mean without a look at the disk. Pure; any thread.
#ifndef FINDER_FS_PATH_H_
#define FINDER_FS_PATH_H_

#include <string>
#include <string_view>

namespace finder {

// Cleans a root or a path for printing: "a//b/./c/" -> "a/b/c", "" and "./" ->
// ".", "///" -> "/". ".." is kept, since the directory before it may be a
// symlink.
std::string CleanPath(std::string_view path);

// Whether the printed path `path` is that of `root` or of something below it.
// Both are cleaned.
bool IsAtOrBelow(std::string_view path, std::string_view root);

// `path` made absolute below `working_directory` and cleaned. ".." is kept.
std::string AbsolutePath(std::string_view path,
                         std::string_view working_directory);

}  // namespace finder

#endif  // FINDER_FS_PATH_H_
