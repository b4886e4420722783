// What tells databases of different views apart. Any thread.
#ifndef FINDER_FINDER_FACADE_DATABASE_KEY_H_
#define FINDER_FINDER_FACADE_DATABASE_KEY_H_

#include <string>
#include <string_view>

#include "finder/view/view.h"
#include "fs/host.h"

namespace finder {

// A name for the default database of a view: hexadecimal digits, the same for
// views whose facts can be shared (roots, keep rules, symlink policy, view id).
std::string DatabaseKey(const View& view, std::string_view working_directory,
                        std::string_view view_id);

// "user@host" of `host`.
std::string DefaultViewId(const Host& host);

}  // namespace finder

#endif  // FINDER_FINDER_FACADE_DATABASE_KEY_H_
