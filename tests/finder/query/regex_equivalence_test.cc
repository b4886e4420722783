// Random expressions over random trees: searching listings for the literals
// that a match must hold gives what asking each path gives.
#include <cstddef>
#include <cstring>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finder/fields/query_text.h"
#include "finder/query/query.h"
#include "finder/view/ascii_case.h"
#include "finder/view/path_regex.h"
#include "finder/view/view.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "tests/support/reference_query.h"
#include "tests/support/tree_builder.h"

namespace finder {
namespace {

using Random = std::mt19937;
using List = std::vector<std::string>;

// Letters that have others beyond ASCII as their lower or upper case, those
// others, bytes that are no UTF-8, and what stands at the edges of names.
constexpr std::string_view kLetters[] = {"a",
                                         "b",
                                         "K",
                                         "k",
                                         "S",
                                         "s",
                                         "I",
                                         "i",
                                         "_",
                                         ".",
                                         "-",
                                         "\n",
                                         "\xff",
                                         "\xc3\xa9",
                                         "A",
                                         "te",
                                         "test",
                                         "\xc5\xbf",
                                         "\xe2\x84\xaa",
                                         "\xc4\xb0",
                                         "\xc3\x89"};

std::string_view RandomLetter(Random& random) {
  return kLetters[random() % std::size(kLetters)];
}

std::string RandomName(Random& random) {
  std::string name;
  do {
    name.clear();
    // Now and then longer than what is searched in one go.
    const size_t letters = 1 + random() % (random() % 10 == 0 ? 30 : 4);
    for (size_t n = letters; n > 0; --n) name += RandomLetter(random);
  } while (name == "." || name == "..");
  return name;
}

TreeModel RandomTree(Random& random, int depth) {
  constexpr EntryKind kKinds[] = {EntryKind::kFile, EntryKind::kFile,
                                  EntryKind::kFile, EntryKind::kSymlink,
                                  EntryKind::kOther};
  TreeModel d;
  for (size_t n = random() % (random() % 10 == 0 ? 40 : 6); n > 0; --n) {
    d.entries[RandomName(random)] = kKinds[random() % std::size(kKinds)];
  }
  for (size_t n = depth == 0 ? 0 : random() % 5; n > 0; --n) {
    const std::string name = RandomName(random);
    if (!d.entries.contains(name)) {
      d.children[name] = RandomTree(random, depth - 1);
    }
  }
  return d;
}

void CollectNames(const TreeModel& tree, List& names) {
  for (const auto& [name, kind] : tree.entries) names.push_back(name);
  for (const auto& [name, child] : tree.children) {
    names.push_back(name);
    CollectNames(child, names);
  }
}

// A part of a name, with letters that only ignoring case makes equal.
std::string PartOfAName(Random& random, const List& names) {
  if (names.empty()) return "";
  std::string part = names[random() % names.size()];
  if (random() % 2 == 0) {
    for (char& c : part) {
      if (IsAsciiLetter(c) && random() % 2 == 0) c ^= 0x20;
    }
    for (const auto& [other, plain] :
         {std::pair("\xe2\x84\xaa", "k"), std::pair("\xc5\xbf", "s"),
          std::pair("\xc4\xb0", "i")}) {
      for (size_t at; (at = part.find(other)) != part.npos;) {
        part.replace(at, std::strlen(other), plain);
      }
    }
  }
  const size_t begin = random() % 2 == 0 ? 0 : random() % part.size();
  return RE2::QuoteMeta(part.substr(begin, 1 + random() % 12));
}

std::string RandomRegex(Random& random, int depth, const List& names) {
  static constexpr std::string_view kAtoms[] = {
      "",        ".",     "^",           "$",    "\\b",       "\\B",
      "[ab]",    "[^a]",  "\\.",         "/",    "\\n",       "\\x61",
      "\\pL",    "[k-l]", "\\A",         "\\z",  "\\x{212A}", "[\\x{130}z]",
      "\\C",     "\\d",   "[[:alpha:]]", "test", "/te",       "\\Qte.\\E",
      "(?i:te)", "(?i)",  "(?-i:k)"};
  switch (random() % (depth == 0 ? 3 : 9)) {
    case 0:
      return std::string(kAtoms[random() % std::size(kAtoms)]);
    case 1:
      return PartOfAName(random, names);
    case 2: {
      std::string text;
      for (size_t n = 1 + random() % 4; n > 0; --n) {
        text += RandomLetter(random);
      }
      return text;
    }
    case 3:
      return "(" + RandomRegex(random, depth - 1, names) + "|" +
             RandomRegex(random, depth - 1, names) + ")";
    case 4:
      return RandomRegex(random, depth - 1, names) + "|" +
             RandomRegex(random, depth - 1, names);
    case 5: {
      static constexpr std::string_view kRepeats[] = {"*",   "+",     "?",
                                                      "{2}", "{0,2}", "*?"};
      return "(?:" + RandomRegex(random, depth - 1, names) + ")" +
             std::string(kRepeats[random() % std::size(kRepeats)]);
    }
    default:
      return RandomRegex(random, depth - 1, names) +
             RandomRegex(random, depth - 1, names);
  }
}

List AnswersOf(const CompiledQuery& query, const DirectoryTree& tree,
               size_t segments) {
  List lines;
  for (const Segment& segment : CutIntoSegments(tree, segments)) {
    query.Run(tree, segment, [&](const Match& match) {
      lines.push_back(std::string(1, static_cast<char>(match.kind)) + " " +
                      std::string(match.directory) + std::string(match.name));
      return true;
    });
  }
  return lines;
}

Query RandomQuery(Random& random, const List& names) {
  Query query;
  for (size_t n = 1 + random() % 10 / 9; n > 0; --n) {
    query.regexes.push_back(RandomRegex(random, random() % 4, names));
  }
  if (random() % 3 == 0) query.case_rule = CaseRule::kIgnore;
  query.types.directories = random() % 3 == 0;
  query.types.files = random() % 3 == 0;
  if (random() % 5 == 0) query.first = FirstRule::kFirstOnly;
  if (random() % 5 == 0) query.suffixes.push_back("t");
  return query;
}

TEST(RegexEquivalence, SearchingForLiteralsGivesWhatAskingEachPathGives) {
  static const List kRoots = {".", "/", "a", "/test/s", "../k"};
  size_t with_literals = 0;
  size_t with_literals_and_answers = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    const Forest forest = {
        {kRoots[random() % kRoots.size()], RandomTree(random, 3)}};
    const DirectoryTree tree = BuildTree(forest);
    List names;
    CollectNames(forest[0].second, names);
    for (int i = 0; i < 8; ++i) {
      const Query query = RandomQuery(random, names);
      const auto compiled = CompiledQuery::Compile(query, View());
      // What RE2 refuses is refused.
      if (!compiled.ok()) continue;
      bool literals = true;
      std::map<std::string, PathRegex, std::less<>> regexes;
      for (const std::string& text : query.regexes) {
        auto regex = PathRegex::Compile(text, query.case_rule);
        literals = literals && !regex->required_literals().empty();
        regexes.emplace(text, *std::move(regex));
      }
      const List expected =
          ReferenceQuery(query, View(),
                         [&](std::string_view regex, std::string_view path) {
                           return regexes.find(regex)->second.Matches(path);
                         })
              .Answers(forest);
      with_literals += literals ? 1 : 0;
      with_literals_and_answers += literals && !expected.empty() ? 1 : 0;
      for (const size_t segments : {1, 7}) {
        ASSERT_EQ(AnswersOf(*compiled, tree, segments), expected)
            << "seed " << seed << ", " << segments << " segments\n"
            << CanonicalText(query);
      }
    }
  }
  // Else nothing is compared.
  EXPECT_GT(with_literals, 2000u);
  EXPECT_GT(with_literals_and_answers, 300u);
}

}  // namespace
}  // namespace finder
