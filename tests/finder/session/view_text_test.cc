#include "finder/session/view_text.h"

#include <optional>
#include <set>

#include "finder/fields/field.h"
#include "gtest/gtest.h"
#include "tests/support/field_samples.h"

namespace finder {
namespace {

TEST(ViewText, StaysAsItIsInEntriesOfTheCache) {
  EXPECT_EQ(ViewText(View()), "links=keep boundary=cross names= suffixes=");
  View view;
  view.keep = {{"b", "a", "b"}, {".mk"}};
  view.links = LinkPolicy::kFollow;
  view.boundary = Boundary::kOneFileSystem;
  EXPECT_EQ(ViewText(view), "links=follow boundary=one names=a,b suffixes=.mk");
}

TEST(ViewText, TellsOfTheFieldsThatDecideWhatIsStored) {
  // The roots have a line of their own in a description.
  const std::set<FieldId> told = {FieldId::kNames, FieldId::kSuffixes,
                                  FieldId::kFollow, FieldId::kOneFileSystem};
  for (const Field& field : AllFields()) {
    EXPECT_EQ(ViewText(With(field).view) != ViewText(View()),
              told.contains(field.id))
        << field.name;
  }
}

TEST(ViewText, TellsTheBoundaryLater) {
  View view;
  view.keep.names = {"boundary=one "};
  EXPECT_EQ(BoundaryOf(ViewText(view)), Boundary::kCross);
  view.boundary = Boundary::kOneFileSystem;
  EXPECT_EQ(BoundaryOf(ViewText(view)), Boundary::kOneFileSystem);
  EXPECT_EQ(BoundaryOf("anything boundary=one "), std::nullopt);
}

}  // namespace
}  // namespace finder
