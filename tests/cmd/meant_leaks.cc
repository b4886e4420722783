// Linked into tests of whole commands, for LeakSanitizer. A command leaves its
// Finder to the end of the process on purpose: giving a large tree back takes
// longer than ending.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:finder::Session::NewFinder";
}
