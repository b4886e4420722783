// The text by which a cache entry describes its view, `links=follow
// boundary=one names=a,b suffixes=.mk`, and how to read it.
//
// Pure; any thread.
#ifndef FINDER_FINDER_SESSION_VIEW_TEXT_H_
#define FINDER_FINDER_SESSION_VIEW_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

#include "finder/view/view.h"

namespace finder {

// The rules of the view that decide which facts an entry holds.
std::string ViewText(const View& view);

// The boundary that `view_text` names; none if it is no such text.
std::optional<Boundary> BoundaryOf(std::string_view view_text);

}  // namespace finder

#endif  // FINDER_FINDER_SESSION_VIEW_TEXT_H_
