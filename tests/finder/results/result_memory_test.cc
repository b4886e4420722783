// What the store remembers beside results: what depfiles have told, which
// result a command had last, what files hold.
#include <string>
#include <vector>

#include "finder/results/result_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/results/result_world.h"

namespace finder {
namespace {

using ::testing::IsEmpty;

class ResultMemoryTest : public ResultTest {
 protected:
  ResultMemoryTest() {
    tree_.WriteFile("/src/a.h", "a");
    tree_.WriteFile("/src/b.h", "b");
    clock_.Advance(10 * kSecondNs);
  }

  std::vector<KeyInput> Look(const std::vector<std::string>& paths) {
    const std::vector<FileFact> facts = NewHashes().Look(paths);
    std::vector<KeyInput> inputs;
    for (size_t i = 0; i < paths.size(); ++i) {
      inputs.push_back({paths[i], facts[i]});
    }
    return inputs;
  }
  void Add(const std::vector<std::string>& paths) {
    ASSERT_TRUE(store_.AddDiscovered(Key(), Look(paths)).ok());
  }
  DiscoveredInputs Find() {
    FileHashes hashes = NewHashes();
    return store_.FindDiscovered(Key(), hashes);
  }
  // The key of the second step, if the inputs are known.
  std::string Second() {
    const DiscoveredInputs found = Find();
    return found.match ? WithDiscovered(Key(), found.inputs).digits : "";
  }
};

TEST_F(ResultMemoryTest, NothingIsDiscoveredAtFirst) {
  EXPECT_FALSE(Find().match);
  EXPECT_THAT(Find().inputs, IsEmpty());
}

TEST_F(ResultMemoryTest, DiscoveredInputsMatchAsLongAsTheyAreTheSame) {
  Add({"/src/b.h", "/src/a.h"});
  const std::string before = Second();
  EXPECT_EQ(before,
            WithDiscovered(Key(), Look({"/src/a.h", "/src/b.h"})).digits);
  tree_.WriteFile("/src/a.h", "A");
  EXPECT_EQ(Second(), "");
  EXPECT_EQ(Find().inputs.size(), 2);
  Add({"/src/a.h"});
  const std::string after = Second();
  EXPECT_NE(after, before);
  // And back again: both are known.
  tree_.WriteFile("/src/a.h", "a");
  EXPECT_EQ(Second(), before);
  tree_.RemoveAll("/src/b.h");
  EXPECT_EQ(Second(), "");
}

TEST_F(ResultMemoryTest, AnInputThatIsGoneAndOneThatComesAreChanges) {
  Add({"/src/a.h", "/src/none.h"});
  EXPECT_NE(Second(), "");
  tree_.WriteFile("/src/none.h", "");
  EXPECT_EQ(Second(), "");
}

TEST_F(ResultMemoryTest, TheOldestOfManyDiscoveriesIsForgotten) {
  for (size_t i = 0; i <= kMaxDiscoveredSets; ++i) {
    tree_.WriteFile("/src/a.h", std::to_string(i));
    Add({"/src/a.h"});
    Add({"/src/a.h"});
  }
  tree_.WriteFile("/src/a.h", "1");
  EXPECT_NE(Second(), "");
  tree_.WriteFile("/src/a.h", "0");
  EXPECT_EQ(Second(), "");
}

TEST_F(ResultMemoryTest, ADamagedManifestIsNone) {
  Add({"/src/a.h"});
  const std::string path =
      At("objects/manifest-" + Key().digits + "/data/manifest");
  std::string text = tree_.ReadFile(path);
  text[text.size() - 3] ^= 1;
  tree_.WriteFile(path, text);
  EXPECT_EQ(Second(), "");
  Add({"/src/a.h"});
  EXPECT_NE(Second(), "");
}

TEST_F(ResultMemoryTest, TheLastResultOfACommandIsKnown) {
  EXPECT_EQ(store_.FindLast(Key('c')), std::nullopt);
  ASSERT_TRUE(store_.NoteLast(Key('c'), Key('1')).ok());
  EXPECT_EQ(store_.FindLast(Key('c')), Key('1'));
  ASSERT_TRUE(store_.NoteLast(Key('c'), Key('2')).ok());
  EXPECT_EQ(store_.FindLast(Key('c')), Key('2'));
  // The same once more writes nothing.
  process_->files().calls().Reset();
  ASSERT_TRUE(store_.NoteLast(Key('c'), Key('2')).ok());
  EXPECT_EQ(process_->files().calls().counters().create, 0);
}

TEST_F(ResultMemoryTest, WhatIsNoKeyIsNoLastResult) {
  ASSERT_TRUE(store_.NoteLast(Key('c'), Key('1')).ok());
  tree_.WriteFile(At("objects/command-" + Key('c').digits + "/data/command"),
                  "../../etc/passwd\n");
  EXPECT_EQ(store_.FindLast(Key('c')), std::nullopt);
}

TEST_F(ResultMemoryTest, HashesAreKeptByDirectory) {
  EXPECT_EQ(store_.ReadHashes("/src"), "");
  FileHashes hashes = NewHashes();
  const std::vector<std::string> paths = {"/src/a.h"};
  hashes.Look(paths);
  ASSERT_TRUE(hashes.has_news());
  ASSERT_TRUE(store_.WriteHashes("/src", hashes.Encode()).ok());
  EXPECT_EQ(store_.ReadHashes("/other"), "");
  FileHashes later(process_->files(), clock_, process_->environment().host,
                   pool_, store_.ReadHashes("/src"));
  later.Look(paths);
  EXPECT_EQ(later.counts().known, 1);
  EXPECT_EQ(later.counts().read, 0);
}

}  // namespace
}  // namespace finder
