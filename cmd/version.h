// The version of the program, as --version prints it and databases record it.
#ifndef FINDER_CMD_VERSION_H_
#define FINDER_CMD_VERSION_H_

#include <string_view>

namespace finder {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace finder

#endif  // FINDER_CMD_VERSION_H_
