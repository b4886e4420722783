// The printed forms of a path, besides its own bytes.
//
// Pure functions; any thread.
#ifndef FINDER_CMD_OUTPUT_PRINTED_PATH_H_
#define FINDER_CMD_OUTPUT_PRINTED_PATH_H_

#include <string>
#include <string_view>

namespace finder {

// Appends `bytes` in a form that a terminal only prints: '?' in place of every
// control character and of every byte that is not valid UTF-8, as ls does.
void AppendForTerminal(std::string_view bytes, std::string& out);

// Appends a JSON member, "KEY":"..." if `path` is UTF-8, else
// "KEY_bytes":"<base64>".
void AppendJsonPath(std::string_view key, std::string_view path,
                    std::string& out);

// Appends `bytes` as a part of a URL: all but what stands for itself there is
// "%XX".
void AppendUrlPath(std::string_view bytes, std::string& out);

// Appends `directory`, which is empty or ends with '/', as an absolute path
// that ends with '/'. A ".." at its start goes up from `working_directory`; a
// later one stays, since the component before it may be a symlink.
void AppendAbsoluteDirectory(std::string_view directory,
                             std::string_view working_directory,
                             std::string& out);

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_PRINTED_PATH_H_
