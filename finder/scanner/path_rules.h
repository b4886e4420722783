// Exclude rules that ask where a directory lies, applied to what is known
// before a scan. Rules by name are applied when a database is read; where the
// roots of the view lie in it is known only later.
#ifndef FINDER_FINDER_SCANNER_PATH_RULES_H_
#define FINDER_FINDER_SCANNER_PATH_RULES_H_

#include "finder/tree/directory_tree.h"
#include "finder/view/view.h"

namespace finder {

// Marks what such rules exclude below the roots of the tree, as far as there
// are such rules and directories that they may concern. To be called before
// other threads share the tree.
void ApplyPathRules(const ViewRules& rules, const DirectoryTree& tree);

}  // namespace finder

#endif  // FINDER_FINDER_SCANNER_PATH_RULES_H_
