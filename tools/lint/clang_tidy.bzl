"""An aspect that runs clang-tidy over the sources of C++ rules.

One action a source; its inputs are the source, the headers that its target may
include and .clang-tidy. So Bazel runs clang-tidy again only for what changed.
Use it as `bazel build --config=tidy TARGET...`.

The headers of Debian's packages are no inputs, as in the compilation; nor is
clang-tidy itself.
"""

_RULES = ["cc_binary", "cc_library", "cc_test"]

def _files(rule, attribute):
    """The source files in an attribute that lists labels."""
    return [
        file
        for target in getattr(rule.attr, attribute, [])
        for file in target.files.to_list()
        if file.is_source
    ]

def _compilation_context(target, rule):
    """What the sources of a target may include; Bazel's own for a library."""
    if CcInfo in target:
        return target[CcInfo].compilation_context
    infos = [dep[CcInfo] for dep in rule.attr.deps if CcInfo in dep]
    return cc_common.merge_cc_infos(cc_infos = infos).compilation_context

def _compile_flags(ctx, context):
    flags = ctx.fragments.cpp.cxxopts + ctx.rule.attr.copts
    defines = context.defines.to_list() + context.local_defines.to_list()
    flags += ["-D" + define for define in defines]
    for option, directories in [
        ("-I", context.includes),
        ("-iquote", context.quote_includes),
        ("-isystem", context.system_includes),
    ]:
        for directory in directories.to_list():
            flags += [option, directory]
    return flags

def _clang_tidy_impl(target, ctx):
    if ctx.rule.kind not in _RULES:
        return []
    files = _files(ctx.rule, "srcs")
    headers = [f for f in files if f.extension == "h"]
    sources = [f for f in files if f.extension == "cc"]
    context = _compilation_context(target, ctx.rule)
    flags = _compile_flags(ctx, context)
    done = []
    for source in sources:
        stamp = ctx.actions.declare_file("%s.tidy/%s.stamp" % (
            target.label.name,
            source.basename,
        ))
        done.append(stamp)
        ctx.actions.run(
            executable = ctx.executable._clang_tidy,
            arguments = [stamp.path, ctx.file._checks.path, source.path] +
                        flags,
            inputs = depset(
                [source, ctx.file._checks] + headers,
                transitive = [context.headers],
            ),
            outputs = [stamp],
            mnemonic = "ClangTidy",
            progress_message = "Linting %s" % source.short_path,
            use_default_shell_env = True,
        )
    return [OutputGroupInfo(clang_tidy = depset(done))]

clang_tidy = aspect(
    implementation = _clang_tidy_impl,
    attrs = {
        "_checks": attr.label(
            default = "//:.clang-tidy",
            allow_single_file = True,
        ),
        "_clang_tidy": attr.label(
            default = "//tools/lint:clang_tidy",
            allow_single_file = True,
            executable = True,
            cfg = "exec",
        ),
    },
    fragments = ["cpp"],
)
