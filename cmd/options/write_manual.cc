// Writes what an installation has besides the program:
//
//   write_manual man|bash|zsh|fish
//
// prints the manual page or the completion of that shell. A program of its own,
// as no user of finder needs it.

#include <iostream>
#include <string>

#include "cmd/options/completions.h"
#include "cmd/options/manual.h"

int main(int argc, char** argv) {
  const std::string what = argc == 2 ? argv[1] : "";
  if (what == "man") {
    std::cout << finder::ManualPage();
  } else if (what == "bash") {
    std::cout << finder::BashCompletion();
  } else if (what == "zsh") {
    std::cout << finder::ZshCompletion();
  } else if (what == "fish") {
    std::cout << finder::FishCompletion();
  } else {
    std::cerr << "Usage: write_manual man|bash|zsh|fish\n";
    return 2;
  }
  std::cout.flush();
  return std::cout ? 0 : 1;
}
