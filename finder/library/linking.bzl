"""libfinder as a shared object and as one archive.

Debian's archives hold code for programs only, so the shared object needs Debian's
shared objects, where our programs have the archives in them.
"""

load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

# What is linked, by the names that -l takes. Only those that are needed stay.
DEBIAN_LIBRARIES = ["absl_" + name for name in [
    "bad_optional_access",
    "bad_variant_access",
    "base",
    "city",
    "civil_time",
    "cord",
    "cord_internal",
    "cordz_functions",
    "cordz_handle",
    "cordz_info",
    "debugging_internal",
    "demangle_internal",
    "exponential_biased",
    "graphcycles_internal",
    "hash",
    "hashtablez_sampler",
    "int128",
    "log_severity",
    "low_level_hash",
    "malloc_internal",
    "raw_hash_set",
    "raw_logging_internal",
    "spinlock_wait",
    "stacktrace",
    "status",
    "statusor",
    "str_format_internal",
    "strerror",
    "strings",
    "strings_internal",
    "symbolize",
    "synchronization",
    "throw_delegate",
    "time",
    "time_zone",
]] + ["re2", "xxhash", "zstd"]

def _archives(ctx):
    """Returns the archives of the library itself and of all below it."""
    own, below = [], []
    linking = ctx.attr.library[CcInfo].linking_context
    for linker_input in linking.linker_inputs.to_list():
        for one in linker_input.libraries:
            archive = one.pic_static_library or one.static_library
            if not archive:
                continue
            if one.alwayslink:
                own.append(archive)
            else:
                below.append(archive)
    return own, below

def _group(own, below):
    return (["-Wl,--whole-archive"] + [one.path for one in own] +
            ["-Wl,--no-whole-archive", "-Wl,--start-group"] +
            [one.path for one in below])

def _shared_library(ctx):
    compiler = find_cpp_toolchain(ctx).compiler_executable
    own, below = _archives(ctx)
    made = ctx.actions.declare_file(ctx.label.name)
    arguments = [
        "-shared",
        "-fPIC",
        "-o",
        made.path,
        "-Wl,-soname," + ctx.attr.soname,
        "-Wl,--version-script," + ctx.file.version_script.path,
        "-Wl,-z,nodelete,-z,relro,-z,now",
        "-Wl,--as-needed",
    ] + ctx.fragments.cpp.linkopts
    if ctx.attr.with_libraries_beside:
        # The old tag, as that one holds for what those libraries need, too.
        arguments += ["-Wl,-rpath,$ORIGIN", "-Wl,--disable-new-dtags"]
    sanitized = [o for o in ctx.fragments.cpp.linkopts if "sanitize" in o]
    if not sanitized:
        arguments.append("-Wl,-z,defs")
    if ctx.attr.strip:
        arguments.append("-s")
    arguments += _group(own, below) + ["-Wl,--end-group"]
    arguments += ["-l" + name for name in ctx.attr.libraries]
    arguments += ["-lsimdjson", "-lstdc++", "-lm", "-pthread"]
    ctx.actions.run(
        outputs = [made],
        inputs = own + below + [ctx.file.version_script],
        executable = compiler,
        arguments = arguments,
        mnemonic = "LinkSharedLibrary",
        use_default_shell_env = True,
    )
    return DefaultInfo(files = depset([made]), runfiles = ctx.runfiles([made]))

def _merged_archive(ctx):
    compiler = find_cpp_toolchain(ctx).compiler_executable
    own, below = _archives(ctx)
    made = ctx.actions.declare_file(ctx.label.name)
    arguments = [
        "-r",
        "-nostdlib",
        "-no-pie",
        "-fuse-ld=bfd",
        "-Wl,--force-group-allocation",
    ] + _group(own, below) + [
        "-l:lib%s.a" % name
        for name in ctx.attr.libraries
    ] + ["-Wl,--end-group"]
    ctx.actions.run_shell(
        outputs = [made],
        inputs = own + below + [ctx.file.version_script],
        command = """set -e
object=$(mktemp -d)/libfinder.o
"$1" -o "$object" "${@:4}"
sed -n 's/^ *\\(finder_[a-z_]*\\);$/\\1/p' "$2" >"$object.names"
objcopy --keep-global-symbols="$object.names" --strip-debug "$object"
rm -f "$3" && ar rcsD "$3" "$object"
rm -r "${object%/*}"
""",
        arguments = [compiler, ctx.file.version_script.path, made.path] +
                    arguments,
        mnemonic = "MergeArchives",
        use_default_shell_env = True,
    )
    return DefaultInfo(files = depset([made]), runfiles = ctx.runfiles([made]))

_ATTRIBUTES = {
    "libraries": attr.string_list(),
    "library": attr.label(providers = [CcInfo]),
    "version_script": attr.label(allow_single_file = True),
    "_cc_toolchain": attr.label(
        default = "@bazel_tools//tools/cpp:current_cc_toolchain",
    ),
}

shared_library = rule(
    implementation = _shared_library,
    attrs = dict(
        _ATTRIBUTES,
        soname = attr.string(),
        strip = attr.bool(),
        with_libraries_beside = attr.bool(),
    ),
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

merged_archive = rule(
    implementation = _merged_archive,
    attrs = _ATTRIBUTES,
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)
