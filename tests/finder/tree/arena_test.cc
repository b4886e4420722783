#include "finder/tree/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace finder {
namespace {

TEST(Arena, CopiesStayWhereTheyAre) {
  Arena arena;
  std::vector<std::string_view> copies;
  copies.reserve(100'000);
  for (int i = 0; i < 100'000; ++i)
    copies.push_back(arena.Copy(std::to_string(i)));
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_EQ(copies[static_cast<size_t>(i)], std::to_string(i));
  }
}

TEST(Arena, AnEmptyCopyIsEmpty) {
  Arena arena;
  EXPECT_EQ(arena.Copy(""), "");
  EXPECT_EQ(arena.Copy(std::string_view()), "");
}

TEST(Arena, ArraysAreAlignedAndConstructedAfterAnyBytes) {
  struct Item {
    uint64_t number = 42;
    char letter = 'x';
  };
  Arena arena;
  for (size_t odd = 0; odd < 100; ++odd) {
    arena.AllocateBytes(odd);
    const Item* items = arena.NewArray<Item>(3);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(items) % alignof(Item), 0u);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(items[i].number, 42u);
      EXPECT_EQ(items[i].letter, 'x');
    }
  }
}

TEST(Arena, APieceMayBeLargerThanAChunk) {
  Arena arena;
  const std::string large(10 << 20, 'l');
  const std::string_view before = arena.Copy("before");
  const std::string_view copy = arena.Copy(large);
  const std::string_view after = arena.Copy("after");
  EXPECT_EQ(copy, large);
  EXPECT_EQ(before, "before");
  EXPECT_EQ(after, "after");
}

TEST(Arena, AnAdoptedBufferStaysWhereItIs) {
  Arena arena;
  auto buffer = std::make_unique<char[]>(4);
  buffer[0] = 'a';
  const char* const at = buffer.get();
  arena.Adopt(std::move(buffer), 5);
  arena.Copy("more");
  EXPECT_EQ(*at, 'a');
}

}  // namespace
}  // namespace finder
