"""Lists of files outside of packages, as a repository: finder_lists(...).

    load("//:finder.bzl", "finder_list")

    finder_list(
        name = "java_sources",
        root = "/src/tree/java",
        options = ["-e", "java"],
    )

Then @java_sources//:files.bzl has `FILES`, and @java_sources//:list is the list.
Repository rules run again when what they watch changes, and Bazel cannot watch a
tree: `bazel sync --configure` asks again, which costs a warm run of finder.
"""

def _finder_list(context):
    found = context.execute(
        ["finder", "-0", "-C", context.attr.root] + context.attr.options,
    )
    if found.return_code != 0:
        fail("finder: " + found.stderr)
    # Of -0, names from the working directory begin with "./".
    files = [name[2:] for name in found.stdout.split("\0") if name]
    context.file("files.bzl", "FILES = %s\n" % repr(files))
    context.file("list", "\n".join(files) + "\n")
    context.file("BUILD.bazel", "exports_files([\"files.bzl\", \"list\"])\n")

finder_list = repository_rule(
    implementation = _finder_list,
    attrs = {
        "options": attr.string_list(),
        "root": attr.string(mandatory = True),
    },
    configure = True,
    local = True,
)
