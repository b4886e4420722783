"""The Python package: answers, errors, lifetimes, threads."""

import os
import pathlib
import signal
import tempfile
import threading
import unittest

import finder


class PackageTest(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.root = pathlib.Path(work.name, "tree")
        self.cache = pathlib.Path(work.name, "cache")
        for name in ("a/one.c", "a/two.h", "build/three.c"):
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("text")
        (self.root / "a/link").symlink_to("one.c")

    def scan(self, **options):
        view = finder.scan(self.root, cache_dir=self.cache, **options)
        self.addCleanup(view.close)
        return view

    def below(self, answers):
        return [os.path.relpath(one, self.root) for one in answers]

    def test_globs_give_paths_in_order(self):
        view = self.scan()
        self.assertEqual(
            self.below(view.glob("*.c")), ["a/one.c", "build/three.c"]
        )
        self.assertEqual(len(view.glob("*.c", "*.h")), 3)
        self.assertEqual(self.below(view.glob("nothing")), [])

    def test_entries_are_path_like(self):
        view = self.scan(exclude=["build"])
        one = view.glob("*.c")[0]
        self.assertIsInstance(one, os.PathLike)
        with open(one, encoding="utf-8") as file:
            self.assertEqual(file.read(), "text")
        self.assertEqual(one.kind, finder.Kind.FILE)
        self.assertEqual(one.name, "one.c")
        self.assertEqual(pathlib.Path(one), self.root / "a/one.c")
        self.assertIn("one.c', FILE", repr(one))

    def test_answers_are_a_sequence_that_outlives_its_view(self):
        with self.scan() as view:
            answers = view.find(type="l,f")
        self.assertEqual(len(answers), 4)
        self.assertEqual(answers[0].kind, finder.Kind.SYMLINK)
        self.assertEqual(answers[-1], answers[3])
        self.assertEqual(len(answers[1:3]), 2)
        self.assertEqual(list(map(str, answers)), answers.paths)
        self.assertEqual(sorted(answers), list(answers))
        self.assertEqual(len(set(answers)), 4)
        with self.assertRaises(IndexError):
            answers[4]

    def test_options_are_those_of_the_program(self):
        view = self.scan()
        self.assertEqual(view.count(extension="c,h"), 3)
        self.assertEqual(view.count(max_depth=1), 0)
        self.assertEqual(view.count(max_results=2), 2)
        self.assertEqual(view.count(glob="ONE.C", ignore_case=True), 1)
        self.assertEqual(view.count(type="d"), 2)
        with self.assertRaisesRegex(finder.InvalidArgumentError, "colour"):
            view.find(colour="red")
        with self.assertRaises(ValueError):
            view.find(glob="[")
        with self.assertRaises(ValueError):
            view.find(glob="a\0b")

    def test_a_second_scan_sees_changes(self):
        view = self.scan()
        (self.root / "a/new.c").write_text("")
        self.assertEqual(len(view.glob("*.c")), 2)
        view.scan()
        self.assertEqual(len(view.glob("*.c")), 3)

    def test_the_cache_makes_the_next_scan_warm(self):
        self.assertFalse(self.scan().stats.warm)
        stats = self.scan().stats
        self.assertTrue(stats.warm)
        self.assertEqual(stats.cache_reason, "ok")
        self.assertEqual((stats.directories, stats.files), (3, 4))
        self.assertFalse(self.scan(cache=False).stats.warm)

    def test_names_of_any_bytes_come_back(self):
        name = os.fsdecode(b"\xff\n.c")
        (self.root / name).write_text("")
        path = self.scan().glob("*.c").paths[-1]
        self.assertTrue(os.path.exists(path))
        self.assertEqual(os.fsencode(path)[-4:], b"\xff\n.c")

    def test_errors_are_exceptions(self):
        with self.assertRaises(FileNotFoundError):
            finder.scan(self.root / "missing", cache=False)
        view = self.scan()
        view.close()
        view.close()
        with self.assertRaises(finder.StateError):
            view.count()

    def test_why_tells_what_hides_a_path(self):
        why = self.scan(exclude="build").why(self.root / "build/three.c")
        self.assertFalse(why.shown)
        self.assertIn("build", why.reason)
        self.assertTrue(why.steps)

    def test_progress_and_cancellation(self):
        told = []
        view = self.scan(progress=lambda done, total: told.append(done))
        self.assertEqual(told[-1], 3)
        canceller = finder.Canceller()
        canceller.cancel()
        with self.assertRaises(finder.CancelledError):
            view.scan(canceller=canceller)
        view.scan()
        self.assertEqual(view.unreadable, [])

    def test_a_scan_for_one_query_looks_at_no_more(self):
        only = {"at": self.root / "a"}
        view = self.scan(only=only)
        self.assertEqual(view.stats.list_calls, 2)
        self.assertEqual(view.count(**only), 3)
        with self.assertRaises(finder.StateError):
            view.count()

    def test_an_interrupt_ends_a_scan(self):
        with self.assertRaises(KeyboardInterrupt):
            self.scan(progress=lambda *_: os.kill(os.getpid(), signal.SIGINT))

    def test_threads_share_a_view(self):
        view = self.scan()
        counts = []

        def work():
            for _ in range(50):
                counts.append(len(view.glob("*.c")))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(counts, [2] * 200)

    def test_the_package_is_typed(self):
        here = pathlib.Path(finder.__file__).parent
        self.assertTrue((here / "py.typed").exists())
        self.assertRegex(finder.__version__, r"^\d+\.\d+")


if __name__ == "__main__":
    unittest.main()
