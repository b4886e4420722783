#include "finder/results/command_environment.h"

#include <string>
#include <vector>

#include "fs/fake/disk/fake_file_system.h"
#include "fs/fake/disk/fake_tree.h"
#include "fs/fake/fake_clock.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

using Names = std::vector<std::string>;

const Names kEnvironment = {
    "HOME=/home/u", "LC_ALL=C",      "PATH=/bin", "SECRET=hush",
    "TOKEN=t",      "CC=gcc",        "EMPTY=",    "NO_VALUE",
    "=odd",         "SECRET=second", "LANG=de",
};

CommandEnvironment Filter(const EnvironmentOptions& options) {
  absl::StatusOr<CommandEnvironment> filtered =
      FilterEnvironment(kEnvironment, options);
  EXPECT_TRUE(filtered.ok()) << filtered.status();
  return filtered.ok() ? *std::move(filtered) : CommandEnvironment();
}

std::string Keyed(const CommandEnvironment& environment) {
  std::string text;
  for (const KeyVariable& variable : environment.variables) {
    text += variable.name + "=" + variable.value.value_or("(none)") + " ";
  }
  return text;
}

TEST(CommandEnvironment, OnlyTheShortListIsSeenAndKeyed) {
  const CommandEnvironment environment = Filter({});
  EXPECT_EQ(environment.seen,
            (Names{"HOME=/home/u", "LANG=de", "LC_ALL=C", "PATH=/bin"}));
  EXPECT_EQ(Keyed(environment),
            "HOME=/home/u LANG=de LC_ALL=C TERM=(none) TMPDIR=(none) "
            "USER=(none) ");
  EXPECT_EQ(environment.path, "/bin");
}

TEST(CommandEnvironment, DeclaredVariablesCountEvenIfTheyAreNotSet) {
  const CommandEnvironment environment =
      Filter({.keyed = {"CC", "CXX", "EMPTY"}});
  EXPECT_EQ(environment.seen, (Names{"CC=gcc", "EMPTY=", "HOME=/home/u",
                                     "LANG=de", "LC_ALL=C", "PATH=/bin"}));
  EXPECT_NE(Keyed(environment).find("CC=gcc CXX=(none) EMPTY= HOME"),
            std::string::npos);
}

TEST(CommandEnvironment, PassedVariablesAreSeenAndDoNotCount) {
  const CommandEnvironment environment = Filter({.passed = {"TOKEN", "HOME"}});
  EXPECT_EQ(environment.seen, (Names{"HOME=/home/u", "LANG=de", "LC_ALL=C",
                                     "PATH=/bin", "TOKEN=t"}));
  EXPECT_EQ(Keyed(environment).find("TOKEN"), std::string::npos);
  EXPECT_EQ(Keyed(environment).find("HOME"), std::string::npos);
}

TEST(CommandEnvironment, AllOfItCountsIfAskedFor) {
  const CommandEnvironment environment = Filter({.all = true});
  EXPECT_EQ(environment.seen.size(), 8u);
  EXPECT_NE(Keyed(environment).find("SECRET=hush"), std::string::npos);
  EXPECT_NE(Keyed(environment).find("PATH=/bin"), std::string::npos);
}

TEST(CommandEnvironment, WhatIsNoNameIsRefused) {
  EXPECT_FALSE(FilterEnvironment({}, {.keyed = {""}}).ok());
  EXPECT_FALSE(FilterEnvironment({}, {.keyed = {"A=b"}}).ok());
  EXPECT_FALSE(FilterEnvironment({}, {.passed = {"A=b"}}).ok());
}

TEST(FindExecutable, TakesTheFirstThatCanBeRun) {
  FakeClock clock;
  FakeTree tree(&clock);
  FakeFileSystem files(&tree);
  tree.WriteFile("/a/tool");
  tree.WriteFile("/b/tool");
  tree.Chmod("/a/tool", 0644);
  tree.Chmod("/b/tool", 0755);
  tree.MakeDirectories("/a/other");
  EXPECT_EQ(FindExecutable("tool", "/none:/a:/b", files), "/b/tool");
  EXPECT_EQ(FindExecutable("other", "/a", files), std::nullopt);
  EXPECT_EQ(FindExecutable("./tool", "/b", files), "./tool");
  EXPECT_EQ(FindExecutable("", "/b", files), std::nullopt);
  files.SetWorkingDirectory("/b");
  EXPECT_EQ(FindExecutable("tool", "", files), "tool");
}

}  // namespace
}  // namespace finder
