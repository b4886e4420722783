// Counts files by extension, asking one view several times:
// count ROOT EXTENSION...
#include <finder/finder.h>

#include <cstdint>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Error = std::unique_ptr<finder_error, Freer<finder_error_free>>;
using Query = std::unique_ptr<finder_query, Freer<finder_query_free>>;
using View = std::unique_ptr<finder_view, Freer<finder_view_close>>;

template <typename F, typename... A>
void Call(F function, A... arguments) {
  finder_error* error = nullptr;
  const finder_code code = function(arguments..., &error);
  const Error owner(error);
  if (code == FINDER_OK) return;
  throw std::runtime_error(owner ? finder_error_message(error) : "no memory");
}

template <typename T, typename F>
T* Make(F function) {
  T* made = nullptr;
  Call(function, &made);
  return made;
}

int main(int argc, char** argv) try {
  const View view(Make<finder_view>(finder_view_open));
  Call(finder_view_set, view.get(), "roots", argc > 1 ? argv[1] : ".");
  Call(finder_view_scan, view.get(), nullptr);
  for (int i = 2; i < argc; ++i) {
    const Query query(Make<finder_query>(finder_query_new));
    Call(finder_query_set, query.get(), "extension", argv[i]);
    uint64_t count = 0;
    Call(finder_view_count, view.get(), query.get(), &count);
    std::cout << argv[i] << " " << count << "\n";
  }
  Call(finder_view_save, view.get());
  return 0;
} catch (const std::exception& error) {
  std::cerr << "count: " << error.what() << "\n";
  return 1;
}
